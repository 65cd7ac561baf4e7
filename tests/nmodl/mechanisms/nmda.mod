TITLE NMDA receptor

COMMENT
Block by magnesium after Jahr & Stevens (1990) J Neurosci 10:3178; two exponentials. Exercises: a current that is no straight line in v,
GLOBAL parameter, FUNCTION with TABLE, a calcium part of the current.
ENDCOMMENT

NEURON {
    POINT_PROCESS nmda
    USEION ca READ eca WRITE ica
    NONSPECIFIC_CURRENT i
    RANGE tau_rise, tau_decay, e, g, fraction
    GLOBAL mg
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) (mM) = (milli/liter) }

PARAMETER {
    tau_rise = 2 (ms)
    tau_decay = 65 (ms)
    e = 0 (mV)
    mg = 1 (mM)
    fraction = 0.1
}

ASSIGNED {
    v (mV)
    eca (mV)
    i (nA)
    ica (nA)
    g (uS)
    factor
}

STATE { A (uS) B (uS) }

INITIAL {
    LOCAL peak
    A = 0
    B = 0
    peak = tau_rise*tau_decay/(tau_decay - tau_rise)*log(tau_decay/tau_rise)
    factor = 1/(exp(-peak/tau_decay) - exp(-peak/tau_rise))
}

BREAKPOINT {
    SOLVE state METHOD cnexp
    g = (B - A)*open(v)
    i = (1 - fraction)*g*(v - e)
    ica = fraction*g*(v - eca)
}

DERIVATIVE state {
    A' = -A/tau_rise
    B' = -B/tau_decay
}

FUNCTION open(v (mV)) {
    TABLE DEPEND mg FROM -140 TO 80 WITH 440
    open = 1/(1 + mg/3.57 (mM)*exp(-0.062 (/mV)*v))
}

NET_RECEIVE(weight (uS)) {
    A = A + weight*factor
    B = B + weight*factor
}
