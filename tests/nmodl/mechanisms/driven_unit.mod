TITLE Integrate-and-fire unit that foresees its spike

COMMENT
m' = (bias - m)/tau with m above 1 a spike; the time of the crossing is computed when an event changes it.
Exercises: net_move, net_send in INITIAL, log in an event, else-if ladder over flag, PROCEDURE with an argument called from NET_RECEIVE.
ENDCOMMENT

NEURON {
    ARTIFICIAL_CELL driven_unit
    RANGE tau, bias, m, spikes
}

PARAMETER {
    tau = 12 (ms)
    bias = 1.15
}

ASSIGNED {
    m
    t0 (ms)
    spikes
}

INITIAL {
    m = 0
    t0 = t
    spikes = 0
    net_send(until(), 1)
}

FUNCTION until() (ms) {
    if (m >= 1) {
        until = 0
    } else if (bias <= 1) {
        until = 1e9
    } else {
        until = tau*log((bias - m)/(bias - 1))
    }
}

PROCEDURE update(now (ms)) {
    m = bias + (m - bias)*exp(-(now - t0)/tau)
    t0 = now
}

NET_RECEIVE(w) {
    update(t)
    if (flag == 1) {
        spikes = spikes + 1
        net_event(t)
        m = 0
        net_send(until(), 1)
    } else {
        m = m + w
        if (m >= 1) {
            net_move(t)
        } else {
            net_move(t + until())
        }
    }
}
