: SPDX-License-Identifier: BSD-3-Clause
: Fast inactivating (transient) potassium current; w = v + 10 is the junction-potential shift.
: Somatic/dendritic set of Hay et al. 2011; rates fixed at 34 degC, celsius is ignored.
NEURON {
    SUFFIX K_Tst
    USEION k READ ek WRITE ik
    RANGE gK_Tstbar, g, mInf, mTau, hInf, hTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gK_Tstbar = 1e-5 (S/cm2)
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
    g = gK_Tstbar * m * m * m * m * h
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
    LOCAL qt, w, u, y
    UNITSOFF
    qt = 2.952882641412121 : 2.3^((34 - 21) / 10); a literal, since NEURON would call pow on every use
    w = v + 10
    mInf = 1 / (1 + exp(-w / 19))
    u = (w + 71) / 59
    y = (w + 73) / 23
    mTau = (0.34 + 0.92 * exp(-u * u)) / qt
    hInf = 1 / (1 + exp((w + 66) / 10))
    hTau = (8 + 49 * exp(-y * y)) / qt
    UNITSON
}
