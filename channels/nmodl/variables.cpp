// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/variables.hpp"

#include <algorithm>

#include "channels/nmodl/visit.hpp"

namespace apical::nmodl::algebra {

void collect_reads(const expression& e, std::set<int>& variables) {
    each_within(e, [&](const expression& x) {
        const bool is_table = x.is == expression::kind::call && x.function == builtin::function_table;   // tables are counted by themselves
        if (x.variable >= 0 && !is_table) { variables.insert(x.variable); }
    });
}

std::set<int> variables_read(const block& statements) {
    std::set<int> variables;
    each_expression(statements, [&](const expression& e) { collect_reads(e, variables); });
    each_statement(statements, [&](const statement& s) {
        if (s.is == statement::kind::relax) { variables.insert(s.to.variable); }
        for (const auto* side : {&s.left, &s.right}) {
            for (const auto& term : *side) { variables.insert(term.species.variable); }
        }
        for (const auto& system : s.system) {
            for (const auto& unknown : system.unknowns) { variables.insert(unknown.variable); }
        }
    });
    return variables;
}

std::set<int> variables_assigned(const block& statements) {
    std::set<int> variables;
    each_statement(statements, [&](const statement& s) {
        if (s.to.variable >= 0) { variables.insert(s.to.variable); }
        for (const auto& system : s.system) {
            for (const auto& unknown : system.unknowns) { variables.insert(unknown.variable); }
        }
    });
    return variables;
}

int variable_of(program& p, role is) {
    const auto found = std::find_if(p.variables.begin(), p.variables.end(), [&](const variable& v) { return v.is == is; });
    if (found != p.variables.end()) { return static_cast<int>(found - p.variables.begin()); }
    variable v;
    v.name = is == role::step ? "dt" : "t";
    v.unit = "ms";
    v.kept = storage::shared;
    v.is = is;
    p.variables.push_back(v);
    return static_cast<int>(p.variables.size()) - 1;
}

int add_local(program& p, std::string name, place at) {
    const auto is_taken = [&](const std::string& candidate) {
        return std::any_of(p.variables.begin(), p.variables.end(), [&](const variable& v) { return v.name == candidate; });
    };
    auto unique = name;
    for (int n = 2; is_taken(unique); ++n) { unique = name + "_" + std::to_string(n); }
    variable v;
    v.name = std::move(unique);
    v.at = std::move(at);
    p.variables.push_back(std::move(v));
    return static_cast<int>(p.variables.size()) - 1;
}

std::string name_of(const program& p, const element& x) {
    const auto& name = p.variables[x.variable].name;
    if (!x.index) { return name; }
    return name + "_" + (x.index->is == expression::kind::number ? std::to_string(static_cast<int>(x.index->value)) : "i");
}

}  // namespace apical::nmodl::algebra
