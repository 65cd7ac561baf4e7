// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <compare>
#include <initializer_list>

namespace apical {

/// Exponents of the six base dimensions of the coherent set um, ms, mV, nA, amol, K.
/// With them uS = nA/mV, nF = nA ms/mV, MOhm = mV/nA, pC = nA ms, mM = amol/um3, and no formula needs a power of ten.
struct dimension {
    int length = 0, time = 0, voltage = 0, current = 0, amount = 0, temperature = 0;

    constexpr bool operator==(const dimension&) const = default;
    constexpr dimension operator*(dimension o) const {
        return {length + o.length, time + o.time, voltage + o.voltage, current + o.current, amount + o.amount,
                temperature + o.temperature};
    }
    constexpr dimension power(int n) const {
        return {n*length, n*time, n*voltage, n*current, n*amount, n*temperature};
    }
    constexpr dimension operator/(dimension o) const { return *this*o.power(-1); }
    constexpr bool is_none() const { return *this == dimension{}; }
    /// Whether every exponent lies between -n and n: what is read from text is kept there, so that none can overflow.
    constexpr bool is_within(int n) const {
        for (const int e : {length, time, voltage, current, amount, temperature})
            if (e < -n || e > n) return false;
        return true;
    }
};

/// A number with its dimension in the type. A wrong dimension does not compile.
template <dimension D> class quantity {
public:
    constexpr quantity() = default;
    /// The number in the coherent set; named, so that nobody passes a bare number by accident.
    static constexpr quantity coherent(double value) { quantity q; q.value_ = value; return q; }
    constexpr double coherent() const { return value_; }
    /// How many `unit`s this is.
    constexpr double in(quantity unit) const { return value_/unit.value_; }

    constexpr auto operator<=>(const quantity&) const = default;
    constexpr quantity operator-() const { return coherent(-value_); }
    constexpr quantity& operator+=(quantity o) { value_ += o.value_; return *this; }
    constexpr quantity& operator-=(quantity o) { value_ -= o.value_; return *this; }

    friend constexpr quantity operator+(quantity a, quantity b) { return coherent(a.value_ + b.value_); }
    friend constexpr quantity operator-(quantity a, quantity b) { return coherent(a.value_ - b.value_); }
    friend constexpr quantity operator*(double a, quantity b) { return coherent(a*b.value_); }
    friend constexpr quantity operator*(quantity a, double b) { return coherent(a.value_*b); }
    friend constexpr quantity operator/(quantity a, double b) { return coherent(a.value_/b); }

private:
    double value_ = 0;
};

template <dimension A, dimension B> constexpr auto operator*(quantity<A> a, quantity<B> b) {
    if constexpr ((A*B).is_none()) return a.coherent()*b.coherent();
    else return quantity<A*B>::coherent(a.coherent()*b.coherent());
}
template <dimension A, dimension B> constexpr auto operator/(quantity<A> a, quantity<B> b) {
    if constexpr ((A/B).is_none()) return a.coherent()/b.coherent();
    else return quantity<A/B>::coherent(a.coherent()/b.coherent());
}
template <dimension A> constexpr auto operator/(double a, quantity<A> b) {
    return quantity<A.power(-1)>::coherent(a/b.coherent());
}

namespace dimensions {
inline constexpr dimension none{}, length{.length = 1}, time{.time = 1}, voltage{.voltage = 1}, current{.current = 1},
    amount{.amount = 1}, temperature{.temperature = 1};
inline constexpr dimension area = length.power(2), volume = length.power(3);
inline constexpr dimension conductance = current/voltage, resistance = voltage/current, charge = current*time;
inline constexpr dimension capacitance = charge/voltage, concentration = amount/volume, rate = time.power(-1);
inline constexpr dimension conductance_density = conductance/area, capacitance_density = capacitance/area;
inline constexpr dimension current_density = current/area, resistivity = resistance*length, permeability = length/time;
}  // namespace dimensions

using length = quantity<dimensions::length>;
using duration = quantity<dimensions::time>;
using voltage = quantity<dimensions::voltage>;
using current = quantity<dimensions::current>;
using temperature = quantity<dimensions::temperature>;
using conductance = quantity<dimensions::conductance>;
using resistance = quantity<dimensions::resistance>;
using concentration = quantity<dimensions::concentration>;
using conductance_density = quantity<dimensions::conductance_density>;
using capacitance_density = quantity<dimensions::capacitance_density>;
using resistivity = quantity<dimensions::resistivity>;

/// Units are constants to multiply with: `0.12*S/cm2`, `100*ohm*cm`.
namespace units {
inline constexpr auto um = length::coherent(1), nm = 1e-3*um, mm = 1e3*um, cm = 1e4*um, m = 1e6*um;
inline constexpr auto um2 = um*um, cm2 = cm*cm;
inline constexpr auto um3 = um2*um;
inline constexpr auto ms = duration::coherent(1), us = 1e-3*ms, s = 1e3*ms;
inline constexpr auto Hz = 1.0/s;
inline constexpr auto mV = voltage::coherent(1), uV = 1e-3*mV, V = 1e3*mV;
inline constexpr auto nA = current::coherent(1), pA = 1e-3*nA, uA = 1e3*nA, mA = 1e6*nA;
inline constexpr auto uS = nA/mV, nS = 1e-3*uS, pS = 1e-6*uS, mS = 1e3*uS, S = 1e6*uS;
inline constexpr auto Mohm = mV/nA, kohm = 1e-3*Mohm, ohm = 1e-6*Mohm, Gohm = 1e3*Mohm;
inline constexpr auto nF = nA*ms/mV, pF = 1e-3*nF, uF = 1e3*nF;
inline constexpr auto pC = nA*ms;
inline constexpr auto amol = quantity<dimensions::amount>::coherent(1);
inline constexpr auto mM = amol/um3, uM = 1e-3*mM, nM = 1e-6*mM;
inline constexpr auto K = temperature::coherent(1);
}  // namespace units

/// A temperature given on the Celsius scale; affine, therefore a function and not a unit.
constexpr temperature celsius(double degrees) { return temperature::coherent(degrees + 273.15); }
constexpr double in_celsius(temperature t) { return t.coherent() - 273.15; }

/// Which values of R and F Nernst potentials and pools are computed with: those of CODATA 2018, or, for comparisons with runs of
/// NEURON 7 and before, its R = 8.3134 J/mol/K, and F = 96485.309 C/mol in Nernst potentials but 96485.3 in mechanisms.
enum class physical_constants { modern, legacy };

namespace constants {
inline constexpr double faraday = 96485.33212331001e-6;  ///< F [pC/amol]
/// F of the pools [pC/amol].
constexpr double pool_faraday(physical_constants e) { return e == physical_constants::legacy ? 96485.3e-6 : faraday; }
/// RT/F [mV] at an absolute temperature [K].
constexpr double thermal_voltage(double kelvin, physical_constants e = physical_constants::modern) {
    return e == physical_constants::legacy ? 1e3*8.3134*kelvin/96485.309 : 1e3*8.31446261815324*kelvin/96485.33212331001;
}

}  // namespace constants

}  // namespace apical
