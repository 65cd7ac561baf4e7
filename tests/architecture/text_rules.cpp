// SPDX-License-Identifier: BSD-3-Clause
#include "tests/architecture/text_rules.hpp"

#include <algorithm>
#include <iterator>
#include <regex>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "tests/architecture/declarations.hpp"
#include "tests/architecture/include_rules.hpp"

namespace apical::architecture {
namespace {

using view_match = std::match_results<std::string_view::const_iterator>;

/// Every match of the pattern in the text is a breach, told by `what` and the match.
void find_all(const source_file& file, std::string_view text, const std::regex& pattern, std::string_view what, breaches& found) {
    for (auto it = std::regex_iterator(text.begin(), text.end(), pattern); it != decltype(it){}; ++it)
        found.push_back({file.path, line_at(text, static_cast<std::size_t>(it->position())), fmt::format("{}: {}", what, it->str())});
}

bool contains(std::string_view text, const std::regex& pattern) { return std::regex_search(text.begin(), text.end(), pattern); }

bool is_mutable_variable(const declaration& d) {
    static const std::regex not_a_variable(
        R"(^(using|typedef|namespace|struct|class|union|enum|friend|static_assert|concept|template|return|default|extern template)\b)");
    static const std::regex is_const(R"(\b(const|constexpr)\b)");
    if (d.what != declaration::kind::statement || contains(d.head, not_a_variable)) return false;
    const auto name_part = d.head.substr(0, d.head.find_first_of("={"));
    if (name_part.find('(') != std::string::npos || name_part.find("operator") != std::string::npos) return false;
    if (name_part.find(' ') == std::string::npos || contains(name_part, is_const)) return false;
    return !d.in_type || d.head.starts_with("static ") || d.head.starts_with("inline static ");
}

bool needs_a_word(const declaration& d) {
    using kind = declaration::kind;
    static const std::regex other(R"(^(friend|using|static_assert|extern|typedef|namespace)\b|\boperator|^template\b|^[\w:<>, ]+\([^)]*\) ->)");
    if (d.in_type || d.in_detail || d.is_specialisation || d.what == kind::scope || contains(d.head, other)) return false;
    return d.what == kind::type || d.what == kind::function || (d.what == kind::statement && looks_like_function(d.head));
}

bool is_doc(std::string_view line) { return line.find("///") != std::string_view::npos; }

/// A `///` within these lines (a type whose members are explained), or above them with no blank line between.
bool has_doc(const std::vector<std::string_view>& lines, int first, int last) {
    if (std::any_of(lines.begin() + first - 1, lines.begin() + last, is_doc)) return true;
    for (int i = first - 1; i >= 0; --i) {
        const auto text = lines[static_cast<std::size_t>(i)];
        if (text.find_first_not_of(" \t") == std::string_view::npos) return false;
        if (is_doc(text)) return true;
    }
    return false;
}

/// The name a function head declares, "" if there is none: overloads and definitions share the words of one of them.
std::string name_of(const declaration& d) {
    static const std::regex name(R"((\w+)\s*\()");
    std::smatch match;
    return d.what != declaration::kind::type && std::regex_search(d.head, match, name) ? match[1].str() : std::string{};
}

std::set<std::string> public_headers(const source_tree& tree) {
    std::set<std::string> paths;
    for (const auto& file : tree) {
        if (file.top_folder() == "channels") paths.insert(file.path);
        if (!file.is_cpp() || file.top_folder() == "tests") continue;
        for (const auto& i : includes_of(file))
            if (!i.target.starts_with(std::string(file.top_folder()) + "/")) paths.insert(i.target);
    }
    return paths;
}

/// Declarations that need words and have none.
breaches undocumented(const source_file& file) {
    const auto code = statements_only(file.text);
    const auto lines = lines_of(file.text);
    std::set<std::string> explained;
    std::vector<std::pair<std::string, breach>> bare;
    for (const auto& d : declarations_of(code)) {
        if (!needs_a_word(d)) continue;
        const int first = line_at(code, d.begin), last = line_at(code, d.end);
        if (has_doc(lines, first, last)) explained.insert(name_of(d));
        else bare.push_back({name_of(d), {file.path, first, fmt::format("no /// at: {}", d.head)}});
    }
    explained.erase("");
    breaches found;
    for (auto& [name, b] : bare)
        if (!explained.contains(name)) found.push_back(std::move(b));
    return found;
}

}  // namespace

breaches check_licence_lines(const source_tree& tree) {
    breaches found;
    for (const auto& file : tree) {
        const auto lines = lines_of(file.text);
        const std::size_t at = !lines.empty() && lines[0].starts_with("#!") ? 1 : 0;
        if (lines.size() <= at || lines[at].find("SPDX-License-Identifier: BSD-3-Clause") == std::string_view::npos)
            found.push_back({file.path, 1, "the first line is not the SPDX licence line"});
    }
    return found;
}

breaches check_file_lengths(const source_tree& tree) {
    breaches found;
    for (const auto& file : tree)
        if (const auto n = lines_of(file.text).size(); file.is_cpp() && n > most_lines_of_a_file)
            found.push_back({file.path, static_cast<int>(n), fmt::format("{} lines; at most {}", n, most_lines_of_a_file)});
    return found;
}

breaches check_function_lengths(const source_tree& tree) {
    breaches found;
    for (const auto& file : tree) {
        if (!file.is_cpp()) continue;
        const auto code = statements_only(file.text);
        for (const auto& d : declarations_of(code)) {
            if (d.what != declaration::kind::function) continue;
            const int first = line_at(code, d.begin), n = line_at(code, d.end) - first + 1;
            if (n > most_lines_of_a_function)
                found.push_back({file.path, first, fmt::format("function of {} lines, at most {}: {}", n, most_lines_of_a_function, d.head)});
        }
    }
    return found;
}

breaches check_header_preprocessing(const source_tree& tree) {
    static const std::regex macro(R"(#[ \t]*(define|undef)\b[^\n]*)");
    breaches found;
    for (const auto& file : tree) {
        if (!file.is_header()) continue;
        const auto code = code_only(file.text);
        find_all(file, code, macro, "no macros in headers", found);
        const auto first = code.find_first_not_of(" \t\n");
        if (first == std::string::npos || !std::string_view(code).substr(first).starts_with("#pragma once"))
            found.push_back({file.path, 1, "a header begins with #pragma once"});
    }
    return found;
}

breaches check_silence(const source_tree& tree) {
    static const std::regex printing(
        R"(\bstd::(cout|cerr|clog|print|println)\b|\b(printf|fprintf|vprintf|puts|putchar|fputs|perror)\s*\(|\bfmt::print(ln)?\b)");
    breaches found;
    for (const auto& file : tree)
        if (file.is_library()) find_all(file, code_only(file.text), printing, "the library is silent", found);
    return found;
}

breaches check_global_state(const source_tree& tree) {
    static const std::regex local(R"(\b(static|thread_local)\s+(?!(const|constexpr)\b)[^;{}()=]*)");
    breaches found;
    for (const auto& file : tree) {
        if (!file.is_library()) continue;
        const auto code = statements_only(file.text);
        for (const auto& d : declarations_of(code)) {
            if (is_mutable_variable(d))
                found.push_back({file.path, line_at(code, d.begin), fmt::format("mutable global state: {}", d.head)});
            if (d.what != declaration::kind::function) continue;
            const std::string_view body = std::string_view(code).substr(d.body, d.end - d.body);
            view_match match;
            if (std::regex_search(body.begin(), body.end(), match, local))
                found.push_back({file.path, line_at(code, d.body + static_cast<std::size_t>(match.position())),
                                 fmt::format("mutable global state: {}", match.str())});
        }
    }
    return found;
}

breaches check_documented(const source_tree& tree) {
    const auto is_public = public_headers(tree);
    breaches found;
    for (const auto& file : tree) {
        if (!file.is_library() || !file.is_header() || !is_public.contains(file.path)) continue;
        auto bare = undocumented(file);
        found.insert(found.end(), std::make_move_iterator(bare.begin()), std::make_move_iterator(bare.end()));
    }
    return found;
}

breaches check_finished(const source_tree& tree) {
    // in two halves, so that this file does not find itself
    static const std::regex note(std::string(R"(\b(TO)") + R"(DO|FIX)" + R"(ME|XX)" + R"(X)\b)");
    breaches found;
    for (const auto& file : tree) find_all(file, file.text, note, "unfinished", found);
    return found;
}

}  // namespace apical::architecture
