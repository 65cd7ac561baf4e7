// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/replace_verbatim.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/c_reader.hpp"

namespace apical::nmodl::syntax {
namespace {

using names = std::set<std::string, std::less<>>;

/// f(e) of each expression of a block, outer ones last.
template <class F> void each_within(expression& e, const F& f) {
    for (auto& o : e.operands) each_within(o, f);
    f(e);
}

template <class F> void each_statement(block& b, const F& f) {
    for (auto& s : b) {
        for (auto& arm : s.branches) each_statement(arm.body, f);
        each_statement(s.body, f);
        each_statement(s.else_body, f);
        f(s);
    }
}

template <class F> void each_expression(block& b, const F& f) {
    each_statement(b, [&](statement& s) {
        for (auto* e : {&s.target, &s.value, &s.second, &s.third}) each_within(*e, f);
        for (auto& arm : s.branches) each_within(arm.condition, f);
        for (auto* terms : {&s.left, &s.right})
            for (auto& t : *terms) each_within(t.species, f);
    });
}

bool has_verbatim(block& b) {
    bool has = false;
    each_statement(b, [&](const statement& s) { has = has || s.is == statement::kind::verbatim; });
    return has;
}

// ---- what a run can call

names called_by(routine& r, const names& routines) {
    names called;
    each_expression(r.body, [&](const expression& e) { if (e.is == expression::kind::call) called.insert(e.name); });
    each_statement(r.body, [&](const statement& s) {
        if (s.is == statement::kind::solve) called.insert(s.name);
        if (s.is != statement::kind::verbatim) return;
        c_macros none;
        for (const auto& t : c_tokens(s.text, s.at, none))
            if (t.is == c_token::kind::name && routines.contains(t.text)) called.insert(t.text);
    });
    return called;
}

/// Names of the routines that blocks which NEURON runs by itself call, directly or not; and of functions of C that NMODL calls otherwise.
names called_in_a_run(file& f, const names& routines) {
    names reached, fresh;
    for (auto& r : f.routines) {
        using kind = routine::kind;
        const bool is_called_by_name = r.is == kind::procedure || r.is == kind::function;
        if (r.is == kind::function_table || r.is == kind::destructor || r.is == kind::constructor || (is_called_by_name && has_verbatim(r.body))) continue;
        fresh.merge(called_by(r, routines));
    }
    while (!fresh.empty()) {
        names next;
        for (auto& r : f.routines)
            if (fresh.contains(r.name) && !reached.contains(r.name)) next.merge(called_by(r, routines));
        reached.merge(fresh);
        fresh = std::move(next);
        std::erase_if(fresh, [&](const auto& n) { return reached.contains(n); });
    }
    return reached;
}

// ---- pointers

void erase_name(std::vector<expression>& from, const std::string& name) {
    std::erase_if(from, [&](const expression& e) { return e.name == name; });
}

expression name_at(const place& at, const std::string& name) {
    expression e;
    e.is = expression::kind::name;
    e.at = at;
    e.name = name;
    return e;
}

void undeclare(file& f, const std::string& name) {
    auto& n = f.neuron;
    for (auto* list : {&n.pointer, &n.bbcore_pointer, &n.range, &n.global}) erase_name(*list, name);
    for (auto* list : {&f.assigned, &f.parameters, &f.states}) std::erase_if(*list, [&](const declaration& d) { return d.name == name; });
}

/// A pointer through which numbers are drawn is a RANDOM; one to a hoc Vector a table and the number of its rows.
void declare_again(file& f, const c_scope& scope, diagnostics& found) {
    for (const auto& [stream, at] : scope.streams) {
        undeclare(f, stream);
        if (std::none_of(f.neuron.random.begin(), f.neuron.random.end(), [&](const auto& e) { return e.name == stream; }))
            f.neuron.random.push_back(name_at(at, stream));
    }
    for (const auto& [vector, at] : scope.vectors) {
        undeclare(f, vector);
        declaration size;
        size.at = at;
        size.name = vector + "_size";
        size.value = 0;
        f.parameters.push_back(size);
        f.neuron.range.push_back(name_at(at, size.name));
        routine table;
        table.is = routine::kind::function_table;
        table.at = table.end = at;
        table.name = vector + "_element";
        declaration index;
        index.at = at;
        index.name = "i";
        table.arguments.push_back(index);
        f.routines.push_back(std::move(table));
        found.warn("verbatim", at, fmt::format("{} is a Vector of hoc", vector),
                   fmt::format("give its elements as the table {}_element, and their number as the parameter {}_size", vector, vector));
    }
}

/// Answers whether a pointer is set: a stream always is, a Vector if it has elements.
void answer(expression& e, const c_scope& scope) {
    if (e.is != expression::kind::call || e.name != pointer_question) return;
    const auto name = e.operands.front().name;
    if (!scope.vectors.contains(name)) {
        e.is = expression::kind::number;
        e.value = 1;
        e.operands.clear();
        e.name.clear();
        return;
    }
    e.is = expression::kind::binary;
    e.name = ">";
    e.operands.front().name = name + "_size";
    e.operands.emplace_back();
    e.operands.back().at = e.at;
}

/// What is known of a condition: nothing, or that it holds (1) or does not (0).
std::optional<bool> known(const expression& e) {
    if (e.is == expression::kind::number) return e.value != 0;
    if (e.is == expression::kind::unary && e.name == "!") {
        const auto inner = known(e.operands[0]);
        return inner ? std::optional(!*inner) : std::nullopt;
    }
    if (e.is != expression::kind::binary || (e.name != "&&" && e.name != "||")) return {};
    const auto a = known(e.operands[0]), b = known(e.operands[1]);
    const bool decides = e.name == "||";
    if ((a && *a == decides) || (b && *b == decides)) return decides;
    return a && b ? std::optional(!decides) : std::nullopt;
}

bool has_locals(const block& b) {
    return std::any_of(b.begin(), b.end(), [](const statement& s) { return s.is == statement::kind::local; });
}

/// Arms that are never or always taken are not asked for.
void without_known_arms(block& b) {
    block out;
    for (auto& s : b) {
        for (auto& arm : s.branches) without_known_arms(arm.body);
        without_known_arms(s.body);
        without_known_arms(s.else_body);
        if (s.is != statement::kind::branch) { out.push_back(std::move(s)); continue; }
        std::vector<statement::arm> arms;
        for (auto& arm : s.branches) {
            const auto is_taken = known(arm.condition);
            if (is_taken && !*is_taken) continue;
            if (is_taken) { s.else_body = std::move(arm.body); break; }
            arms.push_back(std::move(arm));
        }
        if (arms.empty() && has_locals(s.else_body)) {   // which are of that block alone
            arms.emplace_back();
            arms.back().condition.value = 1;
            arms.back().body = std::exchange(s.else_body, {});
        }
        if (arms.empty()) std::move(s.else_body.begin(), s.else_body.end(), std::back_inserter(out));
        else s.branches = std::move(arms), out.push_back(std::move(s));
    }
    b = std::move(out);
}

// ---- routines

/// Throws c_refusal.
void replace_in(routine& r, c_scope& scope, diagnostics& found) {
    c_reader reader(r, scope, found);
    auto body = settled(reader.statements_of(r.body), "return");
    if (!reader.locals().empty()) {
        if (body.empty() || body.front().is != statement::kind::local) {
            body.emplace(body.begin());
            body.front().is = statement::kind::local;
            body.front().at = r.at;
        }
        auto& names_there = body.front().names;
        names_there.insert(names_there.end(), reader.locals().begin(), reader.locals().end());
    }
    r.body = std::move(body);
}

std::string title_of(const routine& r) {
    using kind = routine::kind;
    switch (r.is) {
        case kind::procedure: return "PROCEDURE " + r.name;
        case kind::function: return "FUNCTION " + r.name;
        case kind::constructor: return "CONSTRUCTOR";
        case kind::destructor: return "DESTRUCTOR";
        case kind::net_receive: return "NET_RECEIVE";
        case kind::initial: return "INITIAL";
        case kind::breakpoint: return "BREAKPOINT";
        default: return r.name.empty() ? "this block" : r.name;
    }
}

/// What the file and its C declare; functions of C join the file's routines.
c_scope scope_of(file& f) {
    c_scope scope;
    for (const auto* list : {&f.parameters, &f.assigned, &f.states, &f.constants, &f.locals})
        for (const auto& d : *list) scope.variables.insert(d.name);
    for (const auto& r : f.routines)
        if (r.is == routine::kind::procedure || r.is == routine::kind::function || r.is == routine::kind::function_table) scope.routines.insert(r.name);
    std::vector<routine> of_c;
    for (const auto& r : f.routines) {
        if (r.is != routine::kind::verbatim) continue;
        for (auto& found : c_definitions(r, scope)) {
            const bool is_new = !scope.routines.contains(found.name) && !scope.variables.contains(found.name);
            if (is_new) of_c.push_back(std::move(found));
            else scope.signatures.erase(found.name);
        }
    }
    for (auto& r : of_c) scope.routines.insert(r.name), f.routines.push_back(std::move(r));
    return scope;
}

/// Functions of C that nothing calls are not those of the mechanism.
void leave_out_uncalled(file& f, c_scope& scope, const names& reached) {
    std::erase_if(f.routines, [&](const routine& r) {
        if (!scope.signatures.contains(r.name) || reached.contains(r.name)) return false;
        scope.routines.erase(r.name);
        return true;
    });
}

/// The number that a macro stands for, if it is one.
std::optional<double> number_of(const c_macros::macro& m) {
    std::optional<double> value;
    double sign = 1;
    for (const auto& t : m.tokens) {
        if (t.is_symbol("(") || t.is_symbol(")")) continue;
        if (t.is_symbol("-") && !value && sign > 0) sign = -1;
        else if (t.is == c_token::kind::number && !value) value = sign*t.value;
        else return {};
    }
    return m.has_arguments ? std::nullopt : value;
}

/// Numbers that C defines and NMODL names: macros become CONSTANTs.
void find_named(file& f, c_scope& scope) {
    for (auto& r : f.routines) {
        names own;
        for (const auto& a : r.arguments) own.insert(a.name);
        each_statement(r.body, [&](const statement& s) {
            if (s.is == statement::kind::local || s.is == statement::kind::for_netcons) for (const auto& n : s.names) own.insert(n.name);
            if (s.is == statement::kind::loop) own.insert(s.name);
        });
        each_expression(r.body, [&](const expression& e) {
            if (e.is != expression::kind::name || own.contains(e.name) || scope.variables.contains(e.name)) return;
            if (const auto kept = scope.numbers.find(e.name); kept != scope.numbers.end()) { kept->second.is_used = true; return; }
            const auto macro = scope.macros.all.find(e.name);
            if (macro == scope.macros.all.end()) return;
            if (const auto value = number_of(macro->second))
                scope.numbers.emplace(e.name, c_variable{.at = e.at, .value = *value, .is_constant = true, .is_used = true});
        });
    }
}

void declare_numbers(file& f, const c_scope& scope, diagnostics& found) {
    for (const auto& [name, v] : scope.numbers) {
        if (!v.is_used || scope.variables.contains(name)) continue;
        declaration d;
        d.at = v.at;
        d.name = name;
        if (v.length > 0) d.is_array = true, d.length = v.length;
        else d.value = v.value;
        auto& list = v.length > 0 ? f.assigned : v.is_constant ? f.constants : f.parameters;
        list.push_back(std::move(d));
        if (!v.is_constant)
            found.warn("verbatim", v.at, fmt::format("'{}' is a variable of C, one for all instances in NEURON; each has its own here", name),
                       fmt::format("declare {} in NMODL: in CONSTANT if it never changes, else in ASSIGNED", name));
    }
}

}  // namespace

void replace_verbatim(file& f, diagnostics& found) {
    auto scope = scope_of(f);
    const auto reached = called_in_a_run(f, scope.routines);
    leave_out_uncalled(f, scope, reached);
    std::vector<routine> kept;
    std::vector<std::size_t> changed;
    for (auto& r : f.routines) {
        using kind = routine::kind;
        if (r.is == kind::verbatim) continue;
        if (!has_verbatim(r.body)) { kept.push_back(std::move(r)); continue; }
        const bool is_of_hoc = r.is == kind::destructor || r.is == kind::constructor || ((r.is == kind::procedure || r.is == kind::function) && !reached.contains(r.name));
        const auto streams = scope.streams, vectors = scope.vectors;
        diagnostics told;
        try {
            replace_in(r, scope, told);
            for (const auto& d : told.all()) found.warn(d.rule, d.at, d.message, d.hint);
            changed.push_back(kept.size());
            kept.push_back(std::move(r));
        } catch (const c_refusal& why) {
            scope.streams = streams;
            scope.vectors = vectors;
            if (is_of_hoc)
                found.warn("verbatim", r.at, fmt::format("{} is left out: its C is not translated ({}), and no run calls it", title_of(r), why.what));
            else {
                found.error(why.at, fmt::format("VERBATIM is not translated: {}", why.what), why.hint);
                r.body.clear();   // but the routine is known still
                kept.push_back(std::move(r));
            }
        }
    }
    f.routines = std::move(kept);
    for (const auto i : changed) {
        each_expression(f.routines[i].body, [&](expression& e) { answer(e, scope); });
        without_known_arms(f.routines[i].body);
    }
    declare_again(f, scope, found);
    find_named(f, scope);
    declare_numbers(f, scope, found);
}

}  // namespace apical::nmodl::syntax
