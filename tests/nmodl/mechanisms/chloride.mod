TITLE A leak of chloride and its inner concentration

COMMENT
Exercises: VALENCE -1, an ion that NEURON does not know by itself, concentration and reversal potential of one ion in one file.
ENDCOMMENT

NEURON {
    SUFFIX chloride
    USEION cl READ ecl, cli, clo WRITE icl, cli VALENCE -1
    RANGE g, tau, cli_rest
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
    (S) = (siemens)
    (molar) = (1/liter)
    (mM) = (millimolar)
    (um) = (micron)
    F = (faraday) (coulomb)
}

PARAMETER {
    g = 1e-3 (S/cm2)
    tau = 300 (ms)
    cli_rest = 6 (mM)
}

ASSIGNED {
    v (mV)
    ecl (mV)
    clo (mM)
    icl (mA/cm2)
    diam (um)
}

STATE { cli (mM) }

INITIAL { cli = cli_rest }

BREAKPOINT {
    SOLVE amount METHOD derivimplicit
    icl = g*(v - ecl)
}

DERIVATIVE amount {
    cli' = 4*icl/(F*diam)*(1e4) + (cli_rest - cli)/tau
}
