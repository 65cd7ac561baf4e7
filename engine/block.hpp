// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "core/error.hpp"
#include "core/image.hpp"
#include "engine/arrivals.hpp"
#include "engine/imported_events.hpp"
#include "engine/learner.hpp"
#include "engine/ledger.hpp"
#include "engine/modulation.hpp"
#include "engine/plan.hpp"
#include "engine/simulation.hpp"
#include "engine/split.hpp"
#include "engine/trace.hpp"

namespace apical {

struct snapshot;

/// The mutable state of one block of cells. Flat and free of pointers into itself: copying forks it.
class block {
public:
    block(const plan& p, const block_plan& where, const inlet& in);

    /// What a run writes to. Blocks write to separate columns and have spikes of their own.
    struct sink {
        std::vector<recording>* recordings;       ///< with rows for every sample of the run
        std::vector<spike>* spikes;
        std::vector<sent_spike>* sent;            ///< to other cells
    };

    /// Takes in what spikes send through its inlet; they must not arrive before the present.
    void receive(const plan& p, const inlet& in, std::span<const sent_spike> spikes, std::int64_t first);

    /// Threads that advance a block together.
    struct crew {
        const split& shares;
        team& workers;
    };
    /// Advances from step `from` to `to`; stops early, and says where, if a voltage leaves the allowed range. `together`: null, or who shares
    /// the work.
    std::optional<divergence> run(const plan& p, const block_plan& where, const inlet& in, std::int64_t from, std::int64_t to, sink out, const crew* together = nullptr);
    /// Writes the samples due before the first step.
    void sample_start(const plan& p, const block_plan& where, sink out);

    class joint_steps;
    /// Its state, to or from an image.
    void transfer(image& i);

    double voltage(const plan& p, const block_plan& where, int cell, int node) const;
    /// Of the learned tables of its inlet.
    std::vector<learner>& learners() { return learners_; }
    const std::vector<learner>& learners() const { return learners_; }
    /// What neuromodulators do to it.
    modulation& modulators() { return modulation_; }
    /// Its length [ms], 0 before the first.
    double last_step(const plan& p, const block_plan& where) const;
    /// What the ledger of a window of the plan holds of a cell.
    charge_account account(const plan& p, const block_plan& where, std::size_t window, int cell) const;

private:
    struct cursor;   // a run's views and constants; see block.cpp

    void initialise(const plan& p, const block_plan& where);
    void finish_artificial(const plan& p, const block_plan& where, cursor& c, sink out);
    void begin_step(const plan& p, const block_plan& where, const inlet& in, std::int64_t position, cursor& c);
    void assemble(const plan& p, const block_plan& where, cursor& c);
    std::optional<divergence> finish_step(const plan& p, const block_plan& where, cursor& c, sink out);
    void advance_gates(const cursor& c, std::size_t region, const kernels::region_view& rows) const;
    void run_mechanisms(const plan& p, const cursor& c, std::size_t region, const kernels::region_view& rows) const;
    void run_regions(const plan& p, const cursor& c) const;
    static void solve(const cursor& c, double* diagonal, double* rhs);
    void deliver(const plan& p, const block_plan& where, const inlet& in, std::int64_t n, imported_steps& imported);
    void deliver_arrivals(const plan& p, const block_plan& where, const inlet& in, std::int64_t n);
    void count_event(const plan& p, const block_plan& where, std::int64_t n, std::size_t group, std::size_t element);
    void count_imported_event(const plan& p, const block_plan& where, std::int64_t n, std::size_t mechanism, std::size_t element);
    void stimulate(const plan& p, const block_plan& where, cursor& c);
    template <class F> void solve_in_halves(cursor& c, F&& add);
    double fastest_change(const cursor& c) const;
    bool update_voltage(const plan& p, cursor& c, unsigned at_end);
    struct voltage_check;
    void update_rows(const plan& p, const cursor& c, unsigned at_end, int first, int last, voltage_check& to);
    void prepare_ledgers(const plan& p, const block_plan& where, cursor& c);
    void keep_ledgers(const plan& p, const block_plan& where, cursor& c);
    void close_ledgers(const plan& p, const block_plan& where, const cursor& c);
    void clamp_ledgers(const plan& p, const block_plan& where, const cursor& c);
    void detect(const plan& p, const block_plan& where, const cursor& c, sink out);
    void tell_events(const plan& p, const block_plan& where, sink out);
    void sample(const plan& p, const block_plan& where, const cursor& c, sink out);
    void interpolate(const plan& p, const block_plan& where, const cursor& c, std::size_t column, sink out);
    snapshot now(const plan& p, const block_plan& where) const;
    divergence locate(const plan& p, const block_plan& where, double time) const;

    aligned_vector memory_;                     // laid out by the population's memory_map
    aligned_singles singles_;                   // and so are gates of single precision; those in memory_ are then only where they started from
    std::vector<double> noise_;                 // [injections of the block] state of Ornstein-Uhlenbeck sources
    std::size_t next_event_ = 0;
    arrivals arrivals_;
    std::vector<double> releases_;              // states of the plastic connections of the inlet
    imported_events imported_events_;
    std::vector<learner> learners_;             // [learned tables of the inlet]
    modulation modulation_;
    std::vector<int> spiked_;                   // cells that spiked in this step, within the block
    std::vector<trace> seen_;                   // [detectors of the block] voltages at the latest positions
    std::vector<ledger> ledgers_;               // [windows of the block]
    std::vector<trace> sampled_;                // [columns of probes] where steps are chosen: values at the latest whole dt
    int previous_ = -1;                         // length of the last step, as an index of cell_plan::steps; -1 before the first
    double fastest_ = 0;                        // where steps are chosen: of all changes of voltage in the last step [mV/ms]
};

/// What gap junctions need to know of the places at their ends in one step: the solution, which is the voltage at its midpoint or end,
/// and that at its end; of a step in halves, the solutions of both [mV].
using gap_voltages = std::vector<std::array<double, 2>>;

/// Steps of a block that is solved together with others, because gap junctions join their cells. Lives as long as a run.
class block::joint_steps {
public:
    joint_steps(block& b, const plan& p, const block_plan& where, const inlet& in, sink out);
    joint_steps(joint_steps&&) noexcept;
    ~joint_steps();

    /// Everything of a step but its solution. Writes a first guess of its places' voltages.
    void begin(std::int64_t step, gap_voltages& all);
    /// The solution with these voltages at the other ends; the voltages of its own places go to `own`. Returns the largest change of
    /// one of them [mV].
    double solve(const gap_voltages& all, gap_voltages& own);
    std::optional<divergence> finish();

private:
    block& block_;
    const plan& plan_;
    const block_plan& where_;
    const inlet& in_;
    sink out_;
    std::unique_ptr<cursor> cursor_;
    std::vector<double> rhs_, diagonal_;        // before the solution, without what comes through the junctions
};

}  // namespace apical
