// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <vector>

#include "core/error.hpp"
#include "engine/ledger.hpp"
#include "engine/plan.hpp"
#include "engine/simulation.hpp"
#include "engine/trace.hpp"

namespace apical {

struct snapshot;

/// The mutable state of one block of cells. Flat and free of pointers into itself: copying forks it.
class block {
public:
    block(const plan& p, const block_plan& where);

    /// What a run writes to. Blocks write to separate columns and have spikes of their own.
    struct sink {
        std::vector<recording>* recordings;       ///< with rows for every sample of the run
        std::vector<spike>* spikes;
    };

    /// Advances from step `from` to `to`; stops early, and says where, if a voltage leaves the allowed range.
    std::optional<divergence> run(const plan& p, const block_plan& where, std::int64_t from, std::int64_t to, sink out);
    /// Writes the samples due before the first step.
    void sample_start(const plan& p, const block_plan& where, sink out);

    double voltage(const plan& p, const block_plan& where, int cell, int node) const;
    /// Its length [ms], 0 before the first.
    double last_step(const plan& p, const block_plan& where) const;
    /// What the ledger of a window of the plan holds of a cell.
    charge_account account(const plan& p, const block_plan& where, std::size_t window, int cell) const;

private:
    struct cursor;   // a run's views and constants; see block.cpp

    void initialise(const plan& p, const block_plan& where);
    void begin_step(const plan& p, const block_plan& where, std::int64_t position, cursor& c);
    void step(const plan& p, const block_plan& where, cursor& c);
    void advance_gates(cursor& c, std::size_t region);
    void deliver(const plan& p, const block_plan& where, std::int64_t n);
    void count_event(const plan& p, const block_plan& where, std::int64_t n, std::size_t group, std::size_t element);
    void stimulate(const plan& p, const block_plan& where, cursor& c);
    void solve_in_halves(cursor& c);
    double fastest_change(const cursor& c) const;
    bool update_voltage(const plan& p, cursor& c, unsigned at_end);
    void prepare_ledgers(const plan& p, const block_plan& where, cursor& c);
    void keep_ledgers(const plan& p, const block_plan& where, cursor& c);
    void close_ledgers(const plan& p, const block_plan& where, const cursor& c);
    void clamp_ledgers(const plan& p, const block_plan& where, const cursor& c);
    void detect(const plan& p, const block_plan& where, const cursor& c, sink out);
    void sample(const plan& p, const block_plan& where, const cursor& c, sink out);
    void interpolate(const plan& p, const block_plan& where, const cursor& c, std::size_t column, sink out);
    snapshot now(const plan& p, const block_plan& where) const;
    divergence locate(const plan& p, const block_plan& where, double time) const;

    aligned_vector memory_;                     // laid out by the population's memory_map
    std::vector<double> noise_;                 // [injections of the block] state of Ornstein-Uhlenbeck sources
    std::size_t next_event_ = 0;
    std::vector<trace> seen_;                   // [detectors of the block] voltages at the latest positions
    std::vector<ledger> ledgers_;               // [windows of the block]
    std::vector<trace> sampled_;                // [columns of probes] where steps are chosen: values at the latest whole dt
    int previous_ = -1;                         // length of the last step, as an index of cell_plan::steps; -1 before the first
    double fastest_ = 0;                        // where steps are chosen: of all changes of voltage in the last step [mV/ms]
};

}  // namespace apical
