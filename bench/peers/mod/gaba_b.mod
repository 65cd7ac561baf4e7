: SPDX-License-Identifier: BSD-3-Clause
: GABA-B receptor of Destexhe, Mainen and Sejnowski 1998 (four binding sites of the G protein):
:   r' = k1 T (1 - r) - k2 r,   s' = k3 r - k4 s,   g = gmax s^4/(s^4 + kd)
: T is the transmitter while a pulse is on, else 0. An event starts a pulse, or starts it anew; its weight is gmax.
: cnexp is exact for one equation at a time, and s' reads r; so what is solved in place of s is u = s - c r with
: c = k3/(k4 - k1 T - k2), whose equation reads nothing else: u' = -k4 u - c k1 T. c jumps with T, and u with it; s does not.
NEURON {
    POINT_PROCESS gaba_b
    RANGE k1, k2, k3, k4, kd, transmitter, duration, e, s, gmax, i
    NONSPECIFIC_CURRENT i
    THREADSAFE
}

UNITS {
    (nA) = (nanoamp)
    (mV) = (millivolt)
    (uS) = (microsiemens)
    (uM) = (micro/liter)
    (mM) = (milli/liter)
}

PARAMETER {
    k1 = 0.09 (/ms-mM)
    k2 = 0.0012 (/ms)
    k3 = 0.18 (uM/ms)
    k4 = 0.034 (/ms)
    kd = 100 (uM4)
    transmitter = 1 (mM)
    duration = 1 (ms)
    e = -95 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
    gmax (uS)
    s (uM)
    binding (/ms)
    c (uM)
}

STATE {
    r
    u (uM)
}

INITIAL {
    r = 0
    s = 0
    gmax = 0
    hold(0)
}

BREAKPOINT {
    LOCAL s4
    SOLVE states METHOD cnexp
    s4 = s * s * s * s
    i = gmax * s4 / (s4 + kd) * (v - e)
}

DERIVATIVE states {
    r' = binding - (binding + k2) * r
    u' = -c * binding - k4 * u
    s = u + c * r
}

NET_RECEIVE(weight (uS)) {
    if (flag == 0) {
        gmax = weight
        if (binding > 0) {
            net_move(t + duration)
        } else {
            net_send(duration, 1)
        }
        hold(transmitter)
    } else {
        hold(0)
    }
}

: Transmitter T from now on.
PROCEDURE hold(T (mM)) {
    binding = k1 * T
    c = k3 / (k4 - binding - k2)
    u = s - c * r
}
