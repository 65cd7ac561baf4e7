// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <stdexcept>

#include "engine/coupled_cell.hpp"

/// Cells in steps of their own, copied and written down.
namespace apical {

coupled_cell::coupled_cell(const coupled_cell& o)
    : equations_(o.equations_), stepper_(o.stepper_ ? o.stepper_->copy() : nullptr), counted_(stepper_ ? o.counted_ : o.counts()), beginning_(o.beginning_), steps_since_(o.steps_since_), at_(o.at_),
      is_jump_(o.is_jump_), must_start_(o.must_start_), events_(o.events_), arrivals_(o.arrivals_), releases_(o.releases_), unknowns_(o.unknowns_), memory_(o.memory_), scratch_(o.scratch_), last_seen_(o.last_seen_),
      spikes_(o.spikes_), ledgers_(o.ledgers_), failed_(o.failed_) {}
coupled_cell::coupled_cell(coupled_cell&&) noexcept = default;
coupled_cell& coupled_cell::operator=(coupled_cell o) noexcept {
    std::swap(equations_, o.equations_), std::swap(stepper_, o.stepper_), std::swap(counted_, o.counted_), std::swap(beginning_, o.beginning_), std::swap(steps_since_, o.steps_since_);
    std::swap(at_, o.at_), std::swap(is_jump_, o.is_jump_), std::swap(must_start_, o.must_start_), std::swap(events_, o.events_), std::swap(arrivals_, o.arrivals_), std::swap(releases_, o.releases_), std::swap(unknowns_, o.unknowns_);
    std::swap(memory_, o.memory_), std::swap(scratch_, o.scratch_), std::swap(last_seen_, o.last_seen_), std::swap(spikes_, o.spikes_);
    std::swap(ledgers_, o.ledgers_), std::swap(failed_, o.failed_);
    return *this;
}
coupled_cell::~coupled_cell() = default;

/// A stepper that has done since its start what the one before it had done. It hears of events where that one did.
void coupled_cell::redo(const plan& p, const block_plan& where, const inlet& in) {
    coupled_cell again(p, where, in);
    again.beginning_ = beginning_, again.at_ = beginning_->at;
    again.arrivals_ = timed_events(arrivals_.begin());
    std::vector<timed_events::event> to_come;
    for (auto n = arrivals_.begin(); n < arrivals_.end(); ++n) {
        if (const auto& e = arrivals_.at(n); e.heard < again.at_.now) again.arrivals_.add(e, again.arrivals_.end());
        else to_come.push_back(e);
    }
    std::ranges::stable_sort(to_come, {}, &timed_events::event::heard);
    for (auto next = to_come.begin(); again.steps_since_ < steps_since_;) {
        for (; next != to_come.end() && next->heard <= again.at_.now; ++next) again.arrivals_.add(*next, again.at_.next_arrival);
        again.hear();
        if (!again.step(p, where, in)) throw std::logic_error("coupled_cell: a step that could be done cannot be done again");
    }
    stepper_ = std::move(again.stepper_), equations_ = std::move(again.equations_), counted_ = beginning_->counts;
}

void coupled_cell::course::transfer(image& i) {
    i(now), i(segment), i(segment_end), i(next_event), i(next_arrival), i(spontaneous), i(next_random), i(noise_step), i(receptors);
    i(noises, [&](noise& n) { i(n.state), i(n.current); });
}

void coupled_cell::transfer(image& i) {
    auto start = std::make_shared<beginning>(*beginning_);
    start->transfer(i), at_.transfer(i), arrivals_.transfer(i), i(releases_);
    i(steps_since_), i(is_jump_), i(must_start_), i(memory_), i(last_seen_);
    i(spikes_, [&](found& f) { i(f.time), i(f.detector); });
    for (auto& l : ledgers_) l.transfer(i);
    auto total = counts();
    total.transfer(i);
    if (i.reads()) beginning_ = std::move(start), failed_.reset();
    if (can_be_copied()) {
        stepper_->transfer(i);
        if (i.reads()) counted_ = {};
    } else if (i.reads()) {
        stepper_.reset(), counted_ = total;
    }
}

}  // namespace apical
