// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/symbols.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/build.hpp"
#include "channels/nmodl/syntax_visit.hpp"
#include "channels/nmodl/unit_factors.hpp"
#include "core/error.hpp"

namespace apical::nmodl {
namespace {

struct supplied_variable {
    std::string_view name, unit;
    storage kept;
    role is;
    double value;
};

constexpr std::array supplied{
    supplied_variable{"v", "mV", storage::instance, role::voltage, -65},
    supplied_variable{"t", "ms", storage::shared, role::time, 0},
    supplied_variable{"dt", "ms", storage::shared, role::step, 0.025},
    supplied_variable{"celsius", "degC", storage::shared, role::temperature, 6.3},
    supplied_variable{"area", "um2", storage::instance, role::area, 100},
    supplied_variable{"diam", "um", storage::instance, role::diameter, 500},
};

const supplied_variable* find_supplied(std::string_view name) {
    const auto it = std::ranges::find(supplied, name, &supplied_variable::name);
    return it == supplied.end() ? nullptr : &*it;
}

void collect(const std::vector<syntax::expression>& list, std::set<std::string, std::less<>>& names) {
    for (const auto& e : list) names.insert(e.name);
}

/// The declaration of a name that only the NEURON block has.
syntax::declaration undeclared(const syntax::expression& e) {
    syntax::declaration d;
    d.at = e.at;
    d.name = e.name;
    return d;
}

std::optional<double> as_number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

/// What a variable of an ion is, by its name; empty if it is none.
std::optional<role> ion_role(std::string_view ion, std::string_view name) {
    if (name.size() != ion.size() + 1) return {};
    if (name.ends_with(ion)) {
        if (name.front() == 'i') return role::ion_current;
        if (name.front() == 'e') return role::reversal;
    }
    if (name.starts_with(ion)) {
        if (name.back() == 'i') return role::inner;
        if (name.back() == 'o') return role::outer;
    }
    return {};
}

std::string_view unit_of(role is) { return is == role::reversal ? "mV" : is == role::ion_current ? "mA/cm2" : "mM"; }

void note(ion_use& use, role is, bool writes) {
    switch (is) {
        case role::ion_current: (writes ? use.writes_current : use.reads_current) = true; break;
        case role::reversal: (writes ? use.writes_reversal : use.reads_reversal) = true; break;
        case role::inner: (writes ? use.writes_inner : use.reads_inner) = true; break;
        default: (writes ? use.writes_outer : use.reads_outer) = true; break;
    }
}

}  // namespace

symbols::symbols(const syntax::file& file, program& p, diagnostics& found) : file_(file), program_(p), found_(found) {
    for (const auto& r : file.routines)
        if (!r.name.empty()) routines_.try_emplace(r.name, &r);
    declare_neuron_block();
    declare_factors();
    declare_ions();
    declare_all(file.constants, role::parameter);
    declare_all(file.parameters, role::parameter);
    declare_all(file.states, role::state);
    declare_all(file.assigned, role::assigned);
    declare_all(file.locals, role::assigned);
    for (const auto& list : {file.neuron.pointer, file.neuron.bbcore_pointer, file.neuron.external, file.neuron.random})
        for (const auto& e : list)
            if (!names_.contains(e.name) && e.name != "secondorder") declare(undeclared(e), role::assigned);
    add_currents();
}

void symbols::declare_neuron_block() {
    const auto& n = file_.neuron;
    using interface = syntax::interface::kind;
    program_.title = file_.title;
    program_.name = n.name;
    program_.is = n.is == interface::point_process     ? program::kind::point_process
                  : n.is == interface::artificial_cell ? program::kind::artificial_cell
                                                       : program::kind::density;
    if (n.at.in) program_.file = n.at.in->file;
    collect(n.range, range_);
    collect(n.global, global_);
    collect(n.pointer, pointers_);
    collect(n.bbcore_pointer, pointers_);
    collect(n.random, randoms_);
    for (const auto& e : n.external) {
        if (find_supplied(e.name) != nullptr || e.name == "secondorder") continue;
        pointers_.insert(e.name);
        found_.warn("external", e.at, fmt::format("EXTERNAL {} is read through a pointer", e.name), fmt::format("declare {} in PARAMETER if it is a number that is given", e.name));
    }
    for (const auto& r : file_.routines)
        if (r.is == syntax::routine::kind::function_table) {
            names_[r.name] = {.is = symbol::kind::function_table, .index = static_cast<int>(program_.function_tables.size()), .at = r.at};
            program_.function_tables.push_back(r.name);
        }
}

void symbols::declare_factors() {
    unit_factors units;
    for (const auto& u : file_.units) {
        if (!u.is_factor) {
            units.define(u.name, u.meaning);   // an alias that no factor uses may mean what it likes
            continue;
        }
        auto value = u.value;
        if (!value) value = units.factor(u.meaning, u.as_unit);
        if (!value) {
            found_.error(u.at, fmt::format("the unit ({}) or ({}) of the factor {} is not known", u.meaning, u.as_unit, u.name),
                         fmt::format("write its value: {} = 1 ({})", u.name, u.as_unit));
            value = 1;
        }
        names_[u.name] = {.is = symbol::kind::number, .value = *value, .at = u.at};
        taken_.insert(u.name);
    }
}

void symbols::declare_ions() {
    for (const auto& use : file_.neuron.ions) {
        const auto it = std::ranges::find(program_.ions, use.ion, &ion_use::name);
        const int ion = static_cast<int>(it - program_.ions.begin());
        if (it == program_.ions.end()) program_.ions.push_back({.name = use.ion});
        if (use.valence) program_.ions[static_cast<std::size_t>(ion)].valence = static_cast<int>(*use.valence);
        for (const auto& e : use.reads) declare_ion_variable(program_.ions[static_cast<std::size_t>(ion)], ion, e, false);
        for (const auto& e : use.writes) declare_ion_variable(program_.ions[static_cast<std::size_t>(ion)], ion, e, true);
    }
}

void symbols::declare_ion_variable(ion_use& use, int ion, const syntax::expression& e, bool writes) {
    const auto is = ion_role(use.name, e.name);
    if (!is) {
        found_.error(e.at, fmt::format("USEION {}: '{}' is no variable of this ion", use.name, e.name),
                     fmt::format("those are i{0}, e{0}, {0}i and {0}o", use.name));
        return;
    }
    note(use, *is, writes);
    if (names_.contains(e.name)) return;
    names_[e.name] = {.index = static_cast<int>(program_.variables.size()), .at = e.at};
    taken_.insert(e.name);
    program_.variables.push_back({.name = e.name, .unit = std::string(unit_of(*is)), .at = e.at, .kept = storage::instance, .is = *is, .ion = ion,
                                  .is_public = range_.contains(e.name)});
}

void symbols::declare_all(const std::vector<syntax::declaration>& list, role is) {
    for (const auto& d : list) declare(d, is);
}

int symbols::declare(const syntax::declaration& d, role is) {
    if (!d.start.empty())
        if (const auto value = as_number(d.start)) starts_[d.name] = *value;
    if (const auto it = names_.find(d.name); it != names_.end()) {
        auto& there = it->second;
        if (there.is != symbol::kind::variable) return -1;
        auto& v = program_.variables[static_cast<std::size_t>(there.index)];
        if (!d.unit.empty() && v.unit.empty()) v.unit = d.unit;
        if (v.is == role::assigned && is == role::state) v.is = is;
        if (d.value && v.ion < 0) v.value = *d.value;
        return there.index;
    }
    if (find_supplied(d.name) != nullptr && !(d.name == "v" && program_.is == program::kind::artificial_cell)) return -1;
    const bool constant = &d >= file_.constants.data() && &d < file_.constants.data() + file_.constants.size();
    const bool file_local = &d >= file_.locals.data() && &d < file_.locals.data() + file_.locals.size();
    variable v{.name = d.name, .unit = d.unit, .at = d.at, .kept = storage::instance, .is = is, .length = std::max(1, d.length),
               .is_array = d.is_array, .value = d.value.value_or(0)};
    if (pointers_.contains(d.name)) v.is = role::pointer;
    if (randoms_.contains(d.name)) v.is = role::random;
    if (d.lower) v.lower = *d.lower;
    if (d.upper) v.upper = *d.upper;
    const bool by_default = is == role::state || (is == role::parameter && !constant);
    v.is_public = !file_local && (by_default || range_.contains(d.name) || global_.contains(d.name));
    names_[d.name] = {.index = static_cast<int>(program_.variables.size()), .at = d.at};
    taken_.insert(d.name);
    program_.variables.push_back(std::move(v));
    return static_cast<int>(program_.variables.size()) - 1;
}

void symbols::add_currents() {
    for (std::size_t i = 0; i < program_.ions.size(); ++i)
        if (program_.ions[i].writes_current)
            program_.currents.push_back({.variable = names_.at("i" + program_.ions[i].name).index, .ion = static_cast<int>(i)});
    for (const auto& e : file_.neuron.nonspecific) add_current(e, false);
    for (const auto& e : file_.neuron.electrode) add_current(e, true);
}

void symbols::add_current(const syntax::expression& e, bool is_electrode) {
    if (!names_.contains(e.name)) declare(undeclared(e), role::assigned);
    const auto& s = names_.at(e.name);
    if (s.is != symbol::kind::variable) {
        found_.error(e.at, fmt::format("the current {} is also the name of something else", e.name), "give the current a name of its own");
        return;
    }
    const bool again = std::ranges::any_of(program_.currents, [&](const current& c) { return c.variable == s.index; });
    if (!again) program_.currents.push_back({.variable = s.index, .is_electrode = is_electrode});
}

bool symbols::supply(std::string_view name) {
    const auto index = static_cast<int>(program_.variables.size());
    if (const auto* s = find_supplied(name)) {
        names_[std::string(name)] = {.index = index, .at = {}};
        program_.variables.push_back({.name = std::string(name), .unit = std::string(s->unit), .at = {}, .kept = s->kept, .is = s->is, .value = s->value});
        return true;
    }
    if (name == "secondorder" || name == "usetable") {
        names_[std::string(name)] = {.is = symbol::kind::number, .value = 0, .at = {}};
        return true;
    }
    // name0 of a state that has none declared
    if (name.size() > 1 && name.ends_with('0')) {
        const auto it = names_.find(name.substr(0, name.size() - 1));
        if (it != names_.end() && it->second.is == symbol::kind::variable &&
            program_.variables[static_cast<std::size_t>(it->second.index)].is == role::state) {
            const auto start = starts_.find(it->first);
            names_[std::string(name)] = {.is = symbol::kind::number, .value = start == starts_.end() ? 0 : start->second, .at = {}};
            return true;
        }
    }
    return false;
}

const symbol* symbols::find(std::string_view name) {
    const auto it = names_.find(name);
    if (it != names_.end()) return &it->second;
    return supply(name) ? &names_.find(name)->second : nullptr;
}

bool symbols::is_state(std::string_view name) const {
    return std::ranges::any_of(file_.states, [&](const auto& d) { return d.name == name; });
}

const syntax::routine* symbols::routine(std::string_view name) const {
    const auto it = routines_.find(name);
    return it == routines_.end() ? nullptr : it->second;
}

const syntax::statement* symbols::solve_of(std::string_view name) const {
    const syntax::statement* found = nullptr;
    for (const auto& r : file_.routines)
        syntax::each_statement(r.body, [&](const syntax::statement& s) {
            if (r.is == syntax::routine::kind::breakpoint && s.is == syntax::statement::kind::solve && s.name == name && s.method == "cnexp") found = &s;
        });
    return found;
}

int symbols::fresh(std::string_view name, std::string_view unit, const place& at, int length, bool is_array) {
    for (; known_ < program_.variables.size(); ++known_) taken_.insert(program_.variables[known_].name);   // solvers add some of their own
    std::string unique(name);
    auto& n = next_[unique];   // counted on, as a name may be taken a hundred thousand times
    for (n = std::max(n, 2); taken_.contains(unique) || names_.contains(unique) || routines_.contains(unique) || find_supplied(unique) != nullptr; ++n)
        unique = fmt::format("{}_{}", name, n);
    taken_.insert(unique);
    program_.variables.push_back({.name = std::move(unique), .unit = std::string(unit), .at = at, .length = length, .is_array = is_array});
    return static_cast<int>(program_.variables.size()) - 1;
}

expression symbols::start_of(const variable& state, const place& at) {
    const auto* s = find(state.name + "0");
    if (s == nullptr) return number(0, at);
    return s->is == symbol::kind::number ? number(s->value, at) : read({.variable = s->index}, at);
}

std::string symbols::suggestion_for(std::string_view name) const {
    std::vector<std::string> candidates;
    for (const auto& [known, s] : names_) candidates.push_back(known);
    for (const auto& [known, r] : routines_) candidates.push_back(known);
    return suggestion(name, candidates);
}

int symbols::anonymous_stream(const place& at) {
    if (anonymous_stream_ < 0) {
        anonymous_stream_ = fresh("random_stream", "", at);
        auto& v = program_.variables[static_cast<std::size_t>(anonymous_stream_)];
        v.kept = storage::instance;
        v.is = role::random;
    }
    return anonymous_stream_;
}

}  // namespace apical::nmodl
