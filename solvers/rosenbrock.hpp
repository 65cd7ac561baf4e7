// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "solvers/stiff_stepper.hpp"

namespace apical::solvers {

/// RODAS: a linearly implicit method of six stages, order 4 with an embedded one of order 3, L-stable and stiffly accurate, so that it also
/// damps what is infinitely stiff. One Jacobian and one factorisation a step, no iteration, no past: it goes through jumps unharmed.
/// Hairer & Wanner (1996) Solving Ordinary Differential Equations II, IV.7; coefficients of their code RODAS.
class rosenbrock final : public stiff_stepper {
public:
    /// `longest` [ms] bounds the steps.
    explicit rosenbrock(double longest);

    void start(stiff_system&, double t, std::span<const double> y) override;
    bool jump(stiff_system&) override;
    bool step(stiff_system&, double limit) override;
    std::string failure() const override { return failure_; }
    double time() const override { return time_; }
    double before() const override { return before_; }
    std::span<const double> state() const override { return y_; }
    void interpolate(double t, std::span<const int> which, double* to) override;
    step_counts counts() const override { return counts_; }
    bool can_be_copied() const override { return true; }
    std::unique_ptr<stiff_stepper> copy() const override { return std::make_unique<rosenbrock>(*this); }
    void transfer(image&) override;

private:
    double try_step(stiff_system&, double h);
    void stages(stiff_system&, double h);
    template <int s> void stage(stiff_system&, double h);

    double longest_, h_ = 0, time_ = 0, before_ = 0;
    double last_error_ = 1, last_h_ = 0;           ///< of the last accepted step, for the predictive control
    bool was_rejected_ = false;
    std::vector<double> y_, start_, dense_[2];     ///< at both ends of the last step, and its continuous output
    std::vector<double> f_, in_time_, weights_, next_, u_[6];
    step_counts counts_;
    progress progress_;
    std::string failure_;
};

}  // namespace apical::solvers
