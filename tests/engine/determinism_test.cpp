// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <gtest/gtest.h>

#include "core/pack.hpp"
#include "tests/engine/cells.hpp"

namespace apical {
namespace {

using namespace units;

void expect_same(const simulation& a, const simulation& b) {
    ASSERT_EQ(a.recordings().size(), b.recordings().size());
    for (std::size_t i = 0; i < a.recordings().size(); ++i)
        EXPECT_EQ(a.recordings()[i].samples, b.recordings()[i].samples) << a.recordings()[i].label;
    EXPECT_TRUE(std::ranges::equal(a.spikes(), b.spikes()));
}

simulation after(duration until, const circuit& c, run_options o) {
    simulation s(c, o);
    s.run(until);
    return s;
}

class determinism : public testing::TestWithParam<scheme> {};
/// Schemes under which cells may be computed side by side.
class lock_step : public testing::TestWithParam<scheme> {};

TEST_P(determinism, one_thread_and_several_give_the_same_bits) {
    const auto c = test::busy(7);
    const auto one = after(30*ms, c, {.scheme = GetParam(), .threads = 1});
    EXPECT_GT(one.spikes().size(), 5u);
    expect_same(one, after(30*ms, c, {.scheme = GetParam(), .threads = 2}));
    expect_same(one, after(30*ms, c, {.scheme = GetParam(), .threads = 5}));
}

TEST_P(lock_step, blocks_of_one_and_of_many_cells_give_the_same_bits) {
    const auto c = test::busy(7);
    expect_same(after(30*ms, c, {.scheme = GetParam(), .lanes = 1}), after(30*ms, c, {.scheme = GetParam(), .lanes = native_width}));
}

TEST_P(determinism, a_run_in_pieces_equals_a_run_in_one) {
    const auto c = test::busy(3);
    auto pieces = after(1*ms, c, {.scheme = GetParam()});
    for (const double t : {GetParam() == scheme::automatic ? 1.1 : 1.025, 7.5, 7.5, 20.0}) pieces.run(t*ms);
    pieces.run(30*ms);
    expect_same(after(30*ms, c, {.scheme = GetParam()}), pieces);
    expect_same(after(30*ms, c, {.scheme = GetParam(), .steps_per_epoch = 7}), pieces);
}

TEST_P(determinism, a_fork_goes_on_as_its_original) {
    auto original = after(11*ms, test::busy(3), {.scheme = GetParam()});
    auto fork = original;
    original.run(30*ms);
    EXPECT_DOUBLE_EQ(fork.time(), 11);
    fork.run(30*ms);
    expect_same(original, fork);
}

TEST_P(determinism, a_cell_does_not_depend_on_its_neighbours) {
    const auto many = test::busy(5);
    auto one = many;
    one.populations[0].size = 1;
    std::erase_if(one.injections, [](const injection& i) { return i.on.cells != std::vector<int>{0}; });
    const auto a = after(30*ms, many, {.scheme = GetParam()}), b = after(30*ms, one, {.scheme = GetParam()});
    const auto places = b["v"].columns();
    for (std::size_t row = 0; row < b["v"].rows(); ++row)
        for (std::size_t i = 0; i < places; ++i) ASSERT_EQ(a["v"].samples[row*a["v"].columns() + i], b["v"].samples[row*places + i]);
}

INSTANTIATE_TEST_SUITE_P(schemes, lock_step, testing::Values(scheme::crank_nicolson, scheme::backward_euler),
                         [](const auto& info) { return std::string(name_of(info.param)); });
INSTANTIATE_TEST_SUITE_P(schemes, determinism, testing::Values(scheme::crank_nicolson, scheme::backward_euler, scheme::automatic, scheme::precise, scheme::cvode),
                         [](const auto& info) { return std::string(name_of(info.param)); });

}  // namespace
}  // namespace apical
