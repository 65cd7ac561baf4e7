TITLE Calcium below the membrane with a fast buffer far from saturation

COMMENT
Total calcium follows the current; what of it is free is the solution of two linear equations. Numbers of our own.
Exercises: LINEAR with the concentration of an ion among the unknowns, SOLVE of a PROCEDURE, dt.
ENDCOMMENT

NEURON {
    SUFFIX ca_fast_buffer
    USEION ca READ ica, cai WRITE cai
    RANGE depth, ratio, tau, total, bound
}

UNITS {
    (mA) = (milliamp)
    (molar) = (1/liter)
    (mM) = (millimolar)
    (um) = (micron)
    F = (faraday) (coulombs)
}

PARAMETER {
    depth = 0.3 (um)
    ratio = 40
    tau = 20 (ms)
    rest = 4e-3 (mM)
}

ASSIGNED { dt (ms) ica (mA/cm2) total (mM) }

STATE { cai (mM) bound (mM) }

INITIAL {
    total = rest
    SOLVE share
}

BREAKPOINT {
    SOLVE sum_up
    SOLVE share
}

PROCEDURE sum_up() {
    total = total + dt*(-(1e4)*ica/(2*F*depth) - (total - rest)/tau)
}

LINEAR share {
    ~ cai + bound = total
    ~ bound - ratio*cai = 0
}
