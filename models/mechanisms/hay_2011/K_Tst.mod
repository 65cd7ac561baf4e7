TITLE Fast inactivating potassium channel of layer 5 pyramidal cells, K_Tst

COMMENT
m^4 h. Shifted by -10 mV for the junction potential.
Rates hold at 34 degC whatever celsius is: those measured at 21 degC carry the factor 2.3^1.3 = 2.9528826414121213.
Korngreen & Sakmann (2000) J Physiol 525:621; Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107
ENDCOMMENT

NEURON {
    SUFFIX K_Tst
    USEION k READ ek WRITE ik
    RANGE gK_Tstbar, gK_Tst
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gK_Tstbar = 0.00001 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    gK_Tst (S/cm2)
    mInf
    mTau (ms)
    hInf
    hTau (ms)
}

STATE { m h }

BREAKPOINT {
    SOLVE states METHOD cnexp
    gK_Tst = gK_Tstbar*(m*m)*(m*m)*h
    ik = gK_Tst*(v - ek)
}

DERIVATIVE states {
    rates(v)
    m' = (mInf - m)/mTau
    h' = (hInf - h)/hTau
}

INITIAL {
    rates(v)
    m = mInf
    h = hInf
}

PROCEDURE rates(v (mV)) {
    LOCAL x
    x = (v + 81 (mV))*(1/59 (mV))
    mTau = exp(-(x*x))*(0.92 (ms)/2.9528826414121213) + 0.34 (ms)/2.9528826414121213
    mInf = 1/(1 + exp((v + 10 (mV))/(-19 (mV))))

    x = (v + 83 (mV))*(1/23 (mV))
    hTau = exp(-(x*x))*(49 (ms)/2.9528826414121213) + 8 (ms)/2.9528826414121213
    hInf = 1/(1 + exp((v + 76 (mV))/10 (mV)))
}
