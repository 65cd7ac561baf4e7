// SPDX-License-Identifier: BSD-3-Clause
#include "io/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <unordered_set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace apical::json {
namespace {

using plain_json = nlohmann::ordered_json;

/// Walks over the text and tells how far the parser has read.
struct counting_iterator {
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    const char* at;
    const char** furthest;

    reference operator*() const { return *at; }
    counting_iterator& operator++() {
        *furthest = ++at;
        return *this;
    }
    counting_iterator operator++(int) {
        const auto old = *this;
        ++*this;
        return old;
    }
    bool operator==(const counting_iterator& o) const { return at == o.at; }
    bool operator!=(const counting_iterator& o) const { return at != o.at; }
};

/// The part of the parser's message that says what is wrong, without its codes, positions and raw bytes.
std::string plain_message(std::string message) {
    if (const auto code = message.find("] "); code != message.npos) message.erase(0, code + 2);
    if (const auto position = message.find("column "); position != message.npos)
        if (const auto colon = message.find(": ", position); colon != message.npos) message.erase(0, colon + 2);
    std::string expected;
    if (const auto at = message.find("; expected "); at != message.npos) expected = message.substr(at + 2);
    message.erase(std::min(message.find("; last read"), message.size()));
    message.erase(std::min(message.find("; expected"), message.size()));
    return expected.empty() ? message : message + ", " + expected;
}

/// Builds the tree from the parser's events.
class builder {
public:
    builder(std::string_view text, std::string_view name) : text_(text), name_(name), furthest_(text.data()), counted_(text.data()) {}

