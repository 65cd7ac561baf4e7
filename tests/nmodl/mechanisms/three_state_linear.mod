TITLE A channel in equilibrium, by linear equations

COMMENT
Closed, open and blocked occupancies of a fast channel solve three linear equations at every potential.
Exercises: LINEAR, SOLVE of it from BREAKPOINT, states that are unknowns.
ENDCOMMENT

NEURON {
    SUFFIX three_state_linear
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, conc
}

UNITS { (mA) = (milliamp) (mV) = (millivolt) (S) = (siemens) (mM) = (milli/liter) }

PARAMETER {
    gbar = 1e-3 (S/cm2)
    e = -20 (mV)
    conc = 0.7 (mM)
}

ASSIGNED { v (mV) i (mA/cm2) a (/ms) b (/ms) k (/ms) u (/ms) }

STATE { c o x }

INITIAL {
    c = 1
    o = 0
    x = 0
}

BREAKPOINT {
    SOLVE occupancies
    i = gbar*o*(v - e)
}

LINEAR occupancies {
    LOCAL total
    total = 1
    a = 2 (/ms)*exp(v/30 (mV))
    b = 1 (/ms)*exp(-v/40 (mV))
    k = 0.4 (/ms-mM)*conc
    u = 0.2 (/ms)*exp(v/50 (mV))
    ~ c*a = o*b
    ~ o*k = x*u
    ~ c + o + x = total
}
