// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/lint_conservation.hpp"

#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "channels/nmodl/print.hpp"
#include "channels/nmodl/syntax_visit.hpp"

namespace apical::nmodl {
namespace {

using syntax::expression;
using syntax::statement;
using weights = std::map<std::string, double>;   ///< of species in a sum

/// The coefficients of a sum of species; nothing if it is another kind of expression.
bool add_terms(const expression& e, double factor, weights& to) {
    if (e.is == expression::kind::name) return to[e.name] = factor, true;
    if (e.is == expression::kind::unary && e.name == "-") return add_terms(e.operands[0], -factor, to);
    if (e.is != expression::kind::binary) return false;
    const auto &a = e.operands[0], &b = e.operands[1];
    if (e.name == "+" || e.name == "-") return add_terms(a, factor, to) && add_terms(b, e.name == "+" ? factor : -factor, to);
    if (e.name == "*" && a.is == expression::kind::number) return add_terms(b, factor*a.value, to);
    if (e.name == "*" && b.is == expression::kind::number) return add_terms(a, factor*b.value, to);
    return false;
}

/// By how much the reaction changes the sum, if it goes forward once.
double change(const statement& reaction, const weights& sum) {
    double by = 0;
    const auto weigh = [&](const std::vector<syntax::term>& side, double sign) {
        for (const auto& t : side)
            if (const auto w = sum.find(t.species.name); w != sum.end()) by += sign*t.coefficient*w->second;
    };
    weigh(reaction.left, reaction.is_source ? 1 : -1);
    if (!reaction.is_sink && !reaction.is_source) weigh(reaction.right, 1);
    return by;
}

struct scheme {
    std::vector<const statement*> reactions, conserves;
    std::set<std::string> species;
    bool has_volumes = false;
};

scheme scheme_of(const syntax::file& f, const syntax::routine& r) {
    scheme s;
    std::set<std::string> states;
    for (const auto& d : f.states) states.insert(d.name);
    syntax::each_statement(r.body, [&](const statement& st) {
        if (st.is == statement::kind::reaction) s.reactions.push_back(&st);
        if (st.is == statement::kind::conserve) s.conserves.push_back(&st);
        if (st.is == statement::kind::compartment) s.has_volumes = true;
        if (st.is != statement::kind::reaction) return;
        for (const auto* side : {&st.left, &st.right})
            for (const auto& t : *side)
                if (states.contains(t.species.name)) s.species.insert(t.species.name);
    });
    return s;
}

std::string text_of(const statement& r) {
    auto text = syntax::print(r);
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    return text.substr(text.find_first_not_of(" \n"));
}

void one_scheme(const syntax::routine& r, const scheme& s, diagnostics& found) {
    for (const auto* c : s.conserves) {
        weights sum;
        if (!add_terms(c->value, 1, sum)) continue;
        for (const auto* reaction : s.reactions)
            if (const double by = change(*reaction, sum); by != 0) {
                found.warn("conservation", c->at, fmt::format("CONSERVE does not hold: '{}' (line {}) changes the sum by {:g}", text_of(*reaction), reaction->at.line, by),
                           "add up all that the reactions turn into one another, each as often as it counts");
                break;
            }
    }
    if (!s.conserves.empty() || s.species.empty() || s.reactions.empty()) return;
    weights all;
    for (const auto& name : s.species) all[name] = 1;
    for (const auto* reaction : s.reactions)
        if (change(*reaction, all) != 0) return;
    found.warn("conservation", r.at, fmt::format("the reactions of {} keep the sum of {}, but nothing says so: rounding adds up, and a steady state is not determined", r.name,
                                                 fmt::join(s.species, ", ")),
               s.has_volumes ? "write CONSERVE with the sum and what it is" : fmt::format("write CONSERVE {} = 1, if they are shares", fmt::join(s.species, " + ")));
}

}  // namespace

void lint_conservation(const syntax::file& f, diagnostics& found) {
    for (const auto& r : f.routines)
        if (r.is == syntax::routine::kind::kinetic) one_scheme(r, scheme_of(f, r), found);
}

}  // namespace apical::nmodl
