// SPDX-License-Identifier: BSD-3-Clause
// Checkpoints under every scheme: a run that is cut and taken up elsewhere is the run that was not.
#include <array>
#include <bit>
#include <cstdint>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/image.hpp"
#include "engine/checkpoint.hpp"
#include "tests/engine/networks.hpp"

namespace apical {
namespace {

using namespace units;
using test::mixed, test::spiker;

/// Cells and point neurons with everything that has a state: noise, random events, clamps, ledgers, traces of several quantities.
circuit busy(int cells = 5) {
    auto c = mixed(cells);
    // spikes on the grid, which arrive just where cells that look ahead must stop
    auto& source = c.spike_sources.emplace_back(spike_source{.name = "clock", .size = 2});
    for (int k = 0; k < 60; ++k) source.spikes.emplace_back(k % 2, 0.5*k);
    c.projections.push_back({.name = "clock", .source = "clock", .target = "cells", .rule = all_to_all{}, .receptor = "exp2syn", .weight = 3*nS, .delay = 0.5*ms, .at = "apic[0](0.5)"});
    c.projections.push_back({.name = "clock points", .source = "clock", .target = "points", .rule = all_to_all{}, .receptor = "expsyn",
                             .parameters = {{"tau", parse_quantity("3 ms")}}, .weight = 1*nS, .delay = 0.5*ms});
    for (const char* population : {"cells", "points"}) {
        c.receptors.push_back({population, {population, "soma(0.5)", {}}, "exp2syn", {}});
        c.poisson_trains.push_back({population, 300.0/s, 1*nS});
        c.spike_trains.push_back({population, {3, 17.21, 17.33}, 5*nS, 0.4*ms});
        c.injections.push_back({{population, "soma(0.5)", {1, 2}}, noise_current{2*ms, 100*ms, 0.05*nA, 0.05*nA, 3*ms}});
        c.injections.push_back({{population, "soma(0.5)", {0}}, ramp_current{5*ms, 20*ms, 0*nA, 0.3*nA}});
    }
    c.clamps.push_back({.on = {"cells", "apic[0](0.9)", {1}}, .levels = {{6*ms, -60*mV}, {12*ms, -70*mV}}, .stop = 15*ms});
    c.probes.push_back({"n", {"cells", "soma(0.5)", {1}}, "hh_k.n"});
    c.probes.push_back({"w", {"points", "soma(0.5)", {0, 3*cells - 1}}, "adex.w"});
    c.meters.push_back({.label = "energy", .population = "cells", .start = 4*ms, .stop = 20*ms, .rest = 2*ms});
    return c;
}

/// Bits of everything a run tells.
std::vector<std::uint64_t> told_by(simulation& s) {
    std::vector<std::uint64_t> all;
    const auto add = [&](double x) { all.push_back(std::bit_cast<std::uint64_t>(x)); };
    for (const auto& k : s.spikes()) add(k.population), add(k.cell), add(k.time), add(k.step_time);
    for (const auto& r : s.recordings())
        for (const double x : r.samples) add(x);
    for (const auto& steps : s.steps_of_cells()) add(steps.time), add(static_cast<double>(steps.accepted)), add(static_cast<double>(steps.rejected));
    for (int cell = 0; cell < 2; ++cell)
        for (const auto& a : {s.charges("energy", cell), s.resting_charges("energy", cell)}) {
            add(a.injected), add(a.clamped);
            for (const auto& place : a.compartments) add(place.v_start), add(place.v_stop), add(place.v_peak), add(place.overlap);
            for (const auto& p : a.passages) add(p.charge), add(p.conductance), add(p.events);
        }
    add(s.voltage("cells", 1)), add(s.voltage("points", 1));
    return all;
}

constexpr auto end = 26*ms;

struct way {
    apical::scheme scheme;
    neuron_method neurons = neuron_method::fixed_step;
    int lanes = 0;
    apical::rates rates = apical::rates::tabulated;
    run_options options(int threads) const { return {.scheme = scheme, .rates = rates, .seed = 3, .threads = threads, .lanes = lanes, .neurons = neurons}; }
};
class checkpoints : public ::testing::TestWithParam<way> {};

TEST_P(checkpoints, a_run_cut_anywhere_is_the_run) {
    const auto c = busy();
    simulation whole(c, GetParam().options(1));
    whole.run(end);
    const auto expected = told_by(whole);
    ASSERT_GT(whole.spikes().size(), 20u);
    simulation first(c, GetParam().options(2));
    for (const double t : {0.0, 0.1, 0.5, 7.3, 14.9, 15.0, 21.7}) {
        first.run(t*ms);
        const auto kept = first.checkpoint();
        simulation second(c, GetParam().options(t < 10 ? 1 : 3));
        second.run(3*ms);   // whatever it did before
        second.restore(checkpoint_of(to_bytes(kept)));
        EXPECT_EQ(second.voltage("cells", 0), first.voltage("cells", 0));
        const auto again = second.checkpoint();
        EXPECT_EQ(to_bytes(again), to_bytes(kept)) << t << " ms";
        second.run(end);
        EXPECT_EQ(told_by(second), expected) << t << " ms";
    }
    first.run(end);   // taking them changes nothing
    EXPECT_EQ(told_by(first), expected);
}

/// One cut after another, each run going on from the last.
TEST_P(checkpoints, of_resumed_runs_are_those_of_the_run) {
    const auto c = busy(3);
    simulation whole(c, GetParam().options(1));
    whole.run(end);
    auto now = std::make_unique<simulation>(c, GetParam().options(1));
    for (const double t : {2.5, 9.2, 9.3, 18.1}) {
        now->run(t*ms);
        const auto kept = now->checkpoint();
        now = std::make_unique<simulation>(c, GetParam().options(2));
        now->restore(kept);
    }
    now->run(end);
    EXPECT_EQ(told_by(*now), told_by(whole));
}

TEST_P(checkpoints, damaged_are_refused) {
    const auto c = busy(3);
    simulation s(c, GetParam().options(1));
    s.run(5*ms);
    const auto kept = s.checkpoint();
    for (std::size_t b = 0; b < kept.blocks.size(); ++b) {
        auto bad = kept;
        bad.blocks[b].pop_back();
        simulation other(c, GetParam().options(1));
        EXPECT_THROW(other.restore(bad), invalid_input) << b;
        EXPECT_THROW(other.run(6*ms), invalid_model) << "half restored";
        other.restore(kept);
        other.run(6*ms);
        bad = kept, bad.blocks[b].push_back(1);
        EXPECT_THROW(simulation(c, GetParam().options(1)).restore(bad), invalid_input) << b;
        // a length of a list that cannot be
        bad = kept, bad.blocks[b][0] = 1e300;
        try {
            simulation(c, GetParam().options(1)).restore(bad);
        } catch (const invalid_input&) {}
    }
}

INSTANTIATE_TEST_SUITE_P(schemes, checkpoints,
                         ::testing::Values(way{scheme::crank_nicolson}, way{scheme::crank_nicolson, neuron_method::adaptive, 1}, way{scheme::backward_euler, neuron_method::adaptive},
                                           way{scheme::automatic}, way{scheme::automatic, neuron_method::adaptive, 1}, way{scheme::precise}, way{scheme::precise, neuron_method::adaptive},
                                           way{scheme::cvode}, way{scheme::cvode, neuron_method::adaptive},
                                           way{.scheme = scheme::crank_nicolson, .rates = rates::single}, way{.scheme = scheme::automatic, .rates = rates::single}),
                         [](const auto& p) {
                             return fmt::format("{}_{}_{}_{}", name_of(p.param.scheme), name_of(p.param.neurons), p.param.lanes, name_of(p.param.rates));
                         });

/// What CVODE knows of the past cannot be written down: it is started anew now and then, so that there is never much to be done again.
TEST(checkpoint, of_a_long_quiet_run_under_cvode_is_taken_up_soon) {
    circuit c;
    c.populations.push_back({"cells", spiker(), 1});
    c.injections.push_back({{"cells", "soma(0.5)", {}}, step_current{1*ms, 10000*ms, 0.5*nA}});
    c.detectors.push_back({.on = {"cells", "soma(0.5)", {}}});
    const run_options o{.scheme = scheme::cvode, .max_error = 1e-4*mV};
    simulation whole(c, o);
    whole.run(1500*ms);
    const auto kept = whole.checkpoint();
    const auto steps = whole.steps_of_cells().front();
    ASSERT_GT(steps.accepted, 12000) << "long enough";
    simulation second(c, o);
    second.restore(kept);
    EXPECT_EQ(second.steps_of_cells().front().accepted, steps.accepted);
    whole.run(1600*ms), second.run(1600*ms);
    EXPECT_TRUE(std::ranges::equal(second.spikes(), whole.spikes()));
    EXPECT_EQ(second.steps_of_cells().front().accepted, whole.steps_of_cells().front().accepted);
    // the starts in between do not show
    simulation precise(c, {.scheme = scheme::precise, .max_error = 1e-4*mV});
    precise.run(1600*ms);
    ASSERT_EQ(precise.spikes().size(), whole.spikes().size());
    EXPECT_NEAR(precise.spikes().back().time, whole.spikes().back().time, 0.05);
}

TEST(checkpoint, of_another_tolerance_is_refused) {
    const auto c = busy(3);
    const run_options o{.scheme = scheme::precise, .neurons = neuron_method::adaptive};
    simulation s(c, o);
    s.run(1*ms);
    const auto kept = s.checkpoint();
    auto other = o;
    other.max_error = 1e-2*mV;
    EXPECT_THROW(simulation(c, other).restore(kept), invalid_input);
    other = o, other.tolerance = 1e-6;
    EXPECT_THROW(simulation(c, other).restore(kept), invalid_input);
}

TEST(image, takes_numbers_for_what_they_are_only) {
    image out;
    std::int64_t never = std::numeric_limits<std::int64_t>::max(), minus = -1;
    bool yes = true;
    std::uint32_t large = 4294967295u;
    out(never), out(minus), out(yes), out(large);
    image in(out.numbers());
    std::int64_t a = 0, b = 0;
    bool y = false;
    std::uint32_t l = 0;
    in(a), in(b), in(y), in(l);
    EXPECT_TRUE(a == never && b == minus && y && l == large && in.is_at_end());
    for (const double bad : {1e300, -1e300, std::nan(""), 4294967296.0, -1.0}) EXPECT_THROW(image({bad})(l), std::out_of_range) << bad;
    EXPECT_THROW(image({2})(y), std::out_of_range);
    EXPECT_THROW(image({9.3e18})(a), std::out_of_range);
}

}  // namespace
}  // namespace apical
