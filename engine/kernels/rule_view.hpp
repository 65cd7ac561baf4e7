// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>

#include "plasticity/rule.hpp"

namespace apical::kernels {

/// Synapses of one rule that share what is behind them: those at one place of a cell, or onto one unit of a layer. Columns are arrays of
/// one number a synapse, `stride` doubles from one column to the next.
struct synapse_view {
    std::size_t count = 0;
    double* weight = nullptr;                  ///< [count], in the rule's own unit
    double* kept = nullptr;                    ///< columns of rule::synapse
    std::size_t kept_stride = 0;
    const double* pre = nullptr;               ///< columns of rule::pre, as they are now
    std::size_t pre_stride = 0;
    const double* post = nullptr;              ///< one number for each member
    const double* third = nullptr;
    const double* parameters = nullptr;
    const double* chance = nullptr;            ///< [count] standard normal numbers, of noisy rules
    double low = 0, high = 0;                  ///< bounds of the weight
    double dt = 0;                             ///< [ms] of each_step
    const double* elapsed = nullptr;           ///< [count] of relax: for how long [ms]
    double* change = nullptr;                  ///< [count] to which changes are added instead of to the weight; null: to the weight
};

/// A rule's functions on columns; null if it does not answer the occasion.
struct rule_table {
    std::array<void (*)(const synapse_view&), plasticity::occasion_count> on{};
    void (*relax)(const synapse_view&) = nullptr;
    /// What a rule reads, given its parameters: one reading for each member of pre, post and third; and the time constants with which
    /// what is kept fades [ms], 0 where it stays; how late arrivals are felt [ms].
    void (*hears)(const double* parameters, plasticity::reading* to) = nullptr;
    void (*sees)(const double* parameters, plasticity::reading* to) = nullptr;
    void (*is_told)(const double* parameters, plasticity::reading* to) = nullptr;
    void (*fades)(const double* parameters, double* to) = nullptr;
    void (*begins)(double weight, const double* parameters, double* to) = nullptr;   ///< what is kept at the start
    double (*after_arrival)(const double* parameters) = nullptr;
};

}  // namespace apical::kernels
