// SPDX-License-Identifier: BSD-3-Clause
#include "channels/cadynamics_e2.hpp"
#include "channels/mainen_cad.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace apical::channels {
namespace {

constexpr double mA_per_cm2 = 0.01, faraday = 96485.33212331001;

/// The published equation in its own units: [mM/ms] from [mA/cm2], [um] and [C/mol].
double published_influx(double i, double depth) { return -1e4*i/(2*faraday*depth); }

TEST(cadynamics_e2, solves_the_published_equation) {
    const cadynamics_e2::parameters<double> p{0.000501, 460, 0.1, 1e-4};
    for (const double i : {-1e-3, -1e-5, 0.0, 1e-6}) {
        const double steady = 1e-4 + 460*0.000501*published_influx(i, 0.1);
        for (const double dt : {0.025, 10.0, 1e5}) {
            const double expected = steady + (5e-5 - steady)*std::exp(-dt/460);
            EXPECT_NEAR(cadynamics_e2::advance(5e-5, p, i*mA_per_cm2, dt), std::max(expected, 0.0), 1e-12*std::abs(steady));
        }
    }
}
/// The same step taken by NEURON 9.0.2 (first step of the clamp recording of the Hay 2011 pool).
TEST(cadynamics_e2, takes_the_step_of_neuron) {
    const double next = cadynamics_e2::advance(5e-5, {0.000501, 460, 0.1, 1e-4}, -6.3382555668386158e-13*mA_per_cm2, 0.025);
    EXPECT_NEAR(next, 5.0002717317467645e-05, 1e-17);
}
TEST(cadynamics_e2, is_emptied_by_outward_current_and_no_further) {
    const cadynamics_e2::parameters<double> p{0.05, 80, 0.1, 1e-4};
    EXPECT_EQ(cadynamics_e2::advance(1e-4, p, 1e-3, 10), 0);
}

TEST(mainen_cad, solves_the_published_equation) {
    const mainen_cad::parameters<double> p{200, 0.1, 1e-4};
    for (const double i : {-1e-3, -1e-5, 0.0}) {
        const double steady = 1e-4 + 200*published_influx(i, 0.1);
        for (const double dt : {0.025, 10.0, 1e5}) {
            const double expected = steady + (5e-5 - steady)*std::exp(-dt/200);
            EXPECT_NEAR(mainen_cad::advance(5e-5, p, i*mA_per_cm2, dt), expected, 1e-12*steady);
        }
    }
}
TEST(mainen_cad, ignores_outward_current) {
    const mainen_cad::parameters<double> p{200, 0.1, 1e-4};
    EXPECT_EQ(mainen_cad::advance(3e-4, p, 1e-5, 10), mainen_cad::advance(3e-4, p, 0.0, 10));
}

}  // namespace
}  // namespace apical::channels
