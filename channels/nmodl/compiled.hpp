// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>

#include "channels/nmodl/compiled_table.hpp"
#include "channels/nmodl/mechanism.hpp"

namespace apical::nmodl {

/// The mechanism that a program was compiled to; `library` is what the table lies in. Throws unsupported if the table is of another
/// version, or of another program.
std::shared_ptr<const mechanism> compiled_mechanism(std::shared_ptr<const program>, const compiled::table*, std::shared_ptr<const void> library);

}  // namespace apical::nmodl
