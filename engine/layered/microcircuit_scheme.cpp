// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/layered/scheme.hpp"
#include "engine/layered/units.hpp"

/// Pyramidal cells with a basal and an apical dendrite, and interneurons that learn to be what the layer above is. What feedback brings
/// to an apical dendrite the interneurons take away; what is left, `apical`, is what they did not foresee: the error. `prediction` is
/// what the basal dendrite, or an interneuron's dendrite, alone would have the soma do. All settle together: with free outputs, and,
/// unless `taught` is 0, with outputs that a conductance draws to the target.
namespace apical::layered {
namespace {

using plasticity::signal;

constexpr std::array fields{
    field{"g_leak", 0.1, "1/ms", "leak of a soma", 1e-9, 1e3},
    field{"g_basal", 1, "1/ms", "coupling of a basal dendrite", 1e-9, 1e3},
    field{"g_apical", 0.8, "1/ms", "coupling of an apical dendrite", 0, 1e3},
    field{"g_interneuron", 1, "1/ms", "coupling of an interneuron's dendrite", 1e-9, 1e3},
    field{"g_som", 0.8, "1/ms", "that teaches outputs and interneurons", 0, 1e3},
    field{"free_steps", 20, "", "of settling with free outputs", 1, 1e5},
    field{"taught_steps", 20, "", "of settling with taught outputs", 1, 1e5},
    field{"step", 0.5, "", "part of the way to its steady potential that a soma goes in a step", 1e-6, 1},
    field{"swing", 0, "", "targets 0 and 1 stand for potentials of minus and plus this; 0: targets are potentials", 0, 1e3},
    field{"taught", 1, "", "0: there is no second phase", 0, 1},
    field{"self_predicting", 1, "", "1: interneurons foresee the layer above from the start", 0, 1},
};

void add_interneurons(wiring& w, const setting_values&) {
    std::vector<dense> in, out;
    for (std::size_t l = 1; l + 1 < w.layers; ++l) {
        const auto to = add_group(w, fmt::format("interneurons {}", l), w.layer(l + 1).size, w.layer(l + 1).f);
        in.push_back({.from = l, .to = to});
        out.push_back({.from = to, .to = l, .has_bias = false});
    }
    if (in.empty()) return;
    add_kind(w, "to_interneurons", std::move(in));
    add_kind(w, "from_interneurons", std::move(out));
}

/// Part of a potential of a pyramidal cell's basal dendrite that reaches the soma if the apical one is silent.
double basal_part(const wiring& w, const setting_values& s, std::size_t l) {
    return s.at("g_basal")/(s.at("g_leak") + s.at("g_basal") + (l + 1 < w.layers ? s.at("g_apical") : 0.0));
}

void make_self_predicting(wiring& w, const setting_values& s) {
    const auto *in = w.kind("to_interneurons"), *out = w.kind("from_interneurons");
    if (s.at("self_predicting") == 0 || !in) return;
    for (std::size_t l = 1; l + 1 < w.layers; ++l) {
        const double ratio = basal_part(w, s, l + 1)*(s.at("g_leak") + s.at("g_interneuron"))/s.at("g_interneuron");
        auto& to = w.links[in->first + l - 1];
        to.w = w.forward(l + 1).w;
        for (double& x : to.w) x *= ratio;
        auto& from = w.links[out->first + l - 1];
        std::vector<double> one(from.inputs), column(from.units);
        for (std::size_t j = 0; j < from.inputs; ++j) {
            one.assign(from.inputs, 0.0), one[j] = 1, column.assign(from.units, 0.0);
            w.add_feedback(l, one.data(), column.data());
            for (std::size_t i = 0; i < from.units; ++i) from.w[i*from.columns() + j] = -column[i];
        }
    }
}

class microcircuit : public scheme {
public:
    microcircuit(const wiring& w, const setting_values& s)
        : w_(w), s_(s), leak_(s.at("g_leak")), basal_(s.at("g_basal")), apical_(s.at("g_apical")), inter_(s.at("g_interneuron")), som_(s.at("g_som")), part_(s.at("step")),
          swing_(s.at("swing")) {}
    int phases() const override { return s_.at("taught") != 0 ? 2 : 1; }
    int steps(int phase) const override { return static_cast<int>(s_.at(phase == 0 ? "free_steps" : "taught_steps")); }
    std::vector<signal> offers() const override { return {signal::rate, signal::potential, signal::slope, signal::prediction, signal::apical}; }

