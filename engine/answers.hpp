// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "core/image.hpp"
#include "engine/neuron_plan.hpp"

namespace apical {

/// Events on their way to a block of neurons that answer each for itself, and what such neurons remember between events. Events of one time
/// are answered in the order in which their spikes were sent, as NEURON's queue has them, however cells lie on processes.
class answers {
public:
    struct event {
        double time, sent;                         ///< when it arrives, and when its spike set out [ms]
        double weight;                             ///< by which it moves the potential [mV]
        std::uint32_t neuron;                      ///< of the block
        std::uint32_t order;                       ///< of its spike, see sent_spike::order
    };
    struct spike {
        int neuron;
        double time;                               ///< [ms]
        std::uint32_t order;                       ///< that of the event that called for it
    };

    answers() = default;
    /// With room for what arrives up to so many steps ahead.
    answers(std::int64_t depth, std::size_t neurons);

    bool is_used() const { return !slots_.empty(); }
    void add(std::int64_t step, const event& e) { slot(step).push_back(e); }
    /// Answers all events of a step. States are columns `stride` apart. Spikes are added in their order. Returns the neuron whose potential
    /// left the limit or became no number; -1: none did.
    int answer(std::int64_t step, const neuron_plan& n, double* states, std::size_t stride, double limit, std::vector<spike>& spikes);
    /// What becomes of the state of a neuron by a time after all that was answered.
    void states_at(double time, const neuron_plan& n, const double* states, std::size_t stride, std::size_t neuron, std::span<double> to) const;
    void transfer(image& i);

private:
    std::vector<event>& slot(std::int64_t step) { return slots_[static_cast<std::size_t>(step) % slots_.size()]; }

    std::vector<std::vector<event>> slots_;
    std::vector<double> since_, deaf_until_, fired_;   ///< [neurons] times of the states, of the end of refractoriness, of the last spike [ms]
};

/// The step in which something happens that happens at a time. What a time lacks by rounding it has.
inline std::int64_t step_at(double time, double dt) { return static_cast<std::int64_t>(std::floor(time/dt + 1e-9)); }

}  // namespace apical
