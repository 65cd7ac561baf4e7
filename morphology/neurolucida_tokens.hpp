// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>
#include <vector>

#include "morphology/reader_log.hpp"

namespace apical::detail {

enum class asc_kind { open, close, comma, bar, open_spine, close_spine, number, string, label, end };

/// A word of Neurolucida text. The end of the file is a token too, and always the last.
struct asc_token {
    asc_kind kind = asc_kind::end;
    std::string_view text;    ///< of strings without the quotes
    double number = 0;
    long line = 0;
    bool tight = false;       ///< a comma without blanks on either side, which may be a decimal mark
};

/// Cuts the text, comments left out. Errors (an open string, a word that is almost a number) go to the log.
std::vector<asc_token> asc_tokens(std::string_view text, reader_log&);

}  // namespace apical::detail
