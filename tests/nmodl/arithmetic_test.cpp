// SPDX-License-Identifier: BSD-3-Clause
#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "channels/nmodl/operations.hpp"

namespace {

using namespace apical::nmodl;
using enum operation;

constexpr double inf = std::numeric_limits<double>::infinity();

struct function_of_one {
    operation is;
    std::function<double(double)> exact;
    double low, high, error;   ///< relative
};
const std::vector<function_of_one> functions{
    {copy, [](double x) { return x; }, -9, 9, 0},
    {negate, [](double x) { return -x; }, -9, 9, 0},
    {neither, [](double x) { return x == 0 ? 1.0 : 0.0; }, -2, 2, 0},
    {truth, [](double x) { return x != 0 ? 1.0 : 0.0; }, -2, 2, 0},
    {operation::exp, [](double x) { return std::exp(x); }, -600, 600, 1.2e-13},
    {operation::exp, [](double x) { return std::exp(x); }, -9, 9, 3e-14},
    {operation::log, [](double x) { return std::log(x); }, 1e-3, 9, 1e-15},
    {operation::log, [](double x) { return std::log(x); }, 0.99, 1.01, 1e-15},
    {operation::log10, [](double x) { return std::log10(x); }, 1e-3, 1e9, 1e-15},
    {operation::sqrt, [](double x) { return std::sqrt(x); }, 0, 9, 0},
    {fabs, [](double x) { return std::abs(x); }, -9, 9, 0},
    {operation::sin, [](double x) { return std::sin(x); }, -9, 9, 0},
    {operation::cos, [](double x) { return std::cos(x); }, -9, 9, 0},
    {operation::tan, [](double x) { return std::tan(x); }, -9, 9, 0},
    {operation::asin, [](double x) { return std::asin(x); }, -1, 1, 0},
    {operation::acos, [](double x) { return std::acos(x); }, -1, 1, 0},
    {operation::atan, [](double x) { return std::atan(x); }, -9, 9, 0},
    {operation::sinh, [](double x) { return std::sinh(x); }, -9, 9, 2e-15},
    {operation::sinh, [](double x) { return std::sinh(x); }, -1e-5, 1e-5, 2e-15},
    {operation::cosh, [](double x) { return std::cosh(x); }, -9, 9, 2e-15},
    {operation::tanh, [](double x) { return std::tanh(x); }, -50, 50, 2e-15},
    {operation::tanh, [](double x) { return std::tanh(x); }, -1e-5, 1e-5, 2e-15},
    {operation::floor, [](double x) { return std::floor(x); }, -9, 9, 0},
    {operation::ceil, [](double x) { return std::ceil(x); }, -9, 9, 0},
    {operation::erf, [](double x) { return std::erf(x); }, -9, 9, 0},
    {operation::erfc, [](double x) { return std::erfc(x); }, -9, 9, 0},
    {gamma_ln, [](double x) { return std::lgamma(x); }, 0.1, 90, 0},
    {exprel, [](double x) { return x == 0 ? 1 : x/std::expm1(x); }, -300, 300, 2e-15},
    {exprel, [](double x) { return x == 0 ? 1 : x/std::expm1(x); }, -1e-3, 1e-3, 2e-15},
    {operation::expm1, [](double x) { return std::expm1(x); }, -300, 300, 2e-15},
    {operation::expm1, [](double x) { return std::expm1(x); }, -1, 1, 2e-15},
    {operation::expm1, [](double x) { return std::expm1(x); }, -1e-6, 1e-6, 2e-15},
    {phi, [](double x) { return x == 0 ? 1 : std::expm1(x)/x; }, -300, 300, 2e-15},
    {phi, [](double x) { return x == 0 ? 1 : std::expm1(x)/x; }, -1e-9, 1e-9, 2e-15},
    {operation::log1p, [](double x) { return std::log1p(x); }, -0.9, 9, 2e-15},
    {operation::log1p, [](double x) { return std::log1p(x); }, -1e-6, 1e-6, 2e-15},
};

TEST(nmodl_operation, is_the_function_it_is_named_for) {
    constexpr int points = 4001;
    for (const function_of_one& f : functions)
        for (int i = 0; i < points; ++i) {
            const double x = f.low + (f.high - f.low)*i/(points - 1), exact = f.exact(x);
            EXPECT_NEAR(result_of(f.is, x), exact, f.error*std::abs(exact)) << "operation " << static_cast<int>(f.is) << " of " << x;
        }
}

TEST(nmodl_operation, differentiates_x_over_exp_x_less_1) {
    for (const double x : {-30.0, -3.0, -0.3, -0.04, -1e-4, 0.0, 1e-9, 0.02, 0.0501, 0.7, 5.0, 40.0}) {
        const long double y = x, e = expm1l(y);
        const long double exact = std::abs(x) < 0.06 ? -0.5L + y/6 - powl(y, 3)/180 + powl(y, 5)/5040 - powl(y, 7)/151200
                                                     : (e - y*(e + 1))/(e*e);
        EXPECT_NEAR(result_of(exprel_slope, x), static_cast<double>(exact), 3e-14*std::abs(static_cast<double>(exact))) << x;
    }
}

TEST(nmodl_operation, means_at_the_ends_of_a_domain_what_c_means) {
    EXPECT_EQ(result_of(operation::log, 0), -inf);
    EXPECT_EQ(result_of(operation::log, inf), inf);
    EXPECT_TRUE(std::isnan(result_of(operation::log, -1)));
    EXPECT_TRUE(std::isnan(result_of(operation::sqrt, -1)));
    EXPECT_EQ(result_of(operation::expm1, -inf), -1);
    EXPECT_EQ(result_of(phi, -inf), 0);
    EXPECT_EQ(result_of(operation::tanh, inf), 1);
    EXPECT_EQ(result_of(operation::log1p, -1), -inf);
    EXPECT_GT(result_of(operation::exp, 1e9), 1e307);
    EXPECT_GE(result_of(operation::exp, -1e9), 0);
    EXPECT_LT(result_of(operation::exp, -1e9), 1e-307);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const operation o : {operation::exp, operation::log, operation::expm1, phi, exprel, operation::tanh, operation::sinh, operation::cosh,
                              operation::log1p, operation::sqrt, fabs, negate})
        EXPECT_TRUE(std::isnan(result_of(o, nan))) << static_cast<int>(o);
    EXPECT_EQ(result_of(truth, nan), 1);
    EXPECT_EQ(result_of(equal, nan, nan), 0);
    EXPECT_EQ(result_of(not_equal, nan, nan), 1);
    EXPECT_EQ(result_of(less, nan, 1), 0);
}

