// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "engine/plan.hpp"

namespace apical {

/// Receptors as they are placed on cells. Those of one kind form a group of a population's plan, whose instances sit on rows. Where the
/// kinetics are linear, receptors with equal parameters at one compartment share an instance.
class receptor_table {
public:
    explicit receptor_table(std::size_t populations) : groups_(populations) {}

    struct place { int group, index; };
    /// Of a receptor with these parameters on a row of a population's cells. `owner`: a projection that has its receptors to itself; -1: shares
    /// them.
    place at(int population, const catalogue::entry& mechanism, int row, const std::vector<double>& values, int owner = -1);
    /// Writes the receptors into the populations of the plan.
    void fill(plan& p) const;

private:
    struct group {
        catalogue::entry mechanism;
        std::vector<int> rows;
        std::vector<std::vector<double>> values;
        std::map<std::pair<int, std::vector<double>>, int> known;   // instances that may be shared
        int owner = -1;
    };
    std::vector<std::vector<group>> groups_;
};

}  // namespace apical