    bool null() { return add({}); }
    bool boolean(bool b) { return add({.type = kind::boolean, .boolean = b}); }
    bool number_integer(std::int64_t i) { return add({.type = kind::number, .number = static_cast<double>(i), .text = std::to_string(i)}); }
    bool number_unsigned(std::uint64_t i) { return add({.type = kind::number, .number = static_cast<double>(i), .text = std::to_string(i)}); }
    bool number_float(double x, const std::string& written) { return add({.type = kind::number, .number = x, .text = written}); }
    bool string(std::string& s) {
        refuse_null(s);
        return add({.type = kind::text, .text = std::move(s)});
    }
    bool binary(plain_json::binary_t&) { return false; }
    bool start_object(std::size_t) { return open(kind::object); }
    bool start_array(std::size_t) { return open(kind::array); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool key(std::string& k) {
        refuse_null(k);
        auto& top = open_.back();
        if (!top.keys.insert(k).second)
            found_.add(fmt::format("{}:{} {}/{}", name_, line(), pointer(), escaped(k)), "is here twice", "keep one of them");
        top.key = std::move(k);
        return true;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& e) {
        // the position counts from 1 and is that of the last character read
        const std::string_view read = text_.substr(0, position > 0 ? position - 1 : 0);
        const auto lines = std::count(read.begin(), read.end(), '\n');
        const auto last = read.rfind('\n');
        const auto column = read.size() - (last == read.npos ? 0 : last + 1) + 1;
        throw invalid_input(fmt::format("{}:{}:{}", name_, lines + 1, column), plain_message(e.what()));
    }

    value run() {
        const counting_iterator first{text_.data(), &furthest_}, last{text_.data() + text_.size(), &furthest_};
        plain_json::sax_parse(first, last, this);
        found_.throw_if_any<invalid_input>();
        return std::move(root_);
    }

private:
    struct level {
        value* at;
        std::string key = {};
        std::unordered_set<std::string> keys = {};
    };

    /// Of the token that the parser has just read; it may have looked one character further.
    int line() {
        for (; counted_ + 1 < furthest_; ++counted_) lines_ += *counted_ == '\n';
        return lines_;
    }

    /// What reads names of files and data sets would take the null of "a\u0000b" for the end of the text.
    void refuse_null(std::string_view s) {
        if (s.find('\0') == s.npos) return;
        throw invalid_input(fmt::format("{}:{}", name_, line()), "holds a null character, which no text has", "leave out the \\u0000");
    }

    std::string pointer() const {
        std::string p;
        for (std::size_t i = 0; i + 1 < open_.size(); ++i) {
            const auto& l = open_[i];
            p += "/" + (l.at->type == kind::object ? escaped(l.key) : std::to_string(l.at->items.size() - 1));
        }
        return p;
    }

    value* place(value v) {
        v.line = line();
        if (open_.empty()) return &(root_ = std::move(v));
        auto& top = open_.back();
        if (top.at->type == kind::array) return &top.at->items.emplace_back(std::move(v));
        return &top.at->members.emplace_back(top.key, std::move(v)).second;
    }
    bool add(value v) {
        place(std::move(v));
        return true;
    }
    bool open(kind k) {
        if (open_.size() >= most_depth)
            throw invalid_input(fmt::format("{}:{}", name_, line()), fmt::format("is nested more than {} deep", most_depth));
        open_.push_back({place({.type = k})});
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    std::string_view text_;
    std::string name_;
    const char* furthest_;
    const char* counted_;
    int lines_ = 1;
    value root_;
    std::vector<level> open_;
    findings found_;
};

/// Refuses what is no UTF-8 text at all, with a better reason than a parser's.
void check_encoding(std::string_view document, std::string_view name) {
    const auto starts = [&](std::string_view mark) { return document.starts_with(mark); };
    const auto nul = document.find('\0');
    if (starts("\xFF\xFE") || starts("\xFE\xFF") || (nul < 4 && document.size() > nul + 1))
        throw invalid_input(fmt::format("{}:1:1", name), "is UTF-16 or UTF-32 text", "save it as UTF-8");
    if (nul == document.npos) return;
    const auto lines = std::count(document.begin(), document.begin() + static_cast<long>(nul), '\n');
    throw invalid_input(fmt::format("{}:{}", name, lines + 1), "holds a null character, which no text has", "it may be damaged, or not a text file");
}

plain_json to_plain(const value& v) {
    switch (v.type) {
        case kind::null: return nullptr;
        case kind::boolean: return v.boolean;
        case kind::number: return v.text.empty() || v.text.find_first_of(".eE") != v.text.npos ? plain_json(v.number) : plain_json::parse(v.text);
        case kind::text: return v.text;
        case kind::array: {
            auto a = plain_json::array();
            for (const auto& item : v.items) a.push_back(to_plain(item));
            return a;
        }
        case kind::object: break;
    }
    auto o = plain_json::object();
    for (const auto& [key, member] : v.members) o[key] = to_plain(member);
    return o;
}

std::string unescaped(std::string_view part) {
    std::string out;
    for (std::size_t i = 0; i < part.size(); ++i) {
        if (part[i] == '~' && i + 1 < part.size() && (part[i + 1] == '0' || part[i + 1] == '1')) out += part[++i] == '0' ? '~' : '/';
        else out += part[i];
    }
    return out;
}

value* item_of(value& array, const std::string& part, std::string_view pointer) {
    std::size_t index = 0;
    const auto [end, fault] = std::from_chars(part.data(), part.data() + part.size(), index);
    if (fault != std::errc{} || end != part.data() + part.size() || index >= array.items.size())
        throw invalid_input(std::string(pointer), fmt::format("'{}' is not an item of this array of {}", part, array.items.size()));
    return &array.items[index];
}

value* member_of(value& object, const std::string& part, std::string_view pointer) {
    if (object.type == kind::null) object.type = kind::object;
    if (object.type != kind::object)
        throw invalid_input(std::string(pointer), fmt::format("leads through {}, which has no '{}'", name_of(object.type), part));
    for (auto& [key, member] : object.members)
        if (key == part) return &member;
    return &object.members.emplace_back(part, value{}).second;
}

}  // namespace

std::string_view name_of(kind k) {
    constexpr std::string_view names[] = {"null", "true or false", "a number", "a text", "an array", "an object"};
    return names[static_cast<int>(k)];
}

const value* value::find(std::string_view name) const {
    for (const auto& [key, member] : members)
        if (key == name) return &member;
    return nullptr;
}

value object(std::vector<std::pair<std::string, value>> members) { return {.type = kind::object, .members = std::move(members)}; }
value array(std::vector<value> items) { return {.type = kind::array, .items = std::move(items)}; }
value text(std::string_view s) { return {.type = kind::text, .text = std::string(s)}; }
value number(double x) {
    if (!std::isfinite(x)) return {};       // JSON has no other word for it
    return {.type = kind::number, .number = x, .text = fmt::format("{}", x)};
}
value boolean(bool b) { return {.type = kind::boolean, .boolean = b}; }
value texts(const std::vector<std::string>& items) {
    value a{.type = kind::array};
    for (const auto& s : items) a.items.push_back(text(s));
    return a;
}

value parse(std::string_view document, std::string_view name) {
    check_encoding(document, name);
    return builder(document, name).run();
}

void put(value& document, std::string_view pointer, value v) {
    if (!pointer.starts_with('/')) throw invalid_input(std::string(pointer), "is not a JSON pointer", "write it as /run/dt");
    if (std::ranges::count(pointer, '/') > most_depth)
        throw invalid_input(std::string(pointer.substr(0, 2*most_depth)) + "...", fmt::format("leads more than {} deep", most_depth));
    value* at = &document;
    for (std::string_view rest = pointer; !rest.empty();) {
        rest.remove_prefix(1);
        const auto part = unescaped(rest.substr(0, rest.find('/')));
        rest.remove_prefix(std::min(rest.find('/'), rest.size()));
        at = at->type == kind::array ? item_of(*at, part, pointer) : member_of(*at, part, pointer);
    }
    *at = std::move(v);
}

std::string to_text(const value& v) { return to_plain(v).dump(2, ' ', false, plain_json::error_handler_t::replace) + '\n'; }

std::string to_line(const value& v) { return to_plain(v).dump(-1, ' ', false, plain_json::error_handler_t::replace); }

std::string escaped(std::string_view key) {
    std::string out;
    for (const char c : key) out += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
    return out;
}

}  // namespace apical::json
