// SPDX-License-Identifier: BSD-3-Clause
#include "io/colour_map.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace apical {
namespace {

double step(std::size_t k) {
    const auto a = to_oklab(magnitude_colours()[k]), b = to_oklab(magnitude_colours()[k + 1]);
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

TEST(colour_map, is_of_colours_a_screen_shows) {
    for (const auto& c : magnitude_colours())
        for (const double x : c) {
            EXPECT_GE(x, -1e-3);
            EXPECT_LE(x, 1 + 1e-3);
        }
}

TEST(colour_map, gets_lighter_all_the_way) {
    for (std::size_t k = 0; k + 1 < 256; ++k)
        EXPECT_GT(to_oklab(magnitude_colours()[k + 1])[0], to_oklab(magnitude_colours()[k])[0]) << k;
    EXPECT_GT(to_oklab(magnitude_colours()[255])[0] - to_oklab(magnitude_colours()[0])[0], 0.5);
}

TEST(colour_map, has_even_steps) {
    double least = 1, most = 0;
    for (std::size_t k = 0; k + 1 < 256; ++k) {
        least = std::min(least, step(k));
        most = std::max(most, step(k));
    }
    EXPECT_LT(most, 1.1*least);
}

TEST(colour_map, oklab_is_that_of_its_author) {
    // the space's definition puts white at (1, 0, 0); red is at (0.6280, 0.2249, 0.1258)
    const auto white = to_oklab({1, 1, 1}), red = to_oklab({1, 0, 0});
    EXPECT_NEAR(white[0], 1, 1e-6);
    EXPECT_NEAR(white[1], 0, 1e-4);
    EXPECT_NEAR(red[0], 0.627955, 1e-4);
    EXPECT_NEAR(red[1], 0.224863, 1e-4);
    EXPECT_NEAR(red[2], 0.125846, 1e-4);
    EXPECT_NEAR(to_srgb(to_oklab({0.2, 0.5, 0.7}))[1], 0.5, 1e-6);
}

TEST(colour_map, fractions_are_clipped_and_no_number_is_grey) {
    EXPECT_EQ(magnitude_colour(-3), magnitude_colour(0));
    EXPECT_EQ(magnitude_colour(7), magnitude_colour(1));
    EXPECT_NE(magnitude_colour(0), magnitude_colour(1));
    EXPECT_EQ(magnitude_colour(std::nan("")), "#808080");
}

}  // namespace
}  // namespace apical
