: SPDX-License-Identifier: BSD-3-Clause
: Excitatory synapse: two double-exponential conductances that one event starts together, and the magnesium block of Jahr and
: Stevens 1990 on the slower. A weight is the peak of the AMPA conductance; ratio times it is that of the unblocked NMDA one.
NEURON {
    POINT_PROCESS ampa_nmda
    RANGE ampa_rise, ampa_decay, nmda_rise, nmda_decay, ratio, mg, e, i
    NONSPECIFIC_CURRENT i
    THREADSAFE
}

UNITS {
    (nA) = (nanoamp)
    (mV) = (millivolt)
    (uS) = (microsiemens)
    (mM) = (milli/liter)
}

PARAMETER {
    ampa_rise = 0.3 (ms)
    ampa_decay = 3 (ms)
    nmda_rise = 2 (ms)
    nmda_decay = 65 (ms)
    ratio = 1
    mg = 1 (mM)
    e = 0 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
    ampa_jump
    nmda_jump
}

STATE {
    ampa_a (uS)
    ampa_b (uS)
    nmda_a (uS)
    nmda_b (uS)
}

INITIAL {
    ampa_a = 0
    ampa_b = 0
    nmda_a = 0
    nmda_b = 0
    ampa_jump = unit_jump(ampa_rise, ampa_decay)
    nmda_jump = ratio * unit_jump(nmda_rise, nmda_decay)
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    i = ((ampa_b - ampa_a) + (nmda_b - nmda_a) / (1 + mg / 3.57 (mM) * exp(-0.062 (/mV) * v))) * (v - e)
}

DERIVATIVE states {
    ampa_a' = -ampa_a / ampa_rise
    ampa_b' = -ampa_b / ampa_decay
    nmda_a' = -nmda_a / nmda_rise
    nmda_b' = -nmda_b / nmda_decay
}

NET_RECEIVE(weight (uS)) {
    ampa_a = ampa_a + weight * ampa_jump
    ampa_b = ampa_b + weight * ampa_jump
    nmda_a = nmda_a + weight * nmda_jump
    nmda_b = nmda_b + weight * nmda_jump
}

: 1 over the peak of exp(-t/decay) - exp(-t/rise).
FUNCTION unit_jump(rise (ms), decay (ms)) {
    LOCAL peak
    peak = rise * decay / (decay - rise) * log(decay / rise)
    unit_jump = 1 / (exp(-peak / decay) - exp(-peak / rise))
}
