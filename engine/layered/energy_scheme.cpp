// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "engine/layered/scheme.hpp"
#include "engine/layered/units.hpp"

/// Potentials roll down an energy, u' = f'(u) (W f(u) + b) - u: first freely, then, from there and for a few steps, with the outputs
/// drawn to the target by beta (target - u). Potentials stay within [0, 1].
namespace apical::layered {
namespace {

using plasticity::signal;

constexpr std::array fields{
    field{"free_steps", 20, "", "of the free phase", 1, 1e6},
    field{"nudged_steps", 4, "", "of the nudged phase", 1, 1e6},
    field{"step", 0.5, "", "of Euler's method", 1e-6, 1},
    field{"beta", 0.5, "", "strength of nudging", -1e3, 1e3},
    field{"random_sign", 1, "", "1: its sign is drawn for each batch", 0, 1},
    field{"dt", 1, "ms", "of a step, for low-passed readings", 1e-6, 1e3},
};

class energy : public scheme {
public:
    energy(const wiring& w, const setting_values& s)
        : w_(w), steps_{static_cast<int>(s.at("free_steps")), static_cast<int>(s.at("nudged_steps"))}, step_(s.at("step")), beta_(s.at("beta")), dt_(s.at("dt")),
          draws_sign_(s.at("random_sign") != 0) {}
    int phases() const override { return 2; }
    int steps(int phase) const override { return steps_[static_cast<std::size_t>(phase)]; }
    double dt() const override { return dt_; }
    std::vector<signal> offers() const override { return {signal::rate, signal::potential, signal::slope, signal::modulator}; }
    double nudging(std::uint64_t batch) const override {
        if (!draws_sign_) return beta_;
        return random_stream(w_.seed, identity("sign of nudging"), batch).uniform() < 0.5 ? beta_ : -beta_;
    }

    void begin(trial& t) const override {
        std::ranges::fill(t.now[static_cast<std::size_t>(signal::potential)], 0.0);
        std::ranges::fill(t.now[static_cast<std::size_t>(signal::rate)], 0.0);
        std::copy_n(t.input, w_.layer(0).size, t.at(signal::rate, w_.layer(0)));
    }
    void step(trial& t, int phase, int) const override {
        std::vector<double> drive(w_.units(), 0.0);
        for (std::size_t l = 1; l < w_.layers; ++l) {
            double* to = drive.data() + w_.layer(l).first;
            w_.forward(l).drive(t.at(signal::rate, w_.layer(l - 1)), to);
            if (l + 1 < w_.layers) w_.add_feedback(l, t.at(signal::rate, w_.layer(l + 1)), to);
        }
        t.restlessness = 0;
        for (std::size_t l = 1; l < w_.layers; ++l) {
            const auto& g = w_.layer(l);
            const bool is_nudged = phase == 1 && l + 1 == w_.layers;
            double *u = t.at(signal::potential, g), *y = t.at(signal::rate, g), *slope = t.at(signal::slope, g);
            for (std::size_t k = 0; k < g.size; ++k) {
                double change = slope_of(g.f, u[k], y[k])*drive[g.first + k] - u[k];
                if (is_nudged) change += t.nudging*(t.target[k] - u[k]);
                const double before = u[k];
                u[k] = std::clamp(u[k] + step_*change, 0.0, 1.0);
                y[k] = output_of(g.f, u[k]), slope[k] = slope_of(g.f, u[k], y[k]);
                t.restlessness = std::max(t.restlessness, std::abs(u[k] - before));
            }
        }
    }

private:
    const wiring& w_;
    std::array<int, 2> steps_;
    double step_, beta_, dt_;
    bool draws_sign_;
};

}  // namespace

scheme_entry energy_scheme() {
    return {.name = "energy", .summary = "potentials roll down an energy, freely and then with nudged outputs", .settings = fields,
            .make = [](const wiring& w, const setting_values& s) -> std::unique_ptr<scheme> { return std::make_unique<energy>(w, s); }};
}

}  // namespace apical::layered