    void begin(trial& t) const override {
        for (auto& list : t.now) std::ranges::fill(list, 0.0);
        std::copy_n(t.input, w_.layer(0).size, t.at(signal::rate, w_.layer(0)));
    }
    void step(trial& t, int phase, int) const override {
        t.restlessness = 0;
        for (std::size_t l = 1; l < w_.layers; ++l) {
            if (l + 1 < w_.layers) hear_from_above(t, l);
            step_cells(t, l, phase);
            if (l + 1 < w_.layers) step_interneurons(t, l);
        }
        for (std::size_t g = 1; g < w_.groups.size(); ++g) show(t, w_.groups[g]);
    }

private:
    void hear_from_above(trial& t, std::size_t l) const {
        const auto& g = w_.layer(l);
        const auto& from = w_.link("from_interneurons", l - 1);
        from.drive(t.at(signal::rate, w_.groups[from.from]), t.at(signal::apical, g));
        w_.add_feedback(l, t.at(signal::rate, w_.layer(l + 1)), t.at(signal::apical, g));
    }
    void step_cells(trial& t, std::size_t l, int phase) const {
        const auto& g = w_.layer(l);
        const bool is_output = l + 1 == w_.layers, is_taught = is_output && phase == 1;
        const double part = basal_part(w_, s_, l);
        double *foreseen = t.at(signal::prediction, g), *u = t.at(signal::potential, g), *dendrite = t.at(signal::apical, g);
        w_.forward(l).drive(t.at(signal::rate, w_.layer(l - 1)), foreseen);
        for (std::size_t k = 0; k < g.size; ++k) {
            double current = basal_*foreseen[k], conductance = leak_ + basal_;
            if (!is_output) current += apical_*dendrite[k], conductance += apical_;
            if (is_taught) current += som_*(swing_ > 0 ? swing_*(2*t.target[k] - 1) : t.target[k]), conductance += som_;
            move(t, u[k], current/conductance);
            foreseen[k] *= part;
        }
    }
    void step_interneurons(trial& t, std::size_t l) const {
        const auto& to = w_.link("to_interneurons", l - 1);
        const auto& g = w_.groups[to.to];
        double *foreseen = t.at(signal::prediction, g), *u = t.at(signal::potential, g);
        const double* taught_by = t.at(signal::potential, w_.layer(l + 1));
        to.drive(t.at(signal::rate, w_.layer(l)), foreseen);
        for (std::size_t k = 0; k < g.size; ++k) {
            move(t, u[k], (inter_*foreseen[k] + som_*taught_by[k])/(leak_ + inter_ + som_));
            foreseen[k] *= inter_/(leak_ + inter_);
        }
    }
    void move(trial& t, double& u, double towards) const {
        const double change = part_*(towards - u);
        u += change;
        t.restlessness = std::max(t.restlessness, std::abs(change));
    }
    void show(trial& t, const group& g) const {
        outputs_of(g.f, t.at(signal::potential, g), t.at(signal::rate, g), g.size);
        slopes_of(g.f, t.at(signal::potential, g), t.at(signal::rate, g), t.at(signal::slope, g), g.size);
    }
    const wiring& w_;
    setting_values s_;
    double leak_, basal_, apical_, inter_, som_, part_, swing_;
};

}  // namespace

scheme_entry microcircuit_scheme() {
    return {.name = "microcircuit", .summary = "interneurons foresee the feedback; what they do not is the error", .settings = fields, .wire = add_interneurons,
            .make = [](const wiring& w, const setting_values& s) -> std::unique_ptr<scheme> { return std::make_unique<microcircuit>(w, s); },
            .start = make_self_predicting};
}

}  // namespace apical::layered
