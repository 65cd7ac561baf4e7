// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/parsing.hpp"

namespace apical::nmodl::syntax {
namespace {

constexpr int longest_array = 1'000'000;

}  // namespace

void parser::open(std::string_view name) {
    block_ = name;
    expect("{", name);
}

/// Whether the block ends here; what does not belong into it does not end it but is refused.
bool parser::close(std::string_view name) {
    if (take_symbol("}")) return true;
    if (peek().is == kind::end || (begins_block(peek()) && peek(1).is_symbol("{")))
        refuse(peek().at, fmt::format("{} is not closed", name), "a '}' is missing before this");
    return false;
}

token parser::plain_name(std::string_view of) {
    if (peek().is != kind::name || peek().order > 0) unexpected(fmt::format("a name for {}", of));
    return take();
}

expression parser::name_of(const token& t) const {
    expression e;
    e.is = expression::kind::name;
    e.at = t.at;
    e.name = t.text;
    e.order = t.order;
    return e;
}

std::vector<expression> parser::name_list(std::string_view of) {
    std::vector<expression> names;
    do names.push_back(name_of(plain_name(of)));
    while (take_symbol(","));
    return names;
}

double parser::number(std::string_view of) {
    const bool is_negative = take_symbol("-");
    if (!is_negative) take_symbol("+");
    if (peek().is != kind::number) unexpected(fmt::format("a number for {}", of));
    const auto t = take();
    if (!std::isfinite(t.value)) refuse(t.at, fmt::format("{} is too large a number", t.text));
    return is_negative ? -t.value : t.value;
}

std::string parser::optional_unit() {
    if (!at_symbol("(")) return {};
    auto unit = tokens_.take_unit();
    if (!unit) throw fault{};
    return std::move(*unit);
}

/// [length] behind a name, if it is there.
int parser::length(declaration& d) {
    if (!take_symbol("[")) return 1;
    const auto& t = peek();
    if (t.is != kind::number || !t.is_integer || t.value < 1 || t.value > longest_array)
        unexpected(fmt::format("the length of {}", d.name), fmt::format("an array has a whole number of elements, from 1 to {}", longest_array));
    d.is_array = true;
    d.length = static_cast<int>(take().value);
    expect("]", fmt::format("the length of {}", d.name));
    return d.length;
}

// ---- NEURON

void parser::neuron(interface& n, const token& keyword) {
    if (!n.at.in) n.at = keyword.at;
    open("NEURON");
    while (!close("NEURON")) {
        if (peek().is != kind::name) unexpected("SUFFIX, USEION, RANGE or another word of NEURON");
        neuron_item(n, take());
    }
}

void parser::neuron_item(interface& n, const token& item) {
    const auto& word = item.text;
    const auto add_to = [&](std::vector<expression>& names) {
        for (auto& name : name_list(word)) names.push_back(std::move(name));
    };
    if (word == "SUFFIX" || word == "POINT_PROCESS" || word == "ARTIFICIAL_CELL") {
        if (!n.name.empty()) found_.warn("names", item.at, fmt::format("the mechanism was called {} already", n.name), "leave one of SUFFIX, POINT_PROCESS and ARTIFICIAL_CELL");
        n.at = peek().at;
        n.name = plain_name(word).text;
        n.is = word == "POINT_PROCESS" ? interface::kind::point_process : word == "ARTIFICIAL_CELL" ? interface::kind::artificial_cell
             : n.name == "nothing" ? interface::kind::nothing : interface::kind::density;
    }
    else if (word == "USEION") use_ion(n, item.at);
    else if (word == "NONSPECIFIC_CURRENT") add_to(n.nonspecific);
    else if (word == "ELECTRODE_CURRENT") add_to(n.electrode);
    else if (word == "RANGE") add_to(n.range);
    else if (word == "GLOBAL") add_to(n.global);
    else if (word == "POINTER") add_to(n.pointer);
    else if (word == "BBCOREPOINTER") add_to(n.bbcore_pointer);
    else if (word == "EXTERNAL") add_to(n.external);
    else if (word == "RANDOM") add_to(n.random);
    else if (word == "THREADSAFE") n.is_thread_safe = true;
    else if (word == "REPRESENTS") tokens_.take_identifier();
    else if (word == "SECTION") name_list(word);   // of no effect in NEURON either
    else refuse(item.at, fmt::format("'{}' is no word of the NEURON block", word),
                "there are SUFFIX, POINT_PROCESS, ARTIFICIAL_CELL, USEION, NONSPECIFIC_CURRENT, ELECTRODE_CURRENT, RANGE, GLOBAL, POINTER, "
                "BBCOREPOINTER, EXTERNAL, RANDOM, THREADSAFE and REPRESENTS");
}

void parser::use_ion(interface& n, const place& at) {
    use_of_ion ion;
    ion.at = at;
    ion.ion = plain_name("USEION").text;
    for (;;) {
        if (take_name("READ")) for (auto& name : name_list("READ")) ion.reads.push_back(std::move(name));
        else if (take_name("WRITE")) for (auto& name : name_list("WRITE")) ion.writes.push_back(std::move(name));
        else if (take_name("REPRESENTS")) ion.represents = tokens_.take_identifier();
        else if (take_name("VALENCE") || take_name("CHARGE")) {
            if (peek().is == kind::name) ion.valence_name = take().text;
            else ion.valence = number("VALENCE");
        }
        else break;
    }
    n.ions.push_back(std::move(ion));
}

// ---- UNITS

void parser::units(file& f) {
    open("UNITS");
    while (!close("UNITS")) unit_definition_into(f.units);
}

void parser::unit_definition_into(std::vector<unit_definition>& units) {
    constexpr auto usage = "write (mV) = (millivolt), F = (faraday) (coulomb) or F = 96485 (coulomb)";
    unit_definition d;
    d.at = peek().at;
    if (at_symbol("(")) {
        d.name = optional_unit();
        if (!take_symbol("=")) unexpected("'='", usage);
        if (!at_symbol("(")) unexpected("a unit in parentheses", usage);
        d.meaning = optional_unit();
        units.push_back(std::move(d));
        return;
    }
    if (peek().is != kind::name) unexpected("the definition of a unit", usage);
    d.is_factor = true;
    d.name = plain_name("UNITS").text;
    if (!take_symbol("=")) unexpected("'='", usage);
    if (at_symbol("(")) {
        d.meaning = optional_unit();
        if (take_symbol("-")) expect(">", "a factor of units");
        if (!at_symbol("(")) unexpected("a unit in parentheses", usage);
    } else {
        d.value = number(d.name);
        d.meaning = fmt::format("{}", *d.value);
    }
    d.as_unit = optional_unit();
    units.push_back(std::move(d));
}

// ---- variables

void parser::parameters(std::vector<declaration>& into) {
    open("PARAMETER");
    while (!close("PARAMETER")) {
        declaration d;
        d.at = peek().at;
        d.name = plain_name("a parameter").text;
        length(d);
        if (take_symbol("=")) d.value = number(d.name);
        d.unit = optional_unit();
        if (take_symbol("<")) {
            d.lower = number("the lower limit of " + d.name);
            expect(",", "the lower limit of " + d.name);
            d.upper = number("the upper limit of " + d.name);
            expect(">", "the limits of " + d.name);
        }
        into.push_back(std::move(d));
    }
}

/// ASSIGNED and STATE.
void parser::variables(std::vector<declaration>& into, std::string_view name) {
    open(name);
    while (!close(name)) {
        declaration d;
        d.at = peek().at;
        if (peek().is != kind::name) unexpected("a variable's name");
        const auto written = take();
        d.name = written.text;
        length(d);
        if (take_symbol("=")) refuse(tokens_.last(), fmt::format("{} gives {} a value", name, d.name), "give it in INITIAL, or declare a PARAMETER");
        if (take_name("FROM")) {
            d.from = number(d.name);
            expect_name("TO", "write FROM lowest TO highest");
            d.to = number(d.name);
        }
        if (take_name("START")) d.start = fmt::format("{}", number(d.name));
        d.unit = optional_unit();
        if (take_symbol("<")) {   // the tolerance of a state, which is a hint to variable steps
            number("the tolerance of " + d.name);
            expect(">", "the tolerance of " + d.name);
        }
        if (written.order == 0) into.push_back(std::move(d));   // x' is known from x
    }
}

void parser::constants(std::vector<declaration>& into) {
    open("CONSTANT");
    while (!close("CONSTANT")) {
        declaration d;
        d.at = peek().at;
        d.name = plain_name("a constant").text;
        expect("=", d.name);
        d.value = number(d.name);
        d.unit = optional_unit();
        into.push_back(std::move(d));
    }
}

/// INDEPENDENT {t FROM 0 TO 1 WITH 1 (ms)} said what time is; NEURON knows that now.
void parser::independent() {
    constexpr auto usage = "write INDEPENDENT {t FROM 0 TO 1 WITH 1 (ms)}, or leave it out";
    open("INDEPENDENT");
    while (!close("INDEPENDENT")) {
        take_name("SWEEP");
        plain_name("INDEPENDENT");
        expect_name("FROM", usage);
        number("FROM");
        expect_name("TO", usage);
        number("TO");
        expect_name("WITH", usage);
        number("WITH");
        if (take_name("START")) number("START");
        optional_unit();
    }
}

std::vector<declaration> parser::locals() {
    std::vector<declaration> found;
    do {
        declaration d;
        d.at = peek().at;
        d.name = plain_name("LOCAL").text;
        length(d);
        found.push_back(std::move(d));
    } while (take_symbol(","));
    return found;
}

std::vector<declaration> parser::arguments(std::string_view of) {
    std::vector<declaration> found;
    if (!at_symbol("(")) unexpected(fmt::format("the arguments of {}", of), "write (), even if there are none");
    take();
    while (!at_symbol(")")) {
        if (!found.empty()) expect(",", fmt::format("an argument of {}", of));
        declaration d;
        d.at = peek().at;
        d.name = plain_name("an argument of " + std::string(of)).text;
        d.unit = optional_unit();
        found.push_back(std::move(d));
    }
    take();
    return found;
}

}  // namespace apical::nmodl::syntax
