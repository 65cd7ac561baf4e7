: SPDX-License-Identifier: BSD-3-Clause
: Small-conductance calcium-activated potassium current; gate z follows cai.
: Somatic/dendritic set of Hay et al. 2011; rates fixed at 34 degC, celsius is ignored.
NEURON {
    SUFFIX SK_E2
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gSK_E2bar, g, zInf, zTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
    (molar) = (1/liter)
    (mM) = (millimolar)
}

PARAMETER {
    gSK_E2bar = 1e-6 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    g (S/cm2)
    cai (mM)
    zInf
    zTau (ms)
}

STATE {
    z
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gSK_E2bar * z
    ik = g * (v - ek)
}

INITIAL {
    rates(cai)
    z = zInf
}

DERIVATIVE states {
    rates(cai)
    z' = (zInf - z) / zTau
}

PROCEDURE rates(ca (mM)) {
    LOCAL x
    UNITSOFF
    x = ca
    if (x < 1e-7) {
        x = x + 1e-7
    }
    zInf = 1 / (1 + (0.00043 / x)^4.8)
    zTau = 1
    UNITSON
}
