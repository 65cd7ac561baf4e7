// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "analysis/cell_sample.hpp"
#include "analysis/flight_record.hpp"
#include "analysis/spike_matching.hpp"
#include "analysis/verification.hpp"
#include "analysis/work_precision.hpp"
#include "core/error.hpp"
#include "engine/kernels/mechanism.hpp"
#include "models/model.hpp"
#include "tests/engine/exploding.hpp"

/// Cells of a network, run again on their own, hear what they heard in it.
namespace apical {
namespace {

using namespace units;

/// Excitatory and inhibitory cells under noise, connected at random.
circuit network(int cells = 8) {
    circuit c;
    c.populations.push_back({.name = "e", .cell = models::build("ball_and_stick"), .size = cells});
    c.populations.push_back({.name = "i", .cell = cell(neuron{"adex", {}}), .size = cells});
    c.injections.push_back({{"e", "soma(0.5)"}, noise_current{0*ms, 100*ms, 0.25*nA, 0.2*nA, 3*ms}});
    c.injections.push_back({{"i"}, noise_current{0*ms, 100*ms, 0.7*nA, 0.2*nA, 3*ms}});
    const auto weight = random_value::lognormal(parse_quantity("6 nS"), parse_quantity("3 nS"));
    c.projections.push_back({.name = "ee", .source = "e", .target = "e", .rule = pairwise_probability{0.4}, .receptor = "exp2syn", .weight = weight,
                             .delay = random_value::uniform(parse_quantity("1 ms"), parse_quantity("3 ms")), .at = "in all"});
    c.projections.push_back({.name = "ei", .source = "e", .target = "i", .rule = pairwise_probability{0.4}, .receptor = "expsyn", .weight = weight, .delay = 1.2*ms,
                             .short_term = short_term_plasticity{}});
    c.projections.push_back({.name = "ie", .source = "i", .target = "e", .rule = pairwise_probability{0.4}, .receptor = "exp2syn", .parameters = {{"e_rev", parse_quantity("-75 mV")}},
                             .weight = weight, .delay = 1*ms});
    c.probes.push_back({"v", {"e", "soma(0.5)"}, "v", 1*ms});
    return c;
}

std::vector<spike> spikes_of(const circuit& c, const run_options& o, duration until) {
    simulation s(c, o);
    s.run(until);
    return {s.spikes().begin(), s.spikes().end()};
}

/// The errors told bracket those against the same cells, on the same inputs, in steps so small that what is left does not matter.
TEST(verification_of_networks, bounds_hold_the_error_that_cells_make_of_their_inputs) {
    const auto until = 40*ms;
    for (const auto s : {scheme::crank_nicolson, scheme::backward_euler}) {
        SCOPED_TRACE(name_of(s));
        const auto c = network();
        const run_options o{.scheme = s};
        const auto heard = spikes_of(c, o, until);
        const auto v = verify(c, o, until, {.cells_per_population = 4, .spikes = heard});
        const auto sample = draw_sample(c, 4, 0);
        auto fine = o;
        const int divisor = s == scheme::backward_euler ? 128 : 32;
        fine.dt = o.dt/static_cast<double>(divisor), fine.steps_per_input = divisor, fine.lanes = 1;
        simulation settled(compile(c, fine), sample, heard);
        settled.run(until);
        const auto truth = trains_of(settled, sample);
        std::vector<std::vector<double>> found;
        for (const auto& cell : sample) {
            auto& train = found.emplace_back();
            for (const auto& x : heard)
                if (std::pair(x.population, x.cell) == cell) train.push_back(x.time);
        }
        for (int p = 0; p < 2; ++p) {
            double largest = 0;
            int spikes = 0;
            for (std::size_t n = 0; n < sample.size(); ++n) {
                if (sample[n].first != p) continue;
                spikes += static_cast<int>(found[n].size());
                for (const auto& [i, k] : match_spikes(found[n], truth[n], 5).pairs) largest = std::max(largest, std::abs(found[n][i] - truth[n][k]));
            }
            const auto& told = v.populations[static_cast<std::size_t>(p)];
            ASSERT_GT(spikes, 3) << "the case is too quiet";
            EXPECT_EQ(told.spikes, spikes) << "the sample does not do what it did in the network";
            EXPECT_LE(told.largest.low, 1.01*largest + 1e-9);
            EXPECT_GE(told.largest.high, 0.99*largest - 1e-9);
        }
        EXPECT_GT(v.probes[0].rms.value, 0);
    }
}

TEST(verification_of_networks, without_the_spikes_of_the_run_it_runs_the_network_to_know_them) {
    const auto c = network();
    const auto heard = spikes_of(c, {}, 20*ms);
    const auto given = verify(c, {}, 20*ms, {.cells_per_population = 2, .spikes = heard}), found = verify(c, {}, 20*ms, {.cells_per_population = 2});
    EXPECT_EQ(given.populations[0].largest.value, found.populations[0].largest.value);
    EXPECT_EQ(given.probes[0].rms.value, found.probes[0].rms.value);
    const auto deaf = verify(c, {}, 20*ms, {.cells_per_population = 2, .spikes = std::span<const spike>{}});
    EXPECT_NE(deaf.probes[0].rms.value, found.probes[0].rms.value) << "they hear nothing";
}

TEST(work_precision_of_networks, every_scheme_hears_the_same) {
    const auto c = network(4);
    work_precision_options how;
    how.cells_per_population = 4;
    for (const auto s : {scheme::crank_nicolson, scheme::backward_euler, scheme::precise}) how.candidates.push_back({.scheme = s, .lanes = 1});
    how.candidates.push_back({.dt = 0.025/4*ms, .lanes = 1, .steps_per_input = 4});
    const auto w = measure_work_precision(c, {}, 30*ms, how);
    ASSERT_EQ(w.points.size(), 4u);
    for (const auto& p : w.points) {
        EXPECT_TRUE(p.failure.empty()) << p.failure;
        EXPECT_GT(p.spikes, 5);
        EXPECT_EQ(p.missed + p.extra, 0) << p.setting;
    }
    EXPECT_LT(w.points[0].p95, w.points[1].p95);
    EXPECT_LT(w.points[2].p95, w.points[1].p95);
    EXPECT_LT(w.points[3].p95, w.points[0].p95/8) << "an error that does not go away with the step: other inputs than the reference's";
}

/// A chain of cells, each joined to the next, and one on its own.
circuit chain() {
    circuit c;
    c.populations.push_back({.name = "e", .cell = models::build("ball_and_stick"), .size = 6});
    for (int k = 0; k < 4; ++k) c.gap_junctions.push_back({{"e", k}, {"e", k + 1}, 5*nS});
    for (int k = 0; k < 6; ++k) c.injections.push_back({{"e", "soma(0.5)", {k}}, step_current{1*ms, 50*ms, (0.2 + 0.03*k)*nA}});
    return c;
}

TEST(samples, hold_all_that_gap_junctions_join) {
    const auto c = chain();
    EXPECT_EQ(with_joined(c, {{0, 2}}), (cell_sample{{0, 0}, {0, 1}, {0, 2}, {0, 3}, {0, 4}}));
    EXPECT_EQ(with_joined(c, {{0, 5}}), (cell_sample{{0, 5}}));
    const auto p = compile(c, {.lanes = 1});
    try {
        const simulation half(p, cell_sample{{0, 1}, {0, 2}});
        FAIL() << "it runs";
    } catch (const invalid_model& e) {
        EXPECT_NE(std::string(e.what()).find("joined by a gap junction to cell"), std::string::npos) << e.what();
    }
    simulation all(p), joined(p, with_joined(c, {{0, 3}}));
    all.run(20*ms), joined.run(20*ms);
    for (int k = 0; k < 5; ++k) EXPECT_EQ(joined.voltage("e", k), all.voltage("e", k));
    const auto v = verify(c, {}, 20*ms, {.cells_per_population = 1});
    EXPECT_TRUE(v.populations[0].cells == 5 || v.populations[0].cells == 1);
    EXPECT_GE(verify(c, {}, 20*ms, {.cells_per_population = 2}).populations[0].cells, 5);
}

TEST(samples, of_cells_with_two_detectors_cannot_hear_a_run_before) {
    auto c = network(2);
    c.detectors.push_back({{"e", "soma(0.5)"}, -20*mV});
    const auto heard = spikes_of(c, {}, 20*ms);
    ASSERT_FALSE(heard.empty());
    c.detectors.push_back({{"e", "soma(0.5)"}, 0*mV});
    EXPECT_THROW(simulation(compile(c), cell_sample{{0, 0}}, heard), invalid_model);
}

/// A cell that explodes only because another excites it explodes again on its own.
TEST(flight_record_of_networks, the_cell_fails_again_on_what_it_heard) {
    auto mechanisms = catalogue::built_in();
    add<test::exploding>(mechanisms);
    circuit c;
    c.populations.push_back({.name = "from", .cell = models::build("ball_and_stick"), .size = 1});
    auto fragile = models::build("ball_and_stick");
    fragile.paint("soma", mechanism{"exploding", {{"g_max", 1e-9*S/cm2}}});
    c.populations.push_back({.name = "to", .cell = fragile, .size = 3});
    c.injections.push_back({{"from"}, step_current{2*ms, 50*ms, 0.5*nA}});
    c.projections.push_back({.name = "p", .source = "from", .target = "to", .rule = all_to_all{}, .receptor = "expsyn", .weight = 50*nS, .delay = 2*ms});
    simulation run(compile(c, {}, mechanisms));
    try {
        run.run(40*ms);
        FAIL() << "nothing exploded";
    } catch (const diverged& e) {
        const auto first = record_flight(c, {}, e.at(), 40*ms, 20, mechanisms);
        EXPECT_EQ(first.at.time_ms, e.at().time_ms);
        EXPECT_EQ(first.at.cell, e.at().cell);
        EXPECT_EQ(first.times.size(), 20u);
        c.projections.clear();
        EXPECT_THROW(record_flight(c, {}, e.at(), 40*ms, 20, mechanisms), invalid_model) << "it fails without being excited";
    }
}

}  // namespace
}  // namespace apical
