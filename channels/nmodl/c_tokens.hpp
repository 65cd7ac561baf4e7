// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "channels/nmodl/diagnostic.hpp"

namespace apical::nmodl {

/// A piece of the C of a VERBATIM block, or the place of a statement of NMODL between two such blocks.
struct c_token {
    enum class kind { name, number, text, symbol, nmodl, end };
    kind is = kind::end;
    std::string text;
    double value = 0;
    bool is_integer = false;
    std::size_t statement = 0;   ///< of `nmodl`: which one
    std::size_t offset = 0;      ///< in the text of its block; of what a macro put in, that of the macro's name
    place at;

    bool is_symbol(std::string_view s) const { return is == kind::symbol && text == s; }
    bool is_name(std::string_view s) const { return is == kind::name && text == s; }
};

/// What #define has said so far.
struct c_macros {
    struct macro {
        std::vector<c_token> tokens;
        std::vector<std::string> arguments;
        bool has_arguments = false;
    };
    std::map<std::string, macro, std::less<>> all;
};

/// The tokens of a VERBATIM block whose keyword is at a place: without comments and lines of the preprocessor, with the branches of #if
/// that NEURON 9 compiles for itself, and with macros put in. Characters that are not of C become symbols.
std::vector<c_token> c_tokens(std::string_view text, const place& keyword, c_macros& macros);

}  // namespace apical::nmodl
