// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/unit_factors.hpp"

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numbers>
#include <utility>

namespace apical::nmodl {
namespace {

using named_value = std::pair<std::string_view, double>;

constexpr double elementary_charge = 1.602176634e-19, avogadro = 6.02214076e23, boltzmann = 1.380649e-23, planck = 6.62607015e-34;

/// In m, kg, s, C, K and their products. A mole is a number of things, so that molar quantities of a mole and of one thing differ by it.
constexpr std::array names{
    named_value{"m", 1},           named_value{"meter", 1},       named_value{"metre", 1},          named_value{"micron", 1e-6},
    named_value{"angstrom", 1e-10}, named_value{"inch", 0.0254},  named_value{"foot", 0.3048},      named_value{"in", 0.0254},
    named_value{"kg", 1},          named_value{"g", 9.80665},     named_value{"gm", 1e-3},          named_value{"gram", 1e-3},
    named_value{"gramme", 1e-3},   named_value{"dalton", 1.66053906660e-27},
    named_value{"sec", 1},         named_value{"s", 1},           named_value{"second", 1},         named_value{"minute", 60},
    named_value{"min", 60},        named_value{"hour", 3600},     named_value{"hr", 3600},          named_value{"day", 86400},
    named_value{"hertz", 1},       named_value{"Hz", 1},          named_value{"hz", 1},
    named_value{"coul", 1},        named_value{"coulomb", 1},     named_value{"C", 1},              named_value{"e", elementary_charge},
    named_value{"faraday", elementary_charge*avogadro},
    named_value{"amp", 1},         named_value{"ampere", 1},      named_value{"A", 1},              named_value{"volt", 1},
    named_value{"V", 1},           named_value{"ohm", 1},         named_value{"mho", 1},            named_value{"siemens", 1},
    named_value{"S", 1},           named_value{"farad", 1},       named_value{"F", 1},              named_value{"henry", 1},
    named_value{"weber", 1},       named_value{"tesla", 1},       named_value{"watt", 1},
    named_value{"joule", 1},       named_value{"J", 1},           named_value{"newton", 1},         named_value{"nt", 1},
    named_value{"N", 1},           named_value{"erg", 1e-7},      named_value{"dyne", 1e-5},        named_value{"cal", 4.1868},
    named_value{"calorie", 4.1868}, named_value{"eV", elementary_charge}, named_value{"ev", elementary_charge},
    named_value{"electronvolt", elementary_charge},               named_value{"pascal", 1},         named_value{"pa", 1},
    named_value{"bar", 1e5},       named_value{"atm", 1.01325e5}, named_value{"atmosphere", 1.01325e5},
    named_value{"K", 1},           named_value{"kelvin", 1},      named_value{"degC", 1},           named_value{"degK", 1},
    named_value{"degF", 5.0/9.0},  named_value{"mole", avogadro}, named_value{"mol", avogadro},     named_value{"avogadro", avogadro},
    named_value{"k", boltzmann},   named_value{"boltzmann", boltzmann}, named_value{"R", boltzmann*avogadro},
    named_value{"gasconstant", boltzmann*avogadro},
    named_value{"planck", planck}, named_value{"hbar", planck/(2*std::numbers::pi)},                named_value{"c", 2.99792458e8},
    named_value{"pi", std::numbers::pi}, named_value{"radian", 0.5/std::numbers::pi},               named_value{"degree", 1/360.0},
    named_value{"liter", 1e-3},    named_value{"litre", 1e-3},    named_value{"L", 1e-3},           named_value{"cc", 1e-6},
    named_value{"ml", 1e-6},       named_value{"fuzz", 1},        named_value{"two", 2},            named_value{"%", 0.01},
    named_value{"percent", 0.01},  named_value{"dozen", 12},      named_value{"candela", 1},        named_value{"lumen", 1}};

constexpr std::array prefixes{
    named_value{"yotta", 1e24}, named_value{"zetta", 1e21},  named_value{"exa", 1e18},    named_value{"peta", 1e15},   named_value{"tera", 1e12},
    named_value{"giga", 1e9},   named_value{"mega", 1e6},    named_value{"kilo", 1e3},    named_value{"hecto", 1e2},   named_value{"deka", 1e1},
    named_value{"deci", 1e-1},  named_value{"centi", 1e-2},  named_value{"milli", 1e-3},  named_value{"micro", 1e-6},  named_value{"nano", 1e-9},
    named_value{"pico", 1e-12}, named_value{"femto", 1e-15}, named_value{"atto", 1e-18},  named_value{"zepto", 1e-21}, named_value{"yocto", 1e-24},
    named_value{"G", 1e9},      named_value{"M", 1e6},       named_value{"k", 1e3},       named_value{"h", 1e2},       named_value{"d", 1e-1},
    named_value{"c", 1e-2},     named_value{"m", 1e-3},      named_value{"u", 1e-6},      named_value{"n", 1e-9},      named_value{"p", 1e-12},
    named_value{"f", 1e-15},    named_value{"a", 1e-18}};

std::optional<double> plain_name(std::string_view name) {
    for (const auto& [known, value] : names)
        if (known == name) return value;
    if (name.size() > 3 && name.ends_with('s'))   // ms is no plural
        for (const auto& [known, value] : names)
            if (known == name.substr(0, name.size() - 1)) return value;
    return {};
}

bool is_separator(char c) { return c == '-' || c == '*' || c == '.' || std::isspace(static_cast<unsigned char>(c)) != 0; }

/// The number at the beginning of the text, which it is cut off from. An exponent may have its sign alone: "1.3+5".
std::optional<double> take_number(std::string_view& text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return {};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    int exponent = 0;
    if (text.size() > 1 && (text[0] == '+' || text[0] == '-') && std::isdigit(static_cast<unsigned char>(text[1]))) {
        const std::string_view digits = text.substr(1);
        const auto [last, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
        if (bad != std::errc{}) return {};
        value *= std::pow(10.0, text[0] == '-' ? -exponent : exponent);
        text = digits.substr(static_cast<std::size_t>(last - digits.data()));
    }
    return value;
}

}  // namespace

std::optional<double> unit_factors::value_of_name(std::string_view name) const {
    if (const auto it = defined_.find(name); it != defined_.end()) return it->second;
    if (const auto value = plain_name(name)) return value;
    for (const auto& [prefix, factor] : prefixes)
        if (name.size() >= prefix.size() && name.starts_with(prefix)) {
            const auto rest = name.substr(prefix.size());
            if (rest.empty() && prefix.size() > 1) return factor;
            if (rest.empty()) continue;
            if (const auto it = defined_.find(rest); it != defined_.end()) return factor*it->second;
            if (const auto value = plain_name(rest)) return factor**value;
        }
    return {};
}

std::optional<double> unit_factors::value(std::string_view units) const {
    double product = 1;
    bool below = false;   // once there was a '/', all that follows divides
    while (!units.empty()) {
        const char c = units.front();
        if (is_separator(c) || c == '/') {
            below = below || c == '/';
            units.remove_prefix(1);
            continue;
        }
        std::optional<double> one;
        if (std::isdigit(static_cast<unsigned char>(c)) != 0) one = take_number(units);
        else {
            std::size_t n = 0;
            while (n < units.size() && (std::isalpha(static_cast<unsigned char>(units[n])) != 0 || units[n] == '_' || units[n] == '%')) ++n;
            if (n == 0) return {};
            one = value_of_name(units.substr(0, n));
            units.remove_prefix(n);
            if (!units.empty() && units.front() == '^') units.remove_prefix(1);
            int power = 1;
            if (!units.empty() && std::isdigit(static_cast<unsigned char>(units.front())) != 0) {
                power = units.front() - '0';
                units.remove_prefix(1);
            }
            if (one) one = power == 1 ? *one : std::pow(*one, power);
        }
        if (!one) return {};
        product = below ? product / *one : product**one;
    }
    return product;
}

bool unit_factors::define(std::string name, std::string_view meaning) {
    const auto known = value(meaning);
    if (known) defined_.insert_or_assign(std::move(name), *known);
    return known.has_value();
}

std::optional<double> unit_factors::factor(std::string_view what, std::string_view unit) const {
    const auto a = value(what), b = value(unit);
    if (!a || !b || !(*b > 0)) return {};
    return *a / *b;
}

}  // namespace apical::nmodl
