// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <memory>
#include <string>

#include "channels/nmodl/mechanism.hpp"

namespace apical::nmodl {

/// What a file leaves open, and the model says.
struct supplies {
    std::map<std::string, function_table> tables = {};   ///< values of a FUNCTION_TABLE, by its name; in the units of the file
    /// What a POINTER points to, by its name: "v", or a variable that another mechanism read from NMODL keeps, "ca_shell.rate"; on the same
    /// compartment, or where a location expression says on the same cell, "v at soma(0.5)".
    std::map<std::string, std::string> pointers = {};
};
bool operator==(const supplies& a, const supplies& b);

/// The mechanism with these, besides those that it has. Throws invalid_model if it has no such table or pointer, or a table is not right: axes that
/// ascend, a value for every combination.
std::shared_ptr<const mechanism> supplied(std::shared_ptr<const mechanism> m, supplies s);

/// What a mechanism has been given; nothing: none.
const supplies& supplies_of(const mechanism& m);

/// Throws invalid_model at "mechanism 'name' / table or pointer" if something is missing.
void check_supplied(const mechanism& m);

}  // namespace apical::nmodl
