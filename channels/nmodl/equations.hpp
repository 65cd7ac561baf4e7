// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

/// Small dense systems of equations, for one instance at a time.
namespace apical::nmodl::lanes {

/// Solves a x = b by elimination with row pivots; x takes the place of b. False if a is singular.
template <int n> bool eliminate(double (&a)[n*n], double (&b)[n]) {
    for (int c = 0; c < n; ++c) {
        int pivot = c;
        for (int r = c + 1; r < n; ++r)
            if (std::fabs(a[r*n + c]) > std::fabs(a[pivot*n + c])) pivot = r;
        if (!(std::fabs(a[pivot*n + c]) > 0)) return false;
        if (pivot != c) {
            for (int k = c; k < n; ++k) { const double x = a[c*n + k]; a[c*n + k] = a[pivot*n + k], a[pivot*n + k] = x; }
            const double x = b[c];
            b[c] = b[pivot], b[pivot] = x;
        }
        for (int r = c + 1; r < n; ++r) {
            const double factor = a[r*n + c]/a[c*n + c];
            if (factor == 0) continue;
            for (int k = c + 1; k < n; ++k) a[r*n + k] -= factor*a[c*n + k];
            b[r] -= factor*b[c];
        }
    }
    for (int c = n - 1; c >= 0; --c) {
        for (int k = c + 1; k < n; ++k) b[c] -= a[c*n + k]*b[k];
        b[c] /= a[c*n + c];
    }
    return true;
}

/// Newton's method for equations(x, residual, jacobian) from the x given; x becomes NaN if it does not get there. A linear system takes
/// one round. `has_jacobian`: the equations add to it, else it is found by differences.
template <int n, bool is_linear, bool has_jacobian, class F> void solve_equations(double (&x)[n], F equations) {
    constexpr int most = is_linear ? 1 : 100;
    for (int turn = 0; turn < most; ++turn) {
        double residual[n], a[n*n]{};
        equations(x, residual, has_jacobian ? a : nullptr);
        if constexpr (!has_jacobian) {
            for (int c = 0; c < n; ++c) {
                double shifted[n], there[n];
                for (int r = 0; r < n; ++r) shifted[r] = x[r];
                shifted[c] += 1e-7*(std::fabs(x[c]) + 1e-3);
                equations(shifted, there, nullptr);
                for (int r = 0; r < n; ++r) a[r*n + c] = (there[r] - residual[r])/(shifted[c] - x[c]);
            }
        }
        if (!eliminate<n>(a, residual)) break;
        bool is_there = true;
        for (int r = 0; r < n; ++r) {
            x[r] -= residual[r];
            is_there = is_there && std::fabs(residual[r]) <= 1e-11*(std::fabs(x[r]) + 1e-6);
        }
        if (is_linear || is_there) return;
    }
    for (double& value : x) value = __builtin_nan("");
}

}  // namespace apical::nmodl::lanes
