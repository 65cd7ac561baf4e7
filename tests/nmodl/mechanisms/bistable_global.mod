TITLE A gate with GLOBAL rates, and a memory of it that a procedure steps

COMMENT
Exercises: a PROCEDURE with side effects called by a DERIVATIVE block, GLOBAL scratch that is written before it is read, TABLE in a
FUNCTION, a state that another block reads.
ENDCOMMENT

NEURON {
    SUFFIX bistable_global
    USEION k READ ek WRITE ik
    RANGE gbar, hold
    GLOBAL ninf, ntau, warmth
}

UNITS { (mA) = (milliamp) (mV) = (millivolt) (S) = (siemens) }

PARAMETER {
    gbar = 2e-3 (S/cm2)
    hold = 0.4
    warmth = 1
}

ASSIGNED { v (mV) dt (ms) ek (mV) ik (mA/cm2) ninf ntau (ms) s }

STATE { n }

INITIAL {
    rates(v)
    n = ninf
    s = hold
}

BREAKPOINT {
    SOLVE gate METHOD cnexp
    ik = gbar*n*s*(v - ek)
}

DERIVATIVE gate {
    rates(v)
    memory()
    n' = (ninf - n)/ntau
}

PROCEDURE memory() {   : an explicit step, before that of the gate
    s = s + dt*(s*(s - 0.35)*(1 - s) + 0.1*(n - 0.5)*s)/20 (ms)
}

PROCEDURE rates(v (mV)) {
    ninf = steady(v)
    ntau = (2 (ms) + 30 (ms)*steady(-v - 60 (mV))*steady(v))/warmth
}

FUNCTION steady(v (mV)) {
    TABLE FROM -150 TO 100 WITH 500
    steady = 1/(1 + exp(-(v + 35 (mV))/7 (mV)))
}
