TITLE A gate that is pushed when an event comes

COMMENT
Exercises: state_discontinuity, RANGE of a state, INITIAL that reads a parameter of the interpreter, a negative weight.
ENDCOMMENT

NEURON {
    POINT_PROCESS state_jump
    NONSPECIFIC_CURRENT i
    RANGE tau, e, g
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }

PARAMETER { tau = 3 (ms) e = -75 (mV) }

ASSIGNED { v (mV) i (nA) }

STATE { g (uS) }

INITIAL { g = 0 }

BREAKPOINT {
    SOLVE state METHOD cnexp
    i = g*(v - e)
}

DERIVATIVE state { g' = -g/tau }

NET_RECEIVE(weight (uS)) {
    state_discontinuity(g, g + weight)
}
