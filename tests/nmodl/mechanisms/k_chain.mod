TITLE Potassium channel with an array of closed states

COMMENT
A chain of closed states with cooperative last step, after Zagotta, Hoshi & Aldrich (1994) J Gen Physiol 103:321, numbers of our own.
Exercises: DEFINE, array states in KINETIC, FROM loops, index expressions, SOLVE sparse without CONSERVE, array parameter by RANGE.
ENDCOMMENT

DEFINE N 4

NEURON {
    SUFFIX k_chain
    USEION k READ ek WRITE ik
    RANGE gbar, closed_sum
}

UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }

PARAMETER { gbar = 0.01 (S/cm2) }

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    closed_sum
    kf[N] (/ms)
    kb[N] (/ms)
}

STATE { c[N] o }

INITIAL {
    FROM i = 0 TO N-1 { c[i] = 0 }
    c[0] = 1
    o = 0
    closed_sum = 1
}

BREAKPOINT {
    SOLVE chain METHOD sparse
    ik = gbar*o*(v - ek)
}

KINETIC chain {
    rates(v)
    FROM i = 0 TO N-2 {
        ~ c[i] <-> c[i+1] (kf[i], kb[i])
    }
    ~ c[N-1] <-> o (kf[N-1], kb[N-1])
    closed_sum = c[0] + c[1] + c[2] + c[3]
}

PROCEDURE rates(v (mV)) {
    LOCAL a, b
    a = 1.1 (/ms)*exp(v/40 (mV))
    b = 0.37 (/ms)*exp(-v/25 (mV))
    FROM i = 0 TO N-1 {
        kf[i] = (N - i)*a
        kb[i] = (i + 1)*b
    }
    kf[N-1] = 4*a
    kb[N-1] = 0.5*b
}
