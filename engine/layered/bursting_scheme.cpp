// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "core/math.hpp"
#include "engine/layered/scheme.hpp"
#include "engine/layered/units.hpp"

/// Units that send two messages at once: events, upward, and bursts, downward. An event is a burst with a probability that the apical
/// dendrite decides, p = logistic(slope*apical + ln(share/(1 - share))). In the first phase nothing reaches the dendrites; in the second
/// the output units' are told how much is missing, and each dendrite below hears how much more bursts come from above than did before,
/// the less the nearer its soma is to its largest rate. A unit that is silent cannot burst: targets must lie above 0.
namespace apical::layered {
namespace {

using plasticity::signal;

constexpr std::array fields{
    field{"share", 0.2, "", "of bursts among events where nothing reaches the dendrite", 1e-6, 1 - 1e-6},
    field{"slope", 4, "", "of the burst probability's logarithmic odds, by the dendrite's input", 1e-6, 1e3},
    field{"teaching", 0.5, "", "input of an output unit's dendrite for a missing rate as large as the rate", 1e-6, 1e3},
};

class bursting : public scheme {
public:
    bursting(const wiring& w, const setting_values& s) : w_(w), share_(s.at("share")), slope_(s.at("slope")), teaching_(s.at("teaching")) {}
    int phases() const override { return 2; }
    int steps(int) const override { return 1; }
    std::vector<signal> offers() const override { return {signal::rate, signal::potential, signal::apical, signal::burst}; }
    std::optional<signal> goes_down(int phase, bool) const override { return phase == 1 ? std::optional(signal::burst) : std::nullopt; }

    void step(trial& t, int phase, int) const override {
        const std::size_t first = w_.groups[1].first, last = w_.units();
        auto &apical = t.now[static_cast<std::size_t>(signal::apical)], &bursts = t.now[static_cast<std::size_t>(signal::burst)];
        const auto& events = t.now[static_cast<std::size_t>(signal::rate)];
        if (phase == 0) {
            pass_forward(w_, t);
            std::ranges::fill(apical, 0.0);
            for (std::size_t k = first; k < last; ++k) bursts[k] = share_*events[k];
            return;
        }
        const auto& out = w_.output();
        for (std::size_t k = 0; k < out.size; ++k) {
            const double e = events[out.first + k];
            apical[out.first + k] = teaching_*(t.target[k] - e)/(e + 0.01);   // what is missing, relative: no more than a hundredfold
        }
        auto excess = burst(t, out);
        for (std::size_t l = w_.layers - 2; l >= 1; --l) {
            const auto& g = w_.layer(l);
            w_.add_feedback(l, excess.data(), apical.data() + g.first);
            for (std::size_t k = g.first; k < g.first + g.size; ++k) apical[k] *= 1 - events[k];
            if (w_.back.is_direct) burst(t, g);
            else excess = burst(t, g);
        }
    }

private:
    /// Bursts of a group, and what they are more than in the first phase.
    std::vector<double> burst(trial& t, const group& g) const {
        const double *events = t.at(signal::rate, g), *apical = t.at(signal::apical, g), odds = math::log(share_/(1 - share_));
        double* bursts = t.at(signal::burst, g);
        std::vector<double> excess(g.size);
        for (std::size_t k = 0; k < g.size; ++k) {
            bursts[k] = events[k]*math::logistic(slope_*apical[k] + odds);
            excess[k] = bursts[k] - share_*events[k];
        }
        return excess;
    }
    const wiring& w_;
    double share_, slope_, teaching_;
};

}  // namespace

scheme_entry bursting_scheme() {
    return {.name = "bursting", .summary = "events go up and bursts go down at the same time", .settings = fields,
            .make = [](const wiring& w, const setting_values& s) -> std::unique_ptr<scheme> { return std::make_unique<bursting>(w, s); }};
}

}  // namespace apical::layered
