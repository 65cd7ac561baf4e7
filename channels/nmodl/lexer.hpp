// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "channels/nmodl/diagnostic.hpp"

namespace apical::nmodl {

/// A piece of NMODL. Keywords are names here: which of them mean something depends on where they stand.
struct token {
    enum class kind {
        name,       ///< text; `order` primes behind it
        number,     ///< text, value; of a macro of DEFINE the name of the macro is kept in `macro`
        text,       ///< what stands between quotes
        symbol,     ///< text: one of { } ( ) [ ] @ + - * / ^ = , ~ ~+ < > <= >= == != ! && || <->
        title,      ///< the line behind TITLE
        comment,    ///< what stands between COMMENT and ENDCOMMENT
        verbatim,   ///< what stands between VERBATIM and ENDVERBATIM
        stray,      ///< a character that means nothing in NMODL
        end
    };
    kind is = kind::end;
    std::string text;
    double value = 0;
    bool is_integer = false;
    int order = 0;
    std::string macro;
    bool is_unchecked = false;   ///< stands behind UNITSOFF
    place at;

    bool is_name(std::string_view name) const { return is == kind::name && order == 0 && text == name; }
    bool is_symbol(std::string_view symbol) const { return is == kind::symbol && text == symbol; }
};

/// Reads one source from front to back. Comments from ':' or '?' to the end of the line are skipped.
class scanner {
public:
    explicit scanner(std::shared_ptr<const source> in);

    token next();

    /// What stands from here to ')' on this line, and the ')'; nothing, and no step further, if there is no ')'.
    std::optional<std::string> up_to_parenthesis();
    /// The rest of the line, without blanks around.
    std::string rest_of_line();
    /// Everything up to a line that begins with the word `last`, and that line; nothing if there is none. Where no line begins with
    /// it, or where `anywhere` says that this is enough, the word may stand within a line.
    std::optional<std::string> block_up_to(std::string_view last, bool anywhere);
    /// An identifier of an ontology, which may be in brackets and has a colon: all up to the next blank.
    std::string word_up_to_blank();

    /// Leaves out all that is left.
    void skip_rest() { step(rest().size()); }

    place here() const { return {in_, line_, static_cast<int>(offset_ - line_begin_) + 1}; }
    const std::shared_ptr<const source>& in() const { return in_; }

private:
    std::string_view rest() const { return std::string_view(in_->text).substr(offset_); }
    void skip_blanks();
    void step(std::size_t bytes);      ///< over bytes that may hold line ends
    std::string take(std::size_t bytes);

    std::shared_ptr<const source> in_;
    std::size_t offset_ = 0, line_begin_ = 0;
    int line_ = 1;
};

}  // namespace apical::nmodl
