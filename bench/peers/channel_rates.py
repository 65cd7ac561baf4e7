# SPDX-License-Identifier: BSD-3-Clause
"""Steady state and time constant of every gate, by plain formulas that share nothing with the NMODL files.

Rates are written with exprel, so they are exact at the singular voltages.  Units: mV, ms, mM.
"""

import dataclasses
from math import exp, expm1

QT_HAY = 2.3 ** 1.3  # 21 to 34 degC


@dataclasses.dataclass(frozen=True)
class Gate:
    """A gate: mechanism and state name, temperature the numbers hold for, and whether it follows cai (mM) or v (mV)."""

    mechanism: str
    name: str
    celsius: float = 6.3
    calcium: bool = False


def linoid(x, scale):
    """x / (exp(x/scale) - 1), the rate form of a linear numerator over an exponential; scale in the limit x -> 0."""
    return scale if x == 0 else x / expm1(x / scale)


def sigmoid(x):
    return 1 / (1 + exp(-x))


def _alpha_beta(alpha, beta, factor=1.0):
    return alpha / (alpha + beta), 1 / (alpha + beta) / factor


def _hay_sodium_m(v, half):
    return 0.182 * linoid(-(v + half), 6), 0.124 * linoid(v + half, 6)


def _hay_sodium_h(v, half):
    return 0.015 * linoid(v + half, 6), 0.015 * linoid(-(v + half), 6)


def _nap_m(v):
    alpha, beta = _hay_sodium_m(v, 38)
    return sigmoid((v + 52.6) / 4.6), 6 / (alpha + beta) / QT_HAY


def _nap_h(v):
    alpha, beta = 2.88e-6 * linoid(v + 17, 4.63), 6.94e-6 * linoid(-(v + 64.4), 2.63)
    return sigmoid(-(v + 48.8) / 10), 1 / (alpha + beta) / QT_HAY


def _kpst_m(v):
    w = v + 10
    tau = 1.25 + (175.03 * exp(0.026 * w) if w < -50 else 13 * exp(-0.026 * w))
    return sigmoid((w + 1) / 12), tau / QT_HAY


def _kpst_h(v):
    w = v + 10
    return sigmoid(-(w + 54) / 11), (360 + (1010 + 24 * (w + 55)) * exp(-(((w + 75) / 48) ** 2))) / QT_HAY


def _ktst_m(v):
    w = v + 10
    return sigmoid(w / 19), (0.34 + 0.92 * exp(-(((w + 71) / 59) ** 2))) / QT_HAY


def _ktst_h(v):
    w = v + 10
    return sigmoid(-(w + 66) / 10), (8 + 49 * exp(-(((w + 73) / 23) ** 2))) / QT_HAY


def _lva_m(v):
    w = v + 10
    return sigmoid((w + 30) / 6), (5 + 20 * sigmoid(-(w + 25) / 5)) / QT_HAY


def _lva_h(v):
    w = v + 10
    return sigmoid(-(w + 80) / 6.4), (20 + 50 * sigmoid(-(w + 40) / 7)) / QT_HAY


def _hva_m(v, factor=1.0):
    return _alpha_beta(0.055 * linoid(-27 - v, 3.8), 0.94 * exp((-75 - v) / 17), factor)


def _hva_h(v, factor=1.0):
    return _alpha_beta(0.000457 * exp((-13 - v) / 50), 0.0065 / (exp((-v - 15) / 28) + 1), factor)


def _sk_z(ca):
    x = ca + 1e-7 if ca < 1e-7 else ca
    return 1 / (1 + (0.00043 / x) ** 4.8), 1.0


TADJ = 2.3 ** 1.4  # 23 to 37 degC


def _mainen_na_h(v):
    u = v - 10
    alpha, beta = 0.024 * linoid(-(u + 50), 5), 0.0091 * linoid(u + 75, 5)
    return sigmoid(-(u + 65) / 6.2), 1 / (alpha + beta) / TADJ


def _mainen_n(half, open_rate, close_rate):
    return lambda v: _alpha_beta(open_rate * linoid(-(v - half), 9), close_rate * linoid(v - half, 9), TADJ)


def _cat_u(v):
    y = v - 7
    return sigmoid(-(y + 81) / 4), (30.8 + (211.4 + exp((y + 113.2) / 5)) / (1 + exp((y + 84) / 3.2))) / 3.7


def _im_posp(v):
    return sigmoid((v + 35) / 10), 608 / (3.3 * exp((v + 35) / 20) + exp(-(v + 35) / 20))


def _wb_m(v):
    return _alpha_beta(0.1 * linoid(-(v + 35), 10), 4 * exp(-(v + 60) / 18))[0], None


