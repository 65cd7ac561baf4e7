// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "engine/layered_training.hpp"
#include "io/data_sets.hpp"
#include "models/learner.hpp"

/// What the tests of learning share.
namespace apical::nets {

inline layered_net net_of(const char* learner, const std::vector<int>& units) { return models::learner_named(learner).make(units); }

/// Examples of random numbers within ranges.
inline data_set noise(std::size_t inputs, std::size_t outputs, int examples, std::uint64_t seed, double low = 0, double high = 1) {
    data_set d{"noise", inputs, outputs, {}, {}};
    random_stream draw(seed, identity("test data"));
    const auto some = [&](std::size_t n) {
        std::vector<double> x(n);
        for (double& v : x) v = draw.uniform(low, high);
        return x;
    };
    for (int i = 0; i < examples; ++i) {
        const auto x = some(inputs);
        d.add(x, some(outputs));
    }
    return d;
}

/// First epoch after which every output of every example is within half of its target; 0: none within so many.
inline int epochs_to_solve(layered_training& run, int most) {
    for (int e = 1; e <= most; ++e) {
        run.epoch();
        if (run.score(run.examples()).missed == 0) return e;
    }
    return 0;
}

inline double median(std::vector<int> all) {
    std::ranges::sort(all);
    const auto n = all.size();
    return n % 2 == 1 ? all[n/2] : (all[n/2 - 1] + all[n/2])/2.0;
}

inline bool has_digits() { return find_data_set("digits").has_value(); }

}  // namespace apical::nets
