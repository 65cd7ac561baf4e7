// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "channels/nmodl/mechanism.hpp"
#include "core/aligned.hpp"

namespace apical::nmodl {

/// The surroundings of an ion: concentrations [mM], reversal potential [mV], valence.
struct ion_surroundings {
    double inner = 1, outer = 1, reversal = 0;
    int valence = 1;
};

/// What is usual for an ion of this name; of others that its concentrations are 1.
ion_surroundings usual_surroundings(std::string_view ion);

/// Instances of one mechanism outside of any cell, with memory of their own: for plots of rates, checks and comparisons. Values start as
/// the file has them, the potential at -65 mV, ions as is usual for them, the compartment as a cylinder of 10 by 10 um.
class patch {
public:
    patch(std::shared_ptr<const mechanism>, int count);
    patch(const patch&) = delete;
    patch& operator=(const patch&) = delete;

    int count() const { return count_; }
    const program& source() const { return of_->source(); }
    const mechanism& runs() const { return *of_; }

    /// The first value of a variable, element `element` of an array; null if the program keeps none between its blocks.
    double* find(std::string_view name, int element = 0, int instance = 0);
    /// The same, or invalid_model with the names there are.
    double& at(std::string_view name, int element = 0, int instance = 0);
    /// The same value for all instances and elements; nothing happens if there is no such variable.
    void fill(std::string_view name, double value);
    /// Sets what an ion is surrounded by, as far as the mechanism reads it and does not write it.
    void surround(std::string_view ion, const ion_surroundings&);

    instance_view view();

    std::vector<function_table> tables;     ///< of program::function_tables
    fault first_fault;                      ///< what went wrong in the blocks run so far

private:
    std::shared_ptr<const mechanism> of_;
    int count_, padded_;
    std::vector<aligned_vector> columns_;
    std::vector<double*> pointers_;
    std::vector<double> shared_;
    std::vector<std::uint64_t> identity_;
};

}  // namespace apical::nmodl
