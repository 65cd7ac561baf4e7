TITLE A conductance that begins at a time

COMMENT
Rall (1967) J Neurophysiol 30:1138. Exercises: at_time as a value, alpha function of t, LOCAL in FUNCTION, early out by if.
ENDCOMMENT

NEURON {
    POINT_PROCESS alpha_at_time
    RANGE onset, tau, gmax, e, i, g
    NONSPECIFIC_CURRENT i
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }

PARAMETER {
    onset = 1 (ms)
    tau = 0.7 (ms) <1e-3, 1e6>
    gmax = 0.004 (uS)
    e = 0 (mV)
}

ASSIGNED { v (mV) i (nA) g (uS) }

BREAKPOINT {
    if (gmax) { at_time(onset) }
    g = gmax*alpha((t - onset)/tau)
    i = g*(v - e)
}

FUNCTION alpha(x) {
    LOCAL y
    if (x < 0 || x > 10) {
        alpha = 0
    } else {
        y = 1 - x
        alpha = x*exp(y)
    }
}
