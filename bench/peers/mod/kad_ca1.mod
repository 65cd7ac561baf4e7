: SPDX-License-Identifier: BSD-3-Clause
: Transient potassium current of far dendrites.
: Migliore, Hoffman, Magee and Johnston 1999. Exact rates (no TABLE).
NEURON {
    SUFFIX kad_ca1
    USEION k READ ek WRITE ik
    RANGE gbar, nInf, nTau, lInf, lTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.008 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    celsius (degC)
    nInf
    nTau (ms)
    lInf
    lTau (ms)
}

STATE {
    n
    l
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * n * l * (v - ek)
}

INITIAL {
    rates(v)
    n = nInf
    l = lInf
}

DERIVATIVE states {
    rates(v)
    n' = (nInf - n) / nTau
    l' = (lInf - l) / lTau
}

PROCEDURE rates(v (mV)) {
    LOCAL x, shut
    UNITSOFF
    x = (-1.8 - 1 / (1 + exp((v + 40) / 5))) * (v - (-1)) * perMillivolt()
    nInf = 1 / (1 + exp(x))
    nTau = exp(0.39 * x) / (5^((celsius - 24) / 10) * 0.1 * (1 + exp(x)))
    if (nTau < 0.2) { nTau = 0.2 }
    shut = exp(3 * (v + 56) * perMillivolt())
    lInf = 1 / (1 + shut)
    lTau = 0.26 * (v + 50)
    if (lTau < 2) { lTau = 2 }
    UNITSON
}

FUNCTION perMillivolt() (/mV) {
    UNITSOFF
    perMillivolt = 1e-3 * 9.648e4 / (8.315 * (273.15 + celsius))
    UNITSON
}
