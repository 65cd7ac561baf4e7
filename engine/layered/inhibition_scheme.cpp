// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include "core/math.hpp"
#include "engine/layered/scheme.hpp"
#include "engine/layered/units.hpp"
#include "engine/layered/untaught.hpp"

/// Units that inhibit each other settle, y' = f(gain (input + lateral)) - y, and in the end are active, 1, if they are above a half. Kinds of
/// connections beside `forward`: `lateral`, from each unit to each, and `threshold`, the biases.
namespace apical::layered {
namespace {

using plasticity::signal;

constexpr std::array fields{
    field{"gain", 10, "", "steepness of a unit's answer", 1e-6, 1e6},
    field{"steps", 30, "", "of settling", 1, 1e5},
    field{"step", 0.3, "", "part of the way to its input's answer that a unit goes in a step", 1e-6, 1},
};

void add_inhibition(wiring& w, const setting_values&) {
    make_untaught(w, "inhibition");
    const auto units = w.layers - 1, nothing = add_group(w, "always", 0, nonlinearity::linear);
    add_kind(w, "lateral", {{.from = units, .to = units, .has_bias = false}});
    add_kind(w, "threshold", {{.from = nothing, .to = units}});
}

/// First weights are positive and of length 1; there is no inhibition and no threshold yet.
void start(wiring& w, const setting_values&) {
    auto& up = w.links.front();
    for (std::size_t i = 0; i < up.units; ++i) {
        double* row = up.w.data() + i*up.columns();
        for (std::size_t j = 0; j < up.inputs; ++j) row[j] = std::abs(row[j]);
        const double length = std::sqrt(dot(row, row, up.inputs));
        for (std::size_t j = 0; length > 0 && j < up.inputs; ++j) row[j] /= length;
    }
    for (const char* kind : {"lateral", "threshold"}) std::ranges::fill(w.links[w.kind(kind)->first].w, 0.0);
}

class inhibition : public scheme {
public:
    inhibition(const wiring& w, const setting_values& s) : w_(w), gain_(s.at("gain")), part_(s.at("step")), steps_(static_cast<int>(s.at("steps"))) {}
    int phases() const override { return 1; }
    int steps(int) const override { return steps_; }
    std::vector<signal> offers() const override { return {signal::rate, signal::potential}; }
    bool is_taught() const override { return false; }

    void begin(trial& t) const override {
        const auto& out = w_.output();
        std::copy_n(t.input, w_.layer(0).size, t.at(signal::rate, w_.layer(0)));
        std::fill_n(t.at(signal::rate, out), out.size, 0.0);
        w_.forward(1).drive(t.input, t.at(signal::potential, out));
        w_.link("threshold", 0).add_drive(t.input, t.at(signal::potential, out));
    }
    void step(trial& t, int, int k) const override {
        const auto& out = w_.output();
        const double* excitation = t.at(signal::potential, out);
        double* y = t.at(signal::rate, out);
        std::vector<double> lateral(out.size);
        w_.link("lateral", 0).drive(y, lateral.data());
        t.restlessness = 0;
        for (std::size_t i = 0; i < out.size; ++i) {
            const double change = part_*(math::logistic(gain_*(excitation[i] + lateral[i])) - y[i]);
            y[i] += change;
            t.restlessness = std::max(t.restlessness, std::abs(change));
        }
        if (k + 1 == steps_)
            for (std::size_t i = 0; i < out.size; ++i) y[i] = y[i] > 0.5 ? 1 : 0;
    }
    /// An input is expected to be silent if every active unit, by itself, leaves it so.
    double unexplained(const trial& t) const override {
        const auto& up = w_.forward(1);
        const double* y = t.at(signal::rate, w_.output());
        double sum = 0;
        for (std::size_t j = 0; j < up.inputs; ++j) {
            double silent = 1;
            for (std::size_t i = 0; i < up.units; ++i) silent *= 1 - y[i]*up.row(i)[j];
            sum += math::square(t.input[j] - (1 - silent));
        }
        return sum;
    }

private:
    const wiring& w_;
    double gain_, part_;
    int steps_;
};

}  // namespace

scheme_entry inhibition_scheme() {
    return {.name = "inhibition", .summary = "units that inhibit each other settle, and are active or not", .settings = fields, .wire = add_inhibition,
            .make = [](const wiring& w, const setting_values& s) -> std::unique_ptr<scheme> { return std::make_unique<inhibition>(w, s); }, .start = start};
}

}  // namespace apical::layered
