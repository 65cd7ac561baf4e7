// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <string>

#include "channels/nmodl/lower.hpp"
#include "channels/nmodl/print_program.hpp"
#include "tests/nmodl/reading.hpp"

namespace apical::nmodl::testing {

/// What lowering a text gives.
struct lowering {
    program p;
    diagnostics found;

    std::string initial() const { return print_block(p, p.initial); }
    std::string advance() const { return print_block(p, p.advance); }
    std::string breakpoint() const { return print_block(p, p.breakpoint); }
    std::string receive() const { return print_block(p, p.net_receive); }

    const variable& of(std::string_view name) const { return p.variables.at(static_cast<std::size_t>(p.find(name))); }
    /// "file:line:column: message; hint" of the first finding; empty if there is none.
    std::string told() const {
        if (found.all().empty()) return {};
        const auto text = found.all().front().text();
        return text.substr(0, text.find('\n'));
    }
};

inline lowering lower_text(const std::string& text) {
    auto r = read(text);
    lowering made;
    made.found = r.found;
    if (!made.found.has_errors()) made.p = lower(r.file, made.found);
    return made;
}

/// A density mechanism whose once-a-step PROCEDURE has these statements, with names a, b, c and x[3] kept by each instance, and what else the
/// file has.
inline lowering lower_step(const std::string& statements, const std::string& others = "") {
    return lower_text("NEURON { SUFFIX test RANGE a, b, c, x }\nASSIGNED { a b c x[3] v }\nBREAKPOINT { SOLVE step }\nPROCEDURE step() {\n" +
                      statements + "\n}\n" + others);
}

}  // namespace apical::nmodl::testing
