// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/variables.hpp"

#include <algorithm>

#include "channels/nmodl/simplify.hpp"

namespace apical::nmodl::algebra {

void for_each_expression(const statement& s, const std::function<void(const expression&)>& use) {
    for (const auto* each : {&s.value, &s.second, &s.constant_term, &s.slope}) { use(*each); }
    if (s.to.index) { use(*s.to.index); }
    for (const auto& x : s.names) {
        if (x.index) { use(*x.index); }
    }
    for (const auto* side : {&s.left, &s.right}) {
        for (const auto& term : *side) { use(read(term.species)); }
    }
    if (s.is == statement::kind::relax) { use(read(s.to)); }
    for (const auto& system : s.system) {
        for (const auto& unknown : system.unknowns) { use(read(unknown)); }
        for (const auto& residual : system.residuals) { use(residual); }
        for (const auto& entry : system.jacobian) { use(entry.value); }
        for_each_expression(system.body, use);
    }
    for_each_expression(s.body, use);
    for_each_expression(s.other, use);
}

void for_each_expression(const block& statements, const std::function<void(const expression&)>& use) {
    for (const auto& s : statements) { for_each_expression(s, use); }
}

void collect_reads(const expression& e, std::set<int>& variables) {
    if (e.variable >= 0) { variables.insert(e.variable); }
    for (const auto& operand : e.operands) { collect_reads(operand, variables); }
}

std::set<int> variables_read(const block& statements) {
    std::set<int> variables;
    for_each_expression(statements, [&](const expression& e) { collect_reads(e, variables); });
    return variables;
}

std::set<int> variables_assigned(const block& statements) {
    std::set<int> variables;
    for (const auto& s : statements) {
        if (s.to.variable >= 0) { variables.insert(s.to.variable); }
        for (const auto& system : s.system) {
            for (const auto& unknown : system.unknowns) { variables.insert(unknown.variable); }
            variables.merge(variables_assigned(system.body));
        }
        variables.merge(variables_assigned(s.body));
        variables.merge(variables_assigned(s.other));
    }
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
