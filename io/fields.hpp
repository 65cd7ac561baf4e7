// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/units.hpp"
#include "io/json.hpp"

/// How a kind of object is written in JSON, said once. A record has
///
///     static constexpr std::string_view title = "step", about = "A constant current.";
///     void bind(auto& field) { field("delay", delay, "when it begins", required | not_negative); ... }
///
/// and from this one list of fields come its reader (below), its JSON schema and its table in the documentation
/// (io/field_schema.hpp).
namespace apical::json {

/// What is asked of a field besides its type.
struct demand {
    bool is_required = false;
    double low = -std::numeric_limits<double>::infinity();   ///< in coherent units
    double high = std::numeric_limits<double>::infinity();
    bool excludes_low = false;

    constexpr demand operator|(demand o) const {
        return {is_required || o.is_required, low > o.low ? low : o.low, high < o.high ? high : o.high, excludes_low || o.excludes_low};
    }
};
inline constexpr demand optional{}, required{.is_required = true}, positive{.low = 0, .excludes_low = true}, not_negative{.low = 0};
constexpr demand between(double low, double high) { return {.low = low, .high = high}; }

/// Text in a language of its own. Checked on reading by parsing it.
struct region_text { std::string text; };
struct location_text { std::string text; };
struct rule_text { std::string text; };
/// A number with a unit, an expression in the place, or a pure number; what dimension it must have is known to its user only.
struct value_text { std::string text; };

/// A value with its place in the file, for checks that come after reading.
template <class T> struct located {
    T value{};
    std::string where{};
};

/// One of several records, told apart by the text of the member "type": their `title`.
template <class... Records> struct by_type { std::variant<Records...> value; };
/// One of several records, told apart by a member that only one of them has: their `key`. The last record needs none.
template <class... Records> struct by_key { std::variant<Records...> value; };
/// A value, for short, or a record.
template <class Record> struct value_or {
    std::variant<value_text, Record> value;
    value_or() = default;
    value_or(std::string text) : value(value_text{std::move(text)}) {}
    /// Of the short form; empty if it is a record.
    std::string short_text() const { return value.index() == 0 ? std::get<0>(value).text : std::string(); }
};
/// A text, for short, or a record.
template <class Record> struct text_or { std::variant<std::string, Record> value; };

/// Members of an object that no field names: parameters whose names are known to the catalogue only.
template <class T> struct others { std::map<std::string, located<T>> named; };

/// A value while it is being read: where it is, and where to put complaints.
struct node {
    const value* at;
    std::string pointer;
    const std::string* file;
    findings* found;

    /// "file.json:12 /run/dt", or "--set /run/dt" for a value that no file holds.
    std::string where() const;
    void complain(std::string what, std::string hint = {}) const { found->add(where(), std::move(what), std::move(hint)); }
    node member(std::string_view name, const value& v) const { return {&v, pointer + "/" + escaped(name), file, found}; }
    node item(std::size_t i) const { return {&at->items[i], pointer + "/" + std::to_string(i), file, found}; }
    /// Complains unless the value is of this kind.
    bool is(kind expected) const;
};

/// Readers of single values. They complain and leave the target as it is if the value is not fit.
void read_value(const node& n, bool& to, demand d);
void read_value(const node& n, int& to, demand d);
void read_value(const node& n, std::uint64_t& to, demand d);
void read_value(const node& n, double& to, demand d);
void read_value(const node& n, std::string& to, demand d);
void read_value(const node& n, region_text& to, demand d);
void read_value(const node& n, location_text& to, demand d);
void read_value(const node& n, rule_text& to, demand d);
void read_value(const node& n, value_text& to, demand d);
void read_quantity(const node& n, dimension expected, double& to, demand d);

template <dimension D> void read_value(const node& n, quantity<D>& to, demand d) {
    double v = to.coherent();
    read_quantity(n, D, v, d);
    to = quantity<D>::coherent(v);
}

/// An enumeration: `choices(T{})` gives its names in the order of its values.
template <class T> requires std::is_enum_v<T> void read_value(const node& n, T& to, demand) {
    if (!n.is(kind::text)) return;
    const std::vector<std::string> names = choices(T{});
    for (std::size_t i = 0; i < names.size(); ++i)
        if (n.at->text == names[i]) { to = static_cast<T>(i); return; }
    n.complain("'" + n.at->text + "' is not one of its values", suggestion(n.at->text, names));
}

template <class T> void read_value(const node& n, std::vector<T>& to, demand d);
template <class T> void read_value(const node& n, std::map<std::string, T>& to, demand d);
template <class T> void read_value(const node& n, std::optional<T>& to, demand d);
template <class T> void read_value(const node& n, located<T>& to, demand d);
template <class... R> void read_value(const node& n, by_type<R...>& to, demand d);
template <class... R> void read_value(const node& n, by_key<R...>& to, demand d);
template <class R> void read_value(const node& n, text_or<R>& to, demand d);
template <class R> void read_value(const node& n, value_or<R>& to, demand d);

/// The visitor that reads an object's members into a record.
class object_reader {
public:
    explicit object_reader(const node& n) : node_(n) {}

