TITLE Muscarinic potassium channel, Im

COMMENT
m. alpha and beta are 0.0033 E and 0.0033/E with E = e^((v + 35)/10), the fifth power of an exponential of Ca_HVA's inactivation.
Rates hold at 34 degC whatever celsius is: those measured at 21 degC carry the factor 2.3^1.3 = 2.9528826414121213.
Adams, Brown & Constanti (1982) J Physiol 330:537; Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107
ENDCOMMENT

NEURON {
    SUFFIX Im
    USEION k READ ek WRITE ik
    RANGE gImbar, gIm
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gImbar = 0.00001 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    gIm (S/cm2)
    mInf
    mRate (/ms)
}

STATE { m }

BREAKPOINT {
    SOLVE states METHOD cnexp
    gIm = gImbar*m
    ik = gIm*(v - ek)
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
    LOCAL e, sum
    e = exp((v + 13 (mV))/50 (mV))
    e = 9.0250134994341209136*((e*e)*(e*e))*e
    sum = e*e + 1
    mInf = e*e/sum
    mRate = 3.3e-3 (/ms)*2.9528826414121213*sum/e
}
