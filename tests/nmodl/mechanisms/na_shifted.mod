TITLE Sodium channel of hippocampal pyramidal cells with slow inactivation

COMMENT
Migliore, Hoffman, Magee & Johnston (1999) J Comput Neurosci 7:5. Exercises: FUNCTION with three arguments and its guard, lower bounds by if, LOCAL reuse,
GLOBAL values that rates write and the DERIVATIVE block reads, three gates.
ENDCOMMENT

NEURON {
    SUFFIX na_shifted
    USEION na READ ena WRITE ina
    RANGE gbar, ar, shift
    GLOBAL minf, hinf, mtau, htau, sinf, taus
}

UNITS { (mA) = (milliamp) (mV) = (millivolt) }

PARAMETER {
    gbar = 0.010 (mho/cm2)
    ar = 0.8
    shift = 0 (mV)
    q10 = 2
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ena (mV)
    ina (mA/cm2)
    minf hinf sinf
    mtau (ms) htau (ms) taus (ms)
}

STATE { m h s }

BREAKPOINT {
    SOLVE states METHOD cnexp
    ina = gbar*m^3*h*s*(v - ena)
}

INITIAL {
    trates(v - shift)
    m = minf
    h = hinf
    s = sinf
}

DERIVATIVE states {
    trates(v - shift)
    m' = (minf - m)/mtau
    h' = (hinf - h)/htau
    s' = (sinf - s)/taus
}

UNITSOFF
FUNCTION trap0(v, th, q) {
    if (fabs(v - th) > 1e-6) {
        trap0 = (v - th)/(1 - exp(-(v - th)/q))
    } else {
        trap0 = q
    }
}

PROCEDURE trates(u) {
    LOCAL a, b, c, qt
    qt = q10^((celsius - 24)/10)
    a = 0.4*trap0(u, -30, 7.2)
    b = 0.124*trap0(-u, 30, 7.2)
    mtau = 1/(a + b)/qt
    if (mtau < 0.02) { mtau = 0.02 }
    minf = a/(a + b)
    a = 0.03*trap0(u, -45, 1.5)
    b = 0.01*trap0(-u, 45, 1.5)
    htau = 1/(a + b)/qt
    if (htau < 0.5) { htau = 0.5 }
    hinf = 1/(1 + exp((u + 50)/4))
    c = 1/(1 + exp((u + 58)/2))
    sinf = c + ar*(1 - c)
    a = exp(1.e-3*12*(u + 60)*9.648e4/(8.315*(273.16 + celsius)))
    b = exp(1.e-3*12*0.2*(u + 60)*9.648e4/(8.315*(273.16 + celsius)))
    taus = b/(0.0003*(1 + a))
    if (taus < 10) { taus = 10 }
}
UNITSON
