// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/own_voltage.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "channels/nmodl/build.hpp"
#include "channels/nmodl/visit.hpp"

namespace apical::nmodl {
namespace {

int new_copy(program& p, const variable& of, const place& at) {
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

}  // namespace

void give_own_voltage(program& p, diagnostics& found) {
    const auto v = std::ranges::find(p.variables, role::voltage, &variable::is);
    if (v == p.variables.end()) return;
    const int voltage = static_cast<int>(v - p.variables.begin());
    bool is_told = false;
    each_block(p, [&](block& statements) {
        if (&statements == &p.net_receive || &statements == &p.net_initial) return;
        place where;
        bool is_set = false;
        each_statement(statements, [&](const statement& s) {
            if (s.to.variable != voltage) return;
            if (!is_set) where = s.at;
            is_set = true;
        });
        if (!is_set) return;
        if (!is_told)
            found.warn("voltage", where, "v is set, which nobody sees but the block that does so",
                       "to step over a singular voltage, write the function there as a limit instead: all voltages are shifted as long as this runs");
        is_told = true;
        const int copy = new_copy(p, p.variables[static_cast<std::size_t>(voltage)], where);
        put_in_place_of(statements, voltage, copy);
        statements.insert(statements.begin(), assign({.variable = copy}, read_of({.variable = voltage}, where), where));
    });
}

}  // namespace apical::nmodl
