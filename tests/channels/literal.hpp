// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "channels/channel.hpp"

/// Published formulas as they are printed, on libm, to hold the reduced algebra of the channel files against.
namespace apical::literal {

/// Opening and closing rates [1/ms].
struct rates { double alpha, beta; };
/// Steady state and time constant [ms].
struct target { double inf, tau; };

/// From rates, faster by `factor`.
inline target from(rates r, double factor = 1) { return {r.alpha/(r.alpha + r.beta), 1/(r.alpha + r.beta)/factor}; }

/// x/(e^(x/y) - 1), exact on both sides of 0, where it is y.
inline double vtrap(double x, double y) { return x == 0 ? y : x/std::expm1(x/y); }
inline double sigma(double x) { return 1/(1 + std::exp(-x)); }

/// `gate_of(v)` equals `formula(v)` within 1e-12 on [-150, 100] mV; within 4e-12 closer than 1 mV to a singular voltage, where
/// the published quotient is 0/0, and at that voltage itself.
template <class Gate, class Formula>
void expect_same(std::string_view name, Gate gate_of, Formula formula, const std::vector<double>& singular = {}) {
    const auto compare = [&](double v, double tolerance) {
        const auto g = gate_of(v);
        const target t = formula(v);
        EXPECT_NEAR(g.inf/t.inf, 1, tolerance) << name << " steady state at " << v << " mV";
        EXPECT_NEAR(g.rate*t.tau, 1, tolerance) << name << " rate at " << v << " mV";
    };
    for (double v = -150; v <= 100; v += 0.37) {
        double distance = 1e9;
        for (const double s : singular) distance = std::min(distance, std::abs(v - s));
        compare(v, distance < 1 ? 4e-12 : 1e-12);
    }
    for (const double s : singular)
        for (const double offset : {0.0, 1e-12, 1e-9, 1e-6, 1e-3, 0.1, 0.5})
            for (const double side : {-1.0, 1.0}) compare(s + side*offset, 4e-12);
}

}  // namespace apical::literal
