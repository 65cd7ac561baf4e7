// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/verbatim.hpp"

#include <algorithm>
#include <cctype>
#include <regex>

#include <fmt/format.h>

namespace apical::nmodl {
namespace {

/// The text without comments and lines of the preprocessor.
std::string bare(std::string_view text) {
    std::string kept;
    for (std::size_t i = 0; i < text.size();) {
        const bool starts_line = kept.empty() || kept.back() == '\n';
        if (text.substr(i).starts_with("/*")) i = std::min(text.find("*/", i + 2), text.size() - 2) + 2;
        else if (text.substr(i).starts_with("//")) i = std::min(text.find('\n', i), text.size());
        else if (text[i] == '#' && starts_line) {
            while (i < text.size() && text[i] != '\n') i += text.substr(i).starts_with("\\\n") ? 2 : 1;
        } else if (starts_line && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r')) ++i;
        else kept += text[i++];
    }
    return kept;
}

}  // namespace

std::optional<std::string> what_verbatim_needs(std::string_view text) {
    static const std::regex harmless(R"(^(return\s*\(?\s*[01]?(\.0?)?\s*\)?|extern\s[^{}]*|fflush\s*\([^()]*\)|f?printf\s*\([^{}]*\)|)$)");
    std::string code = bare(text);
    std::ranges::replace_if(code, [](unsigned char c) { return std::isspace(c) != 0; }, ' ');
    std::size_t from = 0;
    while (from < code.size()) {
        const std::size_t to = std::min(code.find(';', from), code.size());
        std::string one = code.substr(from, to - from);
        one.erase(0, one.find_first_not_of(' '));
        one.erase(one.find_last_not_of(' ') + 1);
        if (one.size() > 500 || !std::regex_match(one, harmless)) return fmt::format("'{}' has no meaning outside of C", one.size() > 60 ? one.substr(0, 60) + "..." : one);
        from = to + 1;
    }
    return {};
}

}  // namespace apical::nmodl
