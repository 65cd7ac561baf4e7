: SPDX-License-Identifier: BSD-3-Clause
: Sodium current with slow inactivation.
: Migliore, Hoffman, Magee and Johnston 1999. Exact rates (no TABLE).
NEURON {
    SUFFIX na_ca1
    USEION na READ ena WRITE ina
    RANGE gbar, ar, mInf, mTau, hInf, hTau, sInf, sTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.01 (S/cm2)
    ar = 1
}

ASSIGNED {
    v (mV)
    ena (mV)
    ina (mA/cm2)
    celsius (degC)
    mInf
    mTau (ms)
    hInf
    hTau (ms)
    sInf
    sTau (ms)
}

STATE {
    m
    h
    s
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ina = gbar * m^3 * h * s * (v - ena)
}

INITIAL {
    rates(v)
    m = mInf
    h = hInf
    s = sInf
}

DERIVATIVE states {
    rates(v)
    m' = (mInf - m) / mTau
    h' = (hInf - h) / hTau
    s' = (sInf - s) / sTau
}

PROCEDURE rates(v (mV)) {
    LOCAL alpha, beta, q, open, x
    UNITSOFF
    q = 2^((celsius - 24) / 10)
    alpha = 0.4 * rising(v, -30, 7.2)
    beta = 0.124 * rising(-v, 30, 7.2)
    mInf = alpha / (alpha + beta)
    mTau = 1 / (alpha + beta) / q
    if (mTau < 0.02) { mTau = 0.02 }
    alpha = 0.03 * rising(v, -45, 1.5)
    beta = 0.01 * rising(-v, 45, 1.5)
    hInf = 1 / (1 + exp((v + 50) / 4))
    hTau = 1 / (alpha + beta) / q
    if (hTau < 0.5) { hTau = 0.5 }
    open = 1 / (1 + exp((v + 58) / 2))
    sInf = open + ar * (1 - open)
    x = 12 * (v + 60) * perMillivolt()
    sTau = exp(0.2 * x) / (3e-4 * (1 + exp(x)))
    if (sTau < 10) { sTau = 10 }
    UNITSON
}

: (v - th) / (1 - exp(-(v - th) / q)), with its limit next to th.
FUNCTION rising(v (mV), th (mV), q (mV)) (mV) {
    LOCAL x
    UNITSOFF
    x = (v - th) / q
    if (fabs(x) < 1e-6) {
        rising = q * (1 + x / 2)
    } else {
        rising = q * x / (1 - exp(-x))
    }
    UNITSON
}

FUNCTION perMillivolt() (/mV) {
    UNITSOFF
    perMillivolt = 1e-3 * 9.648e4 / (8.315 * (273.15 + celsius))
    UNITSON
}
