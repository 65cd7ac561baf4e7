// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/cost.hpp"

namespace apical::nmodl {
namespace {

constexpr double one_call = 15, division = 4;          // of an addition, for vectors of 8
constexpr double turns = 8;                        // of a loop whose count is not known
constexpr double newton_steps = 3;                 // of a system that is not linear

double cost_of(const expression& e) {
    using enum expression::kind;
    double sum = 0;
    for (const auto& o : e.operands) sum += cost_of(o);
    switch (e.is) {
        case number: case variable: return sum;
        case call: return sum + one_call;
        case power: return sum + 2*one_call;
        case divide: return sum + division;
        default: return sum + 1;
    }
}

double cost_of(const block& all);

double cost_of(const equation_system& s) {
    const auto n = static_cast<double>(s.unknowns.size());
    double once = cost_of(s.body);
    for (const auto& r : s.residuals) once += cost_of(r);
    // by differences each column takes another look at all of it
    double jacobian = s.jacobian.empty() ? n*once : 0;
    for (const auto& entry : s.jacobian) jacobian += cost_of(entry.value);
    return (s.is_linear ? 1 : newton_steps)*(once + jacobian + n*n*n/3 + n*n);
}

double cost_of(const statement& s) {
    using enum statement::kind;
    double sum = cost_of(s.value) + cost_of(s.second) + cost_of(s.body) + cost_of(s.other);
    switch (s.is) {
        case assign: return sum + 1;               // it is kept
        case repeat: return sum*turns;
        case relax: return sum + cost_of(s.constant_term) + cost_of(s.slope) + 2*one_call + division + 4;
        case solve:
            for (const auto& system : s.system) sum += cost_of(system);
            return sum;
        default: return sum;
    }
}

double cost_of(const block& all) {
    double sum = 0;
    for (const auto& s : all) sum += cost_of(s);
    return sum;
}

}  // namespace

double cost_of_step(const program& p) {
    // currents come with their slopes, which are about as much again
    return cost_of(p.before_step) + cost_of(p.advance) + cost_of(p.before_breakpoint) + 2*cost_of(p.breakpoint) + cost_of(p.after_solve);
}

}  // namespace apical::nmodl
