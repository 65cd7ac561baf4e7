// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "channels/nmodl/program.hpp"
#include "channels/nmodl/syntax.hpp"

/// C in VERBATIM blocks, as far as published files share ways to write it.
namespace apical::nmodl {

/// What a VERBATIM block comes to.
struct verbatim_meaning {
    enum class kind {
        nothing,    ///< comments, includes, declarations, and what only prints or seeds
        returns,    ///< leaves the routine, which is only of interest if something follows; value: what a FUNCTION returns, if it says so
        opens,      ///< begins what is done only with a vector or generator that the interpreter has handed over: it ends at the next `closes`
        closes,
        unknown     ///< text: the first statement that has a meaning in C only
    };
    kind is = kind::nothing;
    std::string text;
    std::optional<double> value;
};

/// Reads a VERBATIM block.
verbatim_meaning meaning_of_verbatim(std::string_view text);

/// The distribution that a FUNCTION draws from, if that is all its VERBATIM blocks are about: nrn_random_pick, nrnran123_negexp and so on.
std::optional<builtin> drawn_by_verbatim(const syntax::routine&);

}  // namespace apical::nmodl
