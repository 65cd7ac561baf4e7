: SPDX-License-Identifier: BSD-3-Clause
: Submembrane calcium pool of Mainen and Sejnowski 1996, ca' = max(0, -1e4 ica/(2 F depth)) + (cainf - ca)/taur, as in cad_mainen.mod;
: but solved by cnexp, which is exact while ica is held, where the published file takes a step of backward Euler.
NEURON {
    SUFFIX cad_exact
    USEION ca READ ica, cai WRITE cai
    RANGE depth, cainf, taur, ca
    THREADSAFE
}

UNITS {
    (mA) = (milliamp)
    (um) = (micron)
    (molar) = (1/liter)
    (mM) = (millimolar)
    FARADAY = (faraday) (coulombs)
}

PARAMETER {
    depth = 0.1 (um)
    taur = 200 (ms)
    cainf = 1e-4 (mM)
}

ASSIGNED {
    ica (mA/cm2)
    cai (mM)
    drive (mM/ms)
}

STATE {
    ca (mM)
}

INITIAL {
    ca = cainf
    cai = ca
}

BREAKPOINT {
    SOLVE states METHOD cnexp
}

DERIVATIVE states {
    drive = -(10000) * ica / (2 * FARADAY * depth)
    if (drive < 0) {
        drive = 0
    }
    ca' = drive + (cainf - ca) / taur
    cai = ca
}
