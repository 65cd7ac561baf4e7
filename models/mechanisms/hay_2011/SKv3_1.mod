TITLE Fast Shaw-related potassium channel, SKv3_1

COMMENT
m. The time constant is 4 ms/(1 + e), so that the rate needs no division.
Rettig et al. (1992) EMBO J 11:2473; Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107
ENDCOMMENT

NEURON {
    SUFFIX SKv3_1
    USEION k READ ek WRITE ik
    RANGE gSKv3_1bar, gSKv3_1
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gSKv3_1bar = 0.00001 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    gSKv3_1 (S/cm2)
    mInf
    mRate (/ms)
}

STATE { m }

BREAKPOINT {
    SOLVE states METHOD cnexp
    gSKv3_1 = gSKv3_1bar*m
    ik = gSKv3_1*(v - ek)
}

DERIVATIVE states {
    rates(v)
    m' = (mInf - m)*mRate
}

INITIAL {
    rates(v)
    m = mInf
}

PROCEDURE rates(v (mV)) {
    mInf = 1/(1 + exp((v - 18.7 (mV))/(-9.7 (mV))))
    mRate = exp((v + 46.56 (mV))/(-44.14 (mV)))*0.25 (/ms) + 0.25 (/ms)
}