_VT = -56.2

_RATES = {
    Gate("hh", "m"): lambda v: _alpha_beta(0.1 * linoid(-(v + 40), 10), 4 * exp(-(v + 65) / 18)),
    Gate("hh", "h"): lambda v: _alpha_beta(0.07 * exp(-(v + 65) / 20), sigmoid((v + 35) / 10)),
    Gate("hh", "n"): lambda v: _alpha_beta(0.01 * linoid(-(v + 55), 10), 0.125 * exp(-(v + 65) / 80)),
    Gate("NaTa_t", "m"): lambda v: _alpha_beta(*_hay_sodium_m(v, 38), QT_HAY),
    Gate("NaTa_t", "h"): lambda v: _alpha_beta(*_hay_sodium_h(v, 66), QT_HAY),
    Gate("NaTs2_t", "m"): lambda v: _alpha_beta(*_hay_sodium_m(v, 32), QT_HAY),
    Gate("NaTs2_t", "h"): lambda v: _alpha_beta(*_hay_sodium_h(v, 60), QT_HAY),
    Gate("Nap_Et2", "m"): _nap_m,
    Gate("Nap_Et2", "h"): _nap_h,
    Gate("K_Pst", "m"): _kpst_m,
    Gate("K_Pst", "h"): _kpst_h,
    Gate("K_Tst", "m"): _ktst_m,
    Gate("K_Tst", "h"): _ktst_h,
    Gate("SKv3_1", "m"): lambda v: (sigmoid((v - 18.7) / 9.7), 4 * sigmoid((v + 46.56) / 44.14)),
    Gate("SK_E2", "z", calcium=True): _sk_z,
    Gate("Im", "m"): lambda v: _alpha_beta(3.3e-3 * exp(0.1 * (v + 35)), 3.3e-3 * exp(-0.1 * (v + 35)), QT_HAY),
    Gate("Ih", "m"): lambda v: _alpha_beta(6.43e-3 * linoid(v + 154.9, 11.9), 0.193 * exp(v / 33.1)),
    Gate("Ca_HVA", "m"): _hva_m,
    Gate("Ca_HVA", "h"): _hva_h,
    Gate("Ca_LVAst", "m"): _lva_m,
    Gate("Ca_LVAst", "h"): _lva_h,
    Gate("na_mainen", "m", 37.0): lambda v: _alpha_beta(0.182 * linoid(-(v + 25), 9), 0.124 * linoid(v + 25, 9), TADJ),
    Gate("na_mainen", "h", 37.0): _mainen_na_h,
    Gate("kv_mainen", "n", 37.0): _mainen_n(25, 0.02, 0.002),
    Gate("km_mainen", "n", 37.0): _mainen_n(-30, 0.001, 0.001),
    Gate("kca_mainen", "n", 37.0, True): lambda ca: _alpha_beta(0.01 * 1000 * ca, 0.02, TADJ),
    Gate("ca_mainen", "m", 37.0): lambda v: _hva_m(v, TADJ),
    Gate("ca_mainen", "h", 37.0): lambda v: _hva_h(v, TADJ),
    Gate("wb", "m"): _wb_m,
    Gate("wb", "h"): lambda v: _alpha_beta(0.07 * exp(-(v + 58) / 20), sigmoid((v + 28) / 10), 5),
    Gate("wb", "n"): lambda v: _alpha_beta(0.01 * linoid(-(v + 34), 10), 0.125 * exp(-(v + 44) / 80), 5),
    Gate("nak_posp", "m", 36.0): lambda v: _alpha_beta(0.32 * linoid(13 - v + _VT, 4), 0.28 * linoid(v - _VT - 40, 5)),
    Gate("nak_posp", "h", 36.0): lambda v: _alpha_beta(0.128 * exp((17 - v + _VT) / 18), 4 * sigmoid((v - _VT - 40) / 5)),
    Gate("nak_posp", "n", 36.0): lambda v: _alpha_beta(0.032 * linoid(15 - v + _VT, 5), 0.5 * exp((10 - v + _VT) / 40)),
    Gate("im_posp", "p", 36.0): _im_posp,
    Gate("cal_posp", "q", 36.0): _hva_m,
    Gate("cal_posp", "r", 36.0): _hva_h,
    Gate("cat_posp", "s", 36.0): lambda v: (sigmoid((v - 7 + 57) / 6.2), None),
    Gate("cat_posp", "u", 36.0): _cat_u,
}

GATES = tuple(_RATES)


def rates(gate, x):
    """Steady state and time constant (ms; None: instantaneous) of a gate at voltage (mV) or concentration (mM) x."""
    return _RATES[gate](x)
