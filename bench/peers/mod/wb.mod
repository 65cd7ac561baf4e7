: SPDX-License-Identifier: BSD-3-Clause
: Fast-spiking interneuron of Wang and Buzsaki 1996: sodium (m instantaneous), potassium and leak; phi speeds h and n.
: Run with ena = 55 mV and ek = -90 mV, cm = 1 uF/cm2. No temperature dependence.
NEURON {
    SUFFIX wb
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il
    RANGE gna, gk, gl, el, phi, mInf, hInf, hTau, nInf, nTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gna = 0.035 (S/cm2)
    gk = 0.009 (S/cm2)
    gl = 1e-4 (S/cm2)
    el = -65 (mV)
    phi = 5
}

ASSIGNED {
    v (mV)
    ena (mV)
    ek (mV)
    ina (mA/cm2)
    ik (mA/cm2)
    il (mA/cm2)
    mInf
    hInf
    hTau (ms)
    nInf
    nTau (ms)
}

STATE {
    h
    n
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    mInf = activation(v)
    ina = gna * mInf * mInf * mInf * h * (v - ena)
    ik = gk * n * n * n * n * (v - ek)
    il = gl * (v - el)
}

INITIAL {
    rates(v)
    h = hInf
    n = nInf
}

DERIVATIVE states {
    rates(v)
    h' = (hInf - h) / hTau
    n' = (nInf - n) / nTau
}

FUNCTION activation(v (mV)) {
    LOCAL alpha, beta
    UNITSOFF
    alpha = 0.1 * vtrap(-(v + 35), 10)
    beta = 4 * exp(-(v + 60) / 18)
    activation = alpha / (alpha + beta)
    UNITSON
}

PROCEDURE rates(v (mV)) {
    LOCAL alpha, beta
    UNITSOFF
    mInf = activation(v)
    alpha = 0.07 * exp(-(v + 58) / 20)
    beta = 1 / (exp(-(v + 28) / 10) + 1)
    hTau = 1 / (alpha + beta) / phi
    hInf = alpha / (alpha + beta)
    alpha = 0.01 * vtrap(-(v + 34), 10)
    beta = 0.125 * exp(-(v + 44) / 80)
    nTau = 1 / (alpha + beta) / phi
    nInf = alpha / (alpha + beta)
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
