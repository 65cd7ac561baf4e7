: SPDX-License-Identifier: BSD-3-Clause
: Hyperpolarisation-activated cation current.
: Hay et al. 2011; the equations of mod/Ih.mod in Arbor's dialect (exprelr(x) = x/(exp(x) - 1)).
NEURON {
    SUFFIX Ih
    NONSPECIFIC_CURRENT ihcn
    RANGE gbar
    GLOBAL ehcn
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gbar = 1e-5 (S/cm2)
    ehcn = -45 (mV)
}

STATE {
    m
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ihcn = gbar * m * (v - ehcn)
}

INITIAL {
    LOCAL ma, mb
    ma = 6.43e-3 * 11.9 * exprelr((v + 154.9) / 11.9)
    mb = 0.193 * exp(v / 33.1)
    m = ma / (ma + mb)
}

DERIVATIVE states {
    LOCAL ma, mb
    ma = 6.43e-3 * 11.9 * exprelr((v + 154.9) / 11.9)
    mb = 0.193 * exp(v / 33.1)
    m' = ma - m * (ma + mb)
}
