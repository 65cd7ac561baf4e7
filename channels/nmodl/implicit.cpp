// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/implicit.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <span>

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

void replace(expression& e, int variable, const expression& by) {
    if (count_reads(e, variable) == 0) { return; }
    e = algebra::substitute(e, [&](const expression& v) { return v.variable == variable ? std::optional(by) : std::nullopt; });
}

void replace(statement& s, int variable, const expression& by) {
    replace(s.value, variable, by);
    for (auto* inner : {&s.body, &s.other}) {
        for (auto& each : *inner) { replace(each, variable, by); }
    }
}

bool is_small(const expression& e) {
    return e.operands.empty() || (e.is == expression::kind::negate && e.operands[0].operands.empty());
}

/// Writes what the solver's own locals hold where they are read, if that is once, or if it is no longer than their name. Each local is
/// looked for only where it is read.
class writing_out {
public:
    writing_out(equation_system& system, int first_own) : system_(system), first_own_(first_own) {
        for (std::size_t at = 0; at < system.body.size(); ++at) {
            for (const int v : variables_assigned({system.body[at]})) { ++assignments_[v], last_assignment_[v] = at; }
        }
        for (std::size_t at = 0; at < size(); ++at) {
            each_at(at, [&](const expression& e) { note_reads(e, at); });
        }
    }

    void run() {
        std::vector<bool> is_gone(system_.body.size());
        for (std::size_t at = 0; at < is_gone.size(); ++at) { is_gone[at] = is_written_out(at); }
        block kept;
        for (std::size_t at = 0; at < is_gone.size(); ++at) {
            if (!is_gone[at]) { kept.push_back(std::move(system_.body[at])); }
        }
        system_.body = std::move(kept);
    }

private:
    // Statements, then residuals, then entries of the jacobian are numbered in one row.
    std::size_t size() const { return system_.body.size() + system_.residuals.size() + system_.jacobian.size(); }

    expression& beyond_body(std::size_t at) {
        at -= system_.body.size();
        return at < system_.residuals.size() ? system_.residuals[at] : system_.jacobian[at - system_.residuals.size()].value;
    }

    template <class F> void each_at(std::size_t at, F f) {
        if (at >= system_.body.size()) { return f(beyond_body(at)); }
        const std::span<const statement> one(&system_.body[at], 1);
        each_expression(one, f);
    }

    void note_reads(const expression& e, std::size_t at) {
        std::set<int> reads;
        collect_reads(e, reads);
        for (const int v : reads) { if (v >= first_own_) { where_read_[v].insert(at); } }
    }

    bool is_written_out(std::size_t at) {
        const auto& s = system_.body[at];
        const int own = s.to.variable;
        if (s.is != statement::kind::assign || own < first_own_ || assignments_[own] != 1) { return false; }
        std::set<int> reads;
        collect_reads(s.value, reads);
        if (std::any_of(reads.begin(), reads.end(), [&](int v) { return assignments_.contains(v) && last_assignment_[v] > at; })) { return false; }
        const auto where = where_read_[own];
        int uses = 0;
        for (auto after = where.upper_bound(at); after != where.end(); ++after) {
            each_at(*after, [&](const expression& e) { uses += count_reads(e, own); });
        }
        if (uses > 1 && !is_small(s.value)) { return false; }
        for (auto after = where.upper_bound(at); after != where.end(); ++after) {
            if (*after < system_.body.size()) {
                replace(system_.body[*after], own, s.value);
            } else {
                replace(beyond_body(*after), own, s.value);
            }
            note_reads(s.value, *after);
        }
        return true;
    }

    equation_system& system_;
    int first_own_;
    std::map<int, int> assignments_;
    std::map<int, std::size_t> last_assignment_;
    std::map<int, std::set<std::size_t>> where_read_;
};

/// Fills in the jacobian, and puts what it needs into the body; leaves both if a derivative is not to be had.
void differentiate(sensitivities& changes, equation_system& system) {
    std::set<int> wanted;
    for (const auto& r : system.residuals) { collect_reads(r, wanted); }
    auto followed = changes.followed(wanted);
    if (!followed) { return; }
    std::vector<equation_system::entry> entries;
    for (std::size_t row = 0; row < system.residuals.size(); ++row) {
        auto by_columns = changes.of(system.residuals[row]);
        if (!by_columns) { return; }
        for (auto& [column, d] : *by_columns) {
            if (!algebra::is_number(d, 0)) { entries.push_back({static_cast<int>(row), column, std::move(d)}); }
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
    writing_out(system, equations.first_own).run();

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
