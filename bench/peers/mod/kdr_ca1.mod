: SPDX-License-Identifier: BSD-3-Clause
: Delayed rectifier.
: Migliore, Hoffman, Magee and Johnston 1999. Exact rates (no TABLE).
NEURON {
    SUFFIX kdr_ca1
    USEION k READ ek WRITE ik
    RANGE gbar, nInf, nTau
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.003 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    celsius (degC)
    nInf
    nTau (ms)
}

STATE {
    n
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * n * (v - ek)
}

INITIAL {
    rates(v)
    n = nInf
}

DERIVATIVE states {
    rates(v)
    n' = (nInf - n) / nTau
}

PROCEDURE rates(v (mV)) {
    LOCAL x
    UNITSOFF
    x = -3 * (v - 13) * perMillivolt()
    nInf = 1 / (1 + exp(x))
    nTau = exp(0.7 * x) / (0.02 * (1 + exp(x)))
    if (nTau < 2) { nTau = 2 }
    UNITSON
}

FUNCTION perMillivolt() (/mV) {
    UNITSOFF
    perMillivolt = 1e-3 * 9.648e4 / (8.315 * (273.15 + celsius))
    UNITSON
}
