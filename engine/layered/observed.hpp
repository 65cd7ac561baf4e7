// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "engine/layered/scheme.hpp"
#include "plasticity/rule.hpp"

/// Readings of rules on a trial of a layered net: signals as they are, low-passed, late, or as they were at the end of a phase.
namespace apical::layered {

/// What is read: one of the observed signals, at the end of a phase or, if that is -1, now.
struct source {
    std::size_t of = 0;
    int phase = -1;
};

/// A signal of a group as it is observed, apart from the phase.
struct observed_signal {
    plasticity::reading what;
    std::size_t group = 0;
};

/// Numbers of an observed signal in one trial, one for each unit of the group and one more for the unit that is always 1.
struct observation {
    std::vector<double> now;
    std::vector<std::vector<double>> after;               ///< [phases]
    std::array<std::vector<double>, 3> low_passed;        ///< of a trace the first of them
    std::vector<std::vector<double>> history;             ///< of a late one: a ring of the last values
    std::size_t at = 0;

    const std::vector<double>& value(int phase) const { return phase < 0 ? now : after[static_cast<std::size_t>(phase)]; }
};

/// All that the rules of a net read.
class observers {
public:
    /// Adds a reading of a group, if it is not there yet.
    source add(const plasticity::reading& r, std::size_t group);

    /// Observations of a trial that is about to begin.
    void begin(std::vector<observation>& seen, const wiring& w, int phases, double dt) const;
    /// After a step of dt [ms].
    void step(std::vector<observation>& seen, const wiring& w, const trial& t, double dt) const;
    /// After a phase.
    void end_phase(std::vector<observation>& seen, const wiring& w, const trial& t, int phase) const;

    /// What the phases of a trial have left, as numbers: what another process needs to know of it.
    static void tell(const std::vector<observation>& seen, std::vector<double>& to);
    /// The same back, into observations that have begun; returns where in the numbers it ended.
    static const double* hear(std::vector<observation>& seen, const double* from);

private:
    std::vector<observed_signal> all_;
};

}  // namespace apical::layered
