: SPDX-License-Identifier: BSD-3-Clause
: Fast inactivating (transient) potassium current.
: Hay et al. 2011; the equations of mod/K_Tst.mod in Arbor's dialect (exprelr(x) = x/(exp(x) - 1)).
NEURON {
    SUFFIX K_Tst
    USEION k READ ek WRITE ik
    RANGE gbar
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gbar = 1e-5 (S/cm2)
}

STATE {
    m
    h
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * m * m * m * m * h * (v - ek)
}

INITIAL {
    LOCAL w, u, y, minf, mtau, hinf, htau
    w = v + 10
    u = (w + 71) / 59
    minf = 1 / (1 + exp(-w / 19))
    mtau = (0.34 + 0.92 * exp(-u * u)) / 2.952882641412121
    y = (w + 73) / 23
    hinf = 1 / (1 + exp((w + 66) / 10))
    htau = (8 + 49 * exp(-y * y)) / 2.952882641412121
    m = minf
    h = hinf
}

DERIVATIVE states {
    LOCAL w, u, y, minf, mtau, hinf, htau
    w = v + 10
    u = (w + 71) / 59
    minf = 1 / (1 + exp(-w / 19))
    mtau = (0.34 + 0.92 * exp(-u * u)) / 2.952882641412121
    y = (w + 73) / 23
    hinf = 1 / (1 + exp((w + 66) / 10))
    htau = (8 + 49 * exp(-y * y)) / 2.952882641412121
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}
