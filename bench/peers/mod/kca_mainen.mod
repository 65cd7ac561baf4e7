: SPDX-License-Identifier: BSD-3-Clause
: Calcium-dependent potassium current.
: Mainen and Sejnowski 1996. Exact rates (no TABLE). tadj = 2.3^((celsius - 23)/10) scales rates and conductance.
: The opening rate is 0.01 /ms times cai * ca_scale: 1000 reads the rate as per uM, 1 as per mM.
NEURON {
    SUFFIX kca_mainen
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gbar, g, nInf, nTau
    RANGE tadj
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
    (molar) = (1/liter)
    (mM) = (millimolar)
    (pS) = (picosiemens)
    (um) = (micron)
}

PARAMETER {
    gbar = 10 (pS/um2)
    ca_scale = 1000
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    g (S/cm2)
    cai (mM)
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
    rates(cai)
    n = nInf
}

DERIVATIVE states {
    rates(cai)
    n' = (nInf - n) / nTau
}

PROCEDURE rates(ca (mM)) {
    LOCAL alpha, beta
    UNITSOFF
    tadj = 2.3^((celsius - 23) / 10)
    alpha = 0.01 * ca * ca_scale
    beta = 0.02
    nTau = 1 / (alpha + beta) / tadj
    nInf = alpha / (alpha + beta)
    UNITSON
}
