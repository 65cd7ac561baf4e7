: SPDX-License-Identifier: BSD-3-Clause
: Slow inactivating (persistent) potassium current.
: Hay et al. 2011; the equations of mod/K_Pst.mod in Arbor's dialect (exprelr(x) = x/(exp(x) - 1)).
NEURON {
    SUFFIX K_Pst
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
    ik = gbar * m * m * h * (v - ek)
}

INITIAL {
    LOCAL w, u, minf, mtau, hinf, htau
    w = v + 10
    minf = 1 / (1 + exp(-(w + 1) / 12))
    if (w < -50) {
        mtau = (1.25 + 175.03 * exp(0.026 * w)) / 2.952882641412121
    } else {
        mtau = (1.25 + 13 * exp(-0.026 * w)) / 2.952882641412121
    }
    hinf = 1 / (1 + exp((w + 54) / 11))
    u = (w + 75) / 48
    htau = (360 + (1010 + 24 * (w + 55)) * exp(-u * u)) / 2.952882641412121
    m = minf
    h = hinf
}

DERIVATIVE states {
    LOCAL w, u, minf, mtau, hinf, htau
    w = v + 10
    minf = 1 / (1 + exp(-(w + 1) / 12))
    if (w < -50) {
        mtau = (1.25 + 175.03 * exp(0.026 * w)) / 2.952882641412121
    } else {
        mtau = (1.25 + 13 * exp(-0.026 * w)) / 2.952882641412121
    }
    hinf = 1 / (1 + exp((w + 54) / 11))
    u = (w + 75) / 48
    htau = (360 + (1010 + 24 * (w + 55)) * exp(-u * u)) / 2.952882641412121
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}
