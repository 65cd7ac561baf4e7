TITLE High-voltage-activated calcium channel, Ca_HVA

COMMENT
m^2 h. Rates as published, at any temperature.
Reuveni, Friedman, Amitai & Gutnick (1993) J Neurosci 13:4609; Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107
ENDCOMMENT

NEURON {
    SUFFIX Ca_HVA
    USEION ca READ eca WRITE ica
    RANGE gCa_HVAbar, gCa_HVA
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gCa_HVAbar = 0.00001 (S/cm2)
}

ASSIGNED {
    v (mV)
    eca (mV)
    ica (mA/cm2)
    gCa_HVA (S/cm2)
    mInf
    mRate (/ms)
    hInf
    hRate (/ms)
}

STATE { m h }

BREAKPOINT {
    SOLVE states METHOD cnexp
    gCa_HVA = gCa_HVAbar*m*m*h
    ica = gCa_HVA*(v - eca)
}

DERIVATIVE states {
    rates(v)
    m' = (mInf - m)*mRate
    h' = (hInf - h)*hRate
}

INITIAL {
    rates(v)
    m = mInf
    h = hInf
}

PROCEDURE rates(v (mV)) {
    LOCAL x, y, top, bottom, a, b, sum
    x = (v + 27 (mV))*(-1/3.8 (mV))
    if (fabs(x) < 0.02) {
        top = 1 - x/2 + x*x*(1.0/12 - x*x/720)
        bottom = 1
    } else {
        top = x
        bottom = exp((v + 27 (mV))/(-3.8 (mV))) - 1
    }
    a = 0.055*3.8 (/ms)*top
    b = 0.94 (/ms)*exp((v + 75 (mV))/(-17 (mV)))
    sum = a + b*bottom
    mInf = a/sum
    mRate = sum/bottom

    x = exp((v + 13 (mV))/50 (mV))
    y = exp((v + 15 (mV))/28 (mV))
    a = 0.000457 (/ms)*(1 + y)
    sum = a + 0.0065 (/ms)*y*x
    hInf = a/sum
    hRate = sum/(x*(1 + y))
}
