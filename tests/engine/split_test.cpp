// SPDX-License-Identifier: BSD-3-Clause
// One cell on several threads: the bits of one.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <numeric>

#include <gtest/gtest.h>

#include "core/pack.hpp"
#include "engine/block.hpp"
#include "engine/checkpoint.hpp"
#include "engine/plan.hpp"
#include "engine/split.hpp"
#include "tests/engine/cells.hpp"

namespace apical {
namespace {

using namespace units;

/// So many cells of 1407 compartments with everything on them.
circuit large(int cells) {
    auto c = test::busy(cells);
    c.populations[0].cell = test::active(fixed_count{201});
    c.probes[0] = {"v", {"cells", "soma(0.5), apic[2](0.9), axon[0](1), dend[1](0.5)", {}}};
    c.meters.push_back({.label = "energy", .population = "cells", .start = 3*ms, .stop = 10*ms});
    return c;
}

std::vector<std::uint64_t> told_by(const simulation& s) {
    std::vector<std::uint64_t> all;
    const auto add = [&](double x) { all.push_back(std::bit_cast<std::uint64_t>(x)); };
    for (const auto& k : s.spikes()) add(k.cell), add(k.time);
    for (const auto& r : s.recordings())
        for (const double x : r.samples) add(x);
    const auto energy = s.charges("energy");
    for (const auto& p : energy.passages) add(p.charge);
    return all;
}
simulation after(const circuit& c, const run_options& o) {
    simulation s(c, o);
    s.run(12*ms);
    return s;
}
/// Whether threads beside the first have computed anything.
bool has_helped(const simulation& s) {
    const auto& busy = s.statistics().busy;
    return std::accumulate(busy.begin() + 1, busy.end(), 0.0) > 0;
}

class split_cells : public ::testing::TestWithParam<scheme> {};

TEST_P(split_cells, give_the_same_bits_on_any_number_of_threads) {
    const auto c = large(1);
    const auto one = after(c, {.scheme = GetParam()});
    ASSERT_FALSE(one.spikes().empty());
    for (const int threads : {2, 3, 4}) {
        const auto several = after(c, {.scheme = GetParam(), .threads = threads});
        EXPECT_TRUE(has_helped(several));
        EXPECT_EQ(told_by(several), told_by(one)) << threads;
        const auto alone = after(c, {.scheme = GetParam(), .threads = threads, .split = splitting::never});
        EXPECT_FALSE(has_helped(alone));
        EXPECT_EQ(told_by(alone), told_by(one)) << threads;
    }
}

INSTANTIATE_TEST_SUITE_P(schemes, split_cells, ::testing::Values(scheme::crank_nicolson, scheme::backward_euler, scheme::automatic),
                         [](const auto& info) { return std::string(name_of(info.param)); });

/// Cells side by side in SIMD lanes are one block, which is split as one cell is.
TEST(split_block, of_many_cells_gives_the_same_bits) {
    const auto c = large(native_width);
    const auto one = after(c, {.lanes = native_width});
    EXPECT_EQ(told_by(after(c, {.lanes = 1})), told_by(one));
    for (const int threads : {2, 3}) {
        const auto several = after(c, {.threads = threads, .lanes = native_width});
        EXPECT_TRUE(has_helped(several));
        EXPECT_EQ(told_by(several), told_by(one)) << threads;
    }
}

/// Every step by all threads, whatever is faster: what a run chooses for itself does not matter here.
TEST(split_block, has_the_state_of_one_that_is_not_split_after_every_step) {
    for (const auto s : {scheme::crank_nicolson, scheme::backward_euler, scheme::automatic})
        for (const int lanes : {1, native_width}) {
            if (s == scheme::automatic && lanes > 1) continue;
            const auto p = compile(large(lanes), {.scheme = s, .lanes = lanes});
            const auto& where = p->blocks.front();
            const auto& in = p->network.inlets.front();
            for (const int threads : {2, 3, 4}) {
                team workers(threads);
                const split shares(p->populations.front(), threads);
                const block::crew together{shares, workers};
                block one(*p, where, in), several(*p, where, in);
                simulation scratch(p);
                scratch.run(8*ms);             // for the room that recordings need
                std::vector<recording> samples[2] = {{scratch.recordings().begin(), scratch.recordings().end()}, {scratch.recordings().begin(), scratch.recordings().end()}};
                std::vector<spike> spikes[2];
                std::vector<sent_spike> sent;
                for (std::int64_t from = 0; from < 320; from += 40) {
                    ASSERT_FALSE(one.run(*p, where, in, from, from + 40, {&samples[0], &spikes[0], &sent}));
                    ASSERT_FALSE(several.run(*p, where, in, from, from + 40, {&samples[1], &spikes[1], &sent}, &together));
                    image a, b;
                    one.transfer(a), several.transfer(b);
                    const auto same = std::ranges::equal(a.numbers(), b.numbers(), {}, [](double x) { return std::bit_cast<std::uint64_t>(x); }, [](double x) { return std::bit_cast<std::uint64_t>(x); });
                    ASSERT_TRUE(same) << name_of(s) << " " << lanes << " lanes, " << threads << " threads, step " << from;
                }
                EXPECT_EQ(spikes[0], spikes[1]);
            }
        }
}

TEST(split_choice, finds_what_is_faster_and_looks_again) {
    split_choice c;
    EXPECT_EQ(c.next(), split_choice::together);
    c.learn(split_choice::together, 40, 1e-6);
    EXPECT_EQ(c.next(), split_choice::alone);
    c.learn(split_choice::alone, 40, 3e-6);
    EXPECT_EQ(c.next(), split_choice::together);
    EXPECT_FALSE(c.is_trial());
    // other programs come: alone is faster then, and stays so for long
    c.learn(split_choice::together, 100, 1e-3);
    double waited = 0;
    bool has_looked = false;
    for (int n = 0; n < 1000000 && !has_looked; ++n) {
        has_looked = c.is_trial() && c.next() == split_choice::together;
        if (!has_looked) c.learn(c.next(), 20, 3e-6), waited += 60e-6;
    }
    EXPECT_TRUE(has_looked);
    EXPECT_GT(waited, 40*40e-3);
    // they have gone
    c.learn(split_choice::together, 40, 1e-6);
    EXPECT_EQ(c.next(), split_choice::together);
    EXPECT_FALSE(c.is_trial());
}

TEST(split_cell, goes_on_from_a_checkpoint_of_one_that_is_not) {
    const auto c = large(1);
    simulation first(c, {.threads = 1}), second(c, {.threads = 3});
    first.run(7*ms);
    second.restore(first.checkpoint());
    first.run(12*ms), second.run(12*ms);
    EXPECT_EQ(told_by(first), told_by(second));
}

TEST(split_cell, that_leaves_the_finite_numbers_is_named) {
    auto c = large(1);
    c.injections.push_back({{"cells", "apic[2](0.9)", {}}, step_current{5*ms, 5*ms, 1e9*nA}});
    try {
        after(c, {.threads = 3});
        FAIL() << "should have diverged";
    } catch (const diverged& e) {
        EXPECT_NE(std::string(e.what()).find("apic[2]"), std::string::npos) << e.what();
    }
}

std::size_t number_split(const circuit& c, const run_options& o) {
    const auto p = compile(c, o);
    std::vector<std::size_t> all(p->blocks.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return static_cast<std::size_t>(std::ranges::count_if(splits_of(*p, all, {}), [](const auto& s) { return s != nullptr; }));
}

/// Where there are as many cells as threads, each thread has its own, and nobody waits.
TEST(split_cells_are, those_that_others_would_wait_for) {
    EXPECT_EQ(number_split(large(1), {.threads = 2}), 1u);
    EXPECT_EQ(number_split(large(2), {.threads = 2, .lanes = 1}), 0u);
    EXPECT_EQ(number_split(large(2), {.threads = 3, .lanes = 1}), 2u);
    EXPECT_EQ(number_split(test::busy(1), {.threads = 2}), 0u) << "too small";
    EXPECT_EQ(number_split(large(1), {.scheme = scheme::precise, .threads = 2}), 0u);
    auto c = large(1);
    c.populations.push_back({"others", test::active(), 4});
    EXPECT_EQ(number_split(c, {.threads = 2, .lanes = 1}), 1u) << "one large cell among small ones";
}

TEST(split_option, has_two_names) {
    for (const auto s : {splitting::automatic, splitting::never}) EXPECT_EQ(parse_splitting(name_of(s)), s);
    EXPECT_THROW(parse_splitting("always"), invalid_model);
}

}  // namespace
}  // namespace apical
