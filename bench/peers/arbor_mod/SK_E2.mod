: SPDX-License-Identifier: BSD-3-Clause
: Small-conductance calcium-activated potassium current.
: Hay et al. 2011; the equations of mod/SK_E2.mod in Arbor's dialect (exprelr(x) = x/(exp(x) - 1)).
NEURON {
    SUFFIX SK_E2
    USEION k READ ek WRITE ik
    USEION ca READ cai
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
    z
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * z * (v - ek)
}

INITIAL {
    LOCAL x, zinf
    x = cai
    if (cai < 1e-7) {
        x = cai + 1e-7
    }
    zinf = 1 / (1 + (0.00043 / x)^4.8)
    z = zinf
}

DERIVATIVE states {
    LOCAL x, zinf
    x = cai
    if (cai < 1e-7) {
        x = cai + 1e-7
    }
    zinf = 1 / (1 + (0.00043 / x)^4.8)
    z' = zinf - z
}
