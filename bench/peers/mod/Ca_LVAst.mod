: SPDX-License-Identifier: BSD-3-Clause
: Low-voltage-activated calcium current; w = v + 10 is the junction-potential shift.
: Somatic/dendritic set of Hay et al. 2011; rates fixed at 34 degC, celsius is ignored.
NEURON {
    SUFFIX Ca_LVAst
    USEION ca READ eca WRITE ica
    RANGE gCa_LVAstbar, g, mInf, mTau, hInf, hTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gCa_LVAstbar = 1e-5 (S/cm2)
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
    g = gCa_LVAstbar * m * m * h
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
    LOCAL qt, w
    UNITSOFF
    qt = 2.952882641412121 : 2.3^((34 - 21) / 10); a literal, since NEURON would call pow on every use
    w = v + 10
    mInf = 1 / (1 + exp(-(w + 30) / 6))
    mTau = (5 + 20 / (1 + exp((w + 25) / 5))) / qt
    hInf = 1 / (1 + exp((w + 80) / 6.4))
    hTau = (20 + 50 / (1 + exp((w + 40) / 7))) / qt
    UNITSON
}
