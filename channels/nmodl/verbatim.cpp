// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/verbatim.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <regex>
#include <utility>

#include "channels/nmodl/syntax_visit.hpp"

namespace apical::nmodl {
namespace {

constexpr std::size_t most_of_a_statement = 500;   // longer ones are not looked at: expressions are matched by recursion

/// The text without comments and lines of the preprocessor, every run of blanks as one.
std::string bare(std::string_view text) {
    std::string kept;
    bool starts_line = true;
    const auto blank = [&] { if (!kept.empty() && kept.back() != ' ') kept += ' '; };
    for (std::size_t i = 0; i < text.size();) {
        const auto rest = text.substr(i);
        if (rest.starts_with("/*")) {
            const auto end = text.find("*/", i + 2);
            i = end == std::string_view::npos ? text.size() : end + 2;
        } else if (rest.starts_with("//")) {
            i = std::min(text.find('\n', i), text.size());
        } else if (starts_line && text[i] == '#') {
            while (i < text.size() && text[i] != '\n') i += text.substr(i).starts_with("\\\n") ? 2 : 1;
        } else {
            const char c = text[i++];
            if (std::isspace(static_cast<unsigned char>(c)) != 0) {
                starts_line = starts_line || c == '\n' || c == '\r';
                blank();
            } else {
                starts_line = false;
                kept += c;
            }
        }
    }
    while (!kept.empty() && kept.back() == ' ') kept.pop_back();
    return kept;
}

int open_braces(std::string_view code) {
    int depth = 0;
    for (const char c : code) depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    return depth;
}

bool has_any(std::string_view code, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](std::string_view w) { return code.find(w) != std::string_view::npos; });
}

/// The part of the text up to and with the ';' or the balanced braces of its first statement.
std::string_view first_statement(std::string_view code) {
    int depth = 0;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code[i] == '{') ++depth;
        else if (code[i] == '}' && --depth <= 0) return code.substr(0, i + 1);
        else if (code[i] == ';' && depth == 0) return code.substr(0, i + 1);
    }
    return code;
}

/// Statements that a run here does not miss.
bool is_harmless(const std::string& one) {
    static const std::regex plain(R"(^((extern\s[^{}]*|fflush\s?\([^()]*\)|f?printf\s?\([^{}]*\)|hoc_execerror\s?\([^{}]*\)|)\s*;|[{}]|)$)");
    static const std::regex declaration(R"(^(void|double|int|long|char|IvocVect|Object)\s?\**\s?\w+\s?(\([^(){}]*\)\s?)?(,\s?\**\w+\s?(\([^(){}]*\)\s?)?)*;$)");
    static const std::regex seeds(R"(^(nrnran123_setseq|nrn_set_random_sequence|nrnran123_setids)\s?\([^{};]*\)\s?;$)");
    static const std::regex pointer(R"(^(IvocVect|void)\s?\*+\s?\w+\s?=\s?\*?\s?\(?\(?[^;{}]*_p_\w+[^;{}]*;$)");
    static const std::regex guarded(R"(^if\s?\([^{}]*\)\s?\{([^{}]*)\}$)");
    if (one.size() > most_of_a_statement) return false;
    if (std::regex_match(one, plain) || std::regex_match(one, declaration) || std::regex_match(one, seeds) || std::regex_match(one, pointer)) return true;
    std::smatch parts;
    if (!std::regex_match(one, parts, guarded)) return false;
    std::string inner = parts[1].str();
    for (std::string_view rest = inner; !rest.empty();) {
        const auto next = first_statement(rest);
        std::string trimmed(next);
        trimmed.erase(0, trimmed.find_first_not_of(' '));
        if (!trimmed.empty() && !std::regex_match(trimmed, plain) && !std::regex_match(trimmed, seeds)) return false;
        rest.remove_prefix(next.size());
    }
    return true;
}

/// Whether this is done only if the interpreter has given the mechanism a vector: nobody does so here.
bool waits_for_vector(std::string_view one) { return one.starts_with("if") && one.substr(0, one.find('{')).find("vector_capacity") != std::string_view::npos; }

constexpr std::array draws{std::pair{"nrnran123_negexp", builtin::exponential}, std::pair{"nrnran123_normal", builtin::normal},
                           std::pair{"nrnran123_dblpick", builtin::uniform}, std::pair{"nrnran123_uniform", builtin::uniform},
                           std::pair{"erand48", builtin::uniform}, std::pair{"drand48", builtin::uniform}};

}  // namespace

verbatim_meaning meaning_of_verbatim(std::string_view text) {
    static const std::regex return_statement(R"(^return\s?\(?\s?(\d*\.?\d*)\s?\)?\s?;$)");
    using kind = verbatim_meaning::kind;
    const std::string code = bare(text);
    std::smatch parts;
    if (code == "}" || code == "};") return {kind::closes, {}, {}};
    for (std::string_view rest = code; !rest.empty();) {
        const auto start = rest.find_first_not_of(' ');
        if (start == std::string_view::npos) break;
        rest.remove_prefix(start);
        const auto next = first_statement(rest);
        if (waits_for_vector(next)) {
            if (open_braces(next) > 0) return {kind::opens, {}, {}};
        } else if (const std::string one(next); one.size() < most_of_a_statement && std::regex_match(one, parts, return_statement)) {
            verbatim_meaning result{kind::returns, {}, {}};
            if (parts[1].length() > 0) result.value = std::stod(parts[1].str());
            return result;
        } else if (!is_harmless(one)) {
            return {kind::unknown, one.size() > 60 ? one.substr(0, 60) + "..." : one, {}};
        }
        rest.remove_prefix(next.size());
    }
    return {};
}

std::optional<builtin> drawn_by_verbatim(const syntax::routine& r) {
    if (r.is != syntax::routine::kind::function) return {};
    std::string code;
    std::optional<builtin> otherwise;   // what NMODL beside the C falls back to
    syntax::each_statement(r.body, [&](const syntax::statement& s) {
        if (s.is == syntax::statement::kind::verbatim) code += bare(s.text);
    });
    syntax::each_expression(r.body, [&](const syntax::expression& e) {
        if (e.name == "exprand") otherwise = builtin::exponential;
        if (e.name == "normrand") otherwise = builtin::normal;
        if (e.name == "scop_random") otherwise = builtin::uniform;
    });
    if (has_any(code, {"for (", "for(", "while"})) return {};
    for (const auto& [name, function] : draws)
        if (code.find(name) != std::string::npos) return function;
    if (!has_any(code, {"nrn_random_pick"})) return {};
    if (otherwise) return otherwise;
    std::string name = r.name;
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return has_any(name, {"exp", "erand"}) ? builtin::exponential : has_any(name, {"norm", "gauss", "grand"}) ? builtin::normal : builtin::uniform;
}

}  // namespace apical::nmodl
