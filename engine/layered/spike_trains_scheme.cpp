// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "core/math.hpp"
#include "engine/layered/scheme.hpp"
#include "engine/layered/time_course.hpp"

/// Layers of leaky integrate-and-fire units whose outputs are to be given spike trains:
///
///     tau u' = rest - u + i,   tau_syn i' = -i,   i += jump w at the arrival of a spike, at the beginning of the next step
///
/// The error of an output is its target less its spikes, both filtered by (exp(-t/tau_decay) - exp(-t/tau_rise))/(tau_decay - tau_rise); half its
/// square is the loss (van Rossum 2001 Neural Comput 13:751). It goes down through the feedback, from layer to layer, or straight.
namespace apical::layered {
namespace {

using plasticity::signal;

constexpr std::array fields{
    field{"dt", 0.5, "ms", "a step", 1e-3, 1e3},
    hold_field,
    chance_field,
    answer_field,
    field{"tau", 10, "ms", "of the membrane", 1e-3, 1e6},
    field{"tau_syn", 5, "ms", "of the summed input", 1e-3, 1e6},
    field{"threshold", -50, "mV", "of a spike", -200, 200},
    field{"rest", -60, "mV", "to which the membrane returns, and at which it begins after a spike", -200, 200},
    field{"refractory", 5, "ms", "of rest after a spike", 0, 1e3},
    field{"tau_rise", 5, "ms", "of the filter of errors", 1e-3, 1e6},
    field{"tau_decay", 10, "ms", "of the filter of errors", 1e-3, 1e6},
    field{"jump", 20, "mV", "that a spike through a weight of 1 adds to the summed input", 1e-6, 1e6},
    field{"gain", 1, "", "standard deviation of first weights, times the root of the number of inputs", 0, 1e6},
};

void remove_biases(wiring& w, const setting_values&) {
    for (std::size_t l = 1; l < w.layers; ++l) {
        auto& up = w.links[l - 1];
        up.has_bias = false, up.w.assign(up.units*up.columns(), 0.0);
    }
}

class spike_trains : public scheme {
public:
    spike_trains(const wiring& w, const setting_values& s)
        : w_(w), course_(w, s), rest_(s.at("rest")), threshold_(s.at("threshold")), jump_(s.at("jump")), pause_(std::round(s.at("refractory")/s.at("dt"))), left_(math::exp(-s.at("dt")/s.at("tau"))),
          left_input_(math::exp(-s.at("dt")/s.at("tau_syn"))), left_slow_(math::exp(-s.at("dt")/s.at("tau_decay"))), left_fast_(math::exp(-s.at("dt")/s.at("tau_rise"))),
          scale_(1/(s.at("tau_decay") - s.at("tau_rise"))) {
        if (!(s.at("tau_decay") > s.at("tau_rise"))) throw invalid_model("layered net / settings.tau_decay", "errors do not decay more slowly than they rise", "above tau_rise");
    }
    int phases() const override { return 1; }
    int steps(int) const override { return static_cast<int>(course_.steps()); }
    double dt() const override { return course_.dt; }
    double travel() const override { return course_.dt; }
    bool is_in_time() const override { return true; }
    std::vector<signal> offers() const override { return {signal::spike, signal::rate, signal::potential, signal::error}; }

    void begin(trial& t) const override {
        for (const auto s : offers()) std::ranges::fill(all(t, s), 0.0);
        std::ranges::fill(all(t, signal::potential), rest_);
        const std::size_t n = w_.units();
        t.own.assign(3*n + 4*w_.output().size, 0.0);
        std::fill_n(t.own.begin() + static_cast<std::ptrdiff_t>(n), n, rest_);
        t.course.assign(course_.target_rows*w_.output().size, 0.0);
        t.missing = t.whole = 0;
    }

    void step(trial& t, int, int k) const override {
        const auto step = static_cast<std::size_t>(k);
        const auto before = all(t, signal::spike);
        course_.spikes(w_, t, step, t.at(signal::spike, w_.layer(0)));
        for (std::size_t l = 1; l < w_.layers; ++l) spike(t, l, before.data(), step);
        compare(t, step);
        for (std::size_t l = w_.layers - 2; l >= 1; --l) {
            double* e = t.at(signal::error, w_.layer(l));
            std::fill_n(e, w_.layer(l).size, 0.0);
            w_.add_feedback(l, t.at(signal::error, w_.back.is_direct ? w_.output() : w_.layer(l + 1)), e);
        }
    }

private:
    static std::vector<double>& all(trial& t, signal s) { return t.now[static_cast<std::size_t>(s)]; }

    /// The potential that is shown is that before a spike takes it back.
    void spike(trial& t, std::size_t l, const double* before, std::size_t step) const {
        const auto& g = w_.layer(l);
        const std::size_t n = w_.units();
        double *input = t.own.data() + g.first, *u = t.own.data() + n + g.first, *pause = t.own.data() + 2*n + g.first;
        double *z = t.at(signal::spike, g), *shown = t.at(signal::potential, g), *rate = t.at(signal::rate, g);
        std::vector<double> drive(g.size);
        w_.forward(l).drive(before + w_.layer(l - 1).first, drive.data());
        for (std::size_t i = 0; i < g.size; ++i) {
            input[i] = left_input_*(input[i] + jump_*drive[i]);
            const bool is_resting = pause[i] > 0;
            if (is_resting) --pause[i];
            u[i] = is_resting ? rest_ : rest_ + left_*(u[i] - rest_) + (1 - left_)*input[i];
            shown[i] = u[i], z[i] = u[i] >= threshold_ ? 1 : 0;
            if (z[i] > 0) u[i] = rest_, pause[i] = pause_;
            rate[i] += (z[i]/course_.dt - rate[i])/static_cast<double>(step + 1);
        }
    }
    /// What is wrong with the outputs. Kept of each: slow and fast traces of its target and of its spikes.
    void compare(trial& t, std::size_t step) const {
        const auto& g = w_.output();
        const double *z = t.at(signal::spike, g), *target = course_.target(t, step, g.size);
        double* e = t.at(signal::error, g);
        course_.write(t, step, z, g.size);
        std::fill_n(e, g.size, 0.0);
        if (!target) return;
        const double part = 1/static_cast<double>(course_.told_steps());
        for (std::size_t i = 0; i < g.size; ++i) {
            double* traces = t.own.data() + 3*w_.units() + 4*i;
            for (int k = 0; k < 4; ++k) traces[k] = (k % 2 == 0 ? left_slow_ : left_fast_)*traces[k] + (k < 2 ? target[i] : z[i]);
            if (!course_.is_told(step)) continue;
            const double wanted = scale_*(traces[0] - traces[1]);
            e[i] = wanted - scale_*(traces[2] - traces[3]);
            t.missing += part*e[i]*e[i]/2, t.whole += part*wanted*wanted/2;
        }
    }

    const wiring& w_;
    time_course course_;
    double rest_, threshold_, jump_, pause_, left_, left_input_, left_slow_, left_fast_, scale_;
};

}  // namespace

scheme_entry spike_trains_scheme() {
    return {.name = "spike_trains", .summary = "in time: layers of integrate-and-fire units whose outputs are to be spike trains", .settings = fields, .wire = remove_biases,
            .make = [](const wiring& w, const setting_values& s) -> std::unique_ptr<scheme> { return std::make_unique<spike_trains>(w, s); },
            .range = [](const dense& link, const setting_values& s) { return s.at("gain")*std::sqrt(3.0/static_cast<double>(link.inputs)); }, .is_in_time = true};
}

}  // namespace apical::layered
