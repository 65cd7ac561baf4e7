TITLE What has no effect on numbers

COMMENT
Exercises: CONSTRUCTOR, DESTRUCTOR, VERBATIM with includes at file scope, PROTECT, printf in a branch that is not taken, STATE with FROM and START, MUTEXLOCK.
ENDCOMMENT

VERBATIM
#include <stdlib.h>
ENDVERBATIM

NEURON {
    SUFFIX printing
    USEION k READ ek WRITE ik
    RANGE gbar
    GLOBAL count
}

UNITS { (mA) = (milliamp) (mV) = (millivolt) (S) = (siemens) }

PARAMETER { gbar = 1e-4 (S/cm2) }

ASSIGNED { v (mV) ek (mV) ik (mA/cm2) count }

STATE { n FROM 0 TO 1 }

INITIAL {
    n = 0.25
    MUTEXLOCK
    count = 0
    MUTEXUNLOCK
    if (gbar < 0) {
        printf("gbar is negative: %g\n", gbar)
    }
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar*n*(v - ek)
}

DERIVATIVE states { n' = (1/(1 + exp(-(v + 40 (mV))/10 (mV))) - n)/3 (ms) }
