// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/lint.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "channels/nmodl/lint_conservation.hpp"
#include "channels/nmodl/lint_singularity.hpp"
#include "channels/nmodl/parser.hpp"
#include "channels/nmodl/syntax_visit.hpp"
#include "channels/nmodl/translate.hpp"
#include "channels/nmodl/units.hpp"

namespace apical::nmodl {
namespace {

using syntax::routine;
using syntax_statement = syntax::statement;
using name_set = std::set<std::string>;

/// Blocks by their names, the first of each.
using named_routines = std::map<std::string_view, const routine*>;

named_routines named(const syntax::file& f) {
    named_routines all;
    for (const auto& r : f.routines)
        if (r.is != routine::kind::before && r.is != routine::kind::after) all.emplace(r.name, &r);
    return all;
}
const routine* routine_of(const named_routines& all, const std::string& name) {
    const auto it = all.find(name);
    return it == all.end() ? nullptr : it->second;
}

// ---- what blocks read and write, with what they call

struct use { name_set reads, writes, steady; };

using solved_set = std::set<std::pair<std::string, bool>>;   ///< blocks, and whether to a steady state

/// Goes once into each block that is called or solved, as one may solve or call itself.
void collect(const named_routines& f, const routine& r, use& all, name_set& seen, solved_set& solved_before, int depth = 0) {
    if (depth > 200 || (!r.name.empty() && !seen.insert(r.name).second)) return;   // such files are refused
    const auto call = [&](const syntax::expression& e) {
        if (e.is == syntax::expression::kind::name || e.is == syntax::expression::kind::derivative) all.reads.insert(e.name);
        if (e.is != syntax::expression::kind::call) return;
        all.reads.insert(e.name);
        if (e.name == "state_discontinuity" && !e.operands.empty()) all.writes.insert(e.operands[0].name);
        if (const auto* called = routine_of(f, e.name)) collect(f, *called, all, seen, solved_before, depth + 1);
    };
    syntax::each_statement(r.body, [&](const syntax_statement& s) {
        if (s.is == syntax_statement::kind::assign) {
            all.writes.insert(s.target.name);
            if (s.target.is == syntax::expression::kind::derivative) all.reads.insert(s.target.name);
            for (const auto& index : s.target.operands) syntax::each_within(index, call);
        } else {
            syntax::each_within(s.target, call);
        }
        for (const auto* e : {&s.value, &s.second, &s.third}) syntax::each_within(*e, call);
        for (const auto& arm : s.branches) syntax::each_within(arm.condition, call);
        for (const auto* side : {&s.left, &s.right})
            for (const auto& t : *side) syntax::each_within(t.species, call);
        if (s.is == syntax_statement::kind::conductance) all.reads.insert(s.name);
        if (s.is == syntax_statement::kind::solve) {
            all.reads.insert(s.name);
            const auto* solved = routine_of(f, s.name);
            if (!solved || !solved_before.emplace(s.name, s.is_steady).second) return;
            use inside;
            name_set seen_inside;
            collect(f, *solved, inside, seen_inside, solved_before, depth + 1);
            all.reads.insert(inside.reads.begin(), inside.reads.end());
            all.writes.insert(inside.writes.begin(), inside.writes.end());
            const bool solves = s.is_steady || solved->is == routine::kind::linear || solved->is == routine::kind::nonlinear;
            if (solves) all.steady.insert(inside.reads.begin(), inside.reads.end());
        }
    });
}

use use_of(const named_routines& f, const routine& r) {
    use all;
    name_set seen;
    solved_set solved;
    collect(f, r, all, seen, solved);
    return all;
}
/// Without what it calls and solves.
use own_use_of(const routine& r) { return use_of({}, r); }

bool mentions(const std::string& text, const std::string& name) {
    const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
        const bool begins = at == 0 || !is_word(text[at - 1]) || (at >= 2 && text[at - 1] == 'l' && text[at - 2] == '_');
        if (begins && (at + name.size() == text.size() || !is_word(text[at + name.size()]))) return true;
    }
    return false;
}

// ---- the checks

/// Values that nobody but the user gives, and that a table goes stale by when they change.
void lint_tables(const syntax::file& f, diagnostics& found) {
    const auto routines = named(f);
    for (const auto& r : f.routines)
        syntax::each_statement(r.body, [&](const syntax_statement& s) {
            if (s.is != syntax_statement::kind::table) return;
            const auto all = use_of(routines, r);
            name_set given{"celsius", "dt"};
            for (const auto& d : f.parameters) given.insert(d.name);
            for (const auto& d : f.states) given.insert(d.name);
            for (const auto& ion : f.neuron.ions)
                for (const auto& e : ion.reads) given.insert(e.name);
            for (const auto* fixed : {"v", "t"}) given.erase(fixed);
            for (const auto& a : r.arguments) given.erase(a.name);
            std::vector<std::string> missing;
            for (const auto& name : all.reads) {
                const bool is_there = std::ranges::any_of(s.depends, [&](const auto& d) { return d.name == name; });
                if (given.contains(name) && !all.writes.contains(name) && !is_there) missing.push_back(name);
            }
            if (missing.empty()) return;
            std::vector<std::string> depends;
            for (const auto& d : s.depends) depends.push_back(d.name);
            depends.insert(depends.end(), missing.begin(), missing.end());
            found.warn("table", s.at, fmt::format("the table of {} is not made anew when {} changes", r.name, fmt::join(missing, " or ")),
                       fmt::format("write DEPEND {}", fmt::join(depends, ", ")));
        });
}

void lint_initial(const syntax::file& f, diagnostics& found) {
    use all;
    name_set seen;
    solved_set solved;
    const auto routines = named(f);
    for (const auto& r : f.routines) {
        const bool begins = r.is == routine::kind::initial || ((r.is == routine::kind::before || r.is == routine::kind::after) && r.name == "INITIAL");
        if (begins) collect(routines, r, all, seen, solved), seen.clear(), solved.clear();
    }
    for (const auto& s : f.states) {
        const bool has_start = std::ranges::any_of(f.parameters, [&](const auto& d) { return d.name == s.name + "0"; }) || !s.start.empty();
        if (all.writes.contains(s.name) || all.steady.contains(s.name) || has_start) continue;
        const bool is_concentration = std::ranges::any_of(f.neuron.ions, [&](const auto& i) { return s.name == i.ion + "i" || s.name == i.ion + "o"; });
        found.warn("initial", s.at, is_concentration ? fmt::format("INITIAL gives {0} no value: it begins at the ion's {0}0, whatever the parameters are", s.name)
                                                     : fmt::format("INITIAL gives {0} no value: it begins at {0}0, which is 0", s.name),
                   fmt::format("write {} = ... in INITIAL", s.name));
    }
}

void lint_unused(const syntax::file& f, diagnostics& found) {
    name_set used;
    std::string verbatim;
    for (const auto& r : f.routines) {
        const auto all = own_use_of(r);
        used.insert(all.reads.begin(), all.reads.end());
        used.insert(all.writes.begin(), all.writes.end());
        verbatim += r.text;
        syntax::each_statement(r.body, [&](const syntax_statement& s) {
            verbatim += s.text;
            for (const auto& e : s.names) used.insert(e.name);
            for (const auto& e : s.depends) used.insert(e.name);
        });
    }
    for (const auto& ion : f.neuron.ions)
        for (const auto* list : {&ion.reads, &ion.writes})
            for (const auto& e : *list) used.insert(e.name);
    for (const auto* list : {&f.neuron.pointer, &f.neuron.bbcore_pointer, &f.neuron.random})
        for (const auto& e : *list) used.insert(e.name);
    const name_set supplied{"v", "t", "dt", "celsius", "diam", "area", "i", "usetable", "nseg"};
    for (const auto& [word, list] : {std::pair{"PARAMETER", &f.parameters}, {"ASSIGNED", &f.assigned}, {"STATE", &f.states}, {"CONSTANT", &f.constants}})
        for (const auto& d : *list) {
            const bool is_start = d.name.ends_with('0') && std::ranges::any_of(f.states, [&](const auto& s) { return s.name + "0" == d.name; });
            if (used.contains(d.name) || supplied.contains(d.name) || is_start || mentions(verbatim, d.name)) continue;
            found.warn("unused", d.at, fmt::format("{} {} is used nowhere", word, d.name), "leave it out");
        }
    for (const auto& d : f.units)
        if (d.is_factor && !used.contains(d.name) && !mentions(verbatim, d.name)) found.warn("unused", d.at, fmt::format("the factor {} is used nowhere", d.name), "leave it out");
}

void lint_locals(const syntax::file& f, diagnostics& found) {
    for (const auto& r : f.routines) {
        const auto all = own_use_of(r);
        std::string verbatim;
        syntax::each_statement(r.body, [&](const syntax_statement& s) { verbatim += s.text; });
        syntax::each_statement(r.body, [&](const syntax_statement& s) {
            if (s.is != syntax_statement::kind::local) return;
            for (const auto& e : s.names)
                if (!all.reads.contains(e.name) && !mentions(verbatim, e.name))
                    found.warn("unused", s.at, fmt::format("LOCAL {} is {}", e.name, all.writes.contains(e.name) ? "never read" : "used nowhere"), "leave it out");
        });
    }
}

}  // namespace

