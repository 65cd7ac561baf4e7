// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/implicit.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "channels/nmodl/sensitivity.hpp"
#include "channels/nmodl/simplify.hpp"
#include "channels/nmodl/variables.hpp"
#include "channels/nmodl/visit.hpp"

namespace apical::nmodl {

namespace {

using algebra::collect_reads;
using algebra::variables_assigned;
using algebra::variables_read;

bool intersect(const std::set<int>& a, const std::set<int>& b) {
    return std::any_of(a.begin(), a.end(), [&](int x) { return b.contains(x); });
}

/// Moves statements that depend on no unknown to `before`, if what they assign is assigned nowhere else in the body and read nowhere earlier.
block take_out_constant(const sensitivities& changes, const std::set<int>& unknowns, block body, block& before) {
    std::map<int, int> assignments;
    for (const auto& s : body) {
        for (const int v : variables_assigned({s})) { ++assignments[v]; }
    }
    std::set<int> read_earlier, stays;
    block kept;
    for (auto& s : body) {
        const auto writes = variables_assigned({s}), reads = variables_read({s});
        const bool is_constant = std::all_of(writes.begin(), writes.end(), [&](int v) {
            return !changes.depends(v) && !unknowns.contains(v) && assignments[v] == 1 && !read_earlier.contains(v);
        });
        const bool reads_own = s.is == statement::kind::assign && intersect(reads, writes);
        read_earlier.insert(reads.begin(), reads.end());
        if (is_constant && !reads_own && !intersect(reads, stays) && !intersect(reads, unknowns)) {
            before.push_back(std::move(s));
        } else {
            stays.insert(writes.begin(), writes.end());
            kept.push_back(std::move(s));
        }
    }
    return kept;
}

/// The statements that the wanted variables are computed by, directly or not.
block leading_to(std::set<int> wanted, const block& body) {
    const auto leads = [&](const statement& s) { return intersect(variables_assigned({s}), wanted); };
    for (auto size = wanted.size() + 1; size != wanted.size();) {
        size = wanted.size();
        for (const auto& s : body) {
            if (leads(s)) { wanted.merge(variables_read({s})); }
        }
    }
    block part;
    std::copy_if(body.begin(), body.end(), std::back_inserter(part), leads);
    return part;
}

block needed_by(const std::vector<expression>& residuals, const std::set<int>& unknowns, const block& body) {
    std::set<int> wanted;
    for (const auto& r : residuals) { collect_reads(r, wanted); }
    block part;   // what the file does to an unknown, it does to the solution
    std::copy_if(body.begin(), body.end(), std::back_inserter(part), [&](const statement& s) {
        const auto writes = variables_assigned({s});
        return !std::includes(unknowns.begin(), unknowns.end(), writes.begin(), writes.end());
    });
    return leading_to(std::move(wanted), part);
}

int count_reads(const expression& e, int variable) {
    int n = 0;
    each_within(e, [&](const expression& x) { n += x.is == expression::kind::variable && x.variable == variable; });
    return n;
}

int count_reads(const block& body, int variable) {
    int n = 0;
    each_expression(body, [&](const expression& e) { n += count_reads(e, variable); });
    return n;
}

void replace(expression& e, int variable, const expression& by) {
    if (count_reads(e, variable) == 0) { return; }
    e = algebra::substitute(e, [&](const expression& v) { return v.variable == variable ? std::optional(by) : std::nullopt; });
}

void replace(block& body, int variable, const expression& by) {
    for (auto& s : body) {
        replace(s.value, variable, by);
        replace(s.body, variable, by);
        replace(s.other, variable, by);
    }
}

bool is_small(const expression& e) {
    return e.operands.empty() || (e.is == expression::kind::negate && e.operands[0].operands.empty());
}

/// Writes what the solver's own locals hold where they are read, if that is once, or if it is no longer than their name.
void write_out(equation_system& system, int first_own) {
    std::map<int, int> assignments;
    for (const auto& s : system.body) {
        for (const int v : variables_assigned({s})) { ++assignments[v]; }
    }
    for (std::size_t i = 0; i < system.body.size();) {
        const auto s = system.body[i];
        const int own = s.to.variable;
        const bool is_candidate = s.is == statement::kind::assign && own >= first_own && assignments[own] == 1;
        if (!is_candidate) { ++i; continue; }
        block rest(system.body.begin() + static_cast<std::ptrdiff_t>(i) + 1, system.body.end());
        std::set<int> reads;
        collect_reads(s.value, reads);
        int uses = count_reads(rest, own);
        for (const auto& r : system.residuals) { uses += count_reads(r, own); }
        for (const auto& e : system.jacobian) { uses += count_reads(e.value, own); }
        if (intersect(reads, variables_assigned(rest)) || (uses > 1 && !is_small(s.value))) { ++i; continue; }
        replace(rest, own, s.value);
        for (auto& r : system.residuals) { replace(r, own, s.value); }
        for (auto& e : system.jacobian) { replace(e.value, own, s.value); }
        system.body.resize(i);
        system.body.insert(system.body.end(), rest.begin(), rest.end());
    }
}

/// Fills in the jacobian, and puts what it needs into the body; leaves both if a derivative is not to be had.
void differentiate(sensitivities& changes, equation_system& system) {
    std::set<int> wanted;
    for (const auto& r : system.residuals) { collect_reads(r, wanted); }
    auto followed = changes.followed(wanted);
    if (!followed) { return; }
    std::vector<equation_system::entry> entries;
    for (std::size_t row = 0; row < system.residuals.size(); ++row) {
        for (std::size_t column = 0; column < system.unknowns.size(); ++column) {
            auto d = changes.of(system.residuals[row], static_cast<int>(column));
            if (!d) { return; }
            if (!algebra::is_number(*d, 0)) { entries.push_back({static_cast<int>(row), static_cast<int>(column), std::move(*d)}); }
        }
    }
    system.body = std::move(*followed);
    system.jacobian = std::move(entries);
}

}  // namespace

block left_to_others(const program& p, const block& body) {
    std::set<int> wanted;
    for (const int v : variables_assigned(body)) {
        if (p.variables[v].kept != storage::local) { wanted.insert(v); }
    }
    return leading_to(std::move(wanted), body);
}

block solve(program& p, implicit_equations equations, place at) {
    std::set<int> unknowns;
    for (const auto& x : equations.unknowns) { unknowns.insert(x.variable); }
    block out;
    const auto all = take_out_constant(sensitivities(p, equations.unknowns, equations.body), unknowns, equations.body, out);
    const auto body = equations.runs_once ? all : needed_by(equations.residuals, unknowns, all);

    statement s;
    s.is = statement::kind::solve;
    s.at = std::move(at);
    auto& system = s.system.emplace_back();
    system.unknowns = std::move(equations.unknowns);
    system.body = body;
    system.residuals = std::move(equations.residuals);
    system.is_linear = equations.is_linear;
    sensitivities changes(p, system.unknowns, body, std::move(equations.held));
    differentiate(changes, system);
    write_out(system, equations.first_own);

    if (equations.runs_once) {
        out.insert(out.end(), system.body.begin(), system.body.end());
        system.body.clear();
        out.push_back(std::move(s));
        return out;
    }
    out.push_back(std::move(s));
    const auto after = left_to_others(p, all);
    out.insert(out.end(), after.begin(), after.end());
    return out;
}

extracted_rates extract_rates(program& p, const block& equations) {
    extracted_rates r;
    block start;
    const std::function<block(const block&, bool)> convert = [&](const block& statements, bool is_at_top) {
        block out;
        for (auto s : statements) {
            s.body = convert(s.body, false);
            s.other = convert(s.other, false);
            if (s.is == statement::kind::derivative) {
                const auto known = std::find_if(r.states.begin(), r.states.end(), [&](const element& x) { return algebra::same(x, s.to); });
                const auto n = static_cast<std::size_t>(known - r.states.begin());
                if (n == r.states.size()) {
                    r.states.push_back(s.to);
                    r.rates.push_back(algebra::add_local(p, "rate_" + algebra::name_of(p, s.to), s.at));
                    if (!is_at_top) { start.push_back(algebra::assign({r.rates.back()}, algebra::number(0), s.at)); }
                }
                s = algebra::assign({r.rates[n]}, s.value, s.at);
            }
            out.push_back(std::move(s));
        }
        return out;
    };
    r.body = convert(equations, true);
    r.body.insert(r.body.begin(), start.begin(), start.end());
    return r;
}

std::vector<int> keep_values(program& p, const std::vector<element>& elements, place at, block& out) {
    std::vector<int> kept;
    for (const auto& x : elements) {
        kept.push_back(algebra::add_local(p, "old_" + algebra::name_of(p, x), at));
        out.push_back(algebra::assign({kept.back()}, algebra::read(x), at));
    }
    return kept;
}

block steady_state(program& p, place at, const std::function<block(const expression& dt)>& step) {
    const int length = algebra::add_local(p, "step", at);
    statement loop;
    loop.is = statement::kind::repeat;
    loop.at = at;
    loop.value = binary(expression::kind::less, algebra::read(length), algebra::number(2*longest_step));
    loop.body = step(algebra::read(length));
    loop.body.push_back(algebra::assign({length}, algebra::multiply(algebra::number(10), algebra::read(length)), at));
    return {algebra::assign({length}, algebra::number(0.01), at), loop};
}

}  // namespace apical::nmodl
