// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include "engine/layered/scheme.hpp"
#include "engine/layered/units.hpp"

/// Units settle under what comes from below and from above, y' = f(input) - y: first with the outputs free, then, from there, with them
/// clamped to the target.
namespace apical::layered {
namespace {

using plasticity::signal;

constexpr std::array fields{
    field{"free_steps", 30, "", "of settling with free outputs", 1, 1e5},
    field{"clamped_steps", 30, "", "of settling with clamped outputs", 1, 1e5},
    field{"step", 0.5, "", "part of the way to its input's answer that a unit goes in a step", 1e-6, 1},
    field{"dt", 1, "ms", "of a step, for low-passed readings", 1e-6, 1e3},
};

class settling : public scheme {
public:
    settling(const wiring& w, const setting_values& s)
        : w_(w), steps_{static_cast<int>(s.at("free_steps")), static_cast<int>(s.at("clamped_steps"))}, part_(s.at("step")), dt_(s.at("dt")) {}
    int phases() const override { return 2; }
    int steps(int phase) const override { return steps_[static_cast<std::size_t>(phase)]; }
    double dt() const override { return dt_; }
    std::vector<signal> offers() const override { return {signal::rate, signal::potential, signal::slope}; }

    void begin(trial& t) const override {
        auto& rates = t.now[static_cast<std::size_t>(signal::rate)];
        std::ranges::fill(rates, 0.0);
        std::copy_n(t.input, w_.layer(0).size, rates.begin());
    }
    void step(trial& t, int phase, int) const override {
        for (std::size_t l = 1; l < w_.layers; ++l) {
            const auto& g = w_.layer(l);
            w_.forward(l).drive(t.at(signal::rate, w_.layer(l - 1)), t.at(signal::potential, g));
            if (l + 1 < w_.layers) w_.add_feedback(l, t.at(signal::rate, w_.layer(l + 1)), t.at(signal::potential, g));
        }
        t.restlessness = 0;
        for (std::size_t l = 1; l < w_.layers; ++l) advance(t, w_.layer(l));
        if (phase == 1) std::copy_n(t.target, w_.output().size, t.at(signal::rate, w_.output()));
    }

private:
    void advance(trial& t, const group& g) const {
        const double* u = t.at(signal::potential, g);
        double *y = t.at(signal::rate, g), *slope = t.at(signal::slope, g);
        for (std::size_t k = 0; k < g.size; ++k) {
            const double answer = output_of(g.f, u[k]), change = part_*(answer - y[k]);
            y[k] += change;
            slope[k] = slope_of(g.f, u[k], answer);
            t.restlessness = std::max(t.restlessness, std::abs(change));
        }
    }
    const wiring& w_;
    std::array<int, 2> steps_;
    double part_, dt_;
};

}  // namespace

scheme_entry settling_scheme() {
    return {.name = "settling", .summary = "units settle with free outputs, then with clamped ones", .settings = fields,
            .make = [](const wiring& w, const setting_values& s) -> std::unique_ptr<scheme> { return std::make_unique<settling>(w, s); }};
}

}  // namespace apical::layered
