// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "engine/layered/scheme.hpp"
#include "engine/layered/units.hpp"

/// One pass up; then what is wrong at the output goes down through the feedback projections, an error signal for each unit.
namespace apical::layered {
namespace {

using plasticity::signal;

class feedforward : public scheme {
public:
    explicit feedforward(const wiring& w) : w_(w) {}
    int phases() const override { return 1; }
    int steps(int) const override { return 1; }
    std::vector<signal> offers() const override { return {signal::rate, signal::potential, signal::slope, signal::error}; }
    std::optional<signal> goes_down(int, bool is_taught) const override { return is_taught ? std::optional(signal::error) : std::nullopt; }

    void step(trial& t, int, int) const override {
        pass_forward(w_, t);
        if (!t.target) return;
        const auto& out = w_.output();
        for (std::size_t l = 1; l < w_.layers; ++l) {
            const auto& g = w_.layer(l);
            slopes_of(g.f, t.at(signal::potential, g), t.at(signal::rate, g), t.at(signal::slope, g), g.size);
        }
        // with cross-entropy, target less output is the derivative by the summed input already
        if (w_.measure == layered_net::loss::cross_entropy) std::fill_n(t.at(signal::slope, out), out.size, 1.0);
        for (std::size_t k = 0; k < out.size; ++k) t.at(signal::error, out)[k] = t.target[k] - t.at(signal::rate, out)[k];
        std::vector<double> delta(t.at(signal::error, out), t.at(signal::error, out) + out.size);
        scale(t, out, delta);
        for (std::size_t l = w_.layers - 2; l >= 1; --l) {
            const auto& g = w_.layer(l);
            std::fill_n(t.at(signal::error, g), g.size, 0.0);
            w_.add_feedback(l, delta.data(), t.at(signal::error, g));
            if (w_.back.is_direct) continue;
            delta.assign(t.at(signal::error, g), t.at(signal::error, g) + g.size);
            scale(t, g, delta);
        }
    }

private:
    static void scale(const trial& t, const group& g, std::vector<double>& delta) {
        for (std::size_t k = 0; k < g.size; ++k) delta[k] *= t.at(signal::slope, g)[k];
    }
    const wiring& w_;
};

}  // namespace

scheme_entry feedforward_scheme() {
    return {.name = "feedforward", .summary = "one pass up, and errors down by the feedback projections", .settings = {},
            .make = [](const wiring& w, const setting_values&) -> std::unique_ptr<scheme> { return std::make_unique<feedforward>(w); }};
}

}  // namespace apical::layered
