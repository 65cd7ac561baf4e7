// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

/// Small dense systems of equations, for one instance at a time.
namespace apical::nmodl::lanes {

/// Solves a x = b by elimination; x takes the place of b. The largest of what is left of a column becomes its pivot: rows below change
/// places with the first until it is the largest.
template <int n> void eliminate(double (&a)[n*n], double (&b)[n]) {
    const auto swap = [](double& x, double& y) { const double kept = x; x = y, y = kept; };
    for (int k = 0; k < n; ++k) {
        for (int i = k + 1; i < n; ++i) {
            if (!(std::fabs(a[i*n + k]) > std::fabs(a[k*n + k]))) continue;
            for (int j = k; j < n; ++j) swap(a[k*n + j], a[i*n + j]);
            swap(b[k], b[i]);
        }
        for (int i = k + 1; i < n; ++i) {
            const double factor = a[i*n + k]/a[k*n + k];
            for (int j = k + 1; j < n; ++j) a[i*n + j] -= factor*a[k*n + j];
            b[i] -= factor*b[k];
        }
    }
    for (int i = n - 1; i >= 0; --i) {
        for (int j = i + 1; j < n; ++j) b[i] -= a[i*n + j]*b[j];
        b[i] = b[i]/a[i*n + i];
    }
}

/// Newton's method for equations(x, residual, jacobian) from the x given; false, and NaN, if it does not get there. It has arrived when a
/// step changes nothing that rounding would not; or when, near there, steps no longer get smaller. A linear system takes one step.
/// `has_jacobian`: the equations add to it, else it is found by differences.
template <int n, bool is_linear, bool has_jacobian, class F> bool solve_equations(double (&x)[n], F equations) {
    constexpr double smallest = 1e-11, stagnant = 1e-7;
    double last = __builtin_inf();
    for (int turn = 0; turn < (is_linear ? 1 : 50); ++turn) {
        double b[n], a[n*n]{};
        equations(x, b, has_jacobian ? a : nullptr);
        if constexpr (!has_jacobian) {
            for (int c = 0; c < n; ++c) {
                double shifted[n], there[n];
                for (int r = 0; r < n; ++r) shifted[r] = x[r];
                shifted[c] += 1.5e-8*(std::fabs(x[c]) + 1e-6);
                equations(shifted, there, nullptr);
                for (int r = 0; r < n; ++r) a[r*n + c] = (there[r] - b[r])/(shifted[c] - x[c]);
            }
        }
        eliminate<n>(a, b);
        double largest = 0, change = 0;
        for (int r = 0; r < n; ++r) largest = largest < std::fabs(x[r] - b[r]) ? std::fabs(x[r] - b[r]) : largest;
        for (int r = 0; r < n; ++r) {
            x[r] -= b[r];
            const double relative = std::fabs(b[r])/(std::fabs(x[r]) + 1e-9*largest + 1e-300);
            change = relative > change || relative != relative ? relative : change;
        }
        const bool has_stopped = change > 0.5*last && change < stagnant;
        if (is_linear ? change < __builtin_inf() : change < smallest || has_stopped) return true;
        last = change;
    }
    for (double& value : x) value = __builtin_nan("");
    return false;
}

}  // namespace apical::nmodl::lanes
