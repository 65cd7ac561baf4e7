TITLE Calcium channel by permeability, with the equation built in

COMMENT
Low-voltage gate after Huguenard & McCormick (1992) J Neurophysiol 68:1373. Exercises: nrn_ghk(), m instantaneous, if/else if/else.
ENDCOMMENT

NEURON {
    SUFFIX ca_builtin_ghk
    USEION ca READ cai, cao WRITE ica
    RANGE pbar, e_now
}

UNITS { (mA) = (milliamp) (mV) = (millivolt) (mM) = (milli/liter) F = (faraday) (coulomb) R = (k-mole) (joule/degC) }

PARAMETER { pbar = 0.2e-3 (cm/s) }

ASSIGNED {
    v (mV)
    celsius (degC)
    cai (mM)
    cao (mM)
    ica (mA/cm2)
    e_now (mV)
    minf
    hinf
    tauh (ms)
}

STATE { h }

INITIAL {
    rates(v)
    h = hinf
    e_now = 0
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    minf = 1/(1 + exp(-(v + 57 (mV))/6.2 (mV)))
    ica = pbar*minf*minf*h*nrn_ghk(v, cai, cao, 2)
    e_now = (1000)*R*(celsius + 273.15 (degC))/(2*F)*log(cao/cai)
}

DERIVATIVE states {
    rates(v)
    h' = (hinf - h)/tauh
}

PROCEDURE rates(v (mV)) {
    hinf = 1/(1 + exp((v + 81 (mV))/4 (mV)))
    if (v < -100 (mV)) {
        tauh = exp((-100 (mV) + 467 (mV))/66.6 (mV))*1 (ms)
    } else if (v < -80 (mV)) {
        tauh = exp((v + 467 (mV))/66.6 (mV))*1 (ms)
    } else {
        tauh = 28 (ms) + exp(-(v + 22 (mV))/10.5 (mV))*1 (ms)
    }
    tauh = tauh/3^((celsius - 24 (degC))/10 (degC))
}
