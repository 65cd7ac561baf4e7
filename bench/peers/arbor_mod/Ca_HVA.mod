: SPDX-License-Identifier: BSD-3-Clause
: High-voltage-activated calcium current.
: Hay et al. 2011; the equations of mod/Ca_HVA.mod in Arbor's dialect (exprelr(x) = x/(exp(x) - 1)).
NEURON {
    SUFFIX Ca_HVA
    USEION ca READ eca WRITE ica
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
    ica = gbar * m * m * h * (v - eca)
}

INITIAL {
    LOCAL ma, mb, ha, hb
    ma = 0.055 * 3.8 * exprelr((-27 - v) / 3.8)
    mb = 0.94 * exp((-75 - v) / 17)
    ha = 0.000457 * exp((-13 - v) / 50)
    hb = 0.0065 / (exp((-v - 15) / 28) + 1)
    m = ma / (ma + mb)
    h = ha / (ha + hb)
}

DERIVATIVE states {
    LOCAL ma, mb, ha, hb
    ma = 0.055 * 3.8 * exprelr((-27 - v) / 3.8)
    mb = 0.94 * exp((-75 - v) / 17)
    ha = 0.000457 * exp((-13 - v) / 50)
    hb = 0.0065 / (exp((-v - 15) / 28) + 1)
    m' = ma - m * (ma + mb)
    h' = ha - h * (ha + hb)
}
