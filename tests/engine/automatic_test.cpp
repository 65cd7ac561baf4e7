// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "engine/block.hpp"
#include "tests/engine/cells.hpp"

/// Steps that each cell chooses for itself.
namespace apical {
namespace {

using namespace units;

constexpr run_options automatic{.scheme = scheme::automatic};

simulation after(duration until, const circuit& c, const run_options& o) {
    simulation s(c, o);
    s.run(until);
    return s;
}

/// One cell that is quiet, is driven to spikes, and is quiet again.
circuit spiking(current drive = 0.5*nA) {
    circuit c;
    c.populations.push_back({"cells", test::active(), 1});
    c.injections.push_back({{"cells", "soma(0.5)", {}}, step_current{5*ms, 20*ms, drive}});
    c.probes.push_back({"v", {"cells", "soma(0.5)", {}}, "v", 0*ms, 0*ms});
    c.detectors.push_back({{"cells", "soma(0.5)", {}}, -20*mV});
    return c;
}

double furthest_spike(const simulation& a, const simulation& b) {
    if (a.spikes().size() != b.spikes().size()) return INFINITY;
    double most = 0;
    for (std::size_t i = 0; i < a.spikes().size(); ++i) most = std::max(most, std::abs(a.spikes()[i].time - b.spikes()[i].time));
    return most;
}

TEST(automatic, agrees_with_small_fixed_steps) {
    const auto c = spiking();
    const auto exact = after(50*ms, c, {.dt = 0.025/16*ms});
    ASSERT_EQ(exact.spikes().size(), 2u);
    EXPECT_LT(furthest_spike(after(50*ms, c, automatic), exact), 0.02);
}

TEST(automatic, the_error_falls_with_the_square_of_the_change) {
    auto c = spiking(0.1*nA);
    c.probes.clear();
    const auto exact = after(50*ms, c, {.dt = 0.025/32*ms});
    const auto error = [&](double part) {
        return furthest_spike(after(50*ms, c, {.dt = 0.025*part*ms, .scheme = scheme::automatic, .max_change = part*mV}), exact);
    };
    const double coarse = error(1), fine = error(0.25);
    EXPECT_GT(coarse/fine, 8);
    EXPECT_LT(coarse/fine, 32);
}

TEST(automatic, what_is_recorded_does_not_change_the_run) {
    auto bare = spiking();
    bare.probes.clear();
    const auto a = after(50*ms, bare, automatic), b = after(50*ms, spiking(), automatic);
    ASSERT_FALSE(a.spikes().empty());
    EXPECT_TRUE(std::ranges::equal(a.spikes(), b.spikes()));
}

TEST(automatic, samples_within_long_steps_are_interpolated) {
    auto c = spiking();
    c.detectors.clear();
    c.injections[0] = {{"cells", "soma(0.5)", {}}, step_current{5*ms, 20*ms, 0.01*nA}};   // no spike: long steps
    const auto exact = after(50*ms, c, {.dt = 0.025/8*ms}), found = after(50*ms, c, automatic);
    ASSERT_EQ(found["v"].rows(), 2001u);
    double most = 0;
    for (std::size_t row = 0; row < found["v"].rows(); ++row) most = std::max(most, std::abs(found["v"].samples[row] - exact["v"].samples[8*row]));
    EXPECT_LT(most, 2e-3);
    EXPECT_GT(most, 0);
}

TEST(automatic, events_and_noise_and_edges_between_steps_are_not_missed) {
    auto c = test::busy(1);
    const auto fixed = after(30*ms, c, {.dt = 0.0125*ms, .steps_per_input = 2}), found = after(30*ms, c, {.dt = 0.0125*ms, .scheme = scheme::automatic, .steps_per_input = 2});
    ASSERT_GT(fixed.spikes().size(), 0u);
    EXPECT_LT(furthest_spike(found, fixed), 0.02);
    // the synapse alone, on a cell that is otherwise at rest and takes its longest steps
    c.injections.clear(), c.clamps.clear();
    const auto slow = after(30*ms, c, {.dt = 0.0125*ms, .steps_per_input = 2}), own = after(30*ms, c, automatic);
    ASSERT_EQ(slow.spikes().size(), 2u);
    EXPECT_LT(furthest_spike(own, slow), 0.01);
}

TEST(automatic, random_events_are_those_of_fixed_steps) {
    circuit c;
    c.populations.push_back({"cells", test::active(), 1});
    c.receptors.push_back({"synapse", {"cells", "apic[1](0.3)", {}}, "exp2syn", {}});
    c.poisson_trains.push_back({.receptor = "synapse", .rate = 100*Hz, .weight = 0.002*uS});
    c.detectors.push_back({{"cells", "soma(0.5)", {}}, -20*mV});
    const auto fixed = after(100*ms, c, {}), found = after(100*ms, c, automatic);
    ASSERT_GT(fixed.spikes().size(), 0u);
    EXPECT_LT(furthest_spike(found, fixed), 0.02);
}

/// A pack's unused lanes have voltages too, which nothing may come of.
TEST(automatic, quiet_cells_come_back_to_long_steps_after_a_spike) {
    auto c = spiking();
    c.injections[0] = {{"cells", "soma(0.5)", {}}, step_current{5*ms, 2*ms, 0.5*nA}};
    c.probes.clear();
    for (const double change : {0.5, 1.0, 2.0, 4.0}) {
        const auto p = compile(c, {.scheme = scheme::automatic, .max_change = change*mV});
        block b(*p, p->blocks[0], {});
        std::vector<recording> none;
        std::vector<spike> found;
        ASSERT_FALSE(b.run(*p, p->blocks[0], {}, 0, 8000, {&none, &found, nullptr}));
        EXPECT_EQ(found.size(), 1u);
        EXPECT_EQ(b.last_step(*p, p->blocks[0]), 0.1) << change;
    }
}

TEST(automatic, refuses_what_it_cannot_do) {
    const auto c = spiking();
    try {
        simulation(c, automatic).run(1.05*ms);
        FAIL() << "a time within the longest step";
    } catch (const invalid_model& e) {
        EXPECT_NE(std::string(e.what()).find("longest steps, 0.1 ms"), std::string::npos) << e.what();
    }
    EXPECT_THROW(compile(c, {.scheme = scheme::automatic, .lanes = native_width}), invalid_model);
    EXPECT_THROW(compile(c, {.scheme = scheme::automatic, .max_change = 0*mV}), invalid_model);
}

}  // namespace
}  // namespace apical
