TITLE Calcium below the membrane with a saturating pump

COMMENT
c' = -i/(2 F depth) - vmax c/(c + K) + leak, nonlinear in c. Michaelis-Menten form as in Sala & Hernandez-Cruz (1990) Biophys J 57:313.
Exercises: derivimplicit, WRITE of a concentration, unit factors from UNITS, a factor in parentheses.
ENDCOMMENT

NEURON {
    SUFFIX ca_pump_pool
    USEION ca READ ica, cai WRITE cai
    RANGE depth, vmax, k_half, c0, drive
}

UNITS {
    (mA) = (milliamp)
    (molar) = (1/liter)
    (mM) = (millimolar)
    (um) = (micron)
    F = (faraday) (coulombs)
}

PARAMETER {
    depth = 0.2 (um)
    vmax = 2e-3 (mM/ms)
    k_half = 1e-3 (mM)
    c0 = 1e-4 (mM)
}

ASSIGNED { ica (mA/cm2) cai (mM) drive (mM/ms) }

STATE { c (mM) }

INITIAL {
    c = c0
    cai = c
}

BREAKPOINT {
    SOLVE pool METHOD derivimplicit
}

DERIVATIVE pool {
    drive = -(1e4)*ica/(2*F*depth)
    c' = drive - vmax*(c/(c + k_half) - c0/(c0 + k_half))
    cai = c
}
