// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/two_layer.hpp"
#include "core/quantity_text.hpp"
#include "core/random.hpp"
#include "engine/simulation.hpp"
#include "models/cells/ca1_pyramidal.hpp"

/// The compact CA1 pyramidal cell has the dendrites it is there for.
namespace apical::models {
namespace {

using namespace units;

constexpr double rest = -65.5;
const std::string stimulated = "apic[9]", sister = "apic[10]";   // oblique branches at one place of the trunk

/// What came of a spike of the soma at 51 ms, of an EPSP in one branch 10 ms before it, or of both: peaks after 50 ms in two branches [mV], of
/// calcium [mM], and by how much a synapse of each changed.
struct outcome {
    std::map<std::string, double> peak, calcium, change;
    std::size_t spikes = 0;
};

outcome perform(bool with_spike, bool with_epsp) {
    circuit c;
    c.populations.push_back({"cell", ca1_pyramidal(), 1});
    const auto& shape = c.populations[0].cell.shape();
    if (with_spike) c.injections.push_back({{"cell", "soma(0.5)"}, step_current{50*ms, 2*ms, 1.5*nA}});
    c.spike_sources.push_back({.name = "in", .size = 1, .spikes = {{0, 40}}});
    const auto project = [&](const std::string& name, const std::vector<std::string>& branches, const char* weight) -> projection& {
        std::vector<location> places;
        for (const auto& b : branches) places.push_back({shape.find(b), 0.7});
        const std::vector<int> zeros(places.size());
        c.projections.push_back({.name = name, .source = "in", .target = "cell", .rule = contact_list::of(zeros, zeros, {}, {}, places), .receptor = "ampa_nmda",
                                 .parameters = {{"nmda_ratio", parse_quantity("2")}}, .weight = parse_quantity(weight), .delay = 1*ms});
        return c.projections.back();
    };
    c.modulators.push_back({.name = "reward"});   // of which there is none: the rule works without
    if (with_epsp) project("epsp", {stimulated}, "1.5 nS");
    project("pupils", {stimulated, sister}, "1 pS").learns = learning{.rule = "branch_credit", .parameters = {{"theta", parse_quantity("-60 mV")}}};   // too weak to be felt
    for (const auto& b : {stimulated, sister})
        for (const char* variable : {"v", "ca.c_in"}) c.probes.push_back({.label = b + variable, .on = {"cell", b + "(0.9)"}, .variable = variable, .start = 50*ms});
    c.detectors = {{.on = {"cell"}}};
    simulation s(c, {.temperature = celsius(34)});
    s.run(200*ms);
    outcome found;
    found.spikes = s.spikes().size();
    const auto weights = s.weights("pupils").strength;
    for (std::size_t k = 0; const auto& b : {stimulated, sister}) {
        const auto v = s[b + "v"].column(0), calcium = s[b + "ca.c_in"].column(0);
        found.peak[b] = *std::ranges::max_element(v);
        found.calcium[b] = *std::ranges::max_element(calcium);
        found.change[b] = weights[k++] - 1;
    }
    return found;
}

/// A spike that travels back is larger in a branch that synapses have just depolarised, by more than the EPSP that is left, and not in its
/// sister; so are the calcium it brings, and what a synapse there learns by branch_credit. Magee & Johnston (1997), Stuart & Haeusser (2001).
TEST(ca1_pyramidal, back_propagating_spikes_credit_the_branch_that_was_active) {
    const auto nothing = perform(false, false), spike = perform(true, false), epsp = perform(false, true), both = perform(true, true);
    EXPECT_EQ(spike.spikes, 1u);
    EXPECT_EQ(epsp.spikes, 0u);
    EXPECT_EQ(both.spikes, 1u);
    const auto height = [](const outcome& o, const std::string& b) { return o.peak.at(b) - rest; };
    EXPECT_GT(height(spike, stimulated), 10);
    EXPECT_NEAR(height(spike, stimulated)/height(spike, sister), 1, 0.02);
    EXPECT_GE(height(both, stimulated)/height(spike, stimulated), 1.3);
    EXPECT_LE(height(both, sister)/height(spike, sister), 1.1);
    EXPECT_GE(height(both, stimulated), 1.3*(height(spike, stimulated) + height(epsp, stimulated))) << "no more than the sum";
    const auto rise = [&](const outcome& o, const std::string& b) { return o.calcium.at(b) - nothing.calcium.at(b); };
    EXPECT_GE(rise(both, stimulated), 1e-4);
    EXPECT_GE(rise(both, stimulated), 1.5*(rise(spike, stimulated) + rise(epsp, stimulated)));
    EXPECT_LE(rise(both, sister), 0.1*rise(both, stimulated));
    EXPECT_GT(both.change.at(stimulated), 0);
    EXPECT_GE(both.change.at(stimulated), 2*both.change.at(sister));
    EXPECT_EQ(epsp.change.at(stimulated), 0) << "without a spike nothing is credited";
}

/// Rates under 200 placements of 40 synapses on 4 to 18 branches, each synapse active at 50 Hz: a cell of branches that are subunits explains them, and
/// one that adds its synapses up does not, and less well even where it may weigh those of each part of the tree differently. Poirazi, Brannon & Mel (2003).
TEST(ca1_pyramidal, is_a_network_of_two_layers) {
    constexpr int count = 200, synapses = 40, branches = 18;
    constexpr double from = 50, until = 650;
    const auto cell = ca1_pyramidal();
    const auto& shape = cell.shape();
    std::vector<int> thin;
    placements d{.branches = branches};
    for (int k = 0; k < shape.size(); ++k)
        if (shape[k].points.front().diameter < 1) thin.push_back(k), d.group.push_back(shape[k].type == section_type::basal ? 4 : static_cast<int>(d.group.size())/3);
    ASSERT_EQ(thin.size(), std::size_t{branches});
    d.active.assign(std::size_t{count}*branches, 0);
    std::vector<int> source, target;
    std::vector<location> where;
    random_stream draws(5);
    const auto below = [&](int n) { return static_cast<int>(draws.uniform()*n); };
    for (int k = 0; k < count; ++k) {
        std::vector<int> order(branches);
        std::iota(order.begin(), order.end(), 0);
        for (int i = branches - 1; i > 0; --i) std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(below(i + 1))]);
        const int used = 4 + below(branches - 3);
        for (int n = 0; n < synapses; ++n) {
            const auto b = static_cast<std::size_t>(order[static_cast<std::size_t>(below(used))]);
            ++d.active[static_cast<std::size_t>(k)*branches + b];
            source.push_back(k*synapses + n), target.push_back(k), where.push_back({thin[b], 0.3 + 0.65*draws.uniform()});
        }
    }
    circuit c;
    c.populations.push_back({"cells", cell, count});
    c.spike_sources.push_back({.name = "in", .size = count*synapses, .rate = 50*Hz, .start = from*ms});
    c.projections.push_back({.name = "in", .source = "in", .target = "cells", .rule = contact_list::of(source, target, {}, {}, where), .receptor = "ampa_nmda",
                             .parameters = {{"nmda_ratio", parse_quantity("3.5")}}, .weight = 0.08*nS, .delay = 1*ms});
    c.detectors = {{.on = {"cells"}}};
    simulation s(c, {.dt = 0.05*ms, .temperature = celsius(34), .threads = 1});
    s.run(until*ms);
    d.rates.assign(count, 0);
    for (const auto& spike : s.spikes()) d.rates[static_cast<std::size_t>(spike.cell)] += 1000/(until - from);
    const double two = fit_two_layer(d).explained, weighted = fit_one_layer(d).explained;
    std::ranges::fill(d.group, 0);
    const double one = fit_one_layer(d).explained;   // knows the number of synapses, which is always 40
    RecordProperty("two_layers", std::to_string(two));
    RecordProperty("one_layer_by_region", std::to_string(weighted));
    EXPECT_GE(two, 0.8);
    EXPECT_GE(two - one, 0.15);
    EXPECT_GE(two - weighted, 0.05);
}

}  // namespace
}  // namespace apical::models
