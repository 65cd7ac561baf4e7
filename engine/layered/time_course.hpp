// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <vector>

#include "engine/layered/scheme.hpp"

/// What schemes in time share: how rows of inputs become spikes, and rows of targets what is told.
namespace apical::layered {

/// How long an example goes on.
struct time_course {
    std::size_t rows = 1, target_rows = 1, hold = 1;   ///< steps that a row lasts
    double dt = 1;                                     ///< [ms]
    double answer = 0;                                 ///< errors are told in the last so many ms; 0: all the time
    bool is_chance = false;                            ///< inputs are probabilities of a spike in a step

    time_course(const wiring& w, const setting_values& s);
    std::size_t steps() const { return rows*hold; }
    std::size_t row(std::size_t step) const { return step/hold; }
    bool is_told(std::size_t step) const { return answer <= 0 || static_cast<double>(steps() - step)*dt <= answer*(1 + 1e-9); }
    std::size_t told_steps() const;
    /// The target at a step; null if the trial has none.
    const double* target(const trial& t, std::size_t step, std::size_t outputs) const;
    /// Spikes of the input units in a step.
    void spikes(const wiring& w, const trial& t, std::size_t step, double* to) const;
    /// Writes outputs of a step to the course: the last of a row, or their mean where errors are told.
    void write(trial& t, std::size_t step, const double* outputs, std::size_t count) const;
};

/// The settings that time_course reads.
inline constexpr field dt_field{"dt", 1, "ms", "a step", 1e-3, 1e3};
inline constexpr field hold_field{"hold", 1, "", "steps that a row of inputs lasts", 1, 1e6};
inline constexpr field chance_field{"chance", 0, "", "1: inputs are probabilities of a spike in a step; 0: they are spikes", 0, 1};
inline constexpr field answer_field{"answer", 0, "ms", "errors are told in the last part of a trial that is so long; 0: all the time", 0, 1e9};

}  // namespace apical::layered
