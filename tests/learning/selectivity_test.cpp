// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstdio>
#include <numeric>

#include "core/error.hpp"
#include "tests/learning/nets.hpp"

/// Units that come to answer one pattern of many: Bienenstock, Cooper & Munro (1982).
namespace apical {
namespace {

/// One unit and ten patterns that do not depend on each other. Its weights start small and positive, so that it answers them all.
layered_training selective(std::uint64_t seed, double tau_theta) {
    const int inputs = 20;
    layered_net net{.layers = {{inputs}, {1, nonlinearity::relu}}, .learning = {{"forward", {.rule = "bcm", .parameters = {{"eta", 5e-4}, {"tau_theta", tau_theta}}}}}};
    net.measure = layered_net::loss::squared;
    layered_training run(net, nets::noise(inputs, 1, 10, seed), {.batch = 1, .seed = seed});
    random_stream draw(seed, identity("weights"));
    auto w = run.weights("forward", 0);
    for (double& x : w) x = draw.uniform(0, 0.2);
    run.set_weights("forward", 0, w);
    return run;
}

TEST(bcm, units_become_selective) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        auto run = selective(seed, 20);
        for (int e = 0; e < 3000; ++e) run.epoch();
        const auto y = run.outputs(run.examples());
        const double most = *std::ranges::max_element(y), mean = std::accumulate(y.begin(), y.end(), 0.0)/static_cast<double>(y.size());
        std::printf("seed %d: selectivity %.3f, largest answer %.2f\n", static_cast<int>(seed), 1 - mean/most, most);
        EXPECT_GE(1 - mean/most, 0.85) << seed;   // 0.9: it answers one of ten
        EXPECT_NEAR(most, 10, 4) << seed;         // where the threshold, a tenth of its square, is as large as it
    }
}

/// A threshold that lags behind the weights does not hold them.
TEST(bcm, the_threshold_has_to_move_faster_than_the_weights) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        auto run = selective(seed, 2000);
        EXPECT_THROW({ for (int e = 0; e < 300; ++e) run.epoch(); }, diverged) << seed;
    }
}

}  // namespace
}  // namespace apical
