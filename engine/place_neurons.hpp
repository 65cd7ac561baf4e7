// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "engine/plan.hpp"

namespace apical {

/// The plan of a population of point neurons, with its parameters resolved and nothing placed on it yet. Problems go to `found`.
/// `seed`: of the potentials at the start, where they are drawn.
neuron_plan resolve_neurons(const population& p, int index, const catalogue& mechanisms, findings& found, std::uint64_t seed);

/// Parameters of a learning rule, coherent: the defaults or a published set, with those given. Throws invalid_model naming `where`.
std::vector<double> rule_values(const rule_schema& schema, const std::string& published, const std::map<std::string, any_quantity>& given, const std::string& where);

/// A receptor's parameters in the order of its schema, coherent. Throws invalid_model naming `where`.
std::vector<double> receptor_values(const mechanism_schema& schema, const std::map<std::string, any_quantity>& given, const std::string& where);

/// The receptor on this compartment: an equal one of this owner that is there and may be shared, or a new one.
int synapse_on(neuron_plan& n, const catalogue::entry& mechanism, int compartment, const std::vector<double>& values, int owner = -1);

/// A current into a compartment of these cells, ascending; noise is another for each.
void inject(neuron_plan& n, const injection_plan& pattern, const std::vector<int>& cells);

/// Makes a probe of a point neuron: its unit, and one column a cell and node. `at.mechanism` is -1, `at.index` the state.
/// Throws invalid_model naming `where`.
probe_plan probe_of_neurons(const plan& p, const neuron_plan& n, const probe& wanted, const std::string& where);

/// Cuts the neurons into blocks and tells each what is its own.
void divide_neurons(plan& p);

}  // namespace apical
