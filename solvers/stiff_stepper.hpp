// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/image.hpp"
#include "solvers/stiff_system.hpp"

namespace apical::solvers {

/// How a run of steps went; for those who want to know what it cost.
struct step_counts {
    long steps = 0, rejected = 0;      ///< accepted steps, and steps that were tried and taken back
    long rates = 0;                    ///< evaluations of f
    long jacobians = 0, solves = 0;

    step_counts operator+(const step_counts& o) const {
        return {steps + o.steps, rejected + o.rejected, rates + o.rates, jacobians + o.jacobians, solves + o.solves};
    }
    void transfer(image& i) { i(steps), i(rejected), i(rates), i(jacobians), i(solves); }
};

/// Tells steps that go on from steps that get nowhere.
struct progress {
    static constexpr const char* complaint = "steps become so short that time stands still";
    double from = 0;
    int steps = 0;
    void transfer(image& i) { i(from), i(steps); }
    /// To be asked after every step.
    bool has_stalled(double t) {
        constexpr int patience = 1000;
        if (t - from > 1e-8) from = t, steps = 0;
        return ++steps > patience;
    }
};

/// What to say of a tolerance that no step can meet.
inline constexpr const char* below_precision = "the tolerance is below what double precision can hold";

/// A method that goes through time in steps of its own. What happens at a jump of the system is for the caller to say: a step never
/// goes beyond the limit it is given.
class stiff_stepper {
public:
    virtual ~stiff_stepper() = default;

    /// Begins anew at (t, y), with nothing known of the past.
    virtual void start(stiff_system&, double t, std::span<const double> y) = 0;
    /// Goes on after a jump of f that left y as it is. Whether nothing of the past has been kept, as after start() with the present y.
    virtual bool jump(stiff_system&) = 0;
    /// One step, ending at `limit` at the latest; retries with shorter ones if it must. False if none is short enough, see failure().
    virtual bool step(stiff_system&, double limit) = 0;
    /// Why the last step failed.
    virtual std::string failure() const = 0;

    virtual double time() const = 0;                           ///< end of the last step
    virtual double before() const = 0;                         ///< its beginning
    virtual std::span<const double> state() const = 0;         ///< at time()
    /// Unknowns `which` at a time within the last step.
    virtual void interpolate(double t, std::span<const int> which, double* to) = 0;
    virtual step_counts counts() const = 0;
    /// Whether what it knows of the past can be copied and written down.
    virtual bool can_be_copied() const = 0;
    /// An independent stepper that will do the same; null if it cannot be copied.
    virtual std::unique_ptr<stiff_stepper> copy() const = 0;
    /// Its state, to or from an image, between two steps of a run that has not failed. Throws std::logic_error if it cannot be copied.
    virtual void transfer(image&) = 0;
};

}  // namespace apical::solvers