void lint_text(const syntax::file& f, diagnostics& found) {
    check_units(f, found);
    lint_singularities(f, found);
    lint_conservation(f, found);
    lint_tables(f, found);
    lint_initial(f, found);
    lint_unused(f, found);
    lint_locals(f, found);
}

diagnostics lint(const std::string& path, const lint_options& o, const std::vector<std::string>& include_folders) {
    diagnostics found;
    const auto in = read_source(path);
    if (!in) {
        found.error({std::make_shared<const source>(source{path, ""}), 1, 1}, "the file cannot be read", "check its name, and that it is not a folder");
        return found;
    }
    const auto f = syntax::parse(in, includes_from(include_folders), found);
    lint_text(f, found);
    if (found.has_errors()) return found;
    const auto p = translate(f, found);
    if (!p) return found;
    lint_program(f, *p, found);
    lint_run(f, interpret(p), o, found);
    return found;
}

const std::vector<lint_rule>& lint_rules() {
    static const std::vector<lint_rule> rules{
        {"units", "units of expressions that do not agree, with the factor to put"},
        {"singularity", "0/0 at a potential that no if guards"},
        {"global-race", "a GLOBAL that instances give unlike values, and that is read as another left it"},
        {"stiff", "steps that carry a state past its steady state, and states that no step resolves"},
        {"sign", "a current whose slope is negative at all potentials"},
        {"conservation", "a CONSERVE that the reactions do not keep, or none where they keep a sum"},
        {"breakpoint", "what BREAKPOINT leaves behind, which depends on how often it is evaluated"},
        {"table", "a TABLE that is not made anew when what it reads changes"},
        {"initial", "states that INITIAL does not set"},
        {"unused", "what is declared and not used"},
        {"method", "a METHOD that does not do what it seems to"}};
    return rules;
}

}  // namespace apical::nmodl
