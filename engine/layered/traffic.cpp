// SPDX-License-Identifier: BSD-3-Clause
#include "engine/layered/traffic.hpp"

#include <cmath>

namespace apical::layered {
namespace {

using plasticity::signal;

double size_of(const trial& t, signal s, const group& g) {
    double sum = 0;
    for (std::size_t k = 0; k < g.size; ++k) sum += std::abs(t.at(s, g)[k]);
    return sum;
}

/// What goes down to each hidden layer, and how far it spreads.
template <class F> void for_each_way_down(const wiring& w, F&& f) {
    if (w.back.mode == feedback_mode::none) return;
    for (std::size_t l = 1; l + 1 < w.layers; ++l) f(w.back.is_direct ? w.output() : w.layer(l + 1), static_cast<double>(w.layer(l).size));
}

}  // namespace

void add_traffic(layered_traffic& to, const wiring& w, const scheme& way, const trial& t, int phase, double weight) {
    for (const auto& g : w.groups) to.sent += weight*size_of(t, signal::rate, g);
    const auto *feedback = w.kind("feedback"), *inverse = w.kind("inverse");
    const auto is_of = [](const link_kind* kind, std::size_t k) { return kind && k >= kind->first && k < kind->first + kind->count; };
    for (std::size_t k = 0; k < w.links.size(); ++k) {
        if (is_of(feedback, k) || (is_of(inverse, k) && phase == 0)) continue;
        to.delivered += weight*size_of(t, signal::rate, w.groups[w.links[k].from])*static_cast<double>(w.links[k].units);
    }
    const auto down = way.goes_down(phase, t.target != nullptr);
    if (!down) return;
    for_each_way_down(w, [&](const group& from, double spread) { to.delivered += weight*size_of(t, *down, from)*spread; });
    if (*down == signal::rate) return;     // spikes of their own
    for (std::size_t l = 2; l < w.layers; ++l)
        if (!w.back.is_direct || l + 1 == w.layers) to.sent += weight*size_of(t, *down, w.layer(l));
}

}  // namespace apical::layered
