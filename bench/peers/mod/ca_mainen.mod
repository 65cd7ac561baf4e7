: SPDX-License-Identifier: BSD-3-Clause
: High-voltage-activated calcium current.
: Mainen and Sejnowski 1996. Exact rates (no TABLE). tadj = 2.3^((celsius - 23)/10) scales rates and conductance.
: 0.209 * (x/3.8)/(exp(x/3.8) - 1) = 0.055 * vtrap(x, 3.8).
NEURON {
    SUFFIX ca_mainen
    USEION ca READ eca WRITE ica
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
    gbar = 0.1 (pS/um2)
}

ASSIGNED {
    v (mV)
    eca (mV)
    ica (mA/cm2)
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
    g = 1e-4 * tadj * gbar * m * m * h
    ica = g * (v - eca)
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
    LOCAL alpha, beta
    UNITSOFF
    tadj = 2.3^((celsius - 23) / 10)
    alpha = 0.055 * vtrap(-27 - v, 3.8)
    beta = 0.94 * exp((-75 - v) / 17)
    mTau = 1 / (alpha + beta) / tadj
    mInf = alpha / (alpha + beta)
    alpha = 0.000457 * exp((-13 - v) / 50)
    beta = 0.0065 / (exp((-v - 15) / 28) + 1)
    hTau = 1 / (alpha + beta) / tadj
    hInf = alpha / (alpha + beta)
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
