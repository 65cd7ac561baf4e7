TITLE Release sites in rows

COMMENT
Exercises: arrays of instance values, RANGE of an array, FROM with BY, nested loops, index arithmetic, integer use of floor and fmod, min by if.
ENDCOMMENT

DEFINE ROWS 3
DEFINE COLUMNS 2

NEURON {
    POINT_PROCESS site_ladder
    NONSPECIFIC_CURRENT i
    RANGE level, total, e, g1
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }

PARAMETER {
    e = 0 (mV)
    g1 = 0.0005 (uS)
    tau = 5 (ms)
}

ASSIGNED {
    v (mV)
    i (nA)
    level[6]
    x[ROWS]
    total
    turn
}

STATE { x0 x1 x2 }

INITIAL {
    FROM r = 0 TO ROWS-1 {
        FROM c = 0 TO COLUMNS-1 {
            level[r*COLUMNS + c] = 1 + r + 0.5*c
        }
    }
    x0 = 0
    x1 = 0
    x2 = 0
    turn = 0
    total = 0
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    total = 0
    x[0] = x0
    x[1] = x1
    x[2] = x2
    FROM r = 0 TO ROWS-1 {
        total = total + x[r]*(level[2*r] + level[2*r + 1])
    }
    i = g1*total*(v - e)
}

DERIVATIVE states {
    x0' = -x0/tau
    x1' = -x1/(2*tau)
    x2' = -x2/(4*tau)
}

NET_RECEIVE(weight) {
    LOCAL k
    k = fmod(turn, 3)
    FROM j = 0 TO 4 BY 2 {
        level[j] = level[j] + 0.01*floor(weight + 0.5)
    }
    if (k == 0) {
        x0 = x0 + weight
    } else if (k == 1) {
        x1 = x1 + weight
    } else {
        x2 = x2 + weight
    }
    turn = turn + 1
}
