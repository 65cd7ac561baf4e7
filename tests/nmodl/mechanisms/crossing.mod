TITLE A conductance that a crossing of the potential sets off

COMMENT
Exercises: WATCH with two conditions, flags of WATCH, net_event from a crossing, net_send in INITIAL.
ENDCOMMENT

NEURON {
    POINT_PROCESS crossing
    RANGE level, g_step, tau, e, ups, downs
    NONSPECIFIC_CURRENT i
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }

PARAMETER {
    level = -20 (mV)
    g_step = 0.002 (uS)
    tau = 4 (ms)
    e = -90 (mV)
}

ASSIGNED { v (mV) i (nA) ups downs }

STATE { g (uS) }

INITIAL {
    g = 0
    ups = 0
    downs = 0
    net_send(0, 1)
}

BREAKPOINT {
    SOLVE state METHOD cnexp
    i = g*(v - e)
}

DERIVATIVE state { g' = -g/tau }

NET_RECEIVE(w) {
    if (flag == 1) {
        WATCH (v > level) 2
    } else if (flag == 2) {
        ups = ups + 1
        g = g + g_step
        net_event(t)
        WATCH (v < level - 10 (mV)) 3
    } else if (flag == 3) {
        downs = downs + 1
        WATCH (v > level) 2
    }
}
