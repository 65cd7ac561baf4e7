// SPDX-License-Identifier: BSD-3-Clause
#include "engine/layered/observed.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/math.hpp"

namespace apical::layered {
namespace {

using plasticity::reading;
using plasticity::signal;

bool is_plain(const reading& r) { return r.by == reading::filter::none && r.late == 0; }

/// The unit that is always 1 has that rate and nothing else.
double of_bias(const reading& r) { return r.of == signal::rate ? 1 : 0; }

bool is_trace(const reading& r) { return r.by == reading::filter::trace || r.by == reading::filter::nearest; }

std::size_t steps_late(const reading& r, double dt) { return static_cast<std::size_t>(std::lround(r.late/dt)); }

/// A trace of events after a step, those of the step counted in.
void follow(observation& s, const reading& r, double dt) {
    const double left = math::exp(-dt/r.tau[0]);
    auto& trace = s.low_passed[0];
    for (std::size_t k = 0; k < trace.size(); ++k) {
        trace[k] *= left;
        if (s.now[k] == 0) continue;
        trace[k] = r.by == reading::filter::nearest ? r.jump : trace[k] + r.jump*s.now[k];
    }
    s.now = trace;
}

}  // namespace

source observers::add(const reading& r, std::size_t group) {
    auto plain = r;
    plain.phase = -1;
    const auto found = std::ranges::find_if(all_, [&](const observed_signal& o) { return o.what == plain && o.group == group; });
    if (found != all_.end()) return {static_cast<std::size_t>(found - all_.begin()), r.phase};
    all_.push_back({plain, group});
    return {all_.size() - 1, r.phase};
}

void observers::begin(std::vector<observation>& seen, const wiring& w, int phases, double dt) const {
    seen.resize(all_.size());
    for (std::size_t o = 0; o < all_.size(); ++o) {
        auto& s = seen[o];
        const auto& r = all_[o].what;
        const std::size_t size = w.groups[all_[o].group].size + 1;
        s.now.assign(size, 0.0), s.now.back() = of_bias(r);
        s.after.resize(static_cast<std::size_t>(phases));
        if (r.by == reading::filter::low_pass)
            for (auto& stage : s.low_passed) stage.assign(size, 0.0), stage.back() = of_bias(r);
        if (is_trace(r)) s.low_passed[0].assign(size, 0.0);
        if (r.late > 0) s.history.assign(steps_late(r, dt), s.now), s.at = 0;
    }
}

void observers::step(std::vector<observation>& seen, const wiring& w, const trial& t, double dt) const {
    for (std::size_t o = 0; o < all_.size(); ++o) {
        auto& s = seen[o];
        const auto& r = all_[o].what;
        const auto& g = w.groups[all_[o].group];
        std::copy_n(t.at(r.of, g), g.size, s.now.begin());
        if (r.by == reading::filter::low_pass)
            for (std::size_t stage = 0; stage < r.tau.size() && r.tau[stage] > 0; ++stage) {
                const double part = math::approach(1/r.tau[stage], dt);
                auto& y = s.low_passed[stage];
                for (std::size_t k = 0; k < y.size(); ++k) y[k] += part*(s.now[k] - y[k]);
                s.now = y;
            }
        if (is_trace(r)) follow(s, r, dt);
        if (!s.history.empty()) std::swap(s.now, s.history[s.at]), s.at = (s.at + 1) % s.history.size();
    }
}

void observers::end_phase(std::vector<observation>& seen, const wiring& w, const trial& t, int phase) const {
    for (std::size_t o = 0; o < all_.size(); ++o) {
        auto& s = seen[o];
        const auto& g = w.groups[all_[o].group];
        if (is_plain(all_[o].what)) std::copy_n(t.at(all_[o].what.of, g), g.size, s.now.begin());
        s.after[static_cast<std::size_t>(phase)] = s.now;
    }
}

void observers::tell(const std::vector<observation>& seen, std::vector<double>& to) {
    for (const auto& s : seen)
        for (const auto& phase : s.after) to.insert(to.end(), phase.begin(), phase.end());
}

const double* observers::hear(std::vector<observation>& seen, const double* from) {
    for (auto& s : seen) {
        for (auto& phase : s.after) phase.assign(from, from + s.now.size()), from += s.now.size();
        s.now = s.after.back();
    }
    return from;
}

}  // namespace apical::layered
