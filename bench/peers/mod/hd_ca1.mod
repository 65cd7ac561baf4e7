: SPDX-License-Identifier: BSD-3-Clause
: Hyperpolarisation-activated cation current (Magee 1998).
: Migliore, Hoffman, Magee and Johnston 1999. Exact rates (no TABLE).
NEURON {
    SUFFIX hd_ca1
    NONSPECIFIC_CURRENT i
    RANGE gbar, vhalf, erev, lInf, lTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gbar = 1e-4 (S/cm2)
    vhalf = -81 (mV)
    erev = -30 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    celsius (degC)
    lInf
    lTau (ms)
}

STATE {
    l
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    i = gbar * l * (v - erev)
}

INITIAL {
    rates(v)
    l = lInf
}

DERIVATIVE states {
    rates(v)
    l' = (lInf - l) / lTau
}

PROCEDURE rates(v (mV)) {
    LOCAL x
    UNITSOFF
    x = 0.0378 * 2.2 * (v + 75)
    lInf = 1 / (1 + exp((v - vhalf) / 8))
    lTau = exp(0.4 * x) / (4.5^((celsius - 33) / 10) * 0.011 * (1 + exp(x)))
    UNITSON
}
