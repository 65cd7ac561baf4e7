// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/units.hpp"

#include <array>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace apical::nmodl {
namespace {

namespace of = dimensions;

constexpr dimension energy = of::charge*of::voltage;                  // joule = coulomb volt
constexpr dimension mass = energy*of::time.power(2)/of::length.power(2);   // kilogram = joule s2/m2

struct known { std::string_view name; unit value; };

/// In SI units. Names that may carry a prefix, and those that stand for themselves.
constexpr std::array scalable{
    known{"meter", {1, of::length}}, known{"metre", {1, of::length}}, known{"m", {1, of::length}}, known{"second", {1, of::time}}, known{"sec", {1, of::time}},
    known{"s", {1, of::time}}, known{"gram", {1e-3, mass}}, known{"g", {1e-3, mass}}, known{"volt", {1, of::voltage}}, known{"V", {1, of::voltage}},
    known{"ampere", {1, of::current}}, known{"amp", {1, of::current}}, known{"A", {1, of::current}}, known{"coulomb", {1, of::charge}}, known{"coul", {1, of::charge}},
    known{"C", {1, of::charge}}, known{"siemens", {1, of::conductance}}, known{"siemen", {1, of::conductance}}, known{"mho", {1, of::conductance}},
    known{"S", {1, of::conductance}}, known{"ohm", {1, of::resistance}}, known{"farad", {1, of::capacitance}}, known{"F", {1, of::capacitance}},
    known{"joule", {1, energy}}, known{"J", {1, energy}}, known{"watt", {1, energy/of::time}}, known{"W", {1, energy/of::time}},
    known{"newton", {1, energy/of::length}}, known{"N", {1, energy/of::length}}, known{"pascal", {1, energy/of::volume}}, known{"Pa", {1, energy/of::volume}},
    known{"hertz", {1, of::rate}}, known{"Hz", {1, of::rate}}, known{"liter", {1e-3, of::volume}}, known{"litre", {1e-3, of::volume}}, known{"l", {1e-3, of::volume}},
    known{"L", {1e-3, of::volume}}, known{"molar", {1e3, of::volume.power(-1)}}, known{"M", {1e3, of::volume.power(-1)}}, known{"kelvin", {1, of::temperature}},
    known{"calorie", {4.184, energy}}, known{"cal", {4.184, energy}}, known{"henry", {1, of::resistance*of::time}}, known{"tesla", {1, of::voltage*of::time/of::area}},
    known{"bar", {1e5, energy/of::volume}}, known{"electronvolt", {1.602176634e-19, energy}}, known{"eV", {1.602176634e-19, energy}}};
constexpr std::array plain{
    known{"micron", {1e-6, of::length}}, known{"angstrom", {1e-10, of::length}}, known{"inch", {0.0254, of::length}}, known{"minute", {60, of::time}},
    known{"min", {60, of::time}}, known{"hour", {3600, of::time}}, known{"hr", {3600, of::time}}, known{"day", {86400, of::time}}, known{"kg", {1, mass}},
    known{"degC", {1, of::temperature}}, known{"degK", {1, of::temperature}}, known{"K", {1, of::temperature}}, known{"celsius", {1, of::temperature}},
    known{"mole", {6.02214076e23, of::none}}, known{"mol", {6.02214076e23, of::none}}, known{"avogadro", {6.02214076e23, of::none}},
    known{"faraday", {6.02214076e23*1.602176634e-19, of::charge}}, known{"e", {1.602176634e-19, of::charge}}, known{"k", {1.380649e-23, energy/of::temperature}},
    known{"boltzmann", {1.380649e-23, energy/of::temperature}}, known{"gasconstant", {6.02214076e23*1.380649e-23, energy/of::temperature}},
    known{"pi", {std::numbers::pi, of::none}}, known{"radian", {1, of::none}}, known{"rad", {1, of::none}}, known{"degree", {std::numbers::pi/180, of::none}},
    known{"steradian", {1, of::none}}, known{"percent", {0.01, of::none}}, known{"c", {299792458, of::length/of::time}}, known{"g0", {9.80665, of::length/of::time.power(2)}},
    known{"atmosphere", {101325, energy/of::volume}}, known{"atm", {101325, energy/of::volume}}, known{"mmHg", {133.322387415, energy/of::volume}},
    known{"bit", {1, of::none}}, known{"quantum", {1, of::none}}, known{"molecule", {1, of::none}}, known{"ion", {1, of::none}}};

constexpr std::array<std::pair<std::string_view, double>, 16> long_prefixes{{{"exa", 1e18}, {"peta", 1e15}, {"tera", 1e12}, {"giga", 1e9}, {"mega", 1e6},
    {"meg", 1e6}, {"kilo", 1e3}, {"hecto", 1e2}, {"deca", 1e1}, {"deci", 1e-1}, {"centi", 1e-2}, {"milli", 1e-3}, {"micro", 1e-6}, {"nano", 1e-9},
    {"pico", 1e-12}, {"femto", 1e-15}}};
constexpr std::array<std::pair<char, double>, 10> letters{{{'T', 1e12}, {'G', 1e9}, {'M', 1e6}, {'k', 1e3}, {'d', 1e-1}, {'c', 1e-2}, {'m', 1e-3},
                                                           {'u', 1e-6}, {'n', 1e-9}, {'p', 1e-12}}};

template <class Table> std::optional<unit> in(const Table& table, std::string_view name) {
    for (const auto& k : table)
        if (k.name == name) return k.value;
    return std::nullopt;
}

std::optional<unit> common(std::string_view name) {
    if (const auto u = in(plain, name)) return u;
    return in(scalable, name);
}

/// One factor of a unit's text: a number, or a name with a power.
struct piece {
    std::string word;
    int power = 1;
    double number = 1;
};

bool begins_number(std::string_view text, std::size_t i) {
    const auto is_digit = [&](std::size_t k) { return k < text.size() && std::isdigit(static_cast<unsigned char>(text[k])); };
    return is_digit(i) || (text[i] == '.' && is_digit(i + 1));
}

/// The factors in turn; those behind the first '/' have negative powers. Nothing where a character means nothing.
std::optional<std::vector<piece>> pieces(std::string_view text) {
    std::vector<piece> all;
    int sign = 1;
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (c == '/') { sign = -1; ++i; continue; }
        if (c == ' ' || c == '\t' || c == '-' || c == '*') { ++i; continue; }
        piece p{.power = sign};
        if (begins_number(text, i)) {
            const std::string rest(text.substr(i));
            char* end = nullptr;
            p.number = std::strtod(rest.c_str(), &end);
            i += static_cast<std::size_t>(end - rest.c_str());
            all.push_back(std::move(p));
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && (std::isalpha(static_cast<unsigned char>(text[end])) || text[end] == '_' || text[end] == '%')) ++end;
        if (end == i) return std::nullopt;
        p.word = text.substr(i, end - i);
        i = end + (end < text.size() && text[end] == '^');
        std::size_t digits = i;
        while (digits < text.size() && std::isdigit(static_cast<unsigned char>(text[digits])) && digits < i + 2) ++digits;
        if (digits > i) p.power = sign*std::atoi(std::string(text.substr(i, digits - i)).c_str());
        i = digits;
        all.push_back(std::move(p));
    }
    return all;
}

}  // namespace

