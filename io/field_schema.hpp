// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/quantity_text.hpp"
#include "io/fields.hpp"

/// The other uses of a record's list of fields: a JSON schema for editors, and tables for people.
namespace apical::json {

/// What may stand in one place.
struct described_type {
    std::string words;       ///< "a time, such as \"1 ms\""
    value schema;            ///< its JSON schema
};
struct described_field {
    std::string name;        ///< empty: stands for all members without a field of their own
    described_type type;
    std::string standard;    ///< value if it is left out, as JSON; empty if that says nothing
    std::string meaning;
    bool is_required = false;
};
struct described_record {
    std::string title, about;
    bool is_tagged = false;  ///< has a member "type" with the title
    std::vector<described_field> fields = {};
};

/// Collects the records that a document may hold, in the order in which they are met.
class description {
public:
    /// Describes a record and all it refers to.
    template <class R> static description of() {
        description d;
        d.add<R>();
        return d;
    }
    const std::vector<described_record>& records() const { return records_; }

    /// Adds the record unless it is there already.
    template <class R> void add() {
        for (const auto& r : records_)
            if (r.title == R::title) return;
        const auto index = records_.size();
        records_.push_back({std::string(R::title), std::string(R::about), requires { R::is_tagged; }});
        R r{};
        std::vector<described_field> fields;
        visitor v{*this, fields};
        r.bind(v);
        records_[index].fields = std::move(fields);
    }

private:
    struct visitor {
        description& all;
        std::vector<described_field>& fields;
        template <class T> void operator()(std::string_view name, T& member, std::string_view meaning, demand d = optional);
        template <class T> void operator()(std::string_view placeholder, others<T>& members, std::string_view meaning, demand d = optional);
        void note_place(std::string&) const {}
    };
    std::vector<described_record> records_;
};

/// JSON schema, draft 2020-12, of a document whose root is the first record.
value json_schema(const description& d, std::string_view id);
/// A heading and a table for each record, in Markdown.
std::string markdown_tables(const description& d);

/// Descriptions of types, and of values as JSON text.
described_type describe(description&, const bool&);
described_type describe(description&, const int&);
described_type describe(description&, const std::uint64_t&);
described_type describe(description&, const double&);
described_type describe(description&, const std::string&);
described_type describe(description&, const region_text&);
described_type describe(description&, const location_text&);
described_type describe(description&, const rule_text&);
described_type describe(description&, const value_text&);
described_type describe_quantity(dimension d);
described_type describe_choice(const std::vector<std::string>& names);
described_type describe_reference(std::string_view title);
described_type describe_list(const described_type& item);
described_type describe_map(const described_type& item);
described_type describe_union(const std::vector<described_type>& of);

std::string standard_text(bool b);
std::string standard_text(double x);
std::string standard_text(const std::string& s);
std::string standard_text(any_quantity q);

template <dimension D> described_type describe(description&, const quantity<D>&) { return describe_quantity(D); }
template <class T> requires std::is_enum_v<T> described_type describe(description&, const T&) { return describe_choice(choices(T{})); }
template <class R> requires requires { R::title; } described_type describe(description& d, const R&) {
    d.add<R>();
    return describe_reference(R::title);
}
template <class T> described_type describe(description& d, const std::vector<T>&);
template <class T> described_type describe(description& d, const std::map<std::string, T>&);
template <class T> described_type describe(description& d, const std::optional<T>&) { return describe(d, T{}); }
template <class T> described_type describe(description& d, const located<T>& l) { return describe(d, l.value); }
template <class... R> described_type describe(description& d, const by_type<R...>&) { return describe_union({describe(d, R{})...}); }
template <class... R> described_type describe(description& d, const by_key<R...>&) { return describe_union({describe(d, R{})...}); }
template <class R> described_type describe(description& d, const text_or<R>&) { return describe_union({describe(d, std::string{}), describe(d, R{})}); }
template <class R> described_type describe(description& d, const value_or<R>&) { return describe_union({describe(d, value_text{}), describe(d, R{})}); }
template <class T> described_type describe(description& d, const std::vector<T>&) { return describe_list(describe(d, T{})); }
template <class T> described_type describe(description& d, const std::map<std::string, T>&) { return describe_map(describe(d, T{})); }

template <dimension D> any_quantity quantity_of(quantity<D> q) { return {q.coherent(), D}; }
/// The value a member has if the file leaves it out; empty where that is "nothing".
template <class T> std::string standard_of(const T& v) {
    if constexpr (std::is_same_v<T, bool>) return standard_text(v);
    else if constexpr (std::is_enum_v<T>) return standard_text(choices(T{})[static_cast<std::size_t>(v)]);
    else if constexpr (std::is_arithmetic_v<T>) return standard_text(static_cast<double>(v));
    else if constexpr (std::is_same_v<T, std::string>) return v.empty() ? "" : standard_text(v);
    else if constexpr (requires { v.coherent(); }) return standard_text(quantity_of(v));
    else if constexpr (requires { v.short_text(); }) return v.short_text().empty() ? "" : standard_text(v.short_text());
    else if constexpr (requires { v.text; }) return v.text.empty() ? "" : standard_text(v.text);
    else if constexpr (requires { v.value; v.where; }) return standard_of(v.value);
    else return {};
}

template <class T> void description::visitor::operator()(std::string_view name, T& member, std::string_view meaning, demand d) {
    fields.push_back({std::string(name), describe(all, member), d.is_required ? "" : standard_of(member), std::string(meaning), d.is_required});
}
template <class T> void description::visitor::operator()(std::string_view, others<T>&, std::string_view meaning, demand) {
    fields.push_back({"", describe(all, T{}), "", std::string(meaning), false});
}

}  // namespace apical::json
