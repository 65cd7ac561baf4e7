TITLE A leak

COMMENT
Exercises: no states, CONDUCTANCE, limits of a parameter, a block on one line.
ENDCOMMENT

NEURON { SUFFIX leak NONSPECIFIC_CURRENT i RANGE i, e, g }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { g = .001 (S/cm2) <0,1e9> e = -70 (mV) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT {
    CONDUCTANCE g
    i = g*(v - e)
}
