// SPDX-License-Identifier: BSD-3-Clause
#include "engine/answers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "core/members.hpp"
#include "engine/kernels/neuron_view.hpp"

namespace apical {

answers::answers(std::int64_t depth, std::size_t neurons)
    : slots_(static_cast<std::size_t>(std::max<std::int64_t>(depth, 1))), since_(neurons, 0.0), deaf_until_(neurons, 0.0),
      fired_(neurons, -std::numeric_limits<double>::infinity()) {}

int answers::answer(std::int64_t step, const neuron_plan& n, double* states, std::size_t stride, double limit, std::vector<spike>& spikes) {
    auto& due = slot(step);
    std::ranges::stable_sort(due, {}, [](const event& e) { return std::pair(e.time, e.order); });
    const auto& kernels = *n.model.kernels;
    const double* const p = n.parameters.data();
    const auto v = static_cast<std::size_t>(n.model.schema.voltage.front()), count = n.model.schema.states.size();
    const double wait = kernels.refractory ? kernels.refractory(p) : 0;
    std::array<double, most_members> s{};
    for (const auto& e : due) {
        const auto k = e.neuron;
        // at its end a neuron hears again before it hears what was sent after the spike
        if (e.time < deaf_until_[k] || (e.time == deaf_until_[k] && e.sent < fired_[k])) continue;
        for (std::size_t i = 0; i < count; ++i) s[i] = states[i*stride + k];
        if (e.time > since_[k]) kernels.decayed(s.data(), p, e.time - since_[k]);
        since_[k] = e.time;
        s[v] += e.weight;
        const bool is_lost = !(std::abs(s[v]) < limit);
        if (!is_lost && kernels.excess(s.data(), p) > 0) {
            spikes.push_back({static_cast<int>(k), e.time, e.order});
            kernels.spiked(s.data(), p);
            if (kernels.released) kernels.released(s.data(), p);
            fired_[k] = e.time, since_[k] = deaf_until_[k] = e.time + wait;
        }
        for (std::size_t i = 0; i < count; ++i) states[i*stride + k] = s[i];
        if (is_lost) return static_cast<int>(k);
    }
    due.clear();
    return -1;
}

void answers::states_at(double time, const neuron_plan& n, const double* states, std::size_t stride, std::size_t neuron, std::span<double> to) const {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = states[i*stride + neuron];
    if (time > since_[neuron]) n.model.kernels->decayed(to.data(), n.parameters.data(), time - since_[neuron]);
}

void answers::transfer(image& i) {
    i(slots_, [&](auto& slot) { i(slot, [&](event& e) { i(e.time), i(e.sent), i(e.weight), i(e.neuron), i(e.order); }); });
    i(since_), i(deaf_until_), i(fired_);
}

}  // namespace apical
