// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "solvers/stiff_stepper.hpp"

namespace apical::solvers {

/// CVODE: backward differentiation formulas of order 1 to 5 in steps of variable length, with the system's own elimination as the
/// linear solver of its Newton iteration. Hindmarsh et al. (2005) ACM Trans Math Softw 31:363.
class bdf final : public stiff_stepper {
public:
    /// `longest` [ms] bounds the steps; `never_negative` lists the unknowns that are never to be below 0.
    bdf(double longest, std::vector<int> never_negative);
    ~bdf() override;

    void start(stiff_system&, double t, std::span<const double> y) override;
    /// Keeps order and step where the jump is so small that a step of this length hardly feels it; else starts anew.
    bool jump(stiff_system&) override;
    bool step(stiff_system&, double limit) override;
    std::string failure() const override;
    double time() const override;
    double before() const override;
    std::span<const double> state() const override;
    void interpolate(double t, std::span<const int> which, double* to) override;
    step_counts counts() const override;
    /// What CVODE knows of the past is its own: a copy must do again what was done since the last start.
    bool can_be_copied() const override { return false; }
    std::unique_ptr<stiff_stepper> copy() const override { return {}; }
    void transfer(image&) override;

private:
    struct memory;   // CVODE's objects
    std::unique_ptr<memory> m_;
};

}  // namespace apical::solvers
