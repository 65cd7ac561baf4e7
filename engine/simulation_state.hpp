// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/adaptive_neuron.hpp"
#include "engine/block.hpp"
#include "engine/coupled_cell.hpp"
#include "engine/neuron_block.hpp"
#include "engine/plan.hpp"
#include "engine/simulation.hpp"
#include "engine/spike_mail.hpp"
#include "engine/team.hpp"

namespace apical {

/// Everything that changes while a simulation runs.
struct simulation::state {
    std::shared_ptr<const apical::plan> plan;
    std::int64_t step = 0;
    std::vector<std::size_t> active;                    // those of the plan's blocks that are advanced
    std::vector<block> blocks;                          // [active], under schemes that split gates and voltage
    std::vector<std::shared_ptr<const split>> splits;   // [active] how several threads advance one together; null: one thread has it
    std::vector<split_choice> choices;                  // [active]
    std::vector<coupled_cell> coupled_cells;            // [active], otherwise
    std::vector<std::size_t> active_neurons;            // those of the plan's blocks of point neurons
    std::vector<neuron_block> neuron_blocks;            // [active_neurons], under fixed steps
    std::vector<adaptive_neuron> adaptive_neurons;      // theirs, otherwise
    std::vector<std::size_t> adaptive_inlets;           // [adaptive_neurons]
    std::vector<spike> spikes;
    std::vector<weight_recording> weight_recordings;
    std::vector<recording> recordings;                  // of the places of cells that this process has
    std::vector<recording> collected;                   // of all, on process 0 after collect(); otherwise empty
    spike_mail mail;
    run_statistics statistics;
    double gap_residual = 0;                            // largest current of a gap junction left unbalanced [nA]
    bool has_failed = false;

    state(std::shared_ptr<const apical::plan> p, std::vector<std::size_t> which, std::vector<std::size_t> which_neurons);

    /// Advances every block to step `to`, each for an epoch at a time while it is in the cache.
    void advance(std::int64_t to, team& workers);
    /// A state of a point neuron at the present step; nothing if the neuron is not advanced.
    std::optional<double> neuron_state(int neurons, int cell, int which) const;
    /// Rows for every sample up to and including a step.
    void make_room(std::int64_t step);
    /// The step of the next sample of weights; far away if there is none.
    std::int64_t next_weights() const;
    /// What there is to show of the recordings.
    const std::vector<recording>& told() const { return collected.empty() ? recordings : collected; }
    const inlet& inlet_of(std::size_t n) const { return plan->network.of_block(n); }
    /// f(block, inlet, its first cell) for the blocks with fixed steps, of either kind: those that can learn.
    template <class F> void for_each_learning(F&& f) {
        for (std::size_t b = 0; b < blocks.size(); ++b) f(blocks[b], inlet_of(active[b]), plan->blocks[active[b]].first_cell);
        for (std::size_t b = 0; b < neuron_blocks.size(); ++b)
            f(neuron_blocks[b], inlet_of(plan->blocks.size() + active_neurons[b]), plan->neuron_blocks[active_neurons[b]].first_cell);
    }
    /// Calls f(n, transfer) for every block of the plan that is advanced here, of any kind: its number, as plan::block_of counts, and a
    /// function that transfers its state to or from an image.
    template <class F> void for_each_block(F&& f) {
        const auto each = [&](const std::vector<std::size_t>& which, std::size_t first, auto& list) {
            for (std::size_t b = 0; b < list.size(); ++b) f(first + which[b], [&](image& i) { list[b].transfer(i); });
        };
        each(active, 0, blocks), each(active, 0, coupled_cells), each(active_neurons, plan->blocks.size(), neuron_blocks);
        for (std::size_t k = 0; k < adaptive_neurons.size();) {
            const auto n = adaptive_inlets[k], first = k;
            while (k < adaptive_neurons.size() && adaptive_inlets[k] == n) ++k;
            f(n, [&](image& i) { for (auto c = first; c < k; ++c) adaptive_neurons[c].transfer(i); });
        }
    }

private:
    static constexpr std::int64_t delivery_sample = 16; // exchanges of which one is measured

    /// What blocks write in a run, a list each.
    struct outcome {
        std::vector<spike> found;
        std::vector<sent_spike> sent;
        std::optional<divergence> failure;
        double delivery = 0;                            // [s], if it is measured
    };
    std::vector<outcome> outcomes;                      // of the blocks, kept for the memory in them
    bool has_mail() const { return !plan->network.is_empty() && step % plan->network.epoch == 0; }
    void advance_blocks(std::int64_t to, team& workers);
    bool measures_delivery() const { return statistics.exchanges % delivery_sample == 0; }
    std::optional<divergence> advance_block(std::size_t n, std::int64_t to, outcome& o);
    bool is_for_all(std::size_t n) const { return n < blocks.size() && (splits[n] || !plan->blocks[active[n]].gaps.empty()); }
    void advance_together(std::size_t n, std::int64_t to, team& workers);
    template <class Block> void deliver(Block& to, const inlet& in, outcome& o);
    void share(gap_voltages& v);
    double largest(double mine);
    void advance_jointly(std::int64_t to, team& workers);
};

/// Recordings without samples, of all places of the probes or of those whose cells this process has.
std::vector<recording> empty_recordings(const plan& p, bool all_places);

}  // namespace apical
