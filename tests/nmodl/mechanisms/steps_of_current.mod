TITLE A current that goes in, on at times of its own

COMMENT
Exercises: ELECTRODE_CURRENT, at_time, if/else over t, POINT_PROCESS without states, && in a condition.
ENDCOMMENT

NEURON {
    POINT_PROCESS steps_of_current
    RANGE del, dur, amp, i
    ELECTRODE_CURRENT i
}

UNITS { (nA) = (nanoamp) }

PARAMETER {
    del = 1.013 (ms)
    dur = 2 (ms) <0, 1e9>
    amp = 0.03 (nA)
}

ASSIGNED { i (nA) }

INITIAL { i = 0 }

BREAKPOINT {
    at_time(del)
    at_time(del + dur)
    if (t < del + dur && t >= del) {
        i = amp
    } else {
        i = 0
    }
}
