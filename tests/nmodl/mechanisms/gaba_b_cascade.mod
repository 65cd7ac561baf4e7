TITLE GABA-B receptor with a G-protein

COMMENT
Destexhe & Sejnowski (1995) PNAS 92:9515 in the reduced form. Exercises: fourth power of a state, cnexp and uncoupled equations of which one reads another
state, a pulse by self events, WHILE.
ENDCOMMENT

NEURON {
    POINT_PROCESS gaba_b_cascade
    NONSPECIFIC_CURRENT i
    RANGE gmax, e, k1, k2, k3, k4, kd, power
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }

PARAMETER {
    gmax = 0.001 (uS)
    e = -95 (mV)
    k1 = 0.52 (/ms)
    k2 = 0.0013 (/ms)
    k3 = 0.098 (/ms)
    k4 = 0.033 (/ms)
    kd = 100
    power = 4
    duration = 0.3 (ms)
}

ASSIGNED { v (mV) i (nA) on }

STATE { r g }

INITIAL {
    r = 0
    g = 0
    on = 0
}

BREAKPOINT {
    LOCAL gn, n
    SOLVE states METHOD derivimplicit
    gn = 1
    n = 0
    WHILE (n < power) {
        gn = gn*g
        n = n + 1
    }
    i = gmax*gn/(gn + kd)*(v - e)
}

DERIVATIVE states {
    r' = k1*on*(1 - r) - k2*r
    g' = k3*r*20 - k4*g
}

NET_RECEIVE(weight) {
    if (flag == 0) {
        on = weight
        net_send(duration, 1)
    } else {
        on = 0
    }
}
