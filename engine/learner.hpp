// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/aligned.hpp"
#include "core/image.hpp"
#include "engine/concentrations.hpp"
#include "engine/kernels/rule_view.hpp"
#include "engine/network.hpp"

namespace apical {

/// The synapses of a learned_table in motion: weights, what they keep, and the traces of what they can see.
///
/// A step of the engine is, in this order: arrivals, each with the weight as it was before; the membrane; then end_step(): traces of the
/// membrane move on, spikes of the cells are answered with traces as they were before them, then counted in, then the rule's clock.
/// A spike counts as at the end of its step. A synapse that nothing happens to is not touched: it is brought up to the present when
/// something does, exactly; those of a rule with a clock at each tick.
class learner {
public:
    learner(const network_plan& net, const learned_table& table, double dt, std::uint64_t seed, int first_cell);

    /// A spike arrives at a synapse at the beginning of a step. Returns the weight that it meets, coherent.
    double arrive(std::uint32_t synapse, std::int64_t step);
    /// Asks the memory for a synapse at which something will arrive soon.
    void expect(std::uint32_t synapse) const {
        __builtin_prefetch(weight_.data() + synapse, 1);
        if (!last_.empty()) __builtin_prefetch(last_.data() + synapse, 1);
        if (!pre_.empty()) __builtin_prefetch(pre_.data() + synapse, 1);
        __builtin_prefetch(table_->place_of.data() + synapse);
    }
    /// Arrivals felt late are felt at the beginning of this step.
    void begin_step(std::int64_t step);
    /// At the end of a step, which is the beginning of `step`. `spiked`: cells, within the block; `memory`: of the block.
    void end_step(std::int64_t step, std::span<const int> spiked, const double* memory);
    /// Spikes on their way, some of which release neuromodulators.
    void receive(std::span<const sent_spike> spikes, std::int64_t each) { third_.receive(spikes, each); }
    /// An amount of a neuromodulator, at the beginning of a step.
    void release(std::size_t field, std::int64_t step, double amount) { third_.release(field, step, amount); }
    /// The signals as they are now, at the start of a run.
    void start(const double* memory);

    /// Weights at a time [ms] that no event lies before, in the rule's unit.
    std::vector<double> weights(double time) const;
    double field(std::size_t told) const { return third_[told]; }
    std::size_t size() const { return weight_.size(); }
    std::size_t bytes() const;
    void transfer(image& i);

private:
    struct cell_history { double last; bool in_burst; };           // of spikes: when, and whether a burst has begun
    /// Of a place whose plateaus and back-propagating spikes are seen: since when it is above the threshold, and its last potential [mV];
    /// the cell's last spike, and whether it has not been seen here yet.
    struct place_history { double above = -1e300, last = 0, spike = -1e300; bool in_plateau = false, begins = false, expects = false, arrives = false; };

    bool learns(std::int64_t step) const { return step >= rule_->first_step && step < rule_->end_step; }
    void relax(std::size_t first, std::size_t end, double time);
    void relax_all();
    kernels::synapse_view view(std::size_t first, std::size_t end, std::size_t place);
    void answer(plasticity::occasion o, std::size_t first, std::size_t end, std::size_t place, double dt = 0);
    void feel(std::uint32_t synapse, std::int64_t step);
    void follow_signals(std::int64_t step, const double* memory);
    void spike_of(int cell, std::int64_t step);
    void happen(plasticity::signal what, std::size_t place, std::int64_t step);
    void watch(std::int64_t step, const double* memory);
    void tick(std::int64_t step);
    void hold_totals();
    void draw_chance(std::size_t first, std::size_t end, double time);
    double* pre(std::size_t reading) { return pre_.data() + reading*weight_.size(); }
    double& post(std::size_t reading, std::size_t place) { return post_[place*sees_ + reading]; }

    const rule_plan* rule_;
    const learned_table* table_;
    double dt_;
    std::uint64_t seed_;
    int first_cell_;
    std::size_t sees_;
    bool is_uniform_;                              // every synapse is brought up in every step
    concentrations third_;                         // [told]
    std::vector<std::array<double, 3>> step_;      // [readings] of a trace, first, what a step leaves of it; of low-passes the way they go
    std::vector<double> pre_rates_, kept_rates_;   // [readings], [kept] -1/tau; 0: stays [1/ms]

    aligned_vector weight_, kept_, pre_;           // [synapses], [kept x synapses], [readings x synapses]
    std::vector<double> last_;                     // [synapses] up to when each has been brought [ms]; of uniform ones nothing
    std::vector<double> heard_;                    // [synapses] last arrival [ms], negative if it ended a burst; if bursts are heard
    std::vector<double> post_;                     // [places x readings]
    std::vector<double> stages_;                   // [places x readings x 3] of cascades of low-passes
    std::vector<std::vector<double>> rings_;       // [readings][steps of delay x places] values on their way
    std::vector<cell_history> cells_;
    std::vector<place_history> watched_;           // [places] of rules that see plateaus or back-propagating spikes
    std::vector<std::vector<std::uint32_t>> late_; // arrivals to be felt, a slot for each step
    aligned_vector elapsed_, chance_;              // [synapses], scratch
};

}  // namespace apical
