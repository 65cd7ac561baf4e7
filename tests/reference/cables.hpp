// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <numbers>

#include "engine/simulation.hpp"

/// Passive and active cables with known answers.
namespace apical::test {

inline section straight(double length, double diameter, int parent = -1, double parent_x = 1) {
    return {section_type::basal, parent, parent_x, {{0, 0, 0, diameter}, {length, 0, 0, diameter}}};
}
inline morphology one_cable(double length, double diameter) {
    morphology m;
    m.add(straight(length, diameter));
    return m;
}

/// Rm 40 000 ohm cm2, Cm 1 uF/cm2, Ra 100 ohm cm, rest at -65 mV: Rallpack 1. tau is 40 ms.
inline cell passive(morphology shape, compartment_rule rule) {
    using namespace units;
    cell c(std::move(shape), std::move(rule));
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm});
    c.paint("all", mechanism{"pas", {{"g", 2.5e-5*S/cm2}, {"e_rev", -65*mV}}});
    return c.start_at(-65*mV);
}

/// A cell with a constant current at one place from the start, and its voltage at others.
inline circuit driven(const cell& c, const char* at, double nA, std::initializer_list<const char*> places, double interval_ms = 0) {
    circuit model;
    model.populations.push_back({"cell", c, 1});
    model.injections.push_back({{"cell", at, {}}, step_current{0*units::ms, 1e9*units::ms, nA*units::nA}});
    for (const char* p : places) model.probes.push_back({p, {"cell", p, {}}, "v", interval_ms*units::ms, 0*units::ms});
    return model;
}

/// A sealed cylinder of electrotonic length L with a current step at x0; voltage above rest at x, relative to I R_infinity.
/// Distances in length constants, time in time constants. Rall (1969) Biophys J 9:1483.
struct sealed_cylinder {
    double length;

    double steady(double x0, double x) const {
        if (x < x0) std::swap(x, x0);
        return std::cosh(x0)*std::cosh(length - x)/std::sinh(length);
    }
    double after(double t, double x0, double x) const {
        const double k = std::numbers::pi/length;
        double sum = 1;
        for (int n = 1; n < 4000; ++n) {
            const double rate = n*k*n*k, term = std::exp(-rate*t)/(1 + rate);
            sum += 2*std::cos(n*k*x)*std::cos(n*k*x0)*term;
            if (rate*t > 40) break;
        }
        return steady(x0, x) - std::exp(-t)/length*sum;
    }
};

/// Input resistance of a semi-infinite cylinder, diameter in um [MOhm], with the membrane of passive().
inline double r_infinity(double diameter) {
    return 2/std::numbers::pi*std::sqrt(1.0/2.5e-7)*std::pow(diameter, -1.5);   // MOhm um2 and MOhm um
}
/// Its length constant [um].
inline double lambda(double diameter) { return std::sqrt(diameter/4/2.5e-7); }

}  // namespace apical::test
