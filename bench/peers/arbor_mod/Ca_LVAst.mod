: SPDX-License-Identifier: BSD-3-Clause
: Low-voltage-activated calcium current.
: Hay et al. 2011; the equations of mod/Ca_LVAst.mod in Arbor's dialect (exprelr(x) = x/(exp(x) - 1)).
NEURON {
    SUFFIX Ca_LVAst
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
    LOCAL w, minf, mtau, hinf, htau
    w = v + 10
    minf = 1 / (1 + exp(-(w + 30) / 6))
    mtau = (5 + 20 / (1 + exp((w + 25) / 5))) / 2.952882641412121
    hinf = 1 / (1 + exp((w + 80) / 6.4))
    htau = (20 + 50 / (1 + exp((w + 40) / 7))) / 2.952882641412121
    m = minf
    h = hinf
}

DERIVATIVE states {
    LOCAL w, minf, mtau, hinf, htau
    w = v + 10
    minf = 1 / (1 + exp(-(w + 30) / 6))
    mtau = (5 + 20 / (1 + exp((w + 25) / 5))) / 2.952882641412121
    hinf = 1 / (1 + exp((w + 80) / 6.4))
    htau = (20 + 50 / (1 + exp((w + 40) / 7))) / 2.952882641412121
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}
