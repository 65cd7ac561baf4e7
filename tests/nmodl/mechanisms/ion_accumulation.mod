TITLE Sodium inside and potassium outside, with a pump of both

COMMENT
Space around the membrane as in Frankenhaeuser & Hodgkin (1956) J Physiol 131:341; pump of 3 Na and 2 K. Numbers of our own.
Exercises: WRITE of an inner and an outer concentration, currents of two ions from one mechanism that also reads them, cnexp of a concentration.
ENDCOMMENT

NEURON {
    SUFFIX ion_accumulation
    USEION na READ ina, nai WRITE nai, ina
    USEION k READ ik, ko WRITE ko, ik
    RANGE rate, space, tau_bath, ko_bath, nai0_, p
}

UNITS {
    (mA) = (milliamp)
    (molar) = (1/liter)
    (mM) = (millimolar)
    (um) = (micron)
    F = (faraday) (coulomb)
}

PARAMETER {
    rate = 0.01 (mA/cm2)
    space = 0.03 (um)
    tau_bath = 60 (ms)
    ko_bath = 2.5 (mM)
    na_half = 15 (mM)
    k_half = 2 (mM)
}

ASSIGNED {
    ina (mA/cm2)
    ik (mA/cm2)
    diam (um)
    p (mA/cm2)
    ina_pump (mA/cm2)
    ik_pump (mA/cm2)
}

STATE { nai (mM) ko (mM) }

INITIAL {
    nai = 10
    ko = ko_bath
    p = 0
    ina_pump = 0
    ik_pump = 0
}

BREAKPOINT {
    SOLVE amounts METHOD cnexp
    ina_pump = 3*p
    ik_pump = -2*p
    ina = ina_pump
    ik = ik_pump
}

DERIVATIVE amounts {
    p = rate/((1 + na_half/nai)*(1 + k_half/ko))
    nai' = -4*(ina - ina_pump + 3*p)/(F*diam)*(1e4)
    ko' = (ik - ik_pump - 2*p)/(F*space)*(1e4) - (ko - ko_bath)/tau_bath
}
