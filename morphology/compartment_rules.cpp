// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/compartments.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "core/quantity_text.hpp"

namespace apical {
namespace {

constexpr std::size_t at_index(int i) { return static_cast<std::size_t>(i); }
constexpr int most_per_section = 32767;

template <class... F> struct overloaded : F... { using F::operator()...; };
template <class... F> overloaded(F...) -> overloaded<F...>;

void require_positive(double value, std::string_view rule, std::string_view what) {
    if (value > 0 && std::isfinite(value)) return;
    throw invalid_model(std::string(rule), fmt::format("{} is {}", what, value), "it must be positive and finite");
}

int checked(double count, const std::string& section) {
    if (count >= 1 && count <= most_per_section) return static_cast<int>(count);
    throw invalid_model(section, fmt::format("the compartment rule asks for {:.6g} compartments", count),
                        fmt::format("1 to {} are possible", most_per_section));
}

/// Counts of one section; every result is whole and may be too large for an int.
struct counting {
    const morphology& shape;
    std::span<const cable_properties> properties;
    int section;

    double operator()(const fixed_count& rule) const { return rule.per_section; }
    double operator()(const max_length& rule) const {
        require_positive(rule.um, "max_length", "the length");
        const double n = std::ceil(shape.length(section)/rule.um);
        return rule.odd ? 2*std::floor(n/2) + 1 : n;
    }
    double operator()(const per_length& rule) const {
        require_positive(rule.um, "per_length", "the length");
        return 1 + 2*std::floor(shape.length(section)/rule.um);
    }
    double operator()(const d_lambda& rule) const {
        require_positive(rule.fraction, "d_lambda", "the fraction");
        const double lambda = ac_length_constant(shape, section, properties[at_index(section)], rule.frequency_hz);
        return 2*std::floor((shape.length(section)/(rule.fraction*lambda) + 0.9)/2) + 1;
    }
    double operator()(const explicit_counts& rule) const { return rule.per_section[at_index(section)]; }
};

constexpr std::string_view examples =
    "write count(1), max_length(40 um), max_length(40 um, even allowed), per_length(40 um) or d_lambda(0.1, 100 Hz)";

std::string_view trimmed(std::string_view s) {
    const auto begin = s.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return {};
    return s.substr(begin, s.find_last_not_of(" \t\r\n") - begin + 1);
}

/// A rule's text in parts: "d_lambda(0.1, 100 Hz)" -> "d_lambda", {"0.1", "100 Hz"}.
struct call {
    std::string where;
    std::string_view name;
    std::vector<std::string_view> arguments;

    explicit call(std::string_view text) : where(fmt::format("compartment rule '{}'", text)) {
        const auto rule = trimmed(text);
        const auto open = rule.find('(');
        if (open == std::string_view::npos || rule.back() != ')') {
            throw invalid_model(where, "is not a rule", std::string(examples));
        }
        name = trimmed(rule.substr(0, open));
        auto rest = rule.substr(open + 1, rule.size() - open - 2);
        for (auto comma = rest.find(','); comma != std::string_view::npos; comma = rest.find(',')) {
            arguments.push_back(trimmed(rest.substr(0, comma)));
            rest.remove_prefix(comma + 1);
        }
        arguments.push_back(trimmed(rest));
    }

    void expect_arguments(std::size_t fewest, std::size_t most) const {
        if (arguments.size() >= fewest && arguments.size() <= most) return;
        throw invalid_model(where, fmt::format("{} has {} arguments", name, arguments.size()), std::string(examples));
    }

