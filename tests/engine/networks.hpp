// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "core/quantity_text.hpp"
#include "tests/engine/cells.hpp"

/// Small networks for tests of the engine.
namespace apical::test {

/// A soma that spikes, with a passive dendrite.
inline cell spiker() {
    using namespace units;
    morphology m;
    m.add(cylinder(20, 20, -1, 1, section_type::soma));
    m.add(cylinder(200, 2, 0, 1, section_type::apical));
    cell c(m, fixed_count{5});
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm});
    c.paint("apical", mechanism{"pas", {{"g", 1e-4*S/cm2}, {"e_rev", -65*mV}}});
    for (const char* name : {"hh_na", "hh_k", "hh_leak"}) c.paint("soma", mechanism{name, {}});
    return c;
}

/// Cells that excite each other's dendrites in a ring, the first of which is given a kick.
inline circuit ring(int cells, duration delay = 5*units::ms) {
    using namespace units;
    circuit c;
    c.populations.push_back({"cells", spiker(), cells});
    std::vector<int> from, to;
    for (int k = 0; k < cells; ++k) from.push_back(k), to.push_back((k + 1) % cells);
    c.projections.push_back({.name = "ring", .source = "cells", .target = "cells", .rule = contact_list::of(from, to), .receptor = "expsyn",
                             .parameters = {{"tau", parse_quantity("2 ms")}}, .weight = 0.02*uS, .delay = delay, .at = "apic[0](0.5)"});
    c.injections.push_back({{"cells", "soma(0.5)", {0}}, step_current{1*ms, 2*ms, 1*nA}});
    return c;
}

/// Cells and point neurons with every sort of connection: random weights and delays, plasticity, chance, spontaneous release.
inline circuit mixed(int cells = 24) {
    using namespace units;
    circuit c;
    c.populations.push_back({"cells", spiker(), cells});
    c.populations.push_back({"points", cell(neuron{"adex", {}}), 3*cells});
    c.spike_sources.push_back({.name = "noise", .size = 20, .rate = 40*Hz});
    const auto weight = random_value::lognormal(parse_quantity("4 nS"), parse_quantity("2 nS"));
    const auto delay = random_value::normal(parse_quantity("2 ms"), parse_quantity("0.5 ms")).at_least(parse_quantity("0.5 ms"));
    c.projections.push_back({.name = "drive", .source = "noise", .target = "cells", .rule = fixed_indegree{10}, .receptor = "exp2syn",
                             .weight = weight, .delay = delay, .at = "in apical", .contacts = 3});
    c.projections.push_back({.name = "drive points", .source = "noise", .target = "points", .rule = pairwise_probability{0.5}, .receptor = "expsyn",
                             .parameters = {{"tau", parse_quantity("3 ms")}}, .weight = 10*nS, .delay = delay});
    c.projections.push_back({.name = "to points", .source = "cells", .target = "points", .rule = fixed_outdegree{6}, .receptor = "expsyn", .weight = weight, .delay = delay,
                             .short_term = short_term_plasticity{any_quantity{0.5, {}}, 200*ms, 0*ms, 4}});
    c.projections.push_back({.name = "back", .source = "points", .target = "cells", .rule = fixed_total{400}, .receptor = "exp2syn",
                             .parameters = {{"tau_rise", parse_quantity("0.3 ms")}, {"tau_decay", parse_quantity("3 ms")}}, .weight = weight, .delay = delay, .at = "in all",
                             .short_term = short_term_plasticity{any_quantity{0.1, {}}, 100*ms, 500*ms, 0}, .spontaneous = 2*Hz});
    c.probes.push_back({"v", {"cells", "soma(0.5)", {0, cells/3, cells - 1}}, "v", 1*ms});
    return c;
}

/// The same, with gap junctions between the cells.
inline circuit joined(int cells = 24) {
    using namespace units;
    auto c = mixed(cells);
    for (int k = 0; k + 1 < cells; ++k) {
        const int other = (k*5 + 3) % cells;
        c.gap_junctions.push_back({{"cells", k, "apic[0](0.9)"}, {"cells", other == k ? (k + 1) % cells : other, "soma(0.5)"}, 1.5*nS});
    }
    return c;
}

/// The same with synapses that learn: by events, by the clock, by chance, and by dopamine that spikes release; and acetylcholine that changes channels, neurons and pathways.
inline circuit school(int cells = 20) {
    using namespace units;
    auto c = joined(cells);
    const auto set = [&](const std::string& name, learning how) {
        for (auto& p : c.projections)
            if (p.name == name) p.spontaneous = {}, p.learns = how;
    };
    set("drive", {.rule = "clopath", .high = 3});
    set("drive points", {.rule = "dopamine_stdp", .high = 4, .interval = 1*ms, .region = "here"});
    set("to points", {.rule = "triplet_stdp", .total = 3.0, .total_interval = 50*ms});
    set("back", {.rule = "graupner_brunel"});
    c.modulators.push_back({.name = "dopamine", .region = "here", .releases = {{4, 0.5}}, .sources = {{.population = "cells", .amount = 0.01, .delay = 2*ms}}});
    modulator acetylcholine{.name = "acetylcholine", .tau = 50*ms, .baseline = 0.2, .releases = {{3, 0.4}}, .sources = {{.population = "points", .amount = 0.002, .delay = 2*ms}}};
    acetylcholine.effects = {{.population = "cells", .at = "soma", .mechanism = "hh_k", .parameter = "g_max", .scale = 0.2, .half = 0.3, .hill = 2, .tau_on = 5*ms, .tau_off = 9*ms},
                             {.population = "cells", .mechanism = "pas", .parameter = "e_rev", .shift = any_quantity{1, dimensions::voltage}},
                             {.population = "points", .parameter = "b", .scale = -0.5, .interval = 1*ms},
                             {.projection = "to points", .parameter = "weight", .scale = -0.3},
                             {.projection = "back", .parameter = "weight", .scale = 0.2}};
    c.modulators.push_back(acetylcholine);
    c.weight_probes.push_back({.label = "w", .projection = "drive", .interval = 5*ms});
    return c;
}

}  // namespace apical::test
