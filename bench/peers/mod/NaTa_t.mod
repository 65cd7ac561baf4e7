: SPDX-License-Identifier: BSD-3-Clause
: Fast transient sodium current, dendritic/axonal version.
: Somatic/dendritic set of Hay et al. 2011; rates fixed at 34 degC, celsius is ignored.
NEURON {
    SUFFIX NaTa_t
    USEION na READ ena WRITE ina
    RANGE gNaTa_tbar, g, mInf, mTau, hInf, hTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gNaTa_tbar = 1e-5 (S/cm2)
}

ASSIGNED {
    v (mV)
    ena (mV)
    ina (mA/cm2)
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
    g = gNaTa_tbar * m * m * m * h
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
    LOCAL qt, alpha, beta
    UNITSOFF
    qt = 2.952882641412121 : 2.3^((34 - 21) / 10); a literal, since NEURON would call pow on every use
    alpha = 0.182 * vtrap(-(v + 38), 6)
    beta = 0.124 * vtrap(v + 38, 6)
    mTau = 1 / (alpha + beta) / qt
    mInf = alpha / (alpha + beta)
    alpha = 0.015 * vtrap(v + 66, 6)
    beta = 0.015 * vtrap(-(v + 66), 6)
    hTau = 1 / (alpha + beta) / qt
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
