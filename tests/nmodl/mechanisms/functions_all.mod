TITLE Every function of the language

COMMENT
Exercises: exp log log10 sqrt fabs sin cos tan asin acos atan atan2 sinh cosh tanh floor ceil fmod, powers by ^; comparisons as values; unary minus with ^.
ENDCOMMENT

NEURON {
    SUFFIX functions_all
    NONSPECIFIC_CURRENT i
    RANGE a, b, c, d, f
}

UNITSOFF
PARAMETER { gain = 1e-6 }
ASSIGNED { v i a b c d f }

INITIAL { compute(v) }

BREAKPOINT {
    compute(v)
    i = gain*(a + b + c + d + f)
}

PROCEDURE compute(v) {
    LOCAL x, y
    x = (v + 123.4)/200
    y = -x^2 + 2^-x + (-x)^2
    a = exp(-x) + log(x + 2) + log10(x + 3) + sqrt(fabs(x)) + y
    b = sin(x) + cos(x)*tan(x/2) + asin(x/3) + acos(x/3) + atan(x)
    c = sinh(x) + cosh(x) - tanh(x) + atan2(x, 2)
    d = floor(10*x) + ceil(7*x) + fmod(100*x, 7)
    f = (x > 0.5) + 2*(x <= 0.3) + 4*(x != 0.4) + 8*(x > 0.2 && x < 0.8) + 16*!(x >= 0.1 || x < -5)
}
UNITSON
