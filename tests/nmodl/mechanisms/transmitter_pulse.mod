TITLE Receptor with a pulse of transmitter

COMMENT
Two-state kinetics with a pulse of 1 mM and 1 ms for each spike: Destexhe, Mainen & Sejnowski (1994) Neural Comput 6:14.
Exercises: KINETIC in a POINT_PROCESS, events it sends itself with flags, more than one pulse at a time, sparse with a rate that events change.
ENDCOMMENT

NEURON {
    POINT_PROCESS transmitter_pulse
    NONSPECIFIC_CURRENT i
    RANGE alpha, beta, e, gmax, duration, conc
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) (mM) = (milli/liter) }

PARAMETER {
    alpha = 1.1 (/ms-mM)
    beta = 0.19 (/ms)
    e = 0 (mV)
    duration = 1 (ms)
    height = 1 (mM)
}

ASSIGNED { v (mV) i (nA) conc (mM) gmax (uS) }

STATE { c o }

INITIAL {
    c = 1
    o = 0
    conc = 0
    gmax = 0
}

BREAKPOINT {
    SOLVE binding METHOD sparse
    i = gmax*o*(v - e)
}

KINETIC binding {
    ~ c <-> o (alpha*conc, beta)
    CONSERVE c + o = 1
}

NET_RECEIVE(weight (uS), pending) {
    INITIAL { pending = 0 }
    if (flag == 0) {
        gmax = weight
        if (pending == 0) { conc = conc + height }
        pending = pending + 1
        net_send(duration, 5)
    } else if (flag == 5) {
        pending = pending - 1
        if (pending == 0) { conc = conc - height }
    }
}
