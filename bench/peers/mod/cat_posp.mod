: SPDX-License-Identifier: BSD-3-Clause
: Low-threshold calcium current; activation s is instantaneous, y = v + vx.
: Minimal set of Pospischil et al. 2008; rates given at 36 degC. Gates start at steady state.
: The factor 3.7 is the literal of the paper (about 3^1.2).
NEURON {
    SUFFIX cat_posp
    USEION ca READ eca WRITE ica
    RANGE gbar, g, uInf, uTau
    RANGE vx, sInf
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gbar = 4e-4 (S/cm2)
    vx = -7 (mV)
}

ASSIGNED {
    v (mV)
    eca (mV)
    ica (mA/cm2)
    g (S/cm2)
    sInf
    uInf
    uTau (ms)
}

STATE {
    u
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    rates(v)
    g = gbar * sInf * sInf * u
    ica = g * (v - eca)
}

INITIAL {
    rates(v)
    u = uInf
}

DERIVATIVE states {
    rates(v)
    u' = (uInf - u) / uTau
}

PROCEDURE rates(v (mV)) {
    LOCAL y
    UNITSOFF
    y = v + vx
    sInf = 1 / (1 + exp(-(y + 57) / 6.2))
    uInf = 1 / (1 + exp((y + 81) / 4))
    uTau = (30.8 + (211.4 + exp((y + 113.2) / 5)) / (1 + exp((y + 84) / 3.2))) / 3.7
    UNITSON
}
