: SPDX-License-Identifier: BSD-3-Clause
: High-threshold calcium current (no temperature factor).
: Minimal set of Pospischil et al. 2008; rates given at 36 degC. Gates start at steady state.
NEURON {
    SUFFIX cal_posp
    USEION ca READ eca WRITE ica
    RANGE gbar, g, qInf, qTau, rInf, rTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gbar = 1e-4 (S/cm2)
}

ASSIGNED {
    v (mV)
    eca (mV)
    ica (mA/cm2)
    g (S/cm2)
    qInf
    qTau (ms)
    rInf
    rTau (ms)
}

STATE {
    q
    r
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar * q * q * r
    ica = g * (v - eca)
}

INITIAL {
    rates(v)
    q = qInf
    r = rInf
}

DERIVATIVE states {
    rates(v)
    q' = (qInf - q) / qTau
    r' = (rInf - r) / rTau
}

PROCEDURE rates(v (mV)) {
    LOCAL alpha, beta
    UNITSOFF
    alpha = 0.055 * vtrap(-27 - v, 3.8)
    beta = 0.94 * exp((-75 - v) / 17)
    qTau = 1 / (alpha + beta)
    qInf = alpha / (alpha + beta)
    alpha = 0.000457 * exp((-13 - v) / 50)
    beta = 0.0065 / (exp((-v - 15) / 28) + 1)
    rTau = 1 / (alpha + beta)
    rInf = alpha / (alpha + beta)
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
