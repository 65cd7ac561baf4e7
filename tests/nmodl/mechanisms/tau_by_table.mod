TITLE A gate whose time constant is a table of the user's

COMMENT
Exercises: FUNCTION_TABLE of one argument, which the user fills; PROCEDURE that calls it.
ENDCOMMENT

NEURON {
    SUFFIX tau_by_table
    USEION k READ ek WRITE ik
    RANGE gbar
    GLOBAL ninf, ntau
}

UNITS { (mA) = (milliamp) (mV) = (millivolt) (S) = (siemens) }

PARAMETER { gbar = 1e-3 (S/cm2) }

ASSIGNED { v (mV) ek (mV) ik (mA/cm2) ninf ntau (ms) }

STATE { n }

FUNCTION_TABLE tabtau(v (mV)) (ms)

INITIAL {
    rates(v)
    n = ninf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar*n*(v - ek)
}

DERIVATIVE states {
    rates(v)
    n' = (ninf - n)/ntau
}

PROCEDURE rates(v (mV)) {
    ninf = 1/(1 + exp(-(v + 30 (mV))/9 (mV)))
    ntau = tabtau(v)
}
