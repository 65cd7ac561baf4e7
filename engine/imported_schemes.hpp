// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>

#include "channels/nmodl/program.hpp"
#include "engine/options.hpp"

namespace apical {

/// What keeps a scheme from running a mechanism that was read from NMODL and has no kernels.
struct scheme_refusal {
    std::string what;      ///< with the line of the file, where there is one
    std::string hint;
};

/// Nothing if the scheme can run it. Fixed steps run everything. Scheme `automatic` runs what could be done in steps of any length: equations, and
/// events that come from outside. `precise` and `cvode` run nothing that has no kernels.
std::optional<scheme_refusal> refusal_by(scheme, const nmodl::program&);

}  // namespace apical
