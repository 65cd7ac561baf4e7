// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/image.hpp"
#include "engine/network.hpp"
#include "engine/random_trains.hpp"

namespace apical {

struct plan;

/// Spikes between cells, from epoch to epoch: those posted in one are with every process network_plan::lag epochs later, and meanwhile
/// on the way. In order of time, then gid, however many processes there are.
class spike_mail {
public:
    void post(std::span<const sent_spike> spikes) { posted_.insert(posted_.end(), spikes.begin(), spikes.end()); }
    /// Makes arrived() what is to be taken in at the beginning of an epoch. All processes call it together.
    void begin_epoch(const plan& p, std::int64_t epoch);
    std::span<const sent_spike> arrived() const { return arrived_; }
    /// How many there were, with those that nothing on this process hears.
    std::size_t count() const { return count_; }
    /// Time spent waiting for other processes so far [s].
    double waited() const { return waited_; }
    /// Waits for what is on the way, so that nothing of it is left with the communicator. All processes call it together.
    void settle(const plan& p);
    /// What is with all processes, and what this one has posted; settled.
    const std::vector<sent_spike>& travelled() const { return travelled_; }
    const std::vector<sent_spike>& posted() const { return posted_; }
    void restore(std::vector<sent_spike> travelled, std::vector<sent_spike> posted, std::vector<sent_spike> sent, std::uint32_t numbered) {
        travelled_ = std::move(travelled), posted_ = std::move(posted), sent_ = std::move(sent), numbered_ = numbered;
    }
    /// Spikes from outside, to be taken in when their time comes; by time. None may be of an epoch that has been taken in.
    void send(std::vector<sent_spike> spikes);
    /// All of them so far, by time.
    const std::vector<sent_spike>& sent() const { return sent_; }
    /// How many spikes have numbers; begins again at 2^32.
    std::uint32_t numbered() const { return numbered_; }
    /// Spikes of a run before, to be taken in when their time comes, in place of all that is posted; by time.
    void replay(std::vector<sent_spike> spikes) { replayed_ = std::move(spikes), is_replaying_ = true; }

private:
    void number_arrived();

    std::vector<sent_spike> posted_;           ///< of this process, in the present epoch
    std::vector<sent_spike> travelled_;        ///< of all, in the epoch before; where epochs lag by two
    std::vector<sent_spike> arrived_;
    std::vector<sent_spike> replayed_;
    std::vector<sent_spike> sent_;             ///< from outside
    std::vector<random_trains> trains_;        ///< [random sources]
    bool is_replaying_ = false;
    std::size_t count_ = 0;
    std::uint32_t numbered_ = 0;
    double waited_ = 0;
    bool is_under_way_ = false;                ///< the communicator has what becomes travelled_
};

}  // namespace apical
