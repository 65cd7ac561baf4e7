: SPDX-License-Identifier: BSD-3-Clause
: Fast sodium current; u = v + vshift.
: Mainen and Sejnowski 1996. Exact rates (no TABLE). tadj = 2.3^((celsius - 23)/10) scales rates and conductance.
NEURON {
    SUFFIX na_mainen
    USEION na READ ena WRITE ina
    RANGE gbar, g, mInf, mTau, hInf, hTau
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
    gbar = 1000 (pS/um2)
    vshift = -10 (mV)
}

ASSIGNED {
    v (mV)
    ena (mV)
    ina (mA/cm2)
    g (S/cm2)
    celsius (degC)
    tadj
    mInf
    mTau (ms)
    hInf
    hTau (ms)
}

STATE {
    m
    h
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = 1e-4 * tadj * gbar * m * m * m * h
    ina = g * (v - ena)
}

INITIAL {
    rates(v)
    m = mInf
    h = hInf
}

DERIVATIVE states {
    rates(v)
    m' = (mInf - m) / mTau
    h' = (hInf - h) / hTau
}

PROCEDURE rates(v (mV)) {
    LOCAL u, alpha, beta
    UNITSOFF
    tadj = 2.3^((celsius - 23) / 10)
    u = v + vshift
    alpha = 0.182 * vtrap(-(u + 35), 9)
    beta = 0.124 * vtrap(u + 35, 9)
    mTau = 1 / (alpha + beta) / tadj
    mInf = alpha / (alpha + beta)
    alpha = 0.024 * vtrap(-(u + 50), 5)
    beta = 0.0091 * vtrap(u + 75, 5)
    hTau = 1 / (alpha + beta) / tadj
    hInf = 1 / (1 + exp((u + 65) / 6.2))
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
