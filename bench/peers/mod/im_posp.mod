: SPDX-License-Identifier: BSD-3-Clause
: Slow M-type potassium current.
: Minimal set of Pospischil et al. 2008; rates given at 36 degC. Gates start at steady state.
NEURON {
    SUFFIX im_posp
    USEION k READ ek WRITE ik
    RANGE gbar, g, pInf, pTau
    RANGE taumax
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gbar = 7.5e-5 (S/cm2)
    taumax = 608 (ms)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    g (S/cm2)
    celsius (degC)
    pInf
    pTau (ms)
}

STATE {
    p
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar * p
    ik = g * (v - ek)
}

INITIAL {
    rates(v)
    p = pInf
}

DERIVATIVE states {
    rates(v)
    p' = (pInf - p) / pTau
}

PROCEDURE rates(v (mV)) {
    LOCAL phi
    UNITSOFF
    phi = 2.3^((celsius - 36) / 10)
    pInf = 1 / (1 + exp(-(v + 35) / 10))
    pTau = taumax / (3.3 * exp((v + 35) / 20) + exp(-(v + 35) / 20)) / phi
    UNITSON
}
