// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "core/math.hpp"
#include "engine/layered/scheme.hpp"
#include "engine/layered/time_course.hpp"

/// Layers of leaky units that spike, each connected to itself, and outputs that sum spikes up and leak:
///
///     v(t) = a (v(t-1) + sum w z(t-1) - threshold z(t-1)),  z = 1 where v is above the threshold,   y(t) = b (y(t-1) + sum w z(t-1))
///
/// A spike may raise the threshold of its unit for a while. A spike arrives at the beginning of the next step; after one a unit rests.
/// Errors of the outputs are told at every step, and go down through the feedback at once. What stands for the derivative of a spike, by which
/// units below are reached and synapses learn, is damping/threshold max(0, 1 - |v - its threshold|/threshold), 0 while the unit rests.
/// Bellec et al. (2020) Nat Commun 11:3625.
namespace apical::layered {
namespace {

using plasticity::signal;

constexpr std::array fields{
    dt_field,
    hold_field,
    chance_field,
    answer_field,
    field{"tau", 20, "ms", "of the membrane", 1e-3, 1e6},
    field{"tau_out", 20, "ms", "of the outputs", 1e-3, 1e6},
    field{"threshold", 0.6, "", "of a spike", 1e-6, 1e6},
    field{"refractory", 5, "ms", "of rest after a spike", 0, 1e3},
    field{"damping", 0.3, "", "of what stands for the derivative of a spike", 0, 1e3},
    field{"adaptation", 0, "", "by how much a spike raises the threshold of its unit", 0, 1e6},
    field{"tau_a", 2000, "ms", "of a raised threshold", 1e-3, 1e9},
    field{"gain", 1, "", "standard deviation of first weights, times the root of the number of inputs", 0, 1e6},
};

void add_recurrence(wiring& w, const setting_values&) {
    std::vector<dense> links;
    for (std::size_t l = 1; l + 1 < w.layers; ++l) links.push_back({.from = l, .to = l, .has_bias = false, .has_self = false});
    for (std::size_t l = 1; l < w.layers; ++l) {
        auto& up = w.links[l - 1];
        up.has_bias = false, up.w.assign(up.units*up.columns(), 0.0);
    }
    add_kind(w, "recurrent", std::move(links));
}

class recurrent : public scheme {
public:
    recurrent(const wiring& w, const setting_values& s)
        : w_(w), course_(w, s), left_(math::exp(-s.at("dt")/s.at("tau"))), left_out_(math::exp(-s.at("dt")/s.at("tau_out"))), threshold_(s.at("threshold")),
          rest_(std::round(s.at("refractory")/s.at("dt"))), damping_(s.at("damping")), left_raised_(math::exp(-s.at("dt")/s.at("tau_a"))), adaptation_(s.at("adaptation")) {}
    int phases() const override { return 1; }
    int steps(int) const override { return static_cast<int>(course_.steps()); }
    double dt() const override { return course_.dt; }
    double travel() const override { return course_.dt; }
    bool is_in_time() const override { return true; }
    std::vector<signal> offers() const override { return {signal::spike, signal::rate, signal::potential, signal::slope, signal::error}; }

    void begin(trial& t) const override {
        for (const auto s : offers()) std::ranges::fill(all(t, s), 0.0);
        auto& slope = all(t, signal::slope);
        std::fill_n(slope.begin() + static_cast<std::ptrdiff_t>(w_.output().first), w_.output().size, 1.0);
        t.own.assign(3*w_.units(), 0.0);
        t.course.assign(course_.target_rows*w_.output().size, 0.0);
        t.missing = t.whole = 0;
    }

    void step(trial& t, int, int k) const override {
        const auto step = static_cast<std::size_t>(k);
        double* const before = t.own.data();   // spikes of the step before
        std::ranges::copy(all(t, signal::spike), before);
        course_.spikes(w_, t, step, t.at(signal::spike, w_.layer(0)));
        for (std::size_t l = 1; l + 1 < w_.layers; ++l) spike(t, l, before, step);
        put_out(t, before, step);
        tell(t);
    }

private:
    static std::vector<double>& all(trial& t, signal s) { return t.now[static_cast<std::size_t>(s)]; }

