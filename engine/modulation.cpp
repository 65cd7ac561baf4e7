// SPDX-License-Identifier: BSD-3-Clause
#include "engine/modulation.hpp"

#include <algorithm>

#include "core/math.hpp"
#include "engine/plan.hpp"

namespace apical {

modulation::modulation(const plan& p, int population) {
    const auto n = static_cast<std::size_t>(population);
    if (p.network.modulations.empty() || p.network.modulations[n].is_empty()) return;
    what_ = &p.network.modulations[n];
    fields_.emplace_back(p.network, what_->fields, p.dt());
    const auto& cell = p.populations[n];
    if (cell.neurons >= 0) rest_.emplace_back(p.neurons[static_cast<std::size_t>(cell.neurons)].parameters);
    else for (const auto& r : cell.regions) rest_.emplace_back(r.parameters);
    now_.resize(rest_.size());
    for (std::size_t k = 0; k < what_->effects.size(); ++k) {
        const auto& e = what_->effects[k];
        for (const auto& [region, at] : e.places) now_[region].assign(rest_[region].begin(), rest_[region].end());
        for (const auto g : e.groups) strengths_.resize(std::max(strengths_.size(), g + 1), 1.0);
        const auto left = [&](double tau) { return tau > 0 ? math::exp<double>(-static_cast<double>(e.every)*p.dt()/tau) : 0; };
        left_.push_back({left(e.tau_on), left(e.tau_off)}), occupied_.push_back(wanted(k));
    }
    apply();
}

/// To which the occupancy of an effect's receptors tends.
double modulation::wanted(std::size_t effect) const {
    constexpr double furthest = 1e12;              // of the concentration from that of half occupancy
    const auto& e = what_->effects[effect];
    const double c = fields_.front()[e.told];
    if (!(c > 0)) return 0;
    return e.half > 0 ? 1/(1 + math::pow<double>(std::clamp(e.half/c, 1/furthest, furthest), e.hill)) : std::min(c, 1.0);
}

void modulation::receive(std::span<const sent_spike> spikes, std::int64_t each) {
    for (auto& f : fields_) f.receive(spikes, each);
}
void modulation::release(std::size_t field, std::int64_t step, double amount) {
    for (auto& f : fields_) f.release(field, step, amount);
}

void modulation::begin_step(std::int64_t step) {
    fields_.front().follow(step);
    bool has_changed = false;
    for (std::size_t k = 0; k < occupied_.size(); ++k) {
        const auto& e = what_->effects[k];
        if (step % e.every) continue;
        const double before = occupied_[k], to = wanted(k), left = to > before ? left_[k].on : left_[k].off;
        occupied_[k] = left > 0 ? to + (before - to)*left : to;
        has_changed = has_changed || occupied_[k] != before;
    }
    if (has_changed) apply();
}

/// Products first, then sums, each in the order of the effects.
void modulation::apply() {
    for (const auto& e : what_->effects)
        for (const auto& [region, at] : e.places) now_[region][at] = rest_[region][at];
    std::ranges::fill(strengths_, 1.0);
    for (std::size_t k = 0; k < occupied_.size(); ++k) {
        const auto& e = what_->effects[k];
        const double factor = 1 + e.scale*occupied_[k];
        for (const auto& [region, at] : e.places) now_[region][at] *= factor;
        for (const auto g : e.groups) strengths_[g] *= factor;
    }
    for (std::size_t k = 0; k < occupied_.size(); ++k) {
        const auto& e = what_->effects[k];
        if (e.shift == 0) continue;
        for (std::size_t i = 0; i < e.places.size(); ++i) now_[e.places[i].region][e.places[i].at] += e.shift*occupied_[k]*e.areas[i];
    }
}

void modulation::transfer(image& i) {
    if (is_empty()) return;
    for (auto& f : fields_) f.transfer(i);
    i(occupied_);
    if (i.reads()) apply();
}

}  // namespace apical
