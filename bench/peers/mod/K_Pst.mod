: SPDX-License-Identifier: BSD-3-Clause
: Slow inactivating (persistent) potassium current; w = v + 10 is the junction-potential shift.
: Somatic/dendritic set of Hay et al. 2011; rates fixed at 34 degC, celsius is ignored.
NEURON {
    SUFFIX K_Pst
    USEION k READ ek WRITE ik
    RANGE gK_Pstbar, g, mInf, mTau, hInf, hTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gK_Pstbar = 1e-5 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
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
    g = gK_Pstbar * m * m * h
    ik = g * (v - ek)
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
    LOCAL qt, w, u
    UNITSOFF
    qt = 2.952882641412121 : 2.3^((34 - 21) / 10); a literal, since NEURON would call pow on every use
    w = v + 10
    mInf = 1 / (1 + exp(-(w + 1) / 12))
    if (w < -50) {
        mTau = (1.25 + 175.03 * exp(0.026 * w)) / qt
    } else {
        mTau = (1.25 + 13 * exp(-0.026 * w)) / qt
    }
    hInf = 1 / (1 + exp((w + 54) / 11))
    u = (w + 75) / 48
    hTau = (360 + (1010 + 24 * (w + 55)) * exp(-u * u)) / qt
    UNITSON
}
