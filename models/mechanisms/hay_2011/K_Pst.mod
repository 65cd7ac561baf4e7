TITLE Slow inactivating potassium channel of layer 5 pyramidal cells, K_Pst

COMMENT
m^2 h. Shifted by -10 mV for the junction potential.
Rates hold at 34 degC whatever celsius is: those measured at 21 degC carry the factor 2.3^1.3 = 2.9528826414121213.
The time constant of m jumps at -60 mV.
Korngreen & Sakmann (2000) J Physiol 525:621; Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107
ENDCOMMENT

NEURON {
    SUFFIX K_Pst
    USEION k READ ek WRITE ik
    RANGE gK_Pstbar, gK_Pst
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gK_Pstbar = 0.00001 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    gK_Pst (S/cm2)
    mInf
    mTau (ms)
    hInf
    hTau (ms)
}

STATE { m h }

BREAKPOINT {
    SOLVE states METHOD cnexp
    gK_Pst = gK_Pstbar*m*m*h
    ik = gK_Pst*(v - ek)
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
    LOCAL slope, height, x
    if (v < -60 (mV)) {
        slope = 0.026 (/mV)
        height = 175.03 (ms)/2.9528826414121213
    } else {
        slope = -0.026 (/mV)
        height = 13 (ms)/2.9528826414121213
    }
    mTau = height*exp((v + 10 (mV))*slope) + 1.25 (ms)/2.9528826414121213
    mInf = 1/(1 + exp((v + 11 (mV))/(-12 (mV))))

    x = (v + 85 (mV))*(1/48 (mV))
    height = (v + 65 (mV))*(24 (ms/mV)/2.9528826414121213) + 1010 (ms)/2.9528826414121213
    hTau = height*exp(-(x*x)) + 360 (ms)/2.9528826414121213
    hInf = 1/(1 + exp((v + 64 (mV))/11 (mV)))
}
