TITLE A clamp through a series resistance

COMMENT
Exercises: ELECTRODE_CURRENT that depends on v, nested ifs, FUNCTION without arguments, units of resistance, logical operators.
ENDCOMMENT

NEURON {
    POINT_PROCESS clamp_through_resistance
    ELECTRODE_CURRENT i
    RANGE rs, amp1, amp2, change, i, vc
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) }

PARAMETER {
    rs = 20 (megohm) <1e-9, 1e9>
    amp1 = -60 (mV)
    amp2 = -20 (mV)
    change = 3 (ms)
    on = 1
}

ASSIGNED { v (mV) i (nA) vc (mV) is_on }

INITIAL { is_on = 1 i = 0 }

BREAKPOINT {
    if (is_on != 0 && !(on == 0)) {
        if (t < change || t > 2*change) {
            vc = command()
        } else {
            vc = amp2
        }
        i = (vc - v)/rs
    } else {
        i = 0
    }
}

FUNCTION command() (mV) { command = amp1 }
