// SPDX-License-Identifier: BSD-3-Clause
#include "engine/sources.hpp"

#include <algorithm>
#include <cmath>

#include "core/random.hpp"

namespace apical {
namespace {

/// A draw that belongs to the seed, the place and the step, and to nothing else.
double draw(const plan& p, const injection_plan& injection, const noise_current& n, std::int64_t step) {
    random_stream stream(p.options.seed, identity(p.populations[static_cast<std::size_t>(injection.population)].name),
                         static_cast<std::uint64_t>(injection.cell), injection.key ^ (n.stream << 32));
    stream.seek(static_cast<std::uint64_t>(step + 1));
    return stream.normal();
}

bool is_on(duration delay, duration length, double t) {
    return t >= delay.coherent() && t < delay.coherent() + length.coherent();
}

struct evaluator {
    const injection_plan& injection;
    double t, noise;

    double operator()(const step_current& s) const { return is_on(s.delay, s.duration, t) ? s.amplitude.coherent() : 0; }
    double operator()(const ramp_current& r) const {
        if (!is_on(r.delay, r.duration, t)) return 0;
        const double part = (t - r.delay.coherent())/r.duration.coherent();
        return r.from.coherent() + part*(r.to.coherent() - r.from.coherent());
    }
    double operator()(const noise_current& n) const {
        return is_on(n.delay, n.duration, t) ? n.mean.coherent() + noise : 0;
    }
    double operator()(const waveform_current& w) const {
        const auto after = std::ranges::upper_bound(w.times_ms, t);
        if (after == w.times_ms.begin() || (after == w.times_ms.end() && t > w.times_ms.back())) return 0;
        if (after == w.times_ms.end()) return w.values_nA.back();
        const auto i = static_cast<std::size_t>(after - w.times_ms.begin());
        const double part = (t - w.times_ms[i - 1])/(w.times_ms[i] - w.times_ms[i - 1]);
        return w.values_nA[i - 1] + part*(w.values_nA[i] - w.values_nA[i - 1]);
    }
    double operator()(const epsp_current& e) const {
        const double s = t - e.onset.coherent();
        if (s < 0) return 0;
        return injection.amplitude*((1 - std::exp(-s/e.tau_rise.coherent())) - (1 - std::exp(-s/e.tau_decay.coherent())));
    }
};

}  // namespace

double current_at(const injection_plan& injection, double t, double noise) {
    return std::visit(evaluator{injection, t, noise}, injection.source);
}

std::vector<double> edges_of(const current_source& source) {
    return std::visit([]<class S>(const S& s) -> std::vector<double> {
        if constexpr (requires { s.delay; }) return {s.delay.coherent(), s.delay.coherent() + s.duration.coherent()};
        else if constexpr (requires { s.times_ms; }) return s.times_ms;
        else return {s.onset.coherent()};
    }, source);
}

void draw_noise(const plan& p, const injection_plan& injection, std::int64_t step, double& noise) {
    const auto* n = std::get_if<noise_current>(&injection.source);
    const int each = p.options.steps_per_input;
    if (!n || step % each) return;
    const double keep = std::exp(-each*p.dt()/n->tau.coherent());
    noise = noise*keep + n->sd.coherent()*std::sqrt(1 - keep*keep)*draw(p, injection, *n, step/each);
}

double initial_noise(const plan& p, const injection_plan& injection) {
    const auto* n = std::get_if<noise_current>(&injection.source);
    return n ? n->sd.coherent()*draw(p, injection, *n, -1) : 0;
}

int poisson_events(const plan& p, const poisson_receptor& random, std::int64_t step) {
    if (step % p.options.steps_per_input) return 0;
    const auto n = step/p.options.steps_per_input;
    if (n < random.what.first_step || n >= random.what.end_step) return 0;
    auto stream = poisson_stream(p.options.seed, p.populations[static_cast<std::size_t>(random.population)].name, random.cell, random.what.key);
    stream.seek(static_cast<std::uint64_t>(n));
    return random.what.table(stream.bits());
}

std::optional<double> command_at(const clamp_plan& clamp, double t) {
    if (t < clamp.levels.front().first || t >= clamp.stop) return {};
    const auto after = std::ranges::upper_bound(clamp.levels, t, {}, [](const auto& l) { return l.first; });
    return std::prev(after)->second;
}

}  // namespace apical
