TITLE Low-voltage-activated calcium channel, Ca_LVAst

COMMENT
m^2 h. Shifted by -10 mV for the junction potential.
Rates hold at 34 degC whatever celsius is: those measured at 21 degC carry the factor 2.3^1.3 = 2.9528826414121213.
tau_m = 5 + 20/(1 + e^((v + 35)/5)) and tau_h = 20 + 50/(1 + e^((v + 50)/7)) at 21 degC. Exponentials are multiples and powers of
those of NaTa_t and of Ca_HVA's inactivation.
Avery & Johnston (1996) J Neurosci 16:5567; Randall & Tsien (1997) Neuropharmacology 36:879; Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107
ENDCOMMENT

NEURON {
    SUFFIX Ca_LVAst
    USEION ca READ eca WRITE ica
    RANGE gCa_LVAstbar, gCa_LVAst
}

UNITS {
    (S) = (siemens)
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gCa_LVAstbar = 0.00001 (S/cm2)
}

ASSIGNED {
    v (mV)
    eca (mV)
    ica (mA/cm2)
    gCa_LVAst (S/cm2)
    mInf
    mRate (/ms)
    hInf
    hRate (/ms)
}

STATE { m h }

BREAKPOINT {
    SOLVE states METHOD cnexp
    gCa_LVAst = gCa_LVAstbar*m*m*h
    ica = gCa_LVAst*(v - eca)
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
    LOCAL x, y, e
    x = exp((v + 38 (mV))/6 (mV))
    mInf = x/(x + 0.71653131057378925043)
    y = exp((v + 13 (mV))/50 (mV))
    y = 9.0250134994341209136*((y*y)*(y*y))*y
    e = 1 + y*y
    mRate = e/(e*(5 (ms)/2.9528826414121213) + 20 (ms)/2.9528826414121213)

    y = exp((v + 15 (mV))/28 (mV))
    e = 1 + 148.41315910257660342*((y*y)*(y*y))
    hInf = 1/(1 + exp((v + 90 (mV))/6.4 (mV)))
    hRate = e/(e*(20 (ms)/2.9528826414121213) + 50 (ms)/2.9528826414121213)
}
