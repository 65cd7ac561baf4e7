TITLE Plastic synapse

COMMENT
Pairs of spikes, additive: Song, Miller & Abbott (2000) Nat Neurosci 3:919. Spikes of the cell come as events with a negative weight.
Exercises: FOR_NETCONS, arguments of other connections, if/else on the weight, exp of intervals.
ENDCOMMENT

NEURON {
    POINT_PROCESS stdp
    RANGE tau, e, tau_plus, tau_minus, a_plus, a_minus, last_post, w_max, sum
    NONSPECIFIC_CURRENT i
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }

PARAMETER {
    tau = 3 (ms)
    e = 0 (mV)
    tau_plus = 20 (ms)
    tau_minus = 20 (ms)
    a_plus = 0.05
    a_minus = 0.0525
    w_max = 2
}

ASSIGNED { v (mV) i (nA) last_post (ms) sum }

STATE { g (uS) }

INITIAL {
    g = 0
    last_post = -1e9
    sum = 0
}

BREAKPOINT {
    SOLVE state METHOD cnexp
    i = g*(v - e)
}

DERIVATIVE state { g' = -g/tau }

NET_RECEIVE(w (uS), k, last_pre (ms)) {
    INITIAL { k = 1 last_pre = -1e9 }
    if (w >= 0) {
        g = g + w*k
        k = k - a_minus*exp((last_post - t)/tau_minus)
        if (k < 0) { k = 0 }
        last_pre = t
    } else {
        last_post = t
        sum = 0
        FOR_NETCONS(w1, k1, last1) {
            if (w1 >= 0) {
                k1 = k1 + a_plus*exp((last1 - t)/tau_plus)
                if (k1 > w_max) { k1 = w_max }
                sum = sum + k1
            }
        }
    }
}