unit unit::power(int n) const { return {std::pow(factor, n), of.power(n)}; }

bool unit::is_same_as(const unit& o) const { return of == o.of && std::abs(factor - o.factor) <= 1e-6*std::abs(o.factor); }

std::optional<unit> unit_table::named(const std::string& word) const {
    if (const auto own = own_.find(word); own != own_.end()) return own->second;
    if (const auto u = common(word)) return u;
    if (word == "%") return unit{0.01, {}};
    if (word.size() > 3 && word.back() == 's')   // volts, but ms are no metres
        if (const auto u = named(word.substr(0, word.size() - 1))) return u;
    for (const auto& [prefix, factor] : long_prefixes) {
        if (!word.starts_with(prefix)) continue;
        const auto rest = word.substr(prefix.size());
        if (rest.empty()) return unit{factor, {}};
        if (const auto u = in(scalable, rest)) return unit{factor*u->factor, u->of};
        if (rest == "mole" || rest == "mol") return unit{factor*6.02214076e23, {}};
    }
    for (const auto& [letter, factor] : letters)
        if (word.front() == letter)
            if (const auto u = in(scalable, std::string_view(word).substr(1))) return unit{factor*u->factor, u->of};
    return std::nullopt;
}

std::optional<unit> unit_table::find(std::string_view text) const {
    const auto all = pieces(text);
    if (!all) return std::nullopt;
    unit product;
    for (const auto& p : *all) {
        const auto u = p.word.empty() ? unit{p.number, {}} : named(p.word);
        if (!u || !product.of.is_within(100)) return std::nullopt;
        product = product*u->power(p.power);
    }
    return product;
}

std::string unit_table::unknown_in(std::string_view text) const {
    const auto all = pieces(text);
    if (!all) return std::string(text);
    for (const auto& p : *all)
        if (!p.word.empty() && !named(p.word)) return p.word;
    return {};
}

unit_table::unit_table(const syntax::file& f, diagnostics& found) {
    for (const auto& d : f.units) {
        if (d.is_factor) continue;
        const auto means = find(d.meaning);
        if (!means) {
            found.warn("units", d.at, fmt::format("unit ({}) is defined by '{}', which is not known", d.name, unknown_in(d.meaning)),
                       fmt::format("define ({}) before it, or write the unit in full, such as (millivolt)", unknown_in(d.meaning)));
            continue;
        }
        own_.insert_or_assign(d.name, *means);
    }
}

std::string to_text(const unit& u) {
    constexpr std::array<std::string_view, 33> customary{"mV", "ms", "um", "mA/cm2", "nA", "S/cm2", "uS", "mM", "/ms", "degC", "mM/ms", "/ms/mM", "/mM", "cm/s", "um2",
        "um3", "um2/ms", "megohm", "uF/cm2", "nF", "coulomb", "coulomb/cm3", "/mV", "/ms/mV", "/mV2", "ms/mV", "joule", "joule/degC", "ohm-cm", "ohm-cm2",
        "mA", "um3/ms", "mM-um2/ms"};
    if (u.of.is_none()) return u.is_same_as({}) ? "1" : fmt::format("{:.6g}", u.factor);
    const unit_table table;
    for (const auto name : customary) {
        const auto known = table.find(name);
        if (!known || known->of != u.of) continue;
        return u.is_same_as(*known) ? std::string(name) : fmt::format("{:.6g} {}", u.factor/known->factor, name);
    }
    std::string text = fmt::format("{:.6g}", u.factor);
    for (const auto& [name, n] : {std::pair{"m", u.of.length}, {"s", u.of.time}, {"V", u.of.voltage}, {"A", u.of.current}, {"K", u.of.temperature}})
        if (n != 0) text += n == 1 ? fmt::format(" {}", name) : fmt::format(" {}^{}", name, n);
    return text;
}

}  // namespace apical::nmodl
