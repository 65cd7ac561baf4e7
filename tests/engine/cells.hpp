// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "circuit/circuit.hpp"
#include "engine/simulation.hpp"

/// Small cells for tests of the engine.
namespace apical::test {

inline section cylinder(double length, double diameter, int parent = -1, double parent_x = 1, section_type type = section_type::basal, int points = 2) {
    section s{type, parent, parent_x, {}};
    for (int i = 0; i < points; ++i) s.points.push_back({length*i/(points - 1), 0, 0, diameter});
    return s;
}

/// A soma with a branched dendrite: every kind of node occurs (root end, joint, branch, tip, interior attachment).
inline morphology branched() {
    morphology m;
    m.add(cylinder(20, 20, -1, 1, section_type::soma));
    m.add(cylinder(100, 2, 0, 1, section_type::apical));
    m.add(cylinder(80, 1, 1, 1, section_type::apical));
    m.add(cylinder(60, 1.2, 1, 1, section_type::apical));
    m.add(cylinder(50, 1, 0, 0));
    m.add(cylinder(40, 0.8, 4, 0.5));
    m.add(cylinder(30, 1, 0, 0.5, section_type::axon));
    return m;
}

/// An active cell: calcium pool, calcium-dependent potassium, sodium, and a region with a set no kernel is fused for.
inline cell active(compartment_rule rule = fixed_count{5}) {
    using namespace units;
    cell c(branched(), rule);
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm});
    c.paint("all", mechanism{"pas", {{"g", 1e-4*S/cm2}, {"e_rev", -75*mV}}});
    c.paint("soma", mechanism{"hh_na", {}});
    c.paint("soma", mechanism{"hh_k", {}});
    c.paint("apical", mechanism{"nata_t", {{"g_max", "0.02 S/cm2 * exp(-distance/100 um)"}}});
    c.paint("apical", mechanism{"skv3_1", {{"g_max", 0.01*S/cm2}}});
    c.paint("apical", mechanism{"ca_hva", {{"g_max", 5e-4*S/cm2}}});
    c.paint("apical", mechanism{"sk_e2", {{"g_max", 1e-3*S/cm2}}});
    c.paint("apical", mechanism{"cadynamics_e2", {{"decay", 100*ms}, {"gamma", 5e-4}}});
    c.start_at(-75*mV);
    return c;
}

/// A population of active cells that all do something different.
inline circuit busy(int cells) {
    using namespace units;
    circuit c;
    c.populations.push_back({"cells", active(), cells});
    for (int i = 0; i < cells; ++i) {
        c.injections.push_back({{"cells", "soma(0.5)", {i}}, step_current{(2 + 0.1*i)*ms, 20*ms, (0.3 + 0.05*i)*nA}});
        c.injections.push_back({{"cells", "apic[1](0.9)", {i}}, noise_current{0*ms, 50*ms, 0.02*nA, 0.02*nA, 3*ms}});
    }
    c.receptors.push_back({"synapse", {"cells", "apic[1](0.3), dend[0](0.7), apic[0](1)", {}}, "exp2syn", {}});
    c.spike_trains.push_back({"synapse", {3, 3.5, 10.01, 22}, 0.002*uS, 1*ms});
    c.clamps.push_back({{"cells", "dend[1](0.5)", {0}}, {{5*ms, -60*mV}, {15*ms, -70*mV}}, 25*ms, 10*Mohm});
    c.probes.push_back({"v", {"cells", "centre(all)", {}}, "v", 0*ms, 0*ms});
    c.probes.push_back({"m", {"cells", "apic[1](0.5)", {}}, "nata_t.m", 0.1*ms, 0*ms});
    c.probes.push_back({"ca", {"cells", "apic[1](0.5)", {}}, "ca.c_in", 0.1*ms, 0*ms});
    c.detectors.push_back({{"cells", "soma(0.5)", {}}, -20*mV});
    return c;
}

}  // namespace apical::test
