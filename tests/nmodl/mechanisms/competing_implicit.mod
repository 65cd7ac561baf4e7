TITLE Two populations that compete for one site

COMMENT
Wilson-Cowan like equations, Wilson & Cowan (1972) Biophys J 12:1. Exercises: derivimplicit with coupled nonlinear equations and intermediate
assignments between them, FUNCTION within DERIVATIVE.
ENDCOMMENT

NEURON {
    SUFFIX competing_implicit
    NONSPECIFIC_CURRENT i
    RANGE gbar, e, tau_x, tau_r, drive
}

UNITS { (mA) = (milliamp) (mV) = (millivolt) (S) = (siemens) }

PARAMETER {
    gbar = 1e-3 (S/cm2)
    e = -80 (mV)
    tau_x = 3 (ms)
    tau_r = 11 (ms)
    drive = 0.3
}

ASSIGNED { v (mV) i (mA/cm2) input }

STATE { x r }

INITIAL {
    x = 0.2
    r = 0.1
}

BREAKPOINT {
    SOLVE compete METHOD derivimplicit
    i = gbar*x*(v - e)
}

DERIVATIVE compete {
    input = drive + (v + 65 (mV))/100 (mV)
    x' = (sigma(input + 0.5*x - 0.8*r) - x)/tau_x
    input = input/2
    r' = (sigma(input + 0.9*x - 0.4*r) - r)/tau_r
}

FUNCTION sigma(u) { sigma = 1/(1 + exp(-2*(u - 0.5))) }
