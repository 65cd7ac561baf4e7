: SPDX-License-Identifier: BSD-3-Clause
: M-type potassium current.
: Somatic/dendritic set of Hay et al. 2011; rates fixed at 34 degC, celsius is ignored.
NEURON {
    SUFFIX Im
    USEION k READ ek WRITE ik
    RANGE gImbar, g, mInf, mTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gImbar = 1e-5 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    g (S/cm2)
    mInf
    mTau (ms)
}

STATE {
    m
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gImbar * m
    ik = g * (v - ek)
}

INITIAL {
    rates(v)
    m = mInf
}

DERIVATIVE states {
    rates(v)
    m' = (mInf - m) / mTau
}

PROCEDURE rates(v (mV)) {
    LOCAL qt, alpha, beta
    UNITSOFF
    qt = 2.952882641412121 : 2.3^((34 - 21) / 10); a literal, since NEURON would call pow on every use
    alpha = 3.3e-3 * exp(0.1 * (v + 35))
    beta = 3.3e-3 * exp(-0.1 * (v + 35))
    mTau = 1 / (alpha + beta) / qt
    mInf = alpha / (alpha + beta)
    UNITSON
}
