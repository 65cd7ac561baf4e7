// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/layered_net.hpp"
#include "core/schema.hpp"
#include "core/image.hpp"
#include "engine/layered/dense.hpp"

/// What happens between the change that a rule asks for and the weight: optimisers, dependence on the weight, constraints.
namespace apical::layered {

/// When a stage has its turn: they are declared in this order.
enum class stage_order { change, weight, transform };

/// What a stage works on: a projection, its pending changes, what the stage remembers.
struct stage_work {
    dense& link;
    std::vector<double>& change;
    std::span<const double> p;                 ///< its values
    std::vector<double>& memory;
};

/// A stage as the list of them has it.
struct stage_entry {
    std::string_view name, summary;
    stage_order when;
    std::span<const field> fields;
    std::size_t remembers = 0;                 ///< numbers a weight
    void (*apply)(const stage_work&) = nullptr;
    void (*start)(const stage_work&) = nullptr;   ///< of first weights, before all stages are applied to them
};
std::span<const stage_entry> all_stages();
/// Those with files of their own.
stage_entry rmax_stage();
stage_entry cooling_stage();
stage_entry rewiring_stage();
stage_entry disc_stage();

/// Values of all fields, those not given as by default. Throws invalid_model with `where` for unknown names, with a suggestion, and for
/// values out of range.
std::vector<double> completed_values(std::span<const field> fields, const std::map<std::string, double>& given, const std::string& where);

/// The stages of one projection, with what they remember.
class pipeline {
public:
    /// Throws invalid_model with `where` for an unknown stage or value, and for stages out of order.
    pipeline(const std::vector<weight_stage>& stages, const std::string& where);

    /// Makes first weights obey.
    void start(dense& link);
    /// Adds the changes, which it consumes, to the weights.
    void apply(dense& link, std::vector<double>& change);
    void transfer(image& i);

private:
    struct step {
        const stage_entry* entry;
        std::vector<double> values, memory;
    };
    void run(dense& link, std::vector<double>& change, stage_order when);
    void finish(dense& link);
    std::vector<step> steps_;
    std::vector<double> learned_;              // weights before they are transformed, if they are
};

}  // namespace apical::layered
