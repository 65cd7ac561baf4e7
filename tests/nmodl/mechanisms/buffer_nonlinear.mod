TITLE Free calcium in equilibrium with a buffer

COMMENT
Given the total, which follows the potential here, free and bound calcium obey mass action: free + bound = total, free (B - bound) = K bound.
Exercises: NONLINEAR, sqrt for the check value, SOLVE in INITIAL and BREAKPOINT.
ENDCOMMENT

NEURON {
    SUFFIX buffer_nonlinear
    RANGE total, b_total, kd, closed_form
}

UNITS {
    (mV) = (millivolt)
    (molar) = (1/liter)
    (mM) = (millimolar)
}

PARAMETER {
    b_total = 0.05 (mM)
    kd = 1e-3 (mM)
}

ASSIGNED { v (mV) closed_form (mM) total (mM) }

STATE { free (mM) bound (mM) }

INITIAL {
    free = 1e-4
    bound = 0.005
    SOLVE equilibrium
    closed_form = 0
}

BREAKPOINT {
    SOLVE equilibrium
    closed_form = ((total - b_total - kd) + sqrt((total - b_total - kd)^2 + 4*kd*total))/2
}

NONLINEAR equilibrium {
    LOCAL given
    total = 0.006 (mM)*(1 + (v + 65 (mV))/200 (mV))
    given = total
    ~ free + bound = given
    ~ free*(b_total - bound) = kd*bound
}
