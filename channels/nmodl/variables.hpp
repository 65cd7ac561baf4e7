// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <set>
#include <string>

#include "channels/nmodl/program.hpp"

/// Variables that statements read and assign, and new ones.
namespace apical::nmodl::algebra {

/// Variables that the expression, or what the statements compute, may depend on.
void collect_reads(const expression&, std::set<int>& variables);
std::set<int> variables_read(const block&);
/// Variables that the statements, or statements of their bodies, assign.
std::set<int> variables_assigned(const block&);

/// The variable of this role that there is one of: time, step. Added if the file does not name it.
int variable_of(program&, role);
/// A new local variable; the name is made unique.
int add_local(program&, std::string name, place);
/// "ca" or "ca_2": what locals that belong to an element are named after.
std::string name_of(const program&, const element&);

}  // namespace apical::nmodl::algebra
