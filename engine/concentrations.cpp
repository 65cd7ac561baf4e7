// SPDX-License-Identifier: BSD-3-Clause
#include "engine/concentrations.hpp"

#include <algorithm>

#include "core/math.hpp"

namespace apical {

concentrations::concentrations(const network_plan& net, const std::vector<std::size_t>& fields, double dt)
    : net_(&net), fields_(fields), dt_(dt), next_release_(fields.size(), 0) {
    for (const auto f : fields_) now_.push_back(net.fields[f].baseline), left_.push_back(math::exp<double>(-dt_/net.fields[f].tau));
}

void concentrations::receive(std::span<const sent_spike> spikes, std::int64_t each) {
    for (std::size_t n = 0; n < fields_.size(); ++n)
        for (const auto& source : net_->fields[fields_[n]].sources)
            for (const auto& s : spikes)
                if (s.gid >= source.first_gid && s.gid < source.end_gid) coming_.push_back({arrival_step(s.time + source.delay, dt_, each), n, source.amount});
}

void concentrations::release(std::size_t field, std::int64_t step, double amount) {
    for (std::size_t n = 0; n < fields_.size(); ++n)
        if (fields_[n] == field) coming_.push_back({step, n, amount});
}

void concentrations::follow(std::int64_t step) {
    for (std::size_t n = 0; n < fields_.size(); ++n) {
        const auto& field = net_->fields[fields_[n]];
        now_[n] = field.baseline + (now_[n] - field.baseline)*left_[n];
        for (auto& next = next_release_[n]; next < field.releases.size() && field.releases[next].step <= step; ++next) now_[n] += field.releases[next].amount;
        for (const auto& c : coming_)
            if (c.which == n && c.step <= step) now_[n] += c.amount;
    }
    std::erase_if(coming_, [&](const coming& c) { return c.step <= step; });
}

void concentrations::transfer(image& i) {
    i(now_), i(next_release_, [&](auto& n) { i(n); });
    i(coming_, [&](auto& c) { i(c.step), i(c.which), i(c.amount); });
}

}  // namespace apical
