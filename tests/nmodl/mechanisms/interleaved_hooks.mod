TITLE Counts what is called and when

COMMENT
Exercises: BEFORE STEP, BEFORE BREAKPOINT, AFTER SOLVE, AFTER INITIAL, and their order; a state whose start is name0.
ENDCOMMENT

NEURON {
    SUFFIX interleaved_hooks
    NONSPECIFIC_CURRENT i
    RANGE before, during, after, first, trace, tau
}

UNITS { (mA) = (milliamp) (mV) = (millivolt) }

PARAMETER { tau = 4 (ms) before0 = 0 }

ASSIGNED { v (mV) i (mA/cm2) before during after first trace }

STATE { x }

BEFORE INITIAL { first = 1 }

INITIAL {
    before = 0
    during = 0
    after = 0
    trace = 0
    x = 1 + first
}

AFTER INITIAL { first = first + 10 }

BEFORE BREAKPOINT { during = during + 1 }

BREAKPOINT {
    SOLVE states METHOD cnexp
    i = 0
}

DERIVATIVE states { x' = -x/tau }

AFTER SOLVE {
    after = after + 1
    trace = 0.9*trace + 0.1*x
}

BEFORE STEP { before = before + v/100 (mV) }
