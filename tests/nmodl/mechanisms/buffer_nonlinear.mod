TITLE Free calcium in equilibrium with a buffer

COMMENT
Given the total, free and bound calcium obey mass action: free + bound = total, free (B - bound) = K bound.
Exercises: NONLINEAR, a SOLVE beside another one, sqrt for the check value.
ENDCOMMENT

NEURON {
    SUFFIX buffer_nonlinear
    USEION ca READ ica WRITE cai
    RANGE total, b_total, kd, depth, closed_form
}

UNITS {
    (mA) = (milliamp)
    (molar) = (1/liter)
    (mM) = (millimolar)
    (um) = (micron)
    F = (faraday) (coulomb)
}

PARAMETER {
    b_total = 0.05 (mM)
    kd = 1e-3 (mM)
    depth = 0.3 (um)
    tau = 50 (ms)
}

ASSIGNED { ica (mA/cm2) closed_form (mM) cai (mM) }

STATE { total (mM) free (mM) bound (mM) }

INITIAL {
    total = 0.006 (mM)
    free = 1e-4
    bound = 0.005
    SOLVE equilibrium
    cai = free
    closed_form = 0
}

BREAKPOINT {
    SOLVE influx METHOD euler
    SOLVE equilibrium
    closed_form = ((total - b_total - kd) + sqrt((total - b_total - kd)^2 + 4*kd*total))/2
}

DERIVATIVE influx {
    total' = -ica/(2*F*depth)*(1e4) - (total - 0.006 (mM))/tau
    cai = free
}

NONLINEAR equilibrium {
    LOCAL given
    given = total
    ~ free + bound = given
    ~ free*(b_total - bound) = kd*bound
}
