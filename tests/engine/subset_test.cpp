// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/engine/cells.hpp"

namespace apical {
namespace {

using namespace units;
using cells = std::vector<std::pair<int, int>>;

TEST(subset, some_cells_do_what_they_do_among_all) {
    const auto p = compile(test::busy(5), {.lanes = 1});
    simulation all(p), some(p, cells{{0, 3}, {0, 1}});
    all.run(20*ms), some.run(20*ms);
    const auto &a = all["v"], &b = some["v"];
    ASSERT_EQ(a.rows(), b.rows());
    for (std::size_t k = 0; k < a.columns(); ++k)
        for (std::size_t row = 0; row < a.rows(); ++row) {
            const double x = b.samples[row*b.columns() + k];
            if (const int cell = a.places[k].cell; cell == 1 || cell == 3) ASSERT_EQ(x, a.samples[row*a.columns() + k]);
            else ASSERT_TRUE(std::isnan(x));
        }
    for (const auto& s : some.spikes()) EXPECT_TRUE(s.cell == 1 || s.cell == 3);
    EXPECT_LT(some.spikes().size(), all.spikes().size());
    EXPECT_EQ(some.voltage("cells", 3), all.voltage("cells", 3));
    EXPECT_THROW(static_cast<void>(some.voltage("cells", 0)), invalid_model);
}

TEST(subset, a_cell_that_is_not_there_is_refused) {
    const auto p = compile(test::busy(2));
    EXPECT_THROW(simulation(p, cells{{0, 2}}), invalid_model);
    EXPECT_THROW(simulation(p, cells{{1, 0}}), invalid_model);
}

/// In a run without spikes all that is left is the error of the step.
TEST(subset, finer_steps_see_the_same_inputs) {
    circuit c;
    c.populations.push_back({"cells", test::active(), 1});
    c.injections.push_back({{"cells", "soma(0.5)", {}}, noise_current{0*ms, 50*ms, 0*nA, 0.01*nA, 3*ms}});
    c.receptors.push_back({"synapse", {"cells", "soma(0.5)", {}}, "expsyn", {}});
    c.spike_trains.push_back({"synapse", {5.013}, 0.001*uS, 0*ms});   // rounded to 5.025 ms, in finer steps alone to 5.0125
    c.probes.push_back({"v", {"cells", "soma(0.5)", {}}, "v", 0.1*ms, 0*ms});
    const auto after = [&](run_options o) {
        simulation s(c, o);
        s.run(20*ms);
        return s["v"].samples;
    };
    const auto run = after({}), fine = after({.dt = 0.0125*ms, .steps_per_input = 2}), other = after({.dt = 0.0125*ms});
    double same = 0, different = 0;
    for (std::size_t i = 0; i < run.size(); ++i) {
        same = std::max(same, std::abs(run[i] - fine[i]));
        different = std::max(different, std::abs(run[i] - other[i]));
    }
    EXPECT_LT(same, 0.002);
    EXPECT_GT(different, 0.02);
}

}  // namespace
}  // namespace apical
