// SPDX-License-Identifier: BSD-3-Clause
#include "io/fields.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "morphology/compartments.hpp"
#include "morphology/expression.hpp"

namespace apical::json {
namespace {

/// An example of a quantity of this dimension.
std::string example(dimension d, std::string_view number) {
    if (d == dimensions::temperature) return fmt::format("{} degC", number);
    return fmt::format("{} {}", number, customary_unit(d));
}

std::string in_unit(double coherent, dimension d) { return d.is_none() ? fmt::format("{}", coherent) : apical::to_text(any_quantity{coherent, d}); }

bool in_range(const node& n, double x, dimension dim, demand d) {
    if (!std::isfinite(x)) return n.complain("is not a finite number"), false;
    if (d.excludes_low ? x <= d.low : x < d.low)
        return n.complain(fmt::format("is {}; it must be {} {}", in_unit(x, dim), d.excludes_low ? "above" : "at least", in_unit(d.low, dim))), false;
    if (x > d.high) return n.complain(fmt::format("is {}; it must be at most {}", in_unit(x, dim), in_unit(d.high, dim))), false;
    return true;
}

/// A whole number as it is written; a fraction or a number too large for T is refused.
template <class T> void read_whole(const node& n, T& to, demand d) {
    if (!n.is(kind::number)) return;
    const auto& s = n.at->text;
    T x{};
    const auto [end, fault] = std::from_chars(s.data(), s.data() + s.size(), x);
    if (fault != std::errc{} || end != s.data() + s.size())
        return n.complain(fmt::format("is {}; a whole number is expected", s),
                          fmt::format("from {} to {}", std::isfinite(d.low) ? static_cast<T>(d.low) : T{0}, std::isfinite(d.high) ? static_cast<T>(d.high) : std::numeric_limits<T>::max()));
    if (in_range(n, static_cast<double>(x), dimensions::none, d)) to = x;
}

/// Text that a parser of ours must accept; its complaint becomes ours.
template <class Parse> void read_checked(const node& n, std::string& to, const Parse& parse) {
    if (!n.is(kind::text)) return;
    try {
        parse(n.at->text);
        to = n.at->text;
    } catch (const error& e) {
        for (const auto& p : e.problems()) n.complain(p.where.empty() ? p.what : p.where + ": " + p.what, p.hint);
    }
}

}  // namespace

std::string node::where() const {
    const auto shown = pointer.empty() ? std::string("/") : pointer;
    return at->line > 0 ? fmt::format("{}:{} {}", *file, at->line, shown) : fmt::format("--set {}", shown);
}

bool node::is(kind expected) const {
    if (at->type == expected) return true;
    complain(fmt::format("expected {}, got {}", name_of(expected), name_of(at->type)));
    return false;
}

void read_value(const node& n, bool& to, demand) {
    if (n.is(kind::boolean)) to = n.at->boolean;
}
void read_value(const node& n, int& to, demand d) { read_whole(n, to, d); }
void read_value(const node& n, std::uint64_t& to, demand d) { read_whole(n, to, d); }
void read_value(const node& n, double& to, demand d) {
    if (n.is(kind::number) && in_range(n, n.at->number, dimensions::none, d)) to = n.at->number;
}
void read_value(const node& n, std::string& to, demand) {
    if (n.is(kind::text)) to = n.at->text;
}
void read_value(const node& n, region_text& to, demand) {
    read_checked(n, to.text, [](const std::string& s) { parse_region(s); });
}
void read_value(const node& n, location_text& to, demand) {
    read_checked(n, to.text, [](const std::string& s) { parse_locations(s); });
}
void read_value(const node& n, rule_text& to, demand) {
    read_checked(n, to.text, [](const std::string& s) { parse_compartment_rule(s); });
}
void read_value(const node& n, value_text& to, demand) {
    if (n.at->type == kind::number) to.text = n.at->text;
    else if (n.at->type == kind::text) to.text = n.at->text;
    else n.complain(fmt::format("expected a quantity such as \"0.12 S/cm2\", an expression or a pure number, got {}", name_of(n.at->type)));
}

void read_quantity(const node& n, dimension expected, double& to, demand d) {
    if (n.at->type == kind::number && expected.is_none()) return read_value(n, to, d);
    if (n.at->type == kind::number)
        return n.complain(fmt::format("expected a quantity with its unit, got the bare number {}", n.at->text),
                          fmt::format("did you mean \"{}\"?", example(expected, n.at->text)));
    if (n.at->type != kind::text)
        return n.complain(fmt::format("expected a quantity, got {}", name_of(n.at->type)), fmt::format("write it as \"{}\"", example(expected, "1")));
    try {
        const double x = parse_as(n.at->text, expected, n.where());
        if (in_range(n, x, expected, d)) to = x;
    } catch (const error& e) {
        for (const auto& p : e.problems())
            n.complain(p.where == n.where() ? p.what : p.where + ": " + p.what, p.hint);
    }
}

bool object_reader::is_known(std::string_view name) const { return std::find(known_.begin(), known_.end(), name) != known_.end(); }

void object_reader::reject_unknown() const {
    if (takes_others_) return;
    for (const auto& [name, v] : node_.at->members)
        if (!is_known(name)) node_.member(name, v).complain("is not known here", suggestion(name, known_));
}

}  // namespace apical::json
