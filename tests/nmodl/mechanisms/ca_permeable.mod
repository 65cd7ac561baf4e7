TITLE Calcium channel by permeability, the equation written out

COMMENT
Goldman (1943) J Gen Physiol 27:37, Hodgkin & Katz (1949) J Physiol 108:37; the gate after Jaffe et al. (1994) J Neurophysiol 71:1065.
Exercises: gas constant and Faraday's from UNITS, celsius, FUNCTION within FUNCTION, LOCALs, removable singularity twice.
ENDCOMMENT

NEURON {
    SUFFIX ca_permeable
    USEION ca READ cai, cao WRITE ica
    RANGE pbar, ica, minf, taum
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (mM) = (milli/liter)
    FARADAY = (faraday) (kilocoulombs)
    R = (k-mole) (joule/degC)
}

PARAMETER { pbar = 1e-4 (cm/s) }

ASSIGNED {
    v (mV)
    celsius (degC)
    cai (mM)
    cao (mM)
    ica (mA/cm2)
    minf
    taum (ms)
}

STATE { m }

INITIAL {
    rate(v)
    m = minf
}

BREAKPOINT {
    SOLVE state METHOD cnexp
    ica = pbar*m*m*ghk_own(v, cai, cao)
}

DERIVATIVE state {
    rate(v)
    m' = (minf - m)/taum
}

FUNCTION ghk_own(v (mV), ci (mM), co (mM)) (.001 coul/cm3) {
    LOCAL z
    z = 2*FARADAY*v/(R*(celsius + 273.15 (degC)))
    ghk_own = 2*FARADAY*(ci*efun(-z) - co*efun(z))
}

FUNCTION efun(z) {
    if (fabs(z) < 1e-4) {
        efun = 1 - z/2
    } else {
        efun = z/(exp(z) - 1)
    }
}

PROCEDURE rate(v (mV)) {
    LOCAL a, b
    a = 15.69 (/ms/mV)*8.46 (mV)*efun(-(v - 81.5 (mV))/10 (mV))*1.182
    b = 0.29 (/ms)*exp(-v/10.86 (mV))
    taum = 1/(a + b)
    minf = a/(a + b)
}
