: SPDX-License-Identifier: BSD-3-Clause
: Persistent sodium current.
: Hay et al. 2011; the equations of mod/Nap_Et2.mod in Arbor's dialect (exprelr(x) = x/(exp(x) - 1)).
NEURON {
    SUFFIX Nap_Et2
    USEION na READ ena WRITE ina
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
    ina = gbar * m * m * m * h * (v - ena)
}

INITIAL {
    LOCAL minf, mtau, hinf, htau
    minf = 1 / (1 + exp(-(v + 52.6) / 4.6))
    mtau = 6 / (2.952882641412121 * (0.182 * 6 * exprelr(-(v + 38) / 6) + 0.124 * 6 * exprelr((v + 38) / 6)))
    hinf = 1 / (1 + exp((v + 48.8) / 10))
    htau = 1 / (2.952882641412121 * (2.88e-6 * 4.63 * exprelr((v + 17) / 4.63) + 6.94e-6 * 2.63 * exprelr(-(v + 64.4) / 2.63)))
    m = minf
    h = hinf
}

DERIVATIVE states {
    LOCAL minf, mtau, hinf, htau
    minf = 1 / (1 + exp(-(v + 52.6) / 4.6))
    mtau = 6 / (2.952882641412121 * (0.182 * 6 * exprelr(-(v + 38) / 6) + 0.124 * 6 * exprelr((v + 38) / 6)))
    hinf = 1 / (1 + exp((v + 48.8) / 10))
    htau = 1 / (2.952882641412121 * (2.88e-6 * 4.63 * exprelr((v + 17) / 4.63) + 6.94e-6 * 2.63 * exprelr(-(v + 64.4) / 2.63)))
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}
