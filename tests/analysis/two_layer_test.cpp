// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "analysis/two_layer.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

namespace apical {
namespace {

/// The published curves, and their XOR: of four lines with two synapses each, two lines lie on one branch and two on the other. Whatever
/// is active, the cell gets four synapses; on one branch they do more.
TEST(two_layer, has_the_published_curves) {
    const branch_subunit s;
    EXPECT_NEAR(s(0), 1/(1 + std::exp(18.0)), 1e-15);
    EXPECT_NEAR(s(3.6), 0.5 + 0.30*3.6 + 0.0114*3.6*3.6, 1e-15);
    EXPECT_NEAR(s(10), 1 + 3 + 1.14, 1e-12);
    EXPECT_NEAR(two_layer_rate(20), 0.96*20/(1 + 1509*std::exp(-5.2)), 1e-14);
    EXPECT_NEAR(two_layer_rate(60), 57.6, 0.02);
    const double apart = 2*s(2), together = s(4) + s(0);
    EXPECT_NEAR(apart, 1.29, 0.005);
    EXPECT_NEAR(together, 2.26, 0.005);
}

/// Placements of 40 synapses on some of twelve branches, and what a cell makes of them.
placements placed(const std::function<double(const double*)>& cell, int count = 200) {
    placements d{.branches = 12, .group = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}};
    random_stream draws(3);
    for (int k = 0; k < count; ++k) {
        std::vector<double> active(12);
        const int used = 3 + static_cast<int>(draws.uniform()*10);
        for (int n = 0; n < 40; ++n) ++active[static_cast<std::size_t>(5*k + static_cast<int>(draws.uniform()*used))%12];
        d.rates.push_back(cell(active.data()));
        d.active.insert(d.active.end(), active.begin(), active.end());
    }
    return d;
}

TEST(two_layer, a_cell_of_subunits_is_told_from_one_that_adds_up) {
    const branch_subunit s{4, 0.8, 0.1, 0};
    const auto of_subunits = placed([&](const double* n) {
        double sum = 0;
        for (int b = 0; b < 12; ++b) sum += (b < 6 ? 1 : 0.6)*(s(n[b]) - s(0));
        return 60/(1 + std::exp((4 - sum)/1.5));
    });
    const auto two = fit_two_layer(of_subunits), one = fit_one_layer(of_subunits);
    EXPECT_GT(two.explained, 0.999);
    EXPECT_NEAR(two.branch.threshold, 4, 0.05);
    EXPECT_NEAR(two.weight[1], 0.6, 0.01);
    EXPECT_LT(one.explained, two.explained - 0.15);

    const auto adding = placed([](const double* n) {
        double sum = 0;
        for (int b = 0; b < 12; ++b) sum += (b < 6 ? 1 : 0.5)*n[b];
        return 50/(1 + std::exp((30 - sum)/4));
    });
    EXPECT_GT(fit_one_layer(adding).explained, 0.999);
}

TEST(two_layer, data_that_do_not_fit_together_are_refused) {
    auto good = placed([](const double* n) { return n[0]; }, 60);
    const auto refused = [&](void (*spoil)(placements&)) {
        auto d = good;
        spoil(d);
        EXPECT_THROW((void)fit_two_layer(d), invalid_input);
    };
    refused([](placements& d) { d.active.pop_back(); });
    refused([](placements& d) { d.group.pop_back(); });
    refused([](placements& d) { d.group[3] = 7; });
    refused([](placements& d) { d.group[3] = -1; });
    refused([](placements& d) { d.rates[2] = NAN; });
    refused([](placements& d) { std::ranges::fill(d.rates, 3); });
    refused([](placements& d) { d.rates.resize(30), d.active.resize(30*12); });
    refused([](placements& d) { d.branches = 0; });
}

}  // namespace
}  // namespace apical
