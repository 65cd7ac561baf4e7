// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <vector>

#include "core/error.hpp"
#include "engine/block.hpp"
#include "engine/plan.hpp"
#include "engine/timed_events.hpp"
#include "solvers/dense_stepper.hpp"

namespace apical {

/// One point neuron that takes steps of its own: the reference of the fixed steps. Everything that jumps - events, edges of
/// stimuli, spikes, ends of refractoriness - lies between two steps, and spikes are found on the dense output. What it does depends
/// on nothing but its inputs, not on how a run is cut into epochs.
class adaptive_neuron {
public:
    /// `element` is its place in the block that the inlet belongs to.
    adaptive_neuron(const plan& p, const inlet& in, int neurons, int cell, int element);

    /// Takes in what spikes send it; they must not arrive before the present.
    void receive(const plan& p, const inlet& in, std::span<const sent_spike> spikes, std::int64_t first);
    /// Advances so far that everything up to step `to` is known, writes the samples after step `from` and the spikes up to `to`.
    std::optional<divergence> run(const plan& p, const inlet& in, std::int64_t from, std::int64_t to, block::sink out);
    /// Writes the samples of step 0.
    void sample_start(const plan& p, block::sink out) const;
    /// Its state, to or from an image.
    void transfer(image& i);
    /// A state at the step reached [coherent].
    double state(const plan& p, std::int64_t step, int which) const;

private:
    /// What is placed on this neuron: indices into the lists of the neuron_plan.
    struct inputs { std::vector<std::size_t> injections, events, poisson, columns; };
    struct system;   // the right-hand side; see adaptive_neuron.cpp

    const neuron_plan& plan_of(const plan& p) const { return p.neurons[static_cast<std::size_t>(neurons_)]; }
    void begin_segment(const plan& p, const inlet& in);
    void take_events(const plan& p, const inlet& in);
    void take_random(const plan& p, std::int64_t step);
    void on_event(const neuron_plan& n, int synapse, double weight);
    double next_jump(const plan& p) const;
    double next_edge(const plan& p) const;
    std::int64_t next_random(const plan& p) const;
    bool step(const plan& p, const inlet& in);
    void note_spike(const plan& p, double at, std::vector<double> then);
    void move_synapses(const plan& p, double to);
    void sample(const plan& p, std::int64_t step, block::sink out) const;

    int neurons_, cell_, element_;
    inputs inputs_;
    solvers::dense_stepper stepper_;
    bool is_jump_ = true;                       ///< a segment begins at now_
    double now_ = 0;                            ///< [ms] everything before is known
    double segment_ = 0;                        ///< where the present segment began; receptors are kept for this time
    double segment_end_ = 0;
    std::vector<double> states_;                ///< at now_
    std::vector<std::vector<double>> synapses_;
    struct noise { double state, current; std::int64_t step; };
    std::vector<noise> noise_;                  ///< [injections of the neuron]; meaningful for noise
    double released_at_ = -1;                   ///< end of refractoriness, if now_ is before it
    std::size_t next_event_ = 0;
    timed_events arrivals_;
    std::size_t next_arrival_ = 0;
    std::int64_t spontaneous_ = 0;              ///< step whose spontaneous releases come next
    std::vector<double> releases_;   ///< states of the plastic connections of the inlet; meaningful for its own
    std::int64_t random_from_ = 0;              ///< first step whose random events have not arrived
    std::int64_t next_random_ = -1;
    std::vector<double> spikes_;                ///< known, not yet handed out
    std::optional<divergence> failed_;
};

}  // namespace apical
