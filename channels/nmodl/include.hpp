// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "channels/nmodl/diagnostic.hpp"
#include "channels/nmodl/lexer.hpp"

namespace apical::nmodl {

/// Gives the text that `INCLUDE "name"` in `from` asks for, or null if there is none.
using include_reader = std::function<std::shared_ptr<const source>(const std::string& name, const source& from)>;

/// Looks for included files beside the including one, then in the folders; last for the bare name of the file in the same places.
include_reader includes_from(std::vector<std::string> folders);

/// The text of a file, or null if it cannot be read.
std::shared_ptr<const source> read_source(const std::string& path);

/// The tokens of a source with those of the sources it includes in their places, and with the numbers that DEFINE gives in place of
/// its names. COMMENT blocks are kept aside; UNITSON and UNITSOFF are kept as a mark of the tokens behind them. What is wrong is told, and left out.
class token_stream {
public:
    token_stream(std::shared_ptr<const source> in, const include_reader& include, diagnostics& found);

    const token& peek(std::size_t ahead = 0);
    token take();

    /// A unit, whose '(' is the next token and has not been looked beyond: what stands up to ')'. Nothing if the line has no ')'.
    std::optional<std::string> take_unit();
    /// What stands behind a REPRESENTS just taken.
    std::string take_identifier();

    /// The place of the token taken last.
    const place& last() const { return last_; }
    /// How many tokens have been taken.
    std::size_t taken() const { return taken_; }
    std::vector<std::string> comments;

    static constexpr std::size_t max_depth = 20;           ///< of INCLUDE
    static constexpr std::size_t max_tokens = 1'000'000;   ///< in all files together
    static constexpr std::size_t max_bytes = 1 << 24;      ///< of one file

private:
    token next();
    bool is_directive(const token& t);   ///< does what INCLUDE, DEFINE and the like ask for
    token raw_block(token opening, token::kind is);
    void include(const token& keyword);
    void define(const token& keyword);
    void push(std::shared_ptr<const source> in, const place& at);
    void give_up();

    const include_reader& include_;
    diagnostics& found_;
    std::vector<scanner> open_;
    std::deque<token> ahead_;
    std::map<std::string, token, std::less<>> macros_;
    place last_;
    std::size_t read_ = 0, taken_ = 0;
    bool is_unchecked_ = false;
};

}  // namespace apical::nmodl
