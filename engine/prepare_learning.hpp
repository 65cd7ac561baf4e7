// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "engine/prepared_projection.hpp"

namespace apical {

/// A rule with these parameters, coherent, at steps of dt [ms]: what it reads, and its clock, of so many ms or every step; weights without bounds.
rule_plan settled_rule(const rule_entry& rule, std::vector<double> parameters, double dt, double interval);

/// The rule of a projection that learns, looked up and checked against what its cells offer: a signal that they do not have is named.
/// Throws invalid_model.
rule_plan prepare_rule(const prepared_projection& one, const circuit& c, const painted_cell& target, const run_options& options, const catalogue& mechanisms);

/// The weight that a rule's weight 1 stands for, of a projection that learns: what it says, or else its mean weight.
any_quantity learning_unit(const projection& wanted);

/// The neuromodulators of a circuit. `first_gid` as in network_plan. Problems go to `found`.
std::vector<field_plan> prepare_fields(const circuit& c, const std::vector<std::uint32_t>& first_gid, const run_options& options, findings& found);

/// Problems go to `found`.
std::vector<weight_probe_plan> prepare_weight_probes(const circuit& c, const run_options& options, findings& found);

/// Where in a block's memory the signals of a table are, whose places are known.
void locate_signals(const plan& p, const rule_plan& rule, const painted_cell& cell, cell_range cells, learned_table& table);

}  // namespace apical
