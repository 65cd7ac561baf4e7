TITLE Synapse with short-term plasticity

COMMENT
Facilitation and depression of each connection by itself: Markram, Wang & Tsodyks (1998) PNAS 95:5323; Fuhrmann et al. (2002) J Neurophysiol 87:140.
Exercises: NET_RECEIVE with state of the connection, INITIAL in NET_RECEIVE, t of the event.
ENDCOMMENT

NEURON {
    POINT_PROCESS short_term
    RANGE tau, e, u0, tau_rec, tau_facil, last_u
    NONSPECIFIC_CURRENT i
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }

PARAMETER {
    tau = 2 (ms)
    e = 0 (mV)
    u0 = 0.4
    tau_rec = 120 (ms)
    tau_facil = 60 (ms)
}

ASSIGNED { v (mV) i (nA) last_u }

STATE { g (uS) }

INITIAL { g = 0 last_u = 0 }

BREAKPOINT {
    SOLVE state METHOD cnexp
    i = g*(v - e)
}

DERIVATIVE state { g' = -g/tau }

NET_RECEIVE(weight (uS), u, r, tlast (ms)) {
    INITIAL {
        u = 0
        r = 1
        tlast = -1e9
    }
    if (tau_facil > 0) {
        r = 1 - (1 - r*(1 - u))*exp(-(t - tlast)/tau_rec)
        u = u0 + u*(1 - u0)*exp(-(t - tlast)/tau_facil)
    } else {
        r = 1 - (1 - r*(1 - u))*exp(-(t - tlast)/tau_rec)
        u = u0
    }
    tlast = t
    last_u = u
    g = g + weight*u*r
}
