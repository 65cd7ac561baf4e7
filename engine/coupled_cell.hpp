// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/error.hpp"
#include "engine/block.hpp"
#include "engine/cell_steps.hpp"
#include "engine/coupled_equations.hpp"
#include "engine/ledger.hpp"
#include "engine/timed_events.hpp"
#include "solvers/stiff_stepper.hpp"

namespace apical {

/// One cell whose equations are integrated as they stand, all coupled, in steps of its own: schemes `cvode` and `precise`. Events and
/// jumps of stimuli lie between two steps, spikes are found on the continuous output, and what is recorded or how a run is cut
/// into epochs changes nothing.
class coupled_cell {
public:
    coupled_cell(const plan&, const block_plan& where, const inlet& in);
    coupled_cell(const coupled_cell&);
    coupled_cell(coupled_cell&&) noexcept;
    coupled_cell& operator=(coupled_cell) noexcept;
    ~coupled_cell();

    /// Advances so far that everything up to step `to` is known; writes the samples after step `from` and the spikes up to `to`.
    std::optional<divergence> run(const plan&, const block_plan& where, const inlet& in, std::int64_t from, std::int64_t to, block::sink out);
    /// Takes in what spikes send through its inlet; they must not arrive before the present.
    void receive(const plan&, const inlet& in, std::span<const sent_spike> spikes, std::int64_t first);
    /// Writes the samples of step 0.
    void sample_start(const plan&, const block_plan& where, block::sink out);
    /// At a step that is known [mV].
    double voltage(const plan&, const block_plan& where, const inlet& in, std::int64_t step, int node);
    /// What the ledger of a window of the plan holds.
    charge_account account(const plan&, const block_plan& where, std::size_t window) const;
    /// What the integration cost so far.
    solvers::step_counts counts() const { return stepper_ ? counted_ + stepper_->counts() : counted_; }
    /// The same in words for those who choose a scheme.
    cell_steps steps(const plan&, const block_plan& where) const;
    /// Its state, to or from an image. Of a method whose past cannot be written down, what it takes to go there again.
    void transfer(image& i);

private:
    class inputs;    // currents from outside
    class system;    // the equations, as the methods see them

    void begin_segment(const plan&, const block_plan& where, const inlet& in);
    struct beginning;
    void begin_steps(const plan&, const block_plan& where, std::shared_ptr<beginning> start);
    void take_events(const plan&, const block_plan& where, const inlet& in);
    double next_jump(const plan&, const block_plan& where) const;
    std::int64_t next_random(const plan&, const block_plan& where, std::int64_t from) const;
    bool step(const plan&, const block_plan& where, const inlet& in);
    void detect(const plan&, const block_plan& where);
    void keep_ledgers(const plan&, const block_plan& where);
    void count_event(const plan&, const block_plan& where, int group, int instance);
    void look_at(const plan&, const block_plan& where, double t);
    double voltage_at(const plan&, const block_plan& where, double t, int node);
    void sample(const plan&, const block_plan& where, std::int64_t step, block::sink out);
    divergence locate(const plan&, const block_plan& where);

    /// Where the cell is on its way, apart from what the stepper knows.
    struct course {
        double now = 0;                         // [ms] everything before is known
        double segment = 0, segment_end = 0;    // nothing jumps between these
        std::size_t next_event = 0, next_arrival = 0;
        std::int64_t spontaneous = 0;           // step whose spontaneous releases come next
        std::int64_t next_random = 0;           // step of dt whose random events come next
        struct noise { double state, current; };
        std::vector<noise> noises;              // [injections of the block]
        std::int64_t noise_step = -1;
        aligned_vector receptors;               // their states at the beginning of the segment
        void transfer(image& i);
    };
    /// Where the stepper was last started: what it has done since can be done again.
    struct beginning {
        course at;                              // before anything happens there
        std::vector<double> y;
        solvers::step_counts counts;            // until there
        void transfer(image& i) { at.transfer(i), i(y), counts.transfer(i); }
    };
    void redo(const plan&, const block_plan& where, const inlet& in);
    bool can_be_copied() const { return stepper_ && stepper_->can_be_copied(); }
    void hear();

    coupled_equations equations_;
    std::unique_ptr<solvers::stiff_stepper> stepper_;   // null in a copy of a method that cannot be copied, until it runs
    solvers::step_counts counted_;              // of steppers before this one
    std::shared_ptr<const beginning> beginning_;
    long steps_since_ = 0;                      // ... it was started
    course at_;
    bool is_jump_ = true, must_start_ = true;
    std::vector<std::size_t> events_;           // of the plan, by time
    timed_events arrivals_;                     // from other cells
    std::vector<double> releases_;   // states of the plastic connections of the inlet
    std::vector<int> unknowns_;                 // all of them
    aligned_vector memory_, scratch_;           // laid out by the population's memory_map: the cell at the time last looked at
    std::vector<double> last_seen_;             // [detectors of the block] at now
    struct found { double time; std::size_t detector; };
    std::vector<found> spikes_;                 // known, not yet handed out
    std::vector<ledger> ledgers_;               // [windows of the block]
    std::optional<divergence> failed_;
};

}  // namespace apical