    double positive(std::size_t i, dimension expected) const {
        const double value = parse_as(arguments[i], expected, where);
        if (!(value > 0) || !std::isfinite(value)) throw invalid_model(where, fmt::format("{} is not positive", arguments[i]));
        return value;
    }
};

fixed_count parse_count(const call& c) {
    c.expect_arguments(1, 1);
    const double n = c.positive(0, dimensions::none);
    if (n != std::floor(n) || n > most_per_section) {
        throw invalid_model(c.where, fmt::format("{} is not a count", c.arguments[0]),
                            fmt::format("give a whole number from 1 to {}", most_per_section));
    }
    return {static_cast<int>(n)};
}

max_length parse_max_length(const call& c) {
    c.expect_arguments(1, 2);
    const bool even_allowed = c.arguments.size() == 2;
    if (even_allowed && c.arguments[1] != "even allowed") {
        throw invalid_model(c.where, fmt::format("unknown option '{}'", c.arguments[1]), "the only one is 'even allowed'");
    }
    return {c.positive(0, dimensions::length), !even_allowed};
}

d_lambda parse_d_lambda(const call& c) {
    c.expect_arguments(1, 2);
    d_lambda rule{.fraction = c.positive(0, dimensions::none)};
    if (c.arguments.size() == 2) rule.frequency_hz = 1e3*c.positive(1, dimensions::rate);
    return rule;
}

}  // namespace

compartment_rule parse_compartment_rule(std::string_view text) {
    const call c(text);
    if (c.name == "count") return parse_count(c);
    if (c.name == "max_length") return parse_max_length(c);
    if (c.name == "d_lambda") return parse_d_lambda(c);
    if (c.name == "per_length") {
        c.expect_arguments(1, 1);
        return per_length{c.positive(0, dimensions::length)};
    }
    const std::vector<std::string> known{"count", "max_length", "per_length", "d_lambda"};
    throw invalid_model(c.where, fmt::format("unknown rule '{}'", c.name), suggestion(c.name, known));
}

std::string to_text(const compartment_rule& rule) {
    return std::visit(
        overloaded{[](const fixed_count& r) { return fmt::format("count({})", r.per_section); },
                   [](const max_length& r) { return fmt::format("max_length({} um{})", r.um, r.odd ? "" : ", even allowed"); },
                   [](const per_length& r) { return fmt::format("per_length({} um)", r.um); },
                   [](const d_lambda& r) { return fmt::format("d_lambda({}, {} Hz)", r.fraction, r.frequency_hz); },
                   [](const explicit_counts& r) { return fmt::format("counts({})", fmt::join(r.per_section, ", ")); }},
        rule);
}

double ac_length_constant(const morphology& shape, int section, cable_properties cable, double frequency_hz) {
    require_positive(frequency_hz, "d_lambda", "the frequency [Hz]");
    require_positive(cable.resistivity, "d_lambda", "the axial resistivity [MOhm um]");
    require_positive(cable.capacitance, "d_lambda", "the capacitance [nF/um2]");
    const auto& points = shape[section].points;
    const auto arc = shape.arc(section);
    double steps = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        steps += (arc[i] - arc[i - 1])/std::sqrt(points[i - 1].diameter + points[i].diameter);
    }
    const double per_ms = 1e-3*frequency_hz;
    const double lengths = std::sqrt(8*std::numbers::pi*per_ms*cable.resistivity*cable.capacitance)*steps;
    return shape.length(section)/lengths;
}

std::vector<int> compartment_counts(const morphology& shape, const compartment_rule& rule,
                                    std::span<const cable_properties> properties) {
    const auto sections = at_index(shape.size());
    if (std::holds_alternative<d_lambda>(rule) && properties.size() != sections) {
        throw invalid_model("d_lambda", fmt::format("{} cable properties for {} sections", properties.size(), sections),
                            "give one for each section");
    }
    if (const auto* given = std::get_if<explicit_counts>(&rule); given && given->per_section.size() != sections) {
        throw invalid_model("compartment counts", fmt::format("{} for {} sections", given->per_section.size(), sections),
                            "give one for each section");
    }
    std::vector<int> counts(sections);
    for (int i = 0; i < shape.size(); ++i) {
        counts[at_index(i)] = checked(std::visit(counting{shape, properties, i}, rule), shape.name(i));
    }
    return counts;
}

}  // namespace apical
