TITLE Sodium channel with six states

COMMENT
Three closed states, one open, two inactivated, with rates of the exponential kind of Vandenberg & Bezanilla (1991) Biophys J 60:1511 and
numbers of our own. Exercises: KINETIC with a loop, CONSERVE, sparse, STEADYSTATE, rates by FUNCTION with several arguments.
ENDCOMMENT

NEURON {
    SUFFIX na_markov
    USEION na READ ena WRITE ina
    RANGE gbar, g, shift
    THREADSAFE
}

UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }

PARAMETER {
    gbar = 0.05 (S/cm2)
    shift = 0 (mV)
    a0 = 3.5 (/ms)
    b0 = 0.35 (/ms)
    k_on = 0.8 (/ms)
    k_off = 0.004 (/ms)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ena (mV)
    ina (mA/cm2)
    g (S/cm2)
    a (/ms) b (/ms) on (/ms) off (/ms)
}

STATE { c1 c2 c3 o i1 i2 }

INITIAL { SOLVE scheme STEADYSTATE sparse }

BREAKPOINT {
    SOLVE scheme METHOD sparse
    g = gbar*o
    ina = g*(v - ena)
}

KINETIC scheme {
    rates(v)
    ~ c1 <-> c2 (3*a, b)
    ~ c2 <-> c3 (2*a, 2*b)
    ~ c3 <-> o (a, 3*b)
    ~ o <-> i1 (on, off)
    ~ c3 <-> i2 (on/4, off)
    ~ i2 <-> i1 (a, 3*b/4)
    CONSERVE c1 + c2 + c3 + o + i1 + i2 = 1
}

PROCEDURE rates(v (mV)) {
    LOCAL q
    q = 3^((celsius - 22 (degC))/10 (degC))
    a = q*rate(v + shift, a0, -20 (mV), 22 (mV))
    b = q*rate(v + shift, b0, -30 (mV), -18 (mV))
    on = q*rate(v + shift, k_on, 0 (mV), 60 (mV))
    off = q*k_off
}

FUNCTION rate(v (mV), at_half (/ms), half (mV), slope (mV)) (/ms) {
    rate = at_half*exp((v - half)/slope)
}
