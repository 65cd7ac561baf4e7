: SPDX-License-Identifier: BSD-3-Clause
: Sodium and delayed-rectifier potassium currents; u = v - vt.
: Minimal set of Pospischil et al. 2008; rates given at 36 degC, Q10 3. Gates start at steady state.
NEURON {
    SUFFIX nak_posp
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    RANGE gna, gkd, vt, mInf, mTau, hInf, hTau, nInf, nTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gna = 0.056 (S/cm2)
    gkd = 0.006 (S/cm2)
    vt = -56.2 (mV)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ena (mV)
    ek (mV)
    ina (mA/cm2)
    ik (mA/cm2)
    mInf
    mTau (ms)
    hInf
    hTau (ms)
    nInf
    nTau (ms)
}

STATE {
    m
    h
    n
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ina = gna * m * m * m * h * (v - ena)
    ik = gkd * n * n * n * n * (v - ek)
}

INITIAL {
    rates(v)
    m = mInf
    h = hInf
    n = nInf
}

DERIVATIVE states {
    rates(v)
    m' = (mInf - m) / mTau
    h' = (hInf - h) / hTau
    n' = (nInf - n) / nTau
}

PROCEDURE rates(v (mV)) {
    LOCAL phi, u, alpha, beta
    UNITSOFF
    phi = 3^((celsius - 36) / 10)
    u = v - vt
    alpha = 0.32 * vtrap(13 - u, 4)
    beta = 0.28 * vtrap(u - 40, 5)
    mTau = 1 / (alpha + beta) / phi
    mInf = alpha / (alpha + beta)
    alpha = 0.128 * exp((17 - u) / 18)
    beta = 4 / (1 + exp((40 - u) / 5))
    hTau = 1 / (alpha + beta) / phi
    hInf = alpha / (alpha + beta)
    alpha = 0.032 * vtrap(15 - u, 5)
    beta = 0.5 * exp((10 - u) / 40)
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
