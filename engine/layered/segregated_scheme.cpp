// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "engine/layered/scheme.hpp"
#include "engine/layered/units.hpp"

/// Units with segregated dendrites. The basal one drives the soma, which decides the output; the apical one hears the feedback, and
/// leaves the soma alone. In the second phase conductances push the somata of the output units to their targets. An output unit has no
/// apical dendrite; its `apical` is its soma.
namespace apical::layered {
namespace {

using plasticity::signal;

constexpr std::array fields{
    field{"g_leak", 0.1, "1/ms", "leak of the soma", 1e-9, 1e3},
    field{"g_basal", 0.6, "1/ms", "coupling of the basal dendrite, of an output unit of its only one", 1e-9, 1e3},
    field{"e_push", 8, "", "potential to which, and to minus which, the teaching conductances pull", 0, 1e3},
};

class segregated : public scheme {
public:
    segregated(const wiring& w, const setting_values& s) : w_(w), leak_(s.at("g_leak")), basal_(s.at("g_basal")), push_(s.at("e_push")) {}
    int phases() const override { return 2; }
    int steps(int) const override { return 1; }
    std::vector<signal> offers() const override { return {signal::rate, signal::potential, signal::slope, signal::apical}; }
    std::optional<signal> goes_down(int, bool is_taught) const override { return is_taught ? std::optional(signal::rate) : std::nullopt; }

    void step(trial& t, int phase, int) const override {
        if (phase == 0) go_up(t);
        else push(t);
        if (!t.target) return;
        const auto& out = w_.output();
        std::copy_n(t.at(signal::potential, out), out.size, t.at(signal::apical, out));
        for (std::size_t l = w_.layers - 2; l >= 1; --l) {
            const auto& above = w_.back.is_direct ? out : w_.layer(l + 1);
            double* apical = t.at(signal::apical, w_.layer(l));
            std::fill_n(apical, w_.layer(l).size, 0.0);
            w_.add_feedback(l, t.at(signal::rate, above), apical);
        }
    }

private:
    void show(trial& t, const group& g) const {
        outputs_of(g.f, t.at(signal::potential, g), t.at(signal::rate, g), g.size);
        slopes_of(g.f, t.at(signal::potential, g), t.at(signal::rate, g), t.at(signal::slope, g), g.size);
    }
    void go_up(trial& t) const {
        std::copy_n(t.input, w_.layer(0).size, t.at(signal::rate, w_.layer(0)));
        for (std::size_t l = 1; l < w_.layers; ++l) {
            const auto& g = w_.layer(l);
            double* soma = t.at(signal::potential, g);
            w_.forward(l).drive(t.at(signal::rate, w_.layer(l - 1)), soma);
            for (std::size_t k = 0; k < g.size; ++k) soma[k] *= basal_/(leak_ + basal_);
            show(t, g);
        }
    }
    /// Conductances of 1/ms altogether, of which the target's part pulls up.
    void push(trial& t) const {
        const auto& out = w_.output();
        double* soma = t.at(signal::potential, out);
        for (std::size_t k = 0; k < out.size; ++k)
            soma[k] = (soma[k]*(leak_ + basal_) + push_*(2*t.target[k] - 1))/(leak_ + basal_ + 1);
        show(t, out);
    }
    const wiring& w_;
    double leak_, basal_, push_;
};

}  // namespace

scheme_entry segregated_scheme() {
    return {.name = "segregated", .summary = "apical dendrites hear the output with and without a teacher", .settings = fields,
            .make = [](const wiring& w, const setting_values& s) -> std::unique_ptr<scheme> { return std::make_unique<segregated>(w, s); }};
}

}  // namespace apical::layered