    template <class T> void operator()(std::string_view name, T& to, std::string_view /*meaning*/, demand d = optional) {
        known_.emplace_back(name);
        if (const auto* v = node_.at->find(name)) read_value(node_.member(name, *v), to, d);
        else if (d.is_required) node_.complain("needs a '" + std::string(name) + "'");
    }
    /// All members not named by another field.
    template <class T> void operator()(std::string_view /*placeholder*/, others<T>& to, std::string_view /*meaning*/, demand d = optional) {
        takes_others_ = true;
        for (const auto& [name, v] : node_.at->members)
            if (!is_known(name)) read_value(node_.member(name, v), to.named[name], d);
    }
    /// Where the object is, for checks that come after reading.
    void note_place(std::string& where) const { where = node_.where(); }
    void know(std::string_view name) { known_.emplace_back(name); }
    /// Complains about members that no field has asked for.
    void reject_unknown() const;

private:
    bool is_known(std::string_view name) const;

    node node_;
    std::vector<std::string> known_;
    bool takes_others_ = false;
};

/// A record.
template <class T> requires requires { T::title; } void read_value(const node& n, T& to, demand) {
    if (!n.is(kind::object)) return;
    if constexpr (requires { to.where; }) to.where = n.where();
    object_reader reader(n);
    if constexpr (requires { T::is_tagged; }) reader.know("type");
    to.bind(reader);
    reader.reject_unknown();
}

template <class T> void read_value(const node& n, std::vector<T>& to, demand d) {
    if (!n.is(kind::array)) return;
    to.clear();
    for (std::size_t i = 0; i < n.at->items.size(); ++i) read_value(n.item(i), to.emplace_back(), d);
}

template <class T> void read_value(const node& n, std::map<std::string, T>& to, demand d) {
    if (!n.is(kind::object)) return;
    for (const auto& [name, v] : n.at->members) {
        if (name.empty()) n.complain("has a member without a name");
        else read_value(n.member(name, v), to[name], d);
    }
}

template <class T> void read_value(const node& n, std::optional<T>& to, demand d) { read_value(n, to.emplace(), d); }

template <class T> void read_value(const node& n, located<T>& to, demand d) {
    to.where = n.where();
    read_value(n, to.value, d);
}

template <class... R> void read_value(const node& n, by_type<R...>& to, demand d) {
    if (!n.is(kind::object)) return;
    const std::vector<std::string> titles{std::string(R::title)...};
    const auto* type = n.at->find("type");
    if (!type) return n.complain("needs a 'type'", suggestion("", titles));
    if (!n.member("type", *type).is(kind::text)) return;
    const auto take = [&]<class T>(std::type_identity<T>) {
        if (type->text != T::title) return false;
        read_value(n, to.value.template emplace<T>(), d);
        return true;
    };
    if (!(take(std::type_identity<R>{}) || ...)) n.member("type", *type).complain("'" + type->text + "' is not known here", suggestion(type->text, titles));
}

template <class... R> void read_value(const node& n, by_key<R...>& to, demand d) {
    if (!n.is(kind::object)) return;
    const auto take = [&]<class T>(std::type_identity<T>) {
        if (!T::key.empty() && !n.at->find(T::key)) return false;
        read_value(n, to.value.template emplace<T>(), d);
        return true;
    };
    static_cast<void>((take(std::type_identity<R>{}) || ...));
}

template <class R> void read_value(const node& n, text_or<R>& to, demand d) {
    if (n.at->type == kind::object) return read_value(n, to.value.template emplace<R>(), d);
    if (n.at->type != kind::text) return n.complain("expected a text or an object, got " + std::string(name_of(n.at->type)));
    read_value(n, to.value.template emplace<std::string>(), d);
}

template <class R> void read_value(const node& n, value_or<R>& to, demand d) {
    if (n.at->type == kind::object) return read_value(n, to.value.template emplace<R>(), d);
    value_text text;
    read_value(n, text, d);
    to.value = std::move(text);
}

/// Reads a whole document into a record; complaints are left in `found`.
template <class Record> Record read(const value& document, const std::string& file, findings& found) {
    Record r;
    read_value(node{&document, "", &file, &found}, r, optional);
    return r;
}

}  // namespace apical::json
