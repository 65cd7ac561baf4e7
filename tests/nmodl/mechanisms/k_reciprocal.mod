TITLE Calcium- and voltage-dependent potassium channel

COMMENT
Moczydlowski & Latorre (1983) J Gen Physiol 82:511, model 1. Exercises: gate that reads cai, constants of UNITS and CONSTANT,
function of voltage and concentration, exponent with Faraday's constant.
ENDCOMMENT

NEURON {
    SUFFIX k_reciprocal
    USEION ca READ cai
    USEION k READ ek WRITE ik
    RANGE gbar, oinf, tau
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (molar) = (1/liter)
    (mM) = (millimolar)
    (S) = (siemens)
    FARADAY = (faraday) (kilocoulombs)
    R = (k-mole) (joule/degC)
}

PARAMETER {
    gbar = 0.01 (S/cm2)
    d1 = 0.84
    d2 = 1
    k1 = 0.18 (mM)
    k2 = 0.011 (mM)
    abar = 0.28 (/ms)
    bbar = 0.48 (/ms)
}

CONSTANT { z = 2 kelvin = 273.15 (degC) }

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    cai (mM)
    ik (mA/cm2)
    oinf
    tau (ms)
}

STATE { o }

INITIAL {
    rate(v, cai)
    o = oinf
}

BREAKPOINT {
    SOLVE state METHOD cnexp
    ik = gbar*o*(v - ek)
}

DERIVATIVE state {
    rate(v, cai)
    o' = (oinf - o)/tau
}

FUNCTION shifted(k (mM), d, v (mV)) (mM) {
    shifted = k*exp(-z*d*FARADAY*v/R/(kelvin + celsius))
}

PROCEDURE rate(v (mV), c (mM)) {
    LOCAL a, b
    a = c*abar/(c + shifted(k1, d1, v))
    b = bbar/(1 + c/shifted(k2, d2, v))
    tau = 1/(a + b)
    oinf = a*tau
}
