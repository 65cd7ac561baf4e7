// SPDX-License-Identifier: BSD-3-Clause
#include "io/field_schema.hpp"

#include <cctype>

#include <fmt/format.h>

namespace apical::json {
namespace {

value typed(std::string_view name) { return object({{"type", text(name)}}); }

/// How people call a dimension, where they have a word for it.
std::string_view word_for(dimension d) {
    namespace of = dimensions;
    struct entry { dimension d; std::string_view word; };
    constexpr entry words[] = {
        {of::none, "number"}, {of::length, "length"}, {of::time, "time"}, {of::voltage, "potential"}, {of::current, "current"},
        {of::temperature, "temperature"}, {of::conductance, "conductance"}, {of::resistance, "resistance"}, {of::rate, "frequency"},
        {of::concentration, "concentration"}, {of::resistivity, "resistivity"},
    };
    for (const auto& w : words)
        if (w.d == d) return w.word;
    return "quantity";
}

std::string unit_for(dimension d) { return d == dimensions::temperature ? "degC" : d == dimensions::rate ? "Hz" : customary_unit(d); }

/// GitHub's anchor of a heading.
std::string anchor(std::string_view heading) {
    std::string out;
    for (const char c : heading) {
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        else if (c == ' ') out += '-';
    }
    return out;
}

value record_schema(const described_record& r) {
    value properties = object({}), required = array({});
    if (r.is_tagged) {
        properties.members.emplace_back("type", object({{"const", text(r.title)}}));
        required.items.push_back(text("type"));
    }
    value others = boolean(false);
    for (const auto& f : r.fields) {
        value s = f.type.schema;
        s.members.emplace_back("description", text(f.meaning));
        if (!f.standard.empty()) s.members.emplace_back("default", parse(f.standard, f.name));
        if (f.name.empty()) others = std::move(s);
        else properties.members.emplace_back(f.name, std::move(s));
        if (f.is_required) required.items.push_back(text(f.name));
    }
    value out = object({{"type", text("object")}, {"description", text(r.about)}, {"properties", properties}});
    if (!required.items.empty()) out.members.emplace_back("required", required);
    out.members.emplace_back("additionalProperties", others);
    return out;
}

std::string row(const described_field& f) {
    const auto name = f.name.empty() ? std::string("*any other*") : "`" + f.name + "`";
    const auto standard = f.is_required ? std::string("*required*") : f.standard.empty() ? "" : "`" + f.standard + "`";
    return fmt::format("| {} | {} | {} | {} |\n", name, f.type.words, standard, f.meaning);
}

}  // namespace

value json_schema(const description& d, std::string_view id) {
    const auto& records = d.records();
    value out = object({{"$schema", text("https://json-schema.org/draft/2020-12/schema")}, {"$id", text(id)}, {"title", text(records.front().title)}});
    for (auto& m : record_schema(records.front()).members) out.members.push_back(std::move(m));
    value defs = object({});
    for (std::size_t i = 1; i < records.size(); ++i) defs.members.emplace_back(records[i].title, record_schema(records[i]));
    out.members.emplace_back("$defs", defs);
    return out;
}

std::string markdown_tables(const description& d) {
    std::string out;
    for (const auto& r : d.records()) {
        out += fmt::format("### {}\n\n{}\n\n| key | value | default | meaning |\n|---|---|---|---|\n", r.title, r.about);
        if (r.is_tagged) out += fmt::format("| `type` | `\"{}\"` | *required* | what kind it is |\n", r.title);
        for (const auto& f : r.fields) out += row(f);
        out += '\n';
    }
    return out;
}

described_type describe(description&, const bool&) { return {"true or false", typed("boolean")}; }
described_type describe(description&, const int&) { return {"a whole number", typed("integer")}; }
described_type describe(description&, const std::uint64_t&) { return {"a whole number", typed("integer")}; }
described_type describe(description&, const double&) { return {"a number", typed("number")}; }
described_type describe(description&, const std::string&) { return {"text", typed("string")}; }
described_type describe(description&, const region_text&) { return {"a region, such as `\"apical and distance > 100 um\"`", typed("string")}; }
described_type describe(description&, const location_text&) { return {"a location, such as `\"soma(0.5)\"`", typed("string")}; }
described_type describe(description&, const rule_text&) { return {"a rule, such as `\"d_lambda(0.1, 100 Hz)\"`", typed("string")}; }
described_type describe(description&, const value_text&) {
    return {"a quantity or an expression; a bare number if it has no dimension", object({{"type", texts({"string", "number"})}})};
}
described_type describe_quantity(dimension d) {
    if (d.is_none()) return {"a number", object({{"type", texts({"string", "number"})}})};
    const auto example = fmt::format("1 {}", unit_for(d));
    auto schema = typed("string");
    schema.members.emplace_back("examples", texts({example}));
    return {fmt::format("a {}, such as `\"{}\"`", word_for(d), example), schema};
}
described_type describe_choice(const std::vector<std::string>& names) {
    std::string words;
    for (const auto& n : names) words += (words.empty() ? "`\"" : ", `\"") + n + "\"`";
    return {words, object({{"enum", texts(names)}})};
}
described_type describe_reference(std::string_view title) {
    return {fmt::format("[{}](#{})", title, anchor(title)), object({{"$ref", text(fmt::format("#/$defs/{}", title))}})};
}
described_type describe_list(const described_type& item) {
    return {"list of " + item.words, object({{"type", text("array")}, {"items", item.schema}})};
}
described_type describe_map(const described_type& item) {
    return {fmt::format("by name: {}", item.words), object({{"type", text("object")}, {"additionalProperties", item.schema}})};
}
described_type describe_union(const std::vector<described_type>& of) {
    described_type out{"", object({{"anyOf", array({})}})};
    for (const auto& t : of) {
        out.words += (out.words.empty() ? "" : " or ") + t.words;
        out.schema.members.front().second.items.push_back(t.schema);
    }
    return out;
}

std::string standard_text(bool b) { return b ? "true" : "false"; }
std::string standard_text(double x) { return fmt::format("{}", x); }
std::string standard_text(const std::string& s) {
    auto quoted = to_text(text(s));
    quoted.pop_back();       // the line break
    return quoted;
}
std::string standard_text(any_quantity q) {
    if (q.dimension.is_none()) return standard_text(q.value);
    const auto unit = unit_for(q.dimension);
    const double number = q.dimension == dimensions::temperature ? in_celsius(temperature::coherent(q.value)) : q.value/parse_unit(unit).value;
    return fmt::format("\"{:.10g} {}\"", number, unit);
}

}  // namespace apical::json