TEST(nmodl_operation, computes_with_two_numbers) {
    const std::vector<double> numbers{-2.5, -1, -0.0, 0.0, 0.3, 1, 2, 17.25};
    for (const double a : numbers)
        for (const double b : numbers) {
            EXPECT_EQ(result_of(add, a, b), a + b);
            EXPECT_EQ(result_of(subtract, a, b), a - b);
            EXPECT_EQ(result_of(multiply, a, b), a*b);
            if (b != 0) EXPECT_EQ(result_of(divide, a, b), a/b);
            EXPECT_EQ(result_of(less, a, b), a < b);
            EXPECT_EQ(result_of(less_equal, a, b), a <= b);
            EXPECT_EQ(result_of(equal, a, b), a == b);
            EXPECT_EQ(result_of(not_equal, a, b), a != b);
            EXPECT_EQ(result_of(both, a, b), a != 0 && b != 0);
            EXPECT_EQ(result_of(either, a, b), a != 0 || b != 0);
            EXPECT_EQ(result_of(minimum, a, b), std::min(a, b));
            EXPECT_EQ(result_of(maximum, a, b), std::max(a, b));
            EXPECT_EQ(result_of(operation::atan2, a, b), std::atan2(a, b));
            EXPECT_EQ(result_of(select, a, b, 0.5), a);
            EXPECT_EQ(result_of(select, a, b, 0), b);
            if (b != 0) EXPECT_EQ(result_of(operation::fmod, a, b), std::fmod(a, b));
            const double p = std::pow(a, b), q = result_of(power, a, b);
            if (std::isnan(p)) EXPECT_TRUE(std::isnan(q)) << a << "^" << b;
            else if (std::isinf(p)) EXPECT_EQ(q, p) << a << "^" << b;
            else EXPECT_NEAR(q, p, 5e-14*std::abs(p)) << a << "^" << b;
        }
}

TEST(nmodl_operation, has_the_same_bits_in_every_place_and_for_one_number_as_for_many) {
    constexpr int n = 24;
    std::vector<double> a(n), b(n), c(n), many(n), one(n);
    for (int k = 0; k < n; ++k) a[k] = 0.37*k - 3, b[k] = 1.9 - 0.21*k, c[k] = k % 3;
    for (int o = 0; o <= static_cast<int>(select); ++o) {
        const auto is = static_cast<operation>(o);
        kernel_of(is, 0)(a.data(), b.data(), c.data(), many.data(), n);
        for (int k = 0; k < n; ++k) {
            for (unsigned uniform = 1; uniform < 8; ++uniform) {
                std::vector<double> x(n, 1.0), y(n, 2.0), z(n, 3.0);
                if (uniform & 1) x[0] = a[k]; else std::fill(x.begin(), x.end(), a[k]);
                if (uniform & 2) y[0] = b[k]; else std::fill(y.begin(), y.end(), b[k]);
                if (uniform & 4) z[0] = c[k]; else std::fill(z.begin(), z.end(), c[k]);
                kernel_of(is, uniform)(x.data(), y.data(), z.data(), one.data(), n);
                for (const double value : one)
                    ASSERT_EQ(std::bit_cast<std::uint64_t>(value), std::bit_cast<std::uint64_t>(many[k])) << "operation " << o << " at " << k;
            }
        }
    }
}

}  // namespace
