// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <vector>

#include "core/error.hpp"
#include "engine/plan.hpp"
#include "engine/simulation.hpp"

namespace apical {

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
    /// Writes the samples due at a step that has been reached.
    void sample(const plan& p, const block_plan& where, std::int64_t step, sink out) const;

    double voltage(const plan& p, const block_plan& where, int cell, int node) const;

private:
    struct cursor;   // a run's views and constants; see block.cpp

    void initialise(const plan& p, const block_plan& where);
    void step(const plan& p, const block_plan& where, std::int64_t n, cursor& c);
    void deliver(const plan& p, const block_plan& where, std::int64_t n);
    void stimulate(const plan& p, const block_plan& where, std::int64_t n, cursor& c);
    void solve_in_halves(cursor& c);
    bool update_voltage(const plan& p, cursor& c, unsigned at_end);
    void detect(const plan& p, const block_plan& where, std::int64_t n, sink out);
    double sampled(const plan& p, const block_plan& where, const probe_plan& probe, const probe_plan::place& at, std::int64_t step) const;
    divergence locate(const plan& p, const block_plan& where, std::int64_t n) const;

    aligned_vector memory_;                     // laid out by the population's memory_map
    std::vector<double> noise_;                 // [injections of the block] state of Ornstein-Uhlenbeck sources
    std::size_t next_event_ = 0;
    std::vector<std::array<double, 3>> seen_;   // [detectors of the block] the last three voltages, latest first

    friend class sampler;
};

}  // namespace apical
