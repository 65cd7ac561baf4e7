: SPDX-License-Identifier: BSD-3-Clause
: Muscarinic (slow) potassium current.
: Mainen and Sejnowski 1996. Exact rates (no TABLE). tadj = 2.3^((celsius - 23)/10) scales rates and conductance.
NEURON {
    SUFFIX km_mainen
    USEION k READ ek WRITE ik
    RANGE gbar, g, nInf, nTau
    RANGE tadj
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
    (pS) = (picosiemens)
    (um) = (micron)
}

PARAMETER {
    gbar = 10 (pS/um2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    g (S/cm2)
    celsius (degC)
    tadj
    nInf
    nTau (ms)
}

STATE {
    n
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = 1e-4 * tadj * gbar * n
    ik = g * (v - ek)
}

INITIAL {
    rates(v)
    n = nInf
}

DERIVATIVE states {
    rates(v)
    n' = (nInf - n) / nTau
}

PROCEDURE rates(v (mV)) {
    LOCAL alpha, beta
    UNITSOFF
    tadj = 2.3^((celsius - 23) / 10)
    alpha = 0.001 * vtrap(-(v + 30), 9)
    beta = 0.001 * vtrap(v + 30, 9)
    nTau = 1 / (alpha + beta) / tadj
    nInf = alpha / (alpha + beta)
    UNITSON
}

: x / (exp(x/y) - 1), with its limit y - x/2 next to x = 0.
FUNCTION vtrap(x (mV), y (mV)) (mV) {
    if (fabs(x / y) < 1e-6) {
        vtrap = y * (1 - x / y / 2)
    } else {
        vtrap = x / (exp(x / y) - 1)
    }
}
