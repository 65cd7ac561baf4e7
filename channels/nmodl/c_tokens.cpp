// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/c_tokens.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace apical::nmodl {
namespace {

constexpr std::size_t max_tokens = 200'000;   // macros may multiply what there is
constexpr std::size_t max_expansion = 20;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_of_name(char c) { return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v'; }
bool ends_line(char c) { return c == '\n' || c == '\r'; }

/// Where a text is read, with its place.
class cursor {
public:
    cursor(std::string_view text, place at) : text_(text), at_(std::move(at)) {}

    bool at_end() const { return i_ >= text_.size(); }
    char peek(std::size_t ahead = 0) const { return i_ + ahead < text_.size() ? text_[i_ + ahead] : '\0'; }
    std::string_view rest() const { return text_.substr(i_); }
    const place& at() const { return at_; }
    std::size_t offset() const { return i_; }
    void step(std::size_t n = 1) {
        for (; n > 0 && !at_end(); --n, ++i_) {
            const bool is_new = text_[i_] == '\n' || (text_[i_] == '\r' && !rest().starts_with("\r\n"));
            at_.column = is_new ? 1 : at_.column + 1;
            at_.line += is_new;
        }
    }
    std::string take(std::size_t n) {
        std::string taken(rest().substr(0, n));
        step(n);
        return taken;
    }
    /// Blanks and comments; with `lines`, line ends too.
    void skip(bool lines) {
        for (;;) {
            const auto s = rest();
            if (s.starts_with("/*")) step(std::min(s.size(), s.find("*/", 2) == std::string_view::npos ? s.size() : s.find("*/", 2) + 2));
            else if (s.starts_with("//")) step(std::min(s.size(), s.find_first_of("\r\n")));
            else if (s.starts_with("\\\n")) step(2);
            else if (s.starts_with("\\\r\n")) step(3);
            else if (!s.empty() && (is_blank(s.front()) || (lines && ends_line(s.front())))) step();
            else return;
        }
    }

private:
    std::string_view text_;
    std::size_t i_ = 0;
    place at_;
};

std::size_t number_length(std::string_view s) {
    const auto digits = [&](std::size_t i) { while (i < s.size() && is_digit(s[i])) ++i; return i; };
    auto n = digits(0);
    if (n < s.size() && s[n] == '.') n = digits(n + 1);
    if (n < s.size() && (s[n] == 'e' || s[n] == 'E')) {
        const std::size_t sign = n + 1 < s.size() && (s[n + 1] == '+' || s[n + 1] == '-');
        if (const auto past = digits(n + 1 + sign); past > n + 1 + sign) n = past;
    }
    return n;
}

c_token number(cursor& in) {
    c_token t;
    t.is = c_token::kind::number;
    t.at = in.at();
    if (in.peek() == '0' && (in.peek(1) == 'x' || in.peek(1) == 'X')) {
        const auto digits = in.rest().substr(2);
        unsigned long long value = 0;
        const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
        t.text = in.take(2 + static_cast<std::size_t>(end - digits.data()));
        t.value = static_cast<double>(value);
        t.is_integer = true;
    } else {
        t.text = in.take(number_length(in.rest()));
        std::from_chars(t.text.data(), t.text.data() + t.text.size(), t.value);
        t.is_integer = t.text.find_first_of(".eE") == std::string::npos;
    }
    while (std::string_view("uUlLfF").find(in.peek()) != std::string_view::npos && in.peek() != '\0') in.step();
    return t;
}

c_token quoted(cursor& in) {
    c_token t;
    t.is = c_token::kind::text;
    t.at = in.at();
    const char quote = in.peek();
    for (in.step(); !in.at_end() && in.peek() != quote && !ends_line(in.peek()); in.step()) {
        if (in.peek() == '\\' && in.rest().size() > 1) t.text += in.take(1);
        t.text += in.peek();
    }
    in.step();
    return t;
}

c_token symbol(cursor& in) {
    constexpr std::array<std::string_view, 19> long_ones{"...", "->", "++", "--", "+=", "-=", "*=", "/=", "%=", "==", "!=", "<=", ">=",
                                                         "&&", "||", "<<", ">>", "::", "##"};
    c_token t;
    t.is = c_token::kind::symbol;
    t.at = in.at();
    for (const auto s : long_ones)
        if (in.rest().starts_with(s)) return t.text = in.take(s.size()), t;
    t.text = in.take(1);
    return t;
}

c_token token_at(cursor& in) {
    const char c = in.peek();
    if (is_digit(c) || (c == '.' && is_digit(in.peek(1)))) return number(in);
    if (c == '"' || c == '\'') return quoted(in);
    if (!is_of_name(c)) return symbol(in);
    c_token t;
    t.is = c_token::kind::name;
    t.at = in.at();
    std::size_t n = 0;
    while (is_of_name(in.peek(n))) ++n;
    t.text = in.take(n);
    return t;
}

c_token next_token(cursor& in) {
    const auto offset = in.offset();
    auto t = token_at(in);
    t.offset = offset;
    return t;
}

/// One block of text on its way to tokens.
class preprocessor {
public:
    preprocessor(std::string_view text, place at, c_macros& macros) : in_(text, std::move(at)), macros_(macros) {}

    std::vector<c_token> run() {
        for (bool starts_line = true;;) {
            in_.skip(false);
            if (in_.at_end() || out_.size() > max_tokens) break;
            if (ends_line(in_.peek())) starts_line = true, in_.step();
            else if (starts_line && in_.peek() == '#') directive();
            else {
                starts_line = false;
                auto use = macro_use(next_token(in_));
                if (is_live()) put(use, out_);
            }
        }
        c_token end;
        end.at = in_.at();
        end.offset = in_.offset();
        out_.push_back(std::move(end));
        return std::move(out_);
    }

private:
    bool is_live() const { return std::all_of(live_.begin(), live_.end(), [](int l) { return l > 0; }); }

    const c_macros::macro* macro_of(const c_token& t) const {
        const auto m = t.is == c_token::kind::name ? macros_.all.find(t.text) : macros_.all.end();
        return m == macros_.all.end() ? nullptr : &m->second;
    }

    /// The token, and what stands in parentheses behind it if it is a macro that takes arguments.
    std::vector<c_token> macro_use(c_token t) {
        const auto* m = macro_of(t);
        std::vector<c_token> tokens{std::move(t)};
        if (m == nullptr || !m->has_arguments) return tokens;
        in_.skip(true);
        if (in_.peek() != '(') return tokens;
        int depth = 0;
        do {
            tokens.push_back(next_token(in_));
            depth += tokens.back().is_symbol("(");
            depth -= tokens.back().is_symbol(")");
            in_.skip(true);
        } while (depth > 0 && !in_.at_end() && tokens.size() < max_tokens);
        return tokens;
    }

    using tokens = std::vector<c_token>;

    /// Puts tokens out, what macros stand for in their place, but for those within which they stand.
    void put(const tokens& all, tokens& out) {
        for (std::size_t i = 0; i < all.size() && out.size() <= max_tokens; ++i) {
            const auto& t = all[i];
            const auto* m = macro_of(t);
            const bool is_called = i + 1 < all.size() && all[i + 1].is_symbol("(");
            const bool is_hidden = within_.size() > max_expansion || std::find(within_.begin(), within_.end(), m) != within_.end();
            if (m == nullptr || is_hidden || (m->has_arguments && !is_called)) { out.push_back(t); continue; }
            std::vector<tokens> given;
            if (m->has_arguments) i = arguments(all, i + 1, given);
            for (auto& g : given) put(std::exchange(g, {}), g);
            within_.push_back(m);
            put(replaced(t, *m, given), out);
            within_.pop_back();
        }
    }

    /// The arguments that stand in the parentheses which open at a token; gives where they close.
    static std::size_t arguments(const tokens& all, std::size_t opening, std::vector<tokens>& given) {
        int depth = 0;
        given.emplace_back();
        for (auto i = opening; i < all.size(); ++i) {
            const auto& t = all[i];
            depth += t.is_symbol("(");
            depth -= t.is_symbol(")");
            if (depth == 0) return i;
            if (depth == 1 && t.is_symbol(",")) given.emplace_back();
            else if (i > opening) given.back().push_back(t);
        }
        return all.size();
    }

    static tokens replaced(const c_token& use, const c_macros::macro& m, const std::vector<tokens>& given) {
        tokens out;
        for (const auto& part : m.tokens) {
            if (out.size() > max_tokens) break;
            const auto a = std::find(m.arguments.begin(), m.arguments.end(), part.text);
            const auto which = static_cast<std::size_t>(a - m.arguments.begin());
            if (part.is != c_token::kind::name || a == m.arguments.end()) out.push_back(part);
            else if (which < given.size()) out.insert(out.end(), given[which].begin(), given[which].end());
        }
        for (auto& t : out) t.at = use.at, t.offset = use.offset;
        return out;
    }

    /// The rest of the line as tokens, macros not put in.
    std::vector<c_token> line() {
        std::vector<c_token> tokens;
        for (in_.skip(false); !in_.at_end() && !ends_line(in_.peek()); in_.skip(false)) tokens.push_back(next_token(in_));
        return tokens;
    }

    void directive() {
        in_.step();
        in_.skip(false);
        const auto word = is_of_name(in_.peek()) ? next_token(in_).text : std::string();
        if (word == "define" && is_live()) define();
        else if (word == "undef" && is_live()) { for (const auto& t : line()) macros_.all.erase(t.text); }
        else if (word == "if" || word == "ifdef" || word == "ifndef") live_.push_back(holds(word, line()) ? 1 : 0);
        else if (word == "elif" && !live_.empty()) live_.back() = live_.back() != 0 ? -1 : holds("if", line()) ? 1 : 0;
        else if (word == "else" && !live_.empty()) live_.back() = live_.back() == 0 ? 1 : -1;
        else if (word == "endif" && !live_.empty()) live_.pop_back();
        line();
    }

    void define() {
        in_.skip(false);
        if (!is_of_name(in_.peek())) return;
        const auto name = next_token(in_).text;
        c_macros::macro m;
        m.has_arguments = in_.peek() == '(';
        m.tokens = line();
        if (m.has_arguments) {
            const auto end = std::find_if(m.tokens.begin(), m.tokens.end(), [](const auto& t) { return t.is_symbol(")"); });
            for (auto t = m.tokens.begin(); t != end; ++t)
                if (t->is == c_token::kind::name) m.arguments.push_back(t->text);
            m.tokens.erase(m.tokens.begin(), end == m.tokens.end() ? end : end + 1);
        }
        macros_.all.insert_or_assign(name, std::move(m));
    }

    /// Whether NEURON 9 compiles what stands below: of the words that are asked for, those of its version are defined.
    static bool holds(std::string_view word, const std::vector<c_token>& tokens) {
        const auto is_defined = [](std::string_view name) { return name.starts_with("NRN_VERSION_GTEQ") || name == "NRN_MECHANISM_DATA_IS_SOA"; };
        if (tokens.empty()) return false;
        if (word == "ifdef") return is_defined(tokens[0].text);
        if (word == "ifndef") return !is_defined(tokens[0].text);
        bool is_negated = false, result = false;
        for (const auto& t : tokens) {
            if (t.is_symbol("!")) is_negated = !is_negated;
            else if (t.is_symbol("&&") || t.is_symbol("||")) break;   // the first condition stands for all
            else if (t.is == c_token::kind::name && t.text != "defined") { result = is_defined(t.text); break; }
            else if (t.is == c_token::kind::number) { result = t.value != 0; break; }
        }
        return result != is_negated;
    }

    cursor in_;
    c_macros& macros_;
    std::vector<int> live_;      // of each #if around: 1 this branch is taken, 0 none has been yet, -1 another has been
    std::vector<c_token> out_;
    std::vector<const c_macros::macro*> within_;
};

}  // namespace

std::vector<c_token> c_tokens(std::string_view text, const place& keyword, c_macros& macros) {
    auto at = keyword;
    at.column += 8;   // behind VERBATIM
    return preprocessor(text, std::move(at), macros).run();
}

}  // namespace apical::nmodl
