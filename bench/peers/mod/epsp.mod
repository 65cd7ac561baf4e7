: SPDX-License-Identifier: BSD-3-Clause
: Double-exponential current of the Hay et al. 2011 dendritic injection, peak imax (nA) into the cell:
: i = -A [(1 - exp(-s/tau0)) - (1 - exp(-s/tau1))], s = t - onset >= 0, A such that the peak is imax.
NEURON {
    POINT_PROCESS epsp
    RANGE onset, tau0, tau1, imax, i
    NONSPECIFIC_CURRENT i
    THREADSAFE
}

UNITS {
    (nA) = (nanoamp)
}

PARAMETER {
    onset = 0 (ms)
    tau0 = 0.5 (ms)
    tau1 = 5 (ms)
    imax = 0 (nA)
}

ASSIGNED {
    i (nA)
    amplitude (nA)
}

INITIAL {
    LOCAL tp
    tp = tau0 * tau1 * log(tau0 / tau1) / (tau0 - tau1)
    amplitude = imax / ((1 - exp(-tp / tau0)) - (1 - exp(-tp / tau1)))
}

BREAKPOINT {
    if (t < onset) {
        i = 0
    } else {
        i = -amplitude * ((1 - exp(-(t - onset) / tau0)) - (1 - exp(-(t - onset) / tau1)))
    }
}
