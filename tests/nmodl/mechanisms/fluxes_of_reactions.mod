TITLE A scheme that keeps the fluxes of its reactions

COMMENT
Numbers of our own. Exercises: f_flux and b_flux after a source, a sink and a reaction both ways: what a source brings is its b_flux.
ENDCOMMENT

NEURON {
    SUFFIX fluxes_of_reactions
    RANGE inflow, inflow_f, inflow_b, sink_f, sink_b, pq_f, pq_b
}

PARAMETER {
    inflow = 0.3 (/ms)
    k_sink = 1.5 (/ms)
    k_on = 0.7 (/ms)
    k_off = 0.2 (/ms)
}

ASSIGNED { inflow_f (/ms) inflow_b (/ms) sink_f (/ms) sink_b (/ms) pq_f (/ms) pq_b (/ms) }

STATE { p q }

INITIAL { p = 0.1 q = 0.6 }

BREAKPOINT { SOLVE scheme METHOD sparse }

KINETIC scheme {
    ~ p <-> q (k_on, k_off)
    pq_f = f_flux
    pq_b = b_flux
    ~ p << (inflow)
    inflow_f = f_flux
    inflow_b = b_flux
    ~ q -> (k_sink)
    sink_f = f_flux
    sink_b = b_flux
}
