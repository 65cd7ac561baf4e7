// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/schema.hpp"
#include "plasticity/release.hpp"

namespace apical {

/// To whom the draws of a release belong, beside its time.
struct release_chance {
    std::uint64_t seed, stream, number;
};

/// A model of release as the engine calls it. State and parameters are plain numbers, in the order of its records.
struct release_table {
    std::size_t states = 0;
    void (*at_start)(const double* parameters, double* state) = nullptr;
    /// What a spike at this time releases of the weight, 0 to 1 [ms].
    double (*release)(double* state, const double* parameters, double time, const release_chance& chance) = nullptr;
};

/// What people may know about a model of release.
struct release_schema {
    std::string name, summary, source;
    std::vector<field> parameters;

    const field* parameter(std::string_view name) const;   ///< nullptr if there is none
};

/// A model of release: its schema, and its compiled form.
struct release_entry {
    release_schema schema;
    release_table table;
};

/// Every model of release of the plasticity folder, by name.
const std::vector<release_entry>& release_models();
/// Throws invalid_model with `where` and a suggestion.
const release_entry& release_model_at(std::string_view name, std::string_view where);

}  // namespace apical
