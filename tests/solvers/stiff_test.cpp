// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "solvers/bdf.hpp"
#include "solvers/rosenbrock.hpp"

/// The methods for stiff systems, on systems of two unknowns whose solution is known.
namespace apical::solvers {
namespace {

/// Prothero & Robinson (1974) Math Comput 28:145: y' = -stiffness (y - cos t) - sin t has the solution cos t; with it z' = -y z, so that z = e^(-sin t).
class prothero_robinson final : public stiff_system {
public:
    explicit prothero_robinson(double stiffness, double tolerance) : k_(stiffness), weight_(1/tolerance) {}

    std::size_t size() const override { return 2; }
    void rates(double t, const double* y, double* f) override { f[0] = -k_*(y[0] - std::cos(t)) - std::sin(t), f[1] = -y[0]*y[1]; }
    void rates_in_time(double t, const double*, double* to) override { to[0] = -k_*std::sin(t) - std::cos(t), to[1] = 0; }
    void linearise(double, const double* y) override { j_ = {-k_, 0, -y[1], -y[0]}; }
    void factorise(double gamma) override { gamma_ = gamma; }
    void solve(double* x) override {
        x[0] /= 1 - gamma_*j_[0];
        x[1] = (x[1] + gamma_*j_[2]*x[0])/(1 - gamma_*j_[3]);
    }
    void weights(const double*, double* to) const override { to[0] = to[1] = weight_; }

    static std::array<double, 2> exact(double t) { return {std::cos(t), std::exp(-std::sin(t))}; }

private:
    double k_, weight_, gamma_ = 0;
    std::array<double, 4> j_{};
};

double error_at(double t, std::span<const double> y) {
    const auto exact = prothero_robinson::exact(t);
    return std::max(std::abs(y[0] - exact[0]), std::abs(y[1] - exact[1]));
}

/// Largest error at the ends of steps until t = 3.
double error_of(stiff_stepper& s, prothero_robinson& system, double* between = nullptr) {
    s.start(system, 0, prothero_robinson::exact(0));
    double most = 0;
    while (s.time() < 3) {
        EXPECT_TRUE(s.step(system, 3)) << s.failure();
        if (::testing::Test::HasFailure()) break;
        most = std::max(most, error_at(s.time(), s.state()));
        if (!between) continue;
        for (const double part : {0.25, 0.5, 0.75}) {
            const double t = std::lerp(s.before(), s.time(), part);
            constexpr std::array which{0, 1};
            std::array<double, 2> y{};
            s.interpolate(t, which, y.data());
            *between = std::max(*between, error_at(t, y));
        }
    }
    return most;
}

TEST(rosenbrock, is_of_order_4) {
    std::vector<std::array<double, 2>> errors;
    for (const double h : {0.4, 0.2, 0.1, 0.05, 0.025, 0.0125}) {
        prothero_robinson system(1, 1e300);   // steps are as long as they may
        rosenbrock r(h);
        r.start(system, 0, prothero_robinson::exact(0));
        while (r.time() < 3.2) ASSERT_TRUE(r.step(system, 3.2));
        EXPECT_EQ(r.counts().steps, std::lround(3.2/h));
        const auto exact = prothero_robinson::exact(3.2);
        errors.push_back({std::abs(r.state()[0] - exact[0]), std::abs(r.state()[1] - exact[1])});
    }
    for (std::size_t i = 1; i < errors.size(); ++i) EXPECT_NEAR(std::log2(errors[i - 1][0]/errors[i][0]), 4, 0.2);
    EXPECT_NEAR(std::log2(errors.front()[1]/errors.back()[1])/static_cast<double>(errors.size() - 1), 4, 0.5);
}
TEST(rosenbrock, is_not_slowed_by_stiffness) {
    prothero_robinson mild(10, 1e-6), stiff(1e9, 1e-6);
    rosenbrock a(10), b(10);
    EXPECT_LT(error_of(a, mild), 1e-5);
    EXPECT_LT(error_of(b, stiff), 1e-5);
    EXPECT_LT(b.counts().steps, 3*a.counts().steps);
}
TEST(rosenbrock, knows_the_solution_between_steps) {
    prothero_robinson system(10, 1e-8);
    rosenbrock r(10);
    double between = 0;
    EXPECT_LT(error_of(r, system, &between), 1e-7);
    EXPECT_LT(between, 1e-6);
    EXPECT_GT(between, 0);
}
TEST(rosenbrock, a_copy_does_the_same) {
    prothero_robinson system(100, 1e-6);
    rosenbrock r(10);
    r.start(system, 0, prothero_robinson::exact(0));
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(r.step(system, 3));
    const auto copy = r.copy();
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(r.step(system, 3) && copy->step(system, 3));
    EXPECT_EQ(r.time(), copy->time());
    EXPECT_EQ(r.state()[1], copy->state()[1]);
}

TEST(bdf, keeps_to_its_tolerance_at_any_stiffness) {
    for (const double stiffness : {1.0, 1e3, 1e9}) {
        prothero_robinson system(stiffness, 1e-6);
        bdf b(10, {});
        double between = 0;
        EXPECT_LT(error_of(b, system, &between), 5e-5) << stiffness;
        EXPECT_LT(between, 5e-5) << stiffness;
        EXPECT_LT(b.counts().steps, 500) << stiffness;
    }
}

/// Rates that are not finite beyond a line that the solution crosses.
class wall final : public stiff_system {
public:
    std::size_t size() const override { return 1; }
    void rates(double, const double* y, double* f) override { f[0] = y[0] < 1 ? 1 : std::nan(""); }
    void rates_in_time(double, const double*, double* to) override { to[0] = 0; }
    void linearise(double, const double*) override {}
    void factorise(double) override {}
    void solve(double*) override {}
    void weights(const double*, double* to) const override { to[0] = 1e6; }
};

TEST(stiff_steppers, end_at_rates_that_are_not_finite) {
    wall system;
    const auto run = [&](stiff_stepper& s) {
        s.start(system, 0, std::array{0.0});
        int steps = 0;
        while (s.step(system, 3) && ++steps < 10000) {}
        EXPECT_LT(steps, 10000);
        EXPECT_NEAR(s.time(), 1, 1e-3);
        EXPECT_FALSE(s.failure().empty());
    };
    rosenbrock r(1);
    bdf b(1, {});
    run(r), run(b);
}

/// A falling concentration that would like to go below 0.
class leaky final : public stiff_system {
public:
    std::size_t size() const override { return 1; }
    void rates(double, const double* y, double* f) override { f[0] = -1e3*y[0] - (y[0] > 0 ? 1e-9 : 0); }
    void rates_in_time(double, const double*, double* to) override { to[0] = 0; }
    void linearise(double, const double*) override {}
    void factorise(double gamma) override { gamma_ = gamma; }
    void solve(double* x) override { x[0] /= 1 + 1e3*gamma_; }
    void weights(const double*, double* to) const override { to[0] = 1e4; }
private:
    double gamma_ = 0;
};

TEST(bdf, concentrations_stay_positive) {
    leaky system;
    bdf b(1, {0});
    b.start(system, 0, std::array{1.0});
    while (b.time() < 0.02 && b.step(system, 0.02)) EXPECT_GE(b.state()[0], 0);
    EXPECT_GE(b.time(), 0.02);
}

}  // namespace
}  // namespace apical::solvers
