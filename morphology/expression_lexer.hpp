// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace apical::expression {

struct token {
    enum class kind { number, word, symbol, end } kind;
    std::string_view text;   ///< into the source
    std::size_t at;          ///< offset in the source
    std::size_t past() const { return at + text.size(); }
};

/// The tokens of a text, closed by one of kind `end`. Words are letters, digits, '_', '%' and any non-ASCII character.
/// Throws invalid_model at a character that means nothing here.
std::vector<token> tokens_of(std::string_view source);

/// Throws invalid_model for source[from, to): the column, the finding, the hint, and the line with carets below the place.
[[noreturn]] void refuse(std::string_view source, std::size_t from, std::size_t to, std::string what, std::string hint);

}  // namespace apical::expression
