// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/own_copies.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "channels/nmodl/build.hpp"
#include "channels/nmodl/visit.hpp"

namespace apical::nmodl {
namespace {

int new_copy(program& p, variable of, const place& at) {
    variable copy;
    copy.unit = of.unit;
    copy.at = at;
    int n = 1;
    do copy.name = fmt::format("{}_own{}", of.name, n == 1 ? "" : std::to_string(n)), ++n;
    while (p.find(copy.name) >= 0);
    p.variables.push_back(std::move(copy));
    return static_cast<int>(p.variables.size()) - 1;
}

void put_in_place_of(block& statements, int variable, int copy) {
    const auto renamed = [&](element& e) { if (e.variable == variable) e.variable = copy; };
    each_statement(statements, [&](statement& s) {
        renamed(s.to);
        for (auto& system : s.system) std::ranges::for_each(system.unknowns, renamed);
    });
    each_expression(statements, [&](expression& e) {
        each_within(e, [&](expression& x) { if (x.is == expression::kind::variable && x.variable == variable) x.variable = copy; });
    });
}

/// Whether the mechanism sees the variable and does not own it.
bool is_only_seen(const program& p, const variable& v) {
    if (v.is == role::voltage) return true;
    if (v.ion < 0) return false;
    const auto& ion = p.ions[static_cast<std::size_t>(v.ion)];
    switch (v.is) {
        case role::ion_current: return !ion.writes_current;
        case role::reversal: return !ion.writes_reversal;
        case role::inner: return !ion.writes_inner;
        default: return !ion.writes_outer;
    }
}

/// Where the block sets the variable; null if it does not.
const statement* first_setting(const block& statements, int variable) {
    const statement* first = nullptr;
    each_statement(statements, [&](const statement& s) {
        if (s.to.variable == variable && first == nullptr) first = &s;
    });
    return first;
}

void give_own_copies_of(program& p, int variable, diagnostics& found) {
    bool is_told = false;
    each_block(p, [&](block& statements) {
        const bool is_voltage = p.variables[static_cast<std::size_t>(variable)].is == role::voltage;
        if (is_voltage && (&statements == &p.net_receive || &statements == &p.net_initial)) return;
        const auto* setting = first_setting(statements, variable);
        if (setting == nullptr) return;
        const place where = setting->at;
        if (!is_told)
            found.warn("supplied", where,
                       fmt::format("{} is set, which nobody sees but the block that does so", p.variables[static_cast<std::size_t>(variable)].name),
                       is_voltage ? "to step over a singular voltage, write the limit of the function there: all that reads v meanwhile is shifted"
                                  : "if it is meant to be set, name it after WRITE in USEION");
        is_told = true;
        const int copy = new_copy(p, p.variables[static_cast<std::size_t>(variable)], where);
        put_in_place_of(statements, variable, copy);
        statements.insert(statements.begin(), assign({.variable = copy}, read({.variable = variable}, where), where));
    });
}

}  // namespace

void give_own_copies(program& p, diagnostics& found) {
    const int declared = static_cast<int>(p.variables.size());
    for (int i = 0; i < declared; ++i)
        if (is_only_seen(p, p.variables[static_cast<std::size_t>(i)])) give_own_copies_of(p, i, found);
}

}  // namespace apical::nmodl
