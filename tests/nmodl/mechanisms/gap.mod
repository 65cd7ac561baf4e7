TITLE Gap junction

COMMENT
Exercises: POINTER, POINT_PROCESS without states, an odd name that is a prefix of another.
ENDCOMMENT

NEURON {
    POINT_PROCESS gap
    NONSPECIFIC_CURRENT i
    RANGE g, i
    POINTER v_other
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { g = 0.001 (uS) }
ASSIGNED { v (mV) v_other (mV) i (nA) }
BREAKPOINT { i = g*(v - v_other) }
