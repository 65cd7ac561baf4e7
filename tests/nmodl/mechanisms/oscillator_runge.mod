TITLE Excitable element of two variables

COMMENT
FitzHugh (1961) Biophys J 1:445 as a current: w is a state of its own, stepped by Runge and Kutta's method; v is the cell's.
Exercises: METHOD runge, two coupled nonlinear equations, NONSPECIFIC_CURRENT of an odd name, powers.
ENDCOMMENT

NEURON {
    SUFFIX oscillator_runge
    NONSPECIFIC_CURRENT i_fast
    RANGE scale, a, b, eps, x0
}

UNITS { (mA) = (milliamp) (mV) = (millivolt) }

PARAMETER {
    scale = 0.01 (mA/cm2)
    a = 0.7
    b = 0.8
    eps = 0.08 (/ms)
    rest = -40 (mV)
}

ASSIGNED { v (mV) i_fast (mA/cm2) x0 }

STATE { w z }

INITIAL {
    w = -0.6
    z = 0.1
    x0 = 0
}

BREAKPOINT {
    SOLVE states METHOD runge
    x0 = (v - rest)/20 (mV)
    i_fast = -scale*(x0 - x0^3/3 - w + 0.1*z)
}

DERIVATIVE states {
    LOCAL x
    x = (v - rest)/20 (mV)
    w' = eps*(x + a - b*w)
    z' = eps*(w*w - z*z*z)
}
