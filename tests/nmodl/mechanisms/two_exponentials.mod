TITLE Synaptic conductance that rises and decays

COMMENT
Exercises: POINT_PROCESS, NET_RECEIVE with the weight alone, guards in INITIAL that change parameters, LOCAL in INITIAL, log.
ENDCOMMENT

NEURON {
    POINT_PROCESS two_exponentials
    RANGE tau1, tau2, e, i, g
    NONSPECIFIC_CURRENT i
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }

PARAMETER {
    tau1 = 0.5 (ms) <1e-9, 1e9>
    tau2 = 3 (ms) <1e-9, 1e9>
    e = 0 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
    g (uS)
    factor
}

STATE { A (uS) B (uS) }

INITIAL {
    LOCAL peak
    if (tau1/tau2 > 0.9999) { tau1 = 0.9999*tau2 }
    if (tau1/tau2 < 1e-9) { tau1 = tau2*1e-9 }
    A = 0
    B = 0
    peak = (tau1*tau2)/(tau2 - tau1)*log(tau2/tau1)
    factor = 1/(exp(-peak/tau2) - exp(-peak/tau1))
}

BREAKPOINT {
    SOLVE state METHOD cnexp
    g = B - A
    i = g*(v - e)
}

DERIVATIVE state {
    A' = -A/tau1
    B' = -B/tau2
}

NET_RECEIVE(weight (uS)) {
    A = A + weight*factor
    B = B + weight*factor
}
