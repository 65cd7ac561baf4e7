: SPDX-License-Identifier: BSD-3-Clause
: M-type potassium current.
: Hay et al. 2011; the equations of mod/Im.mod in Arbor's dialect (exprelr(x) = x/(exp(x) - 1)).
NEURON {
    SUFFIX Im
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
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * m * (v - ek)
}

INITIAL {
    LOCAL ma, mb
    ma = 2.952882641412121 * 3.3e-3 * exp(0.1 * (v + 35))
    mb = 2.952882641412121 * 3.3e-3 * exp(-0.1 * (v + 35))
    m = ma / (ma + mb)
}

DERIVATIVE states {
    LOCAL ma, mb
    ma = 2.952882641412121 * 3.3e-3 * exp(0.1 * (v + 35))
    mb = 2.952882641412121 * 3.3e-3 * exp(-0.1 * (v + 35))
    m' = ma - m * (ma + mb)
}
