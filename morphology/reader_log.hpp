// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/error.hpp"

namespace apical::detail {

/// What the reader of a text file found: errors, and repairs grouped by kind, all with their lines.
class reader_log {
public:
    explicit reader_log(std::string_view file) : file_(file) {}

    void error(long line, std::string what, std::string hint = {});
    /// Repairs of one wording are reported once, with the first lines and the number of the others.
    void repaired(long line, std::string_view what, std::string_view hint = {});

    bool has_errors() const { return errors_ > 0; }
    /// Throws invalid_input if there were errors.
    void stop_on_errors() const;
    std::vector<problem> warnings() const;
    std::string where(long line) const;

private:
    struct repair {
        std::string what, hint;
        std::vector<long> lines;  // the first few
        long count = 0;
    };

    std::string file_;
    findings found_;
    long errors_ = 0;
    std::vector<repair> repairs_;
    std::unordered_map<std::string, std::size_t> known_;   // wording -> place in repairs_
};

/// The text without a byte order mark. Refuses UTF-16 and UTF-32, and null characters, which no plain text has.
std::string_view plain_text(std::string_view text, reader_log&);

/// A finite or non-finite number that fills the whole word, in the C locale; false if the word is anything else.
bool parse_number(std::string_view word, double& value);

}  // namespace apical::detail
