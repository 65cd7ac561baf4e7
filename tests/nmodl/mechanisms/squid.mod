TITLE Sodium, potassium and leak currents of the squid giant axon

COMMENT
Hodgkin & Huxley (1952) J Physiol 117:500, eqs 12, 13, 20, 21, 23, 24, with the sign and zero of the potential as used today.
Exercises: TABLE with DEPEND celsius, GLOBAL, FUNCTION with a guarded singularity, two ions and a leak.
ENDCOMMENT

NEURON {
    SUFFIX squid
    USEION na READ ena WRITE ina
    USEION k READ ek WRITE ik
    NONSPECIFIC_CURRENT il
    RANGE gnabar, gkbar, gl, el, gna, gk
    GLOBAL minf, hinf, ninf, mtau, htau, ntau
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
}

PARAMETER {
    gnabar = 0.12 (S/cm2) <0, 1e9>
    gkbar = 0.036 (S/cm2) <0, 1e9>
    gl = 0.0003 (S/cm2) <0, 1e9>
    el = -54.3 (mV)
}

STATE { m h n }

ASSIGNED {
    v (mV)
    celsius (degC)
    ena (mV)
    ek (mV)
    gna (S/cm2)
    gk (S/cm2)
    ina (mA/cm2)
    ik (mA/cm2)
    il (mA/cm2)
    minf hinf ninf
    mtau (ms) htau (ms) ntau (ms)
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    gna = gnabar*m*m*m*h
    ina = gna*(v - ena)
    gk = gkbar*n*n*n*n
    ik = gk*(v - ek)
    il = gl*(v - el)
}

INITIAL {
    rates(v)
    m = minf
    h = hinf
    n = ninf
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m)/mtau
    h' = (hinf - h)/htau
    n' = (ninf - n)/ntau
}

PROCEDURE rates(v (mV)) {
    LOCAL alpha, beta, sum, q10
    TABLE minf, mtau, hinf, htau, ninf, ntau DEPEND celsius FROM -100 TO 100 WITH 200

    q10 = 3^((celsius - 6.3 (degC))/10 (degC))
    alpha = 0.1 (/ms/mV)*ratio(-(v + 40 (mV)), 10 (mV))
    beta = 4 (/ms)*exp(-(v + 65 (mV))/18 (mV))
    sum = alpha + beta
    mtau = 1/(q10*sum)
    minf = alpha/sum

    alpha = 0.07 (/ms)*exp(-(v + 65 (mV))/20 (mV))
    beta = 1 (/ms)/(exp(-(v + 35 (mV))/10 (mV)) + 1)
    sum = alpha + beta
    htau = 1/(q10*sum)
    hinf = alpha/sum

    alpha = 0.01 (/ms/mV)*ratio(-(v + 55 (mV)), 10 (mV))
    beta = 0.125 (/ms)*exp(-(v + 65 (mV))/80 (mV))
    sum = alpha + beta
    ntau = 1/(q10*sum)
    ninf = alpha/sum
}

FUNCTION ratio(x (mV), y (mV)) (mV) {   : x/(exp(x/y) - 1)
    if (fabs(x/y) < 1e-6) {
        ratio = y*(1 - x/y/2)
    } else {
        ratio = x/(exp(x/y) - 1)
    }
}
