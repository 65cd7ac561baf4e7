// SPDX-License-Identifier: BSD-3-Clause
#include "tests/architecture/declarations.hpp"

#include <algorithm>
#include <cctype>
#include <regex>

namespace apical::architecture {
namespace {

std::string single_spaced(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (!std::isspace(static_cast<unsigned char>(c))) out += c;
        else if (!out.empty() && out.back() != ' ') out += ' ';
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

/// Offset just after the bracket that closes the one at `open`.
std::size_t closing(std::string_view text, std::size_t open, char left, char right) {
    int depth = 0;
    for (auto i = open; i < text.size(); ++i) {
        if (text[i] == left) ++depth;
        if (text[i] == right && --depth == 0) return i + 1;
    }
    return text.size();
}

bool starts_with_word(std::string_view text, std::string_view word) {
    return text.starts_with(word) && (text.size() == word.size() || !(std::isalnum(static_cast<unsigned char>(text[word.size()])) || text[word.size()] == '_'));
}

std::string_view trimmed_front(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\n");
    return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

/// Takes access labels, attributes and template headers off the front.
std::string_view without_prefixes(std::string_view head, bool& is_specialisation) {
    for (;;) {
        head = trimmed_front(head);
        static const std::regex label(R"(^(public|private|protected)\s*:(?!:))");
        std::match_results<std::string_view::const_iterator> match;
        if (std::regex_search(head.begin(), head.end(), match, label, std::regex_constants::match_continuous)) head.remove_prefix(static_cast<std::size_t>(match.length()));
        else if (head.starts_with("[[")) head.remove_prefix(closing(head, 0, '[', ']'));
        else if (starts_with_word(head, "template") && trimmed_front(head.substr(8)).starts_with('<')) {
            const auto open = head.find('<');
            const auto end = closing(head, open, '<', '>');
            is_specialisation = is_specialisation || single_spaced(head.substr(open, end - open)).size() <= 3;
            head.remove_prefix(end);
        } else return head;
    }
}

std::string without_operator_names(std::string head) {
    return std::regex_replace(head, std::regex(R"(operator\s*(\(\)|\[\]|[^\s\w(]+))"), "operator_");
}

bool has_outer(std::string_view head, char wanted) {
    int depth = 0;
    for (const char c : head) {
        if (c == '(' || c == '[') ++depth;
        if (c == ')' || c == ']') --depth;
        if (depth == 0 && c == wanted) return true;
    }
    return false;
}

/// The brace belongs to a member initialiser, `: a_{1}`, and not to the body behind the list.
bool in_initialiser_list(std::string_view head) {
    static const std::regex list(R"(\)\s*(noexcept\s*)?:[^:])");
    return std::regex_search(head.begin(), head.end(), list) && !head.empty() && head.back() != ')' && head.back() != '}';
}

class scanner {
public:
    explicit scanner(std::string_view text) : text_(text) {}

    std::vector<declaration> run() {
        scan(0, {});
        return std::move(found_);
    }

private:
    struct context { bool in_type = false, in_detail = false; };

    /// Reads declarations from `i` to the brace that closes the scope; returns the offset of that brace.
    std::size_t scan(std::size_t i, context c) {
        auto begin = i;
        for (; i < text_.size(); ++i) {
            if (text_[i] == '}') return i;
            if (text_[i] == '(') i = closing(text_, i, '(', ')') - 1;
            else if (text_[i] == ';') {
                emit(declaration::kind::statement, begin, i, i, c);
                begin = i + 1;
            } else if (text_[i] == '{') {
                const bool goes_on = open_brace(begin, i, c);
                if (!goes_on) begin = i + 1;
            }
        }
        return text_.size();
    }

    /// `i` moves to the closing brace. True if the declaration goes on behind it.
    bool open_brace(std::size_t begin, std::size_t& i, context c) {
        bool ignored = false;
        const auto head = single_spaced(without_prefixes(text_.substr(begin, i - begin), ignored));
        const auto open = i;
        if (is_scope(head)) {
            const auto at = emit(declaration::kind::scope, begin, open, open, c);
            i = scan(open + 1, {c.in_type, c.in_detail || is_private(head)});
            found_[at].end = i;
            return false;
        }
        if (is_type(head)) {
            const auto at = emit(declaration::kind::type, begin, open, open, c);
            i = is_enum(head) ? closing(text_, open, '{', '}') - 1 : scan(open + 1, {true, c.in_detail});
            found_[at].end = i;
            return false;       // what follows the brace is at most a semicolon
        }
        i = closing(text_, open, '{', '}') - 1;
        if (!looks_like_function(head) || in_initialiser_list(head)) return true;
        emit(declaration::kind::function, begin, open, i, c);
        return false;
    }

    std::size_t emit(declaration::kind what, std::size_t begin, std::size_t body, std::size_t end, context c) {
        begin = text_.find_first_not_of(" \t\n", begin);
        declaration d{what, {}, false, begin, body, end, c.in_type, c.in_detail};
        if (begin < body) d.head = single_spaced(without_prefixes(text_.substr(begin, body - begin), d.is_specialisation));
        if (!d.head.empty()) found_.push_back(std::move(d));
        return found_.empty() ? 0 : found_.size() - 1;
    }

    static bool is_scope(std::string_view head) {
        return starts_with_word(head, "namespace") || starts_with_word(head, "inline namespace") || head == "extern \" \"";
    }
    static bool is_private(std::string_view head) {
        static const std::regex name(R"(\b(detail|generated|kernels)\b)");
        return head == "namespace" || std::regex_search(head.begin(), head.end(), name);
    }
    static bool is_enum(std::string_view head) { return starts_with_word(head, "enum"); }
    static bool is_type(std::string_view head) {
        return starts_with_word(head, "struct") || starts_with_word(head, "class") || starts_with_word(head, "union") || is_enum(head);
    }

    std::string_view text_;
    std::vector<declaration> found_;
};

}  // namespace

std::vector<declaration> declarations_of(std::string_view statements) { return scanner(statements).run(); }

bool looks_like_function(std::string_view head) {
    const auto plain = without_operator_names(std::string(head));
    return plain.find('(') != std::string::npos && !has_outer(plain, '=') && !starts_with_word(plain, "using");
}

}  // namespace apical::architecture
