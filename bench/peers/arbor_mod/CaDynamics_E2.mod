: SPDX-License-Identifier: BSD-3-Clause
: Submembrane calcium pool; 96485.33212 C/mol is the Faraday constant, 1e4 turns mA/cm2, um and C/mol into mM/ms.
: Hay et al. 2011; the equations of mod/CaDynamics_E2.mod in Arbor's dialect.
NEURON {
    SUFFIX CaDynamics_E2
    USEION ca READ ica WRITE cai
    RANGE gamma, decay
    GLOBAL depth, minCai, initCai
}

UNITS {
    (mA) = (milliamp)
    (um) = (micron)
    (mM) = (milli/liter)
}

PARAMETER {
    gamma = 0.05
    decay = 80 (ms)
    depth = 0.1 (um)
    minCai = 1e-4 (mM)
    initCai = 5e-5 (mM)
}

STATE {
    cai
}

INITIAL {
    cai = initCai
}

BREAKPOINT {
    SOLVE states METHOD cnexp
}

DERIVATIVE states {
    cai' = -10000 * ica * gamma / (2 * 96485.33212 * depth) - (cai - minCai) / decay
}
