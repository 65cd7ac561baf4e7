TITLE Hyperpolarisation-activated current by explicit steps

COMMENT
Kinetics of Magee (1998) J Neurosci 18:7613. Exercises: METHOD euler, an own ion of valence 1, two mechanisms of temperature.
ENDCOMMENT

NEURON {
    SUFFIX ih_euler
    USEION h READ eh WRITE ih VALENCE 1
    RANGE gbar, half, linf, taul
}

UNITS { (mA) = (milliamp) (mV) = (millivolt) (S) = (siemens) }

PARAMETER {
    gbar = 1e-4 (S/cm2)
    half = -81 (mV)
    zeta = 2.2
    share = 0.4
    a0 = 0.011 (/ms)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    eh (mV)
    ih (mA/cm2)
    linf
    taul (ms)
}

STATE { l }

INITIAL {
    rate(v)
    l = linf
}

BREAKPOINT {
    SOLVE state METHOD euler
    ih = gbar*l*(v - eh)
}

DERIVATIVE state {
    rate(v)
    l' = (linf - l)/taul
}

FUNCTION opening(v (mV)) { opening = exp(0.0378 (/mV)*zeta*(v + 75 (mV))) }
FUNCTION closing(v (mV)) { closing = exp(0.0378 (/mV)*zeta*share*(v + 75 (mV))) }

PROCEDURE rate(v (mV)) {
    LOCAL a, q
    q = 4.5^((celsius - 33 (degC))/10 (degC))
    a = opening(v)
    linf = 1/(1 + exp((v - half)/8 (mV)))
    taul = closing(v)/(q*a0*(1 + a))
}
