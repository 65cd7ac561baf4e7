TITLE Functions for the interpreter

COMMENT
Exercises: SUFFIX nothing, a FUNCTION that calls itself through a loop's result, a file without BREAKPOINT.
ENDCOMMENT

NEURON { SUFFIX nothing }

FUNCTION factorial_of(n) {
    LOCAL k, f
    f = 1
    k = 2
    WHILE (k <= n) {
        f = f*k
        k = k + 1
    }
    factorial_of = f
}
