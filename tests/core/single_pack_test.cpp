// SPDX-License-Identifier: BSD-3-Clause
#include "core/single_pack.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "core/dual.hpp"

namespace apical {
namespace {

using S = single_pack<2*native_width>;
using V = twin<native_pack>;

/// The largest relative error over singles between two bounds, in the last lane.
template <class F, class G> double worst(double from, double to, F&& found, G&& exact) {
    double most = 0;
    for (int i = 0; i <= 200000; ++i) {
        const double x = static_cast<float>(from + (to - from)*i/200000), wanted = exact(x);
        if (wanted != 0) most = std::max(most, std::abs(static_cast<double>(found(S(x))[S::width - 1])/wanted - 1));
    }
    return most;
}

TEST(single_pack, functions_are_right_to_single_precision) {
    EXPECT_LT(worst(-100, 100, [](S x) { return math::exp2(x); }, [](double x) { return std::exp2(x); }), 1.5e-7);
    EXPECT_LT(worst(-2, 2, [](S x) { return math::exp(x); }, [](double x) { return std::exp(x); }), 3e-7);
    EXPECT_LT(worst(1e-8, 3, [](S x) { return math::log(x); }, [](double x) { return std::log(x); }), 3e-7);
    EXPECT_LT(worst(-3, 3, [](S x) { return math::linoid(x); }, [](double x) { return x == 0 ? 1 : x/std::expm1(x); }), 5e-7);
    EXPECT_LT(worst(-3, 3, [](S x) { return math::exprel(x); }, [](double x) { return x == 0 ? 1 : std::expm1(x)/x; }), 5e-7);
    EXPECT_LT(worst(-3, 3, [](S x) { return math::logistic(x); }, [](double x) { return 1/(1 + std::exp(-x)); }), 5e-7);
    EXPECT_LT(worst(0.1, 10, [](S x) { return math::pow(x, S(4.8)); }, [](double x) { return std::pow(x, 4.8); }), 4e-6);
}

/// 1 - e^-x as written would have lost all digits of the slowest.
TEST(single_pack, slow_approaches_keep_their_digits) {
    const auto exact = [](double rate) { return -std::expm1(-0.025*rate); };
    for (const double fastest : {1e-6, 1e-3, 1.0, 100.0})
        EXPECT_LT(worst(fastest*1e-3, fastest, [](S x) { return math::approach(x, 0.025); }, exact), 4e-7) << fastest;
    EXPECT_EQ(math::approach(S(3.0), 0)[0], 0);
}

TEST(single_pack, numbers_that_are_none_stay_so) {
    const S nan(std::numeric_limits<double>::quiet_NaN()), infinite(std::numeric_limits<double>::infinity());
    EXPECT_TRUE(std::isnan(math::exp(nan)[0]));
    EXPECT_TRUE(std::isnan(math::log(nan)[0]));
    EXPECT_TRUE(std::isnan(math::log(infinite)[0]));
    EXPECT_TRUE(std::isnan(math::linoid(nan)[0]));
    EXPECT_TRUE(std::isfinite(math::log(S(0.0))[0]));
}

TEST(single_pack, doubles_round_into_their_lanes_and_come_back) {
    double x[S::width], back[S::width];
    for (int l = 0; l < S::width; ++l) x[l] = 1 + l/7.0;
    const S rounded(V::load(x));
    static_cast<V>(rounded).store(back);
    for (int l = 0; l < S::width; ++l) {
        EXPECT_EQ(rounded[l], static_cast<float>(x[l]));
        EXPECT_EQ(back[l], static_cast<double>(static_cast<float>(x[l])));
    }
    const S two = S::of_two(3, 5);
    for (int l = 0; l < S::width; ++l) EXPECT_EQ(two[l], l < S::width/2 ? 3 : 5);
    float many[2*S::width];
    for (int l = 0; l < 2*S::width; ++l) many[l] = static_cast<float>(l);
    const S halves = S::of_halves(many + 1, many + S::width);
    for (int l = 0; l < S::width; ++l) EXPECT_EQ(halves[l], static_cast<float>(l < S::width/2 ? 1 + l : S::width/2 + l));
}

TEST(single_pack, is_differentiated) {
    const auto v = variable(S(0.5));
    const auto slope = (math::exp(v)*S(2.0) + v*v).slope[0];
    EXPECT_NEAR(slope, 2*std::exp(0.5) + 1, 1e-6);
}

}  // namespace
}  // namespace apical
