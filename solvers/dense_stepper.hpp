// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/image.hpp"

namespace apical::solvers {

/// y' = f(t, y): writes the rates of y at time t.
using rates_of = std::function<void(double t, std::span<const double> y, std::span<double> rates)>;

/// Integrates a small, not stiff system with steps of its own choice, and knows the solution everywhere within the last step.
/// The fifth-order pair of Dormand & Prince (1980) J Comput Appl Math 6:19 as Boost.Odeint has it. Copying forks it.
class dense_stepper {
public:
    /// Local errors are kept below absolute + relative |y|.
    dense_stepper(double absolute, double relative);
    dense_stepper(const dense_stepper&);
    dense_stepper(dense_stepper&&) noexcept;
    dense_stepper& operator=(dense_stepper) noexcept;
    ~dense_stepper();

    /// Begins anew: after a jump of y or of f. The length of the next step is what it was, but at most `longest`.
    void start(const rates_of& f, double t, std::span<const double> y, double longest);
    /// One step to a time not after `limit`. False, with nothing changed, if even the shortest step that moves the clock is too
    /// inaccurate: y runs to infinity, or f is not finite.
    bool step(const rates_of& f, double limit);

    double from() const;                              ///< where the last step began; the start, if there was none
    double to() const;                                ///< where it ended
    void at(double t, std::span<double> y) const;     ///< the solution at from() <= t <= to()
    std::span<const double> end() const;              ///< the solution at to()
    std::span<const double> end_rates() const;        ///< f there
    /// Its state, to or from an image.
    void transfer(image& i);

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// Where g rises through 0 between low and high, given g(low) <= 0 < g(high): a time at which g > 0, no further than `within`
/// from one at which it is not. Dekker and Brent's way: secants, and halves where these fail.
double rising_root(const std::function<double(double)>& g, double low, double high, double within);

}  // namespace apical::solvers
