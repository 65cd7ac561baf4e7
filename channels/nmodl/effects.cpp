// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/effects.hpp"

#include <set>

#include <fmt/format.h>

#include "channels/nmodl/flow.hpp"
#include "channels/nmodl/visit.hpp"

namespace apical::nmodl {

void warn_of_effects(const program& p, diagnostics& found) {
    const auto u = usage_of(p, p.breakpoint);
    std::set<int> told;
    each_statement(p.breakpoint, [&](const statement& s) {
        const int variable = s.to.variable;
        if (variable < 0) return;
        const auto i = static_cast<std::size_t>(variable);
        const auto& v = p.variables[i];
        const bool is_state = v.is == role::state || v.is == role::inner || v.is == role::outer;
        const bool feeds_itself = v.kept == storage::instance && u.reads_first[i] != 0;
        if ((!is_state && !feeds_itself) || !told.insert(variable).second) return;
        found.warn("breakpoint", s.at,
                   is_state ? fmt::format("BREAKPOINT sets the state {}, and runs more than once a step", v.name)
                            : fmt::format("BREAKPOINT computes {} from its own last value, and runs more than once a step", v.name),
                   "compute it in a PROCEDURE and SOLVE that, which runs once a step");
    });
}

}  // namespace apical::nmodl
