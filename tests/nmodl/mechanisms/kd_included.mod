TITLE Delayed rectifier whose rates are in another file

COMMENT
Exercises: INCLUDE, several NEURON and PARAMETER blocks, a block after those that use it.
ENDCOMMENT

NEURON {
    SUFFIX kd_included
    USEION k READ ek WRITE ik
}
NEURON { RANGE gbar, vt }

UNITS { (mA) = (milliamp) (mV) = (millivolt) (S) = (siemens) }

PARAMETER { gbar = 0.005 (S/cm2) }
STATE { n }

INITIAL { n = alpha_n(v - vt)/(alpha_n(v - vt) + beta_n(v - vt)) }

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar*n^4*(v - ek)
}

DERIVATIVE states { n' = alpha_n(v - vt)*(1 - n) - beta_n(v - vt)*n }

INCLUDE "kd_rates.inc"

PARAMETER { vt = -56.2 (mV) }
ASSIGNED { v (mV) ek (mV) ik (mA/cm2) }
