: SPDX-License-Identifier: BSD-3-Clause
: L-type calcium current of Jaffe et al. 1994 by permeability: ica = pbar m^2 ki/(ki + cai) GHK(v, cai, cao), ki = 1 uM.
: pbar is in cm/s, so that cm/s times mC/cm3 is mA/cm2. Rates hold at any temperature; celsius enters the GHK equation alone.
NEURON {
    SUFFIX ca_ghk
    USEION ca READ cai, cao WRITE ica
    RANGE pbar, mInf, mTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (molar) = (1/liter)
    (mM) = (millimolar)
    FARADAY = (faraday) (coulombs)
    R = (k-mole) (joule/degC)
}

PARAMETER {
    pbar = 1e-5 (cm/s)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    cai (mM)
    cao (mM)
    ica (mA/cm2)
    mInf
    mTau (ms)
}

STATE {
    m
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ica = pbar * m * m * (0.001 / (0.001 + cai)) * ghk(v, cai, cao)
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
    LOCAL alpha, beta
    UNITSOFF
    alpha = 156.9 * linoid((81.5 - v) / 10)
    beta = 0.29 * exp(-v / 10.86)
    mTau = 1 / (alpha + beta)
    mInf = alpha / (alpha + beta)
    UNITSON
}

: z F (ci u/(1 - exp(-u)) - co u/(exp(u) - 1)), u = z F v/RT, for z = 2; 0.001 turns C/mol mM into mC/cm3.
FUNCTION ghk(v (mV), ci (mM), co (mM)) (.001 coul/cm3) {
    LOCAL u
    UNITSOFF
    u = 0.002 * FARADAY * v / (R * (celsius + 273.15))
    ghk = 0.002 * FARADAY * (ci * linoid(-u) - co * linoid(u))
    UNITSON
}

: x/(exp(x) - 1), by its series next to x = 0 (the next term is 3e-17 there).
FUNCTION linoid(x) {
    if (fabs(x) < 0.01) {
        linoid = 1 - x / 2 + x * x / 12 - x * x * x * x / 720
    } else {
        linoid = x / (exp(x) - 1)
    }
}
