TITLE Leaky integrate-and-fire unit

COMMENT
Events add to a decaying sum; it fires above 1 and rests for a time. Exercises: ARTIFICIAL_CELL, net_event, net_send with a flag, FUNCTION that reads t.
ENDCOMMENT

NEURON {
    ARTIFICIAL_CELL leaky_unit
    RANGE tau, refractory, m, spikes
}

PARAMETER {
    tau = 10 (ms)
    refractory = 5 (ms)
}

ASSIGNED {
    m
    t0 (ms)
    resting
    spikes
}

INITIAL {
    m = 0
    t0 = 0
    resting = 0
    spikes = 0
}

FUNCTION now() {
    now = m*exp(-(t - t0)/tau)
}

NET_RECEIVE(w) {
    if (flag == 0 && resting == 0) {
        m = now() + w
        t0 = t
        if (m > 1) {
            resting = 1
            m = 2
            spikes = spikes + 1
            net_send(refractory, 1)
            net_event(t)
        }
    } else if (flag == 1) {
        resting = 0
        m = 0
        t0 = t
    }
}
