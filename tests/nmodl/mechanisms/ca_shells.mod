TITLE Diffusion of calcium through shells, with a buffer

COMMENT
Concentric shells, the outermost and innermost half as thick as the others; one buffer in each; diffusion along the cable too.
Geometry as in Carnevale & Hines (2006) The NEURON Book, ch. 9, worked out anew.
Exercises: DEFINE, COMPARTMENT with an index, LONGITUDINAL_DIFFUSION, LOCAL at file scope, loops that fill arrays, PROTECT, reactions between array elements.
ENDCOMMENT

DEFINE SHELLS 4

NEURON {
    SUFFIX ca_shells
    USEION ca READ cai, ica WRITE cai
    GLOBAL vrat, frat
    RANGE inner, b_total
}

UNITS {
    (molar) = (1/liter)
    (mM) = (millimolar)
    (um) = (micron)
    (mA) = (milliamp)
    F = (faraday) (10000 coulomb)
    PI = (pi) (1)
}

PARAMETER {
    diffusion = 0.6 (um2/ms)
    k1 = 100 (/mM-ms)
    k2 = 0.1 (/ms)
    b_total = 0.003 (mM)
    c_rest = 1e-4 (mM)
}

ASSIGNED {
    diam (um)
    ica (mA/cm2)
    cai (mM)
    inner (mM)
    vrat[SHELLS] (1)
    frat[SHELLS] (1)
}

STATE {
    ca[SHELLS] (mM) <1e-7>
    free[SHELLS] (mM)
    bound[SHELLS] (mM)
}

LOCAL is_done

INITIAL {
    LOCAL b
    geometry()
    b = b_total/(1 + k1/k2*c_rest)
    FROM i = 0 TO SHELLS-1 {
        ca[i] = c_rest
        free[i] = b
        bound[i] = b_total - b
    }
    cai = c_rest
    inner = c_rest
}

PROCEDURE geometry() {
    LOCAL r, half
    r = 1/2
    half = r/(SHELLS - 1)/2
    vrat[0] = 0
    frat[0] = 2*r
    FROM i = 0 TO SHELLS-2 {
        vrat[i] = vrat[i] + PI*(r - half/2)*2*half
        r = r - half
        frat[i+1] = 2*PI*r/(2*half)
        r = r - half
        vrat[i+1] = PI*(r + half/2)*2*half
    }
}

BREAKPOINT { SOLVE state METHOD sparse }

KINETIC state {
    COMPARTMENT i, diam*diam*vrat[i] {ca free bound}
    LONGITUDINAL_DIFFUSION i, diffusion*diam*diam*vrat[i] {ca}
    ~ ca[0] << (-ica*PI*diam/(2*F))
    FROM i = 0 TO SHELLS-2 {
        ~ ca[i] <-> ca[i+1] (diffusion*frat[i+1], diffusion*frat[i+1])
    }
    FROM i = 0 TO SHELLS-1 {
        ~ ca[i] + free[i] <-> bound[i] (k1*diam*diam*vrat[i], k2*diam*diam*vrat[i])
    }
    cai = ca[0]
    inner = ca[SHELLS-1]
}