    void spike(trial& t, std::size_t l, const double* before, std::size_t step) const {
        const auto& g = w_.layer(l);
        const std::size_t n = w_.units();
        double *v = t.at(signal::potential, g), *z = t.at(signal::spike, g), *raised = t.own.data() + n + g.first, *rests = t.own.data() + 2*n + g.first;
        for (std::size_t i = 0; i < g.size; ++i) v[i] -= threshold_*before[g.first + i];
        w_.forward(l).add_drive(before + w_.layer(l - 1).first, v);
        w_.link("recurrent", l - 1).add_drive(before + g.first, v);
        for (std::size_t i = 0; i < g.size; ++i) {
            v[i] *= left_;
            raised[i] = left_raised_*(raised[i] + before[g.first + i]);
            const double above = v[i] - threshold_ - adaptation_*raised[i];
            rests[i] = before[g.first + i] > 0 ? rest_ : std::max(0.0, rests[i] - 1);
            const bool is_resting = rests[i] > 0;
            z[i] = !is_resting && above > 0 ? 1 : 0;
            t.at(signal::slope, g)[i] = is_resting ? 0 : damping_/threshold_*std::max(0.0, 1 - std::abs(above)/threshold_);
            t.at(signal::rate, g)[i] += (z[i]/course_.dt - t.at(signal::rate, g)[i])/static_cast<double>(step + 1);
        }
    }
    /// Outputs, and what is wrong with them.
    void put_out(trial& t, const double* before, std::size_t step) const {
        const auto& g = w_.output();
        double *y = t.at(signal::potential, g), *shown = t.at(signal::rate, g), *e = t.at(signal::error, g);
        w_.forward(w_.layers - 1).add_drive(before + w_.layer(w_.layers - 2).first, y);
        for (std::size_t i = 0; i < g.size; ++i) y[i] *= left_out_;
        std::copy_n(y, g.size, shown);
        const bool are_alternatives = w_.measure == layered_net::loss::cross_entropy;
        if (are_alternatives) normalise(shown, g.size);
        course_.write(t, step, shown, g.size);
        const double* target = course_.target(t, step, g.size);
        std::fill_n(e, g.size, 0.0);
        if (!target || !course_.is_told(step)) return;
        const auto part = 1/static_cast<double>(course_.told_steps());
        for (std::size_t i = 0; i < g.size; ++i) {
            e[i] = target[i] - shown[i];
            t.missing += part*(are_alternatives ? -target[i]*math::log(std::max(shown[i], 1e-300)) : e[i]*e[i]/2);
            t.whole += part*(are_alternatives ? target[i]*math::log(static_cast<double>(g.size)) : target[i]*target[i]/2);
        }
    }
    /// y = exp(y)/sum
    static void normalise(double* y, std::size_t n) {
        const double largest = *std::max_element(y, y + n);
        double sum = 0;
        for (std::size_t i = 0; i < n; ++i) sum += y[i] = math::exp(y[i] - largest);
        for (std::size_t i = 0; i < n; ++i) y[i] /= sum;
    }
    /// Errors, to the layers below.
    void tell(trial& t) const {
        const auto& out = w_.output();
        std::vector<double> above(t.at(signal::error, out), t.at(signal::error, out) + out.size);
        for (std::size_t l = w_.layers - 2; l >= 1; --l) {
            const auto& g = w_.layer(l);
            double* e = t.at(signal::error, g);
            std::fill_n(e, g.size, 0.0);
            w_.add_feedback(l, above.data(), e);
            if (w_.back.is_direct) continue;
            above.assign(e, e + g.size);
            for (std::size_t i = 0; i < g.size; ++i) above[i] *= t.at(signal::slope, g)[i];
        }
    }

    const wiring& w_;
    time_course course_;
    double left_, left_out_, threshold_, rest_, damping_, left_raised_, adaptation_;
};

}  // namespace

scheme_entry recurrent_scheme() {
    return {.name = "recurrent", .summary = "in time: layers of spiking units connected to themselves, and leaky outputs; errors at every step", .settings = fields, .wire = add_recurrence,
            .make = [](const wiring& w, const setting_values& s) -> std::unique_ptr<scheme> { return std::make_unique<recurrent>(w, s); },
            .range = [](const dense& link, const setting_values& s) { return s.at("gain")*std::sqrt(3.0/static_cast<double>(link.inputs)); }, .is_in_time = true};
}

}  // namespace apical::layered
