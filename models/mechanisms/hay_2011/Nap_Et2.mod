TITLE Persistent sodium channel of entorhinal layer II cells, Nap_Et2

COMMENT
m^3 h. Activation is six times slower than that of NaTa_t.
Rates hold at 34 degC whatever celsius is: those measured at 21 degC carry the factor 2.3^1.3 = 2.9528826414121213.
Magistretti & Alonso (1999) J Gen Physiol 114:491; Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107
ENDCOMMENT

NEURON {
    SUFFIX Nap_Et2
    USEION na READ ena WRITE ina
    RANGE gNap_Et2bar, gNap_Et2
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gNap_Et2bar = 0.00001 (S/cm2)
}

ASSIGNED {
    v (mV)
    ena (mV)
    ina (mA/cm2)
    gNap_Et2 (S/cm2)
    mInf
    mRate (/ms)
    hInf
    hRate (/ms)
}

STATE { m h }

BREAKPOINT {
    SOLVE states METHOD cnexp
    gNap_Et2 = gNap_Et2bar*m*m*m*h
    ina = gNap_Et2*(v - ena)
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
    LOCAL e, x, y, top, bottom, top2, bottom2, a, b
    e = exp((v + 38 (mV))/6 (mV))
    x = (v + 38 (mV))*(1/6 (mV))
    if (fabs(x) < 0.02) {
        top = 1 - x/2 + x*x*(1.0/12 - x*x/720)
        bottom = 1
    } else {
        top = x
        bottom = e - 1
    }
    mInf = 1/(1 + exp((v + 52.6 (mV))/(-4.6 (mV))))
    mRate = (0.182 (/ms)*2.9528826414121213*e + 0.124 (/ms)*2.9528826414121213)*top/bottom

    hInf = 1/(1 + exp((v + 48.8 (mV))/10 (mV)))
    x = (v + 17 (mV))*(1/4.63 (mV))
    e = exp((v + 17 (mV))/4.63 (mV))
    if (fabs(x) < 0.02) {
        top = 1 - x/2 + x*x*(1.0/12 - x*x/720)
        bottom = 1
    } else {
        top = x
        bottom = e - 1
    }
    y = (v + 64.4 (mV))*(-1/2.63 (mV))
    e = exp((v + 64.4 (mV))/(-2.63 (mV)))
    if (fabs(y) < 0.02) {
        top2 = 1 - y/2 + y*y*(1.0/12 - y*y/720)
        bottom2 = 1
    } else {
        top2 = y
        bottom2 = e - 1
    }
    a = 2.88e-6*4.63 (/ms)*2.9528826414121213
    b = 6.94e-6*2.63 (/ms)*2.9528826414121213
    hRate = (a*top*bottom2 + b*top2*bottom)/(bottom*bottom2)
}
