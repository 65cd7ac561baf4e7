// SPDX-License-Identifier: BSD-3-Clause
#include "models/circuits/ring.hpp"

#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "models/cells/squid_axon.hpp"
#include "models/circuit_model.hpp"
#include "models/cylinder.hpp"

namespace apical::models {
namespace {

/// A soma with a binary tree of passive branches, each thinner than the one before by Rall's 3/2 rule.
cell forked(const ring_options& o) {
    using namespace units;
    auto shape = one_cylinder({section_type::soma, 20*um, 20*um});
    std::vector<int> tips{0};
    auto diameter = 2*um;
    int sections = 1;
    for (int level = 0; level <= o.levels; ++level, diameter = diameter*0.63) {
        std::vector<int> next;
        for (const int tip : tips)
            for (int k = 0; k < (level == 0 ? 1 : 2); ++k) {
                add_cylinder(shape, {section_type::basal, 100*um, diameter}, {tip, 1});
                next.push_back(sections++);
            }
        tips = std::move(next);
    }
    std::vector<int> counts(static_cast<std::size_t>(sections), o.compartments);
    counts[0] = 1;
    cell c(std::move(shape), explicit_counts{counts});
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm});
    paint_hodgkin_huxley(c, "soma");
    c.paint("basal", mechanism{"pas", {{"g", 1e-4*S/cm2}, {"e_rev", -65*mV}}});
    return c.start_at(-65*mV);
}

}  // namespace

circuit ring(const ring_options& o) {
    using namespace units;
    for (const auto& [n, name, low, high] : {std::tuple{o.rings, "rings", 1, 1000000}, {o.cells, "cells", 2, 1000}, {o.levels, "levels", 0, 8}, {o.compartments, "compartments", 1, 100}, {o.fan_in, "fan_in", 0, 100000}})
        if (n < low || n > high) throw invalid_model(fmt::format("ring / {}", name), fmt::format("{}", n), fmt::format("{} to {}", low, high));
    circuit c;
    c.populations.push_back({"cells", forked(o), o.rings*o.cells});
    c.detectors.push_back({.on = {"cells"}});
    const int cells = o.cells;
    const auto before = [cells](int target, std::vector<contact>& to) { to.push_back({.source = target % cells == 0 ? target + cells - 1 : target - 1}); };
    const std::map<std::string, any_quantity> parameters{{"tau", any_quantity{2, dimensions::time}}};
    c.projections.push_back({.name = "ring", .source = "cells", .target = "cells", .rule = contact_list{before}, .receptor = "expsyn", .parameters = parameters,
                             .weight = o.weight, .delay = o.delay, .at = "dend[0](0.5)"});
    if (o.fan_in > 0)
        c.projections.push_back({.name = "load", .source = "cells", .target = "cells", .rule = fixed_indegree{o.fan_in, false}, .receptor = "expsyn", .parameters = parameters,
                                 .weight = 0*uS, .delay = o.delay, .at = "dend[0](0.5)"});
    injection kick{{"cells", "soma(0.5)", {}}, step_current{0*ms, 1*ms, 1*nA}};
    for (int r = 0; r < o.rings; ++r) kick.on.cells.push_back(r*o.cells);
    c.injections.push_back(std::move(kick));
    return c;
}

circuit_model ring_circuit() {
    return {.name = "ring",
            .summary = "rings of detailed cells with forked dendrites, around each of which a spike travels",
            .source = "a benchmark, after those of NEURON (ringtest) and of Akar et al. (2019) PDP 27:274",
            .dt = 0.025*units::ms,
            .options = {{"rings", "16", "number of rings"},
                        {"cells", "8", "number of cells of each"},
                        {"levels", "3", "how often the dendrite forks"},
                        {"compartments", "4", "number of compartments of each branch"},
                        {"fan_in", "0", "number of inputs of no weight onto each cell"},
                        {"delay", "5 ms", "from cell to cell"},
                        {"weight", "20 nS", "of the synapse that passes the spike on"}},
            .make = [](const option_values& v) {
                const auto whole = [&](const char* name, double high) { return static_cast<int>(number(v, name, 0, high)); };
                return ring({.rings = whole("rings", 1e6), .cells = whole("cells", 1000), .levels = whole("levels", 8), .compartments = whole("compartments", 100),
                             .fan_in = whole("fan_in", 1e5), .delay = positive<dimensions::time>(v, "delay"), .weight = positive<dimensions::conductance>(v, "weight")});
            }};
}

}  // namespace apical::models
