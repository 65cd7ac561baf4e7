// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/hoc_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/output_file.hpp"

namespace apical::sonata::hoc {
namespace {

bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)); }

class lexer {
public:
    lexer(const std::string& text, const std::string& file) : text_(text), file_(file) {}

    std::vector<token> all() {
        while (skip(), at_ < text_.size()) {
            const char c = text_[at_], next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
            if (c == '"') quoted();
            else if (is_digit(c) || (c == '.' && is_digit(next))) number();
            else if (is_of_word(c) || c == '$') word();
            else sign();
        }
        return std::move(tokens_);
    }

private:
    void skip() {
        while (at_ < text_.size()) {
            if (text_[at_] == '\n') ++line_, ++at_;
            else if (std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
            else if (text_.compare(at_, 2, "//") == 0) at_ = std::min(text_.find('\n', at_), text_.size());
            else if (text_.compare(at_, 2, "/*") == 0) {
                const auto end = text_.find("*/", at_ + 2);
                if (end == text_.npos) throw invalid_input(fmt::format("{}:{}", file_, line_), "a comment without an end", "*/");
                line_ += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_), text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
                at_ = end + 2;
            } else return;
        }
    }
    void add(token::kind is, std::size_t length) {
        tokens_.push_back({is, text_.substr(at_, length), line_});
        at_ += length;
    }
    void quoted() {
        std::string inside;
        auto end = at_ + 1;
        for (; end < text_.size() && text_[end] != '"' && text_[end] != '\n'; ++end) inside += text_[end];
        if (end >= text_.size() || text_[end] == '\n') throw invalid_input(fmt::format("{}:{}", file_, line_), "a text without an end", "\"");
        tokens_.push_back({token::kind::text, inside, line_});
        at_ = end + 1;
    }
    void number() {
        auto end = at_;
        while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '.')) ++end;
        if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
            auto power = end + 1;
            if (power < text_.size() && (text_[power] == '+' || text_[power] == '-')) ++power;
            if (power < text_.size() && is_digit(text_[power]))
                for (end = power; end < text_.size() && is_digit(text_[end]);) ++end;
        }
        add(token::kind::number, end - at_);
    }
    void word() {
        auto end = at_ + 1;
        while (end < text_.size() && is_of_word(text_[end])) ++end;
        add(token::kind::word, end - at_);
    }
    void sign() {
        constexpr std::array<std::string_view, 9> pairs{"==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*="};
        const auto two = std::string_view(text_).substr(at_, 2);
        add(token::kind::sign, std::ranges::find(pairs, two) != pairs.end() ? 2 : 1);
    }

    const std::string &text_, &file_;
    std::size_t at_ = 0;
    int line_ = 1;
    std::vector<token> tokens_;
};

void find_procedures(cell_program& p) {
    const tokens all = p.all;
    for (std::size_t k = 0; k + 1 < all.size(); ++k) {
        const auto& t = all[k];
        if (t.is != token::kind::word || (t.text != "proc" && t.text != "func" && t.text != "obfunc")) continue;
        auto open = k + 2;
        while (open < all.size() && all[open].text != "{") ++open;
        if (open >= all.size()) throw invalid_input(p.where(t.line), fmt::format("'{}' has no body", all[k + 1].text), "{ ... }");
        const auto end = behind(all, open, p);
        p.procedures[all[k + 1].text] = {t.line, all.subspan(open + 1, end - open - 2)};
        k = end - 1;
    }
}

}  // namespace

std::vector<token> tokens_of(const std::string& text, const std::string& file) { return lexer(text, file).all(); }

std::size_t behind(tokens t, std::size_t open, const cell_program& in) {
    int depth = 0;
    for (std::size_t k = open; k < t.size(); ++k) {
        if (t[k].is != token::kind::sign) continue;
        const auto& s = t[k].text;
        if (s == "{" || s == "(" || s == "[") ++depth;
        else if ((s == "}" || s == ")" || s == "]") && --depth == 0) return k + 1;
    }
    throw invalid_input(in.where(t[open].line), fmt::format("'{}' is never closed", t[open].text));
}

cell_program read_program(const std::filesystem::path& file, const std::string& name) {
    cell_program p;
    p.file = file.string(), p.name = name;
    auto all = tokens_of(read_text(file), p.file);
    const auto mark = [&](const char* word, auto from) {
        return std::find_if(from, all.end(), [&](const token& t) { return t.text == word && &t + 1 < all.data() + all.size() && (&t + 1)->text == name; });
    };
    const auto begin = mark("begintemplate", all.begin());
    if (begin == all.end()) throw invalid_input(p.file, fmt::format("has no 'begintemplate {}'", name), "the file is called like its template");
    const auto end = mark("endtemplate", begin);
    if (end == all.end()) throw invalid_input(p.where(begin->line), fmt::format("has no 'endtemplate {}'", name));
    p.all.assign(begin + 2, end);
    find_procedures(p);
    return p;
}

}  // namespace apical::sonata::hoc
