TITLE A calcium pump in the membrane that carries current

COMMENT
Ca + P <-> CaP <-> P + Ca outside, as in Carnevale & Hines (2006) ch. 9 and Blaustein & Hodgkin (1969), numbers of our own.
Exercises: KINETIC with COMPARTMENTs of unlike volume, f_flux and b_flux, CONSERVE of a pair, WRITE of a current by the mechanism that reads it.
ENDCOMMENT

NEURON {
    SUFFIX ca_extrusion
    USEION ca READ cao, cai, ica WRITE cai, ica
    RANGE total, last_flux
}

UNITS {
    (molar) = (1/liter)
    (mM) = (millimolar)
    (um) = (micron)
    (mA) = (milliamp)
    (mol) = (1)
    F = (faraday) (coulomb)
    PI = (pi) (1)
}

PARAMETER {
    k1 = 1 (/mM-ms)
    k2 = 0.005 (/ms)
    k3 = 1 (/ms)
    k4 = 0.005 (/mM-ms)
    total = 1e-11 (mol/cm2)
}

ASSIGNED {
    diam (um)
    cao (mM)
    ica (mA/cm2)
    pump_i (mA/cm2)
    last_pump_i (mA/cm2)
    last_flux
    area_ (um)
}

CONSTANT { volo = 1e10 (um2) }

STATE {
    cai (mM)
    pump (mol/cm2)
    bound (mol/cm2)
}

INITIAL {
    area_ = PI*diam
    cai = 1e-4
    pump = total/(1 + cai*k1/k2)
    bound = total - pump
    pump_i = 0
    last_pump_i = 0
    last_flux = 0
}

BREAKPOINT {
    SOLVE pumping METHOD sparse
    last_pump_i = pump_i
    ica = pump_i
}

KINETIC pumping {
    COMPARTMENT PI*diam*diam/4 {cai}
    COMPARTMENT (1e10)*area_ {pump bound}
    COMPARTMENT volo {cao}
    ~ cai << (-(ica - last_pump_i)*PI*diam*(1e4)/(2*F))
    ~ cai + pump <-> bound (k1*area_*(1e10), k2*area_*(1e10))
    ~ bound <-> pump + cao (k3*area_*(1e10), k4*area_*(1e10))
    last_flux = f_flux - b_flux
    CONSERVE pump + bound = total*area_*(1e10)
    pump_i = 2*F*(f_flux - b_flux)/area_*(1e-14)
}
