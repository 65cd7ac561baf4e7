// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/neurolucida_tokens.hpp"

#include <algorithm>
#include <cctype>
#include <string>

#include <fmt/format.h>

namespace apical::detail {
namespace {

constexpr std::string_view separators = " \t\f\v\r\n()|,<>;\"";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v' || c == '\r' || c == '\n'; }

class tokenizer {
public:
    tokenizer(std::string_view text, reader_log& log) : text_(text), log_(log) {}

    std::vector<asc_token> all() {
        while (skip_to_token()) add(next());
        tokens_.push_back({.kind = asc_kind::end, .text = {}, .number = 0, .line = line_, .tight = false});
        return std::move(tokens_);
    }

private:
    void add(const asc_token& t) {
        if (t.kind == asc_kind::open) inside_point_ = true;
        else if (t.kind != asc_kind::number && t.kind != asc_kind::comma) inside_point_ = false;
        tokens_.push_back(t);
    }

    bool skip_to_token() {
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == ';') {
                at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
                if (at_ == text_.size()) return false;
            }
            if (!is_blank(text_[at_])) return true;
            if (text_[at_] == '\n' || (text_[at_] == '\r' && !text_.substr(at_ + 1).starts_with('\n'))) ++line_;
        }
        return false;
    }

    asc_token next() {
        asc_token t;
        t.line = line_;
        t.text = text_.substr(at_, 1);
        t.kind = symbol(text_[at_]);
        if (t.kind == asc_kind::string) {
            read_string(t);
        } else if (t.kind == asc_kind::label) {
            read_word(t);
        } else {
            t.tight = t.kind == asc_kind::comma && at_ > 0 && at_ + 1 < text_.size() && !is_blank(text_[at_ - 1]) &&
                      !is_blank(text_[at_ + 1]);
            ++at_;
        }
        return t;
    }

    static asc_kind symbol(char c) {
        switch (c) {
            case '(': return asc_kind::open;
            case ')': return asc_kind::close;
            case ',': return asc_kind::comma;
            case '|': return asc_kind::bar;
            case '<': return asc_kind::open_spine;
            case '>': return asc_kind::close_spine;
            case '"': return asc_kind::string;
            default: return asc_kind::label;
        }
    }

    void read_string(asc_token& t) {
        const auto end = text_.find_first_of("\"\r\n", at_ + 1);
        if (end == std::string_view::npos || text_[end] != '"') {
            log_.error(line_, "a string without closing quote", "strings end on the line they begin on");
            t.text = text_.substr(at_ + 1, end == std::string_view::npos ? end : end - at_ - 1);
            at_ = std::min(end, text_.size());
            return;
        }
        t.text = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
    }

    void read_word(asc_token& t) {
        const auto end = std::min(text_.find_first_of(separators, at_), text_.size());
        t.text = text_.substr(at_, end - at_);
        at_ = end;
        if (parse_number(t.text, t.number)) {
            t.kind = asc_kind::number;  // "nan" and "inf" as well, so that they are refused where a number is used
        } else if (!std::isalpha(static_cast<unsigned char>(t.text.front())) && inside_point_) {
            log_.error(line_, fmt::format("'{}' is not a number", t.text), "a point is (x y z diameter)");
            t.kind = asc_kind::number;
        }
    }

    std::string_view text_;
    reader_log& log_;
    std::size_t at_ = 0;
    long line_ = 1;
    std::vector<asc_token> tokens_;
    bool inside_point_ = false;   // the last tokens are an opening parenthesis and numbers
};

}  // namespace

std::vector<asc_token> asc_tokens(std::string_view text, reader_log& log) { return tokenizer(text, log).all(); }

}  // namespace apical::detail
