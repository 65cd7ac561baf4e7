TITLE Hyperpolarisation-activated cation channel of layer 5 pyramidal cells, Ih

COMMENT
m. alpha = 0.00643 (v + 154.9)/(e^((v + 154.9)/11.9) - 1), beta = 0.193 e^(v/33.1), at any temperature.
Kole, Hallermann & Stuart (2006) J Neurosci 26:1677; Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107
ENDCOMMENT

NEURON {
    SUFFIX Ih
    NONSPECIFIC_CURRENT ihcn
    RANGE gIhbar, gIh, ihcn, ehcn
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gIhbar = 0.00001 (S/cm2)
    ehcn = -45 (mV)
}

ASSIGNED {
    v (mV)
    ihcn (mA/cm2)
    gIh (S/cm2)
    mInf
    mRate (/ms)
}

STATE { m }

BREAKPOINT {
    SOLVE states METHOD cnexp
    gIh = gIhbar*m
    ihcn = gIh*(v - ehcn)
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
    LOCAL x, top, bottom, a, b, sum
    x = (v + 154.9 (mV))*(1/11.9 (mV))
    if (fabs(x) < 0.02) {
        top = 1 - x/2 + x*x*(1.0/12 - x*x/720)
        bottom = 1
    } else {
        top = x
        bottom = exp((v + 154.9 (mV))/11.9 (mV)) - 1
    }
    a = 6.43e-3*11.9 (/ms)*top
    b = 0.193 (/ms)*exp(v/33.1 (mV))
    sum = a + b*bottom
    mInf = a/sum
    mRate = sum/bottom
}
