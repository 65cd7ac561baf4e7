: SPDX-License-Identifier: BSD-3-Clause
: Fast transient sodium current.
: Hay et al. 2011; the equations of mod/NaTa_t.mod in Arbor's dialect (exprelr(x) = x/(exp(x) - 1)).
NEURON {
    SUFFIX NaTa_t
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
    LOCAL ma, mb, ha, hb
    ma = 2.952882641412121 * 0.182 * 6 * exprelr(-(v + 38) / 6)
    mb = 2.952882641412121 * 0.124 * 6 * exprelr((v + 38) / 6)
    ha = 2.952882641412121 * 0.015 * 6 * exprelr((v + 66) / 6)
    hb = 2.952882641412121 * 0.015 * 6 * exprelr(-(v + 66) / 6)
    m = ma / (ma + mb)
    h = ha / (ha + hb)
}

DERIVATIVE states {
    LOCAL ma, mb, ha, hb
    ma = 2.952882641412121 * 0.182 * 6 * exprelr(-(v + 38) / 6)
    mb = 2.952882641412121 * 0.124 * 6 * exprelr((v + 38) / 6)
    ha = 2.952882641412121 * 0.015 * 6 * exprelr((v + 66) / 6)
    hb = 2.952882641412121 * 0.015 * 6 * exprelr(-(v + 66) / 6)
    m' = ma - m * (ma + mb)
    h' = ha - h * (ha + hb)
}
