// SPDX-License-Identifier: BSD-3-Clause
#include "engine/spike_mail.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <tuple>
#include <utility>

#include "engine/communicator.hpp"
#include "engine/plan.hpp"

namespace apical {
namespace {

/// Those whose time lies in [from, to), of a list by time.
std::span<const sent_spike> between(const std::vector<sent_spike>& list, double from, double to) {
    const auto first = std::ranges::lower_bound(list, from, {}, &sent_spike::time), last = std::ranges::lower_bound(list, to, {}, &sent_spike::time);
    return {first, last};
}

}  // namespace

void spike_mail::settle(const plan& p) {
    if (!is_under_way_) return;
    const auto begin = std::chrono::steady_clock::now();
    travelled_ = p.options.ranks->end_exchange();
    waited_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    is_under_way_ = false;
}

void spike_mail::send(std::vector<sent_spike> spikes) {
    const auto by_time = [](const sent_spike& s) { return std::pair(s.time, s.gid); };
    std::ranges::sort(spikes, {}, by_time);
    const auto old = static_cast<std::ptrdiff_t>(sent_.size());
    sent_.insert(sent_.end(), spikes.begin(), spikes.end());
    std::ranges::inplace_merge(sent_, sent_.begin() + old, {}, by_time);
}

void spike_mail::begin_epoch(const plan& p, std::int64_t epoch) {
    const auto& net = p.network;
    settle(p);
    if (is_replaying_) posted_.clear();
    if (net.lag == 2) arrived_ = std::move(travelled_);
    if (p.options.ranks) {
        p.options.ranks->begin_exchange(posted_);
        is_under_way_ = true;
        if (net.lag == 1) settle(p);
    } else {
        travelled_ = posted_;
    }
    if (net.lag == 1) arrived_ = std::move(travelled_);
    posted_.clear();
    const auto first = (epoch - net.lag)*net.epoch;
    const double from = p.time_of(first), to = p.time_of(first + net.epoch);
    for (const auto* list : std::array{&net.scheduled, &std::as_const(replayed_), &std::as_const(sent_)}) {
        const auto due = between(*list, from, to);
        arrived_.insert(arrived_.end(), due.begin(), due.end());
    }
    trains_.resize(net.random_sources.size());
    for (std::size_t k = 0; k < trains_.size(); ++k) trains_[k].emit(net.random_sources[k], p.options.seed, from, to, arrived_);
    if (net.in_order) number_arrived();
    // of many processes' spikes few concern this one: they are not looked up in the tables of every block
    count_ = arrived_.size();
    std::erase_if(arrived_, [&](const sent_spike& s) { return !net.heard[s.gid]; });
    if (!net.in_order) std::ranges::sort(arrived_, {}, [](const sent_spike& s) { return std::pair(s.time, s.gid); });
}

/// Spikes of one time stand in the order of those that called for them. All processes have all spikes here, and count alike.
void spike_mail::number_arrived() {
    std::ranges::sort(arrived_, {}, [](const sent_spike& s) { return std::tuple(s.time, s.order, s.gid); });
    for (auto& s : arrived_) s.order = ++numbered_;
}

}  // namespace apical
