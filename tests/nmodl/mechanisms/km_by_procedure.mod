TITLE Muscarinic potassium current, stepped by a procedure

COMMENT
Kinetics of Pospischil et al. (2008) Biol Cybern 99:427 after Yamada, Koch & Adams (1989). Written as files of the 1990s were.
Exercises: SOLVE of a PROCEDURE without METHOD, dt in a TABLE, VERBATIM return, INDEPENDENT, UNITSOFF, remarks by ? and :, PARAMETER with v, celsius and dt.
ENDCOMMENT

? a remark of the other kind
INDEPENDENT {t FROM 0 TO 1 WITH 1 (ms)}

NEURON {
    SUFFIX km_by_procedure
    USEION k READ ek WRITE ik
    RANGE gkbar, m_inf, tau_m
    GLOBAL taumax
}

UNITS { (mA) = (milliamp) (mV) = (millivolt) }

PARAMETER {
    v (mV)
    celsius = 36 (degC)
    dt (ms)
    ek (mV)
    gkbar = 7.5e-5 (mho/cm2)
    taumax = 608 (ms)
}

STATE { m }

ASSIGNED { ik (mA/cm2) m_inf tau_m m_exp }

BREAKPOINT {
    SOLVE states
    ik = gkbar*m*(v - ek)
}

UNITSOFF
INITIAL {
    rates(v)
    m = m_inf
}

PROCEDURE states() {
    rates(v)
    m = m + m_exp*(m_inf - m)
    VERBATIM
    return 0;
    ENDVERBATIM
}

PROCEDURE rates(v) {
    LOCAL q
    TABLE m_inf, m_exp, tau_m DEPEND dt, celsius, taumax FROM -100 TO 100 WITH 400
    q = 2.3^((celsius - 36)/10)
    m_inf = 1/(1 + exp(-(v + 35)/10))
    tau_m = taumax/(3.3*exp((v + 35)/20) + exp(-(v + 35)/20))/q
    m_exp = 1 - exp(-dt/tau_m)
}
UNITSON
