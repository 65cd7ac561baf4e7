: SPDX-License-Identifier: BSD-3-Clause
: High-voltage-activated calcium current (no temperature correction).
: Somatic/dendritic set of Hay et al. 2011; rates fixed at 34 degC, celsius is ignored.
NEURON {
    SUFFIX Ca_HVA
    USEION ca READ eca WRITE ica
    RANGE gCa_HVAbar, g, mInf, mTau, hInf, hTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gCa_HVAbar = 1e-5 (S/cm2)
}

ASSIGNED {
    v (mV)
    eca (mV)
    ica (mA/cm2)
    g (S/cm2)
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
    g = gCa_HVAbar * m * m * h
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
    alpha = 0.055 * vtrap(-27 - v, 3.8)
    beta = 0.94 * exp((-75 - v) / 17)
    mTau = 1 / (alpha + beta)
    mInf = alpha / (alpha + beta)
    alpha = 0.000457 * exp((-13 - v) / 50)
    beta = 0.0065 / (exp((-v - 15) / 28) + 1)
    hTau = 1 / (alpha + beta)
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
