// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace apical::solvers {

/// A stiff system y' = f(t, y) that knows its own linear algebra: it eliminates what is local and solves what is left, so that the
/// methods never see a matrix.
class stiff_system {
public:
    virtual ~stiff_system() = default;

    /// Number of unknowns.
    virtual std::size_t size() const = 0;
    /// f(t, y). May give values that are not finite where y has left the range of the model: a method then takes a shorter step.
    virtual void rates(double t, const double* y, double* f) = 0;
    /// The explicit part of the change of f with time, df/dt at constant y.
    virtual void rates_in_time(double t, const double* y, double* to) = 0;
    /// Takes J = df/dy at (t, y) for what follows. (t, y) is where rates() was asked last: what it found need not be found again.
    virtual void linearise(double t, const double* y) = 0;
    /// Prepares to solve with 1 - gamma J.
    virtual void factorise(double gamma) = 0;
    /// Solves (1 - gamma J) x = b; b comes and x goes in the same place.
    virtual void solve(double* x) = 0;
    /// 1/tolerance of every unknown at y; 0 for those whose error does not count.
    virtual void weights(const double* y, double* to) const = 0;
};

}  // namespace apical::solvers
