TITLE Fluctuating background conductance

COMMENT
Ornstein-Uhlenbeck conductance, exact update: Destexhe, Rudolph, Fellous & Sejnowski (2001) Neuroscience 107:13.
Exercises: RANDOM, random_normal, BEFORE STEP, dt in a formula.
ENDCOMMENT

NEURON {
    POINT_PROCESS fluctuating
    RANGE g, g0, sd, tau, e
    NONSPECIFIC_CURRENT i
    RANDOM stream
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }

PARAMETER {
    g0 = 0.0121 (uS)
    sd = 0.003 (uS)
    tau = 2.7 (ms)
    e = 0 (mV)
}

ASSIGNED { v (mV) dt (ms) i (nA) g (uS) }

INITIAL { g = g0 }

BREAKPOINT { i = g*(v - e) }

BEFORE STEP {
    g = g0 + (g - g0)*exp(-dt/tau) + sd*sqrt(1 - exp(-2*dt/tau))*random_normal(stream)
}
