// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "channels/nmodl/program.hpp"

namespace apical::nmodl {

/// A mechanism in the form of the files of channels/: a struct in apical::channels::from_mod.
struct emitted_channel {
    enum class form { channel, pool, synapse };
    form kind = form::channel;
    std::string name;      ///< of the struct
    std::string text;      ///< of its header, without `#pragma once`; empty if the mechanism has not this form
    std::string why_not;   ///< what keeps it from it: "its states are solved for together"
};

/// The struct of a mechanism that is first-order gates and one current, of a pool that one current fills, or of a synapse whose states
/// decay. The struct has the mechanism's name, unless it is given another. Parameters that are neither RANGE nor GLOBAL nor measured per area are constants of it, at the values they have in the program.
emitted_channel emit_channel(const program&, const std::string& name = {});

}  // namespace apical::nmodl
