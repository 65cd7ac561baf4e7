TITLE Fast inactivating sodium channel of pyramidal cells, NaTa_t

COMMENT
m^3 h. alpha_m = 0.182 (v + 38)/(1 - e^(-(v + 38)/6)), alpha_h = 0.015 (v + 66)/(e^((v + 66)/6) - 1).
Rates hold at 34 degC whatever celsius is: those measured at 21 degC carry the factor 2.3^1.3 = 2.9528826414121213.
alpha and beta of a gate share the factor x/(e^x - 1), which is kept as a quotient until the end, and both gates share one
exponential: that of m itself.
Colbert & Pan (2002) Nat Neurosci 5:533; Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107
ENDCOMMENT

NEURON {
    SUFFIX NaTa_t
    USEION na READ ena WRITE ina
    RANGE gNaTa_tbar, gNaTa_t
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gNaTa_tbar = 0.00001 (S/cm2)
}

ASSIGNED {
    v (mV)
    ena (mV)
    ina (mA/cm2)
    gNaTa_t (S/cm2)
    mInf
    mRate (/ms)
    hInf
    hRate (/ms)
}

STATE { m h }

BREAKPOINT {
    SOLVE states METHOD cnexp
    gNaTa_t = gNaTa_tbar*m*m*m*h
    ina = gNaTa_t*(v - ena)
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
    LOCAL e, em, eh, x, top, bottom, sum
    e = exp((v + 38 (mV))/6 (mV))
    em = e
    x = (v + 38 (mV))*(1/6 (mV))
    if (fabs(x) < 0.02) {
        top = 1 - x/2 + x*x*(1.0/12 - x*x/720)
        bottom = 1
    } else {
        top = x
        bottom = em - 1
    }
    sum = 6*0.182 (/ms)*2.9528826414121213*em + 6*0.124 (/ms)*2.9528826414121213
    mInf = 6*0.182 (/ms)*2.9528826414121213*em/sum
    mRate = sum*top/bottom

    eh = 106.34267539816551334*e
    x = (v + 66 (mV))*(1/6 (mV))
    if (fabs(x) < 0.02) {
        top = 1 - x/2 + x*x*(1.0/12 - x*x/720)
        bottom = 1
    } else {
        top = x
        bottom = eh - 1
    }
    sum = 6*0.015 (/ms)*2.9528826414121213 + 6*0.015 (/ms)*2.9528826414121213*eh
    hInf = 6*0.015 (/ms)*2.9528826414121213/sum
    hRate = sum*top/bottom
}
