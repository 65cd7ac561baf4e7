TITLE Calcium-activated potassium channel of small conductance, SK_E2

COMMENT
z, with Hill coefficient 4.8 and half activation at 0.00043 mM.
The logarithm is that of a Nernst potential, which other mechanisms of a compartment take too.
Kohler et al. (1996) Science 273:1709; Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107
ENDCOMMENT

NEURON {
    SUFFIX SK_E2
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gSK_E2bar, gSK_E2
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
    (mM) = (milli/liter)
}

PARAMETER {
    gSK_E2bar = 0.00001 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    cai (mM)
    ik (mA/cm2)
    gSK_E2 (S/cm2)
    zInf
    zTau (ms)
}

STATE { z }

BREAKPOINT {
    SOLVE states METHOD cnexp
    gSK_E2 = gSK_E2bar*z
    ik = gSK_E2*(v - ek)
}

DERIVATIVE states {
    rates(cai)
    z' = (zInf - z)/zTau
}

INITIAL {
    rates(cai)
    z = zInf
}

PROCEDURE rates(ca (mM)) {
    LOCAL c
    c = ca
    if (c < 1e-18 (mM)) { c = 1e-18 (mM) }
    zInf = 1/(1 + exp(log(c/1 (mM))*(-4.8) + (-4.8)*7.7517253492766659967))
    zTau = 1 (ms)
}
