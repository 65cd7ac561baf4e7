// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <vector>

#include "core/error.hpp"
#include "engine/answers.hpp"
#include "engine/arrivals.hpp"
#include "engine/block.hpp"
#include "engine/kernels/neuron_view.hpp"
#include "engine/kernels/view.hpp"
#include "engine/modulation.hpp"
#include "engine/plan.hpp"

namespace apical {

/// The mutable state of a block of point neurons under fixed steps. Flat and free of pointers into itself: copying forks it.
class neuron_block {
public:
    neuron_block(const plan& p, const neuron_block_plan& where, const inlet& in);

    /// Takes in what spikes send through its inlet; they must not arrive before the present.
    void receive(const plan& p, const inlet& in, std::span<const sent_spike> spikes, std::int64_t first);

    /// Advances from step `from` to `to`; stops early, and says where, if a potential leaves the allowed range.
    std::optional<divergence> run(const plan& p, const neuron_block_plan& where, const inlet& in, std::int64_t from, std::int64_t to, block::sink out);
    /// Writes the samples due at a step that has been reached.
    void sample(const plan& p, const neuron_block_plan& where, std::int64_t step, block::sink out) const;
    /// A state of one of its neurons at a step that has been reached [coherent].
    double state(const plan& p, const neuron_block_plan& where, std::int64_t step, int cell, int which) const;
    /// Its state, to or from an image.
    void transfer(image& i);
    /// Of the learned tables of its inlet.
    std::vector<learner>& learners() { return learners_; }
    const std::vector<learner>& learners() const { return learners_; }
    /// What neuromodulators do to it.
    modulation& modulators() { return modulation_; }
    /// Doubles of mutable state.
    std::size_t size() const { return memory_.size(); }

private:
    struct cursor;   // a run's views; see neuron_block.cpp

    double* column(std::size_t n) { return memory_.data() + n*stride_; }
    void deliver(const plan& p, const neuron_block_plan& where, std::int64_t n);
    void deliver_arrivals(const plan& p, const neuron_block_plan& where, const inlet& in, std::int64_t n);
    void receive_compact(const plan& p, const inlet& in, std::span<const sent_spike> spikes);
    std::optional<divergence> run_answers(const plan& p, const neuron_block_plan& where, const inlet& in, std::int64_t from, std::int64_t to, block::sink out);
    void gather(const plan& p, const neuron_block_plan& where, const inlet& in, std::int64_t n);
    bool step(const kernels::neuron_view& all, bool (*run)(const kernels::neuron_view&));
    void deliver_random(const plan& p, const neuron_block_plan& where, std::int64_t n);
    void draw(std::size_t source, std::int64_t n);
    void on_event(const neuron_plan& neurons, int synapse, int k, double weight);
    void jump(const neuron_plan& n, std::size_t synapse);
    void stimulate(const plan& p, const neuron_block_plan& where, std::int64_t n);
    divergence locate(const plan& p, const neuron_block_plan& where, std::int64_t n) const;

    std::size_t stride_;                        ///< neurons, padded to whole packs
    std::size_t hold_ = 0, i_ = 0, g_ = 0;      ///< columns: states first, then refractory time left, and the inputs of compartments
    std::vector<std::size_t> synapses_;         ///< first column of each
    aligned_vector memory_;
    std::vector<double> noise_;                 ///< [injections of the plan] state of noise sources
    struct random_source {
        std::vector<std::uint64_t> words;       ///< columns: two of the key, two of the upper counter; then the draws of two steps
        std::int64_t drawn = -1;                ///< of which pair of steps
        int first = 0, cells = 0;               ///< within the list of the plan
    };
    std::vector<random_source> random_;
    std::size_t next_event_ = 0;
    arrival_sums arrivals_;
    std::vector<double> releases_;   // states of the plastic connections of the inlet
    answers answers_;                           ///< of neurons that answer each event for itself
    arrivals learned_;                          ///< at connections whose weight is learned
    std::vector<learner> learners_;             ///< [learned tables of the inlet]
    modulation modulation_;
    std::vector<kernels::neuron_spike> spiked_;
    std::vector<answers::spike> answered_;
    std::vector<int> cells_;                    ///< that spiked in this step, if any learns
};

}  // namespace apical
