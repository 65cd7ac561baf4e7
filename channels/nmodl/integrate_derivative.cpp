// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "channels/nmodl/implicit.hpp"
#include "channels/nmodl/integrate.hpp"
#include "channels/nmodl/simplify.hpp"
#include "channels/nmodl/variables.hpp"

namespace apical::nmodl {

namespace {

using algebra::add;
using algebra::assign;
using algebra::multiply;
using algebra::number;
using algebra::read;
using algebra::subtract;

/// Writes each derivative as constant + slope*state. Assignments that lead from the state to its derivative are written out, where that
/// is linear; else what they assign is held, as NEURON holds it.
class exponential_steps {
public:
    explicit exponential_steps(program& p) : program_(p) {}

    std::optional<block> take(const block& equations) {
        block out;
        for (auto s : equations) {
            if (s.is == statement::kind::derivative) {
                auto step = relax(s);
                if (!step) { failed = s; return std::nullopt; }
                s = std::move(*step);
            } else if (s.is == statement::kind::assign) {
                define(s);
            } else {
                auto body = branch(s.body), other = branch(s.other);
                if (!body || !other) { return std::nullopt; }
                forget(s);
                s.body = std::move(*body);
                s.other = std::move(*other);
            }
            out.push_back(std::move(s));
        }
        return out;
    }

    std::optional<statement> failed;                       ///< the derivative that is not linear
    std::vector<std::pair<statement, int>> written_out;    ///< derivatives, and a variable on the way from the state to each
    std::vector<std::pair<statement, int>> held;           ///< where such a variable makes them not linear: it is taken as of before

private:
    struct definition {
        std::optional<expression> value;   ///< none: more than one way leads to it
        std::set<int> reads;               ///< everything it is computed from
    };

    std::optional<block> branch(const block& statements) {
        const auto before = definitions_;
        auto out = take(statements);
        definitions_ = before;
        return out;
    }

    void define(const statement& s) {
        definition d{std::nullopt, reads_of(s.value)};
        const bool is_own = d.reads.contains(s.to.variable);
        if (!s.to.index && !is_own) { d.value = s.value; }
        forget_value_of_readers(s.to.variable);
        if (is_own || s.to.index) {
            if (const auto known = definitions_.find(s.to.variable); known != definitions_.end()) {
                d.reads.insert(known->second.reads.begin(), known->second.reads.end());
            }
        }
        definitions_[s.to.variable] = std::move(d);
    }

    void forget_value_of_readers(int variable) {
        for (auto& [of, d] : definitions_) {
            if (d.reads.contains(variable)) { d.value.reset(); }
        }
    }

    /// After a branch, what it assigns may have been computed from anything that it reads.
    void forget(const statement& s) {
        const auto reads = with_origins(algebra::variables_read({s}));
        for (const int v : algebra::variables_assigned({s})) {
            forget_value_of_readers(v);
            definitions_[v].value.reset();
            definitions_[v].reads.insert(reads.begin(), reads.end());
        }
    }

    std::set<int> reads_of(const expression& e) const {
        std::set<int> direct;
        algebra::collect_reads(e, direct);
        return with_origins(direct);
    }

    std::set<int> with_origins(const std::set<int>& direct) const {
        auto all = direct;
        for (const int v : direct) {
            if (const auto known = definitions_.find(v); known != definitions_.end()) {
                all.insert(known->second.reads.begin(), known->second.reads.end());
            }
        }
        return all;
    }

    /// With definitions put in for variables that were computed from the state, and for no others; nothing if one is not known.
    std::optional<expression> from_state(const expression& e, const element& state, std::optional<int>& on_the_way) const {
        bool is_known = true;
        auto written = algebra::substitute(e, [&](const expression& v) -> std::optional<expression> {
            const auto d = definitions_.find(v.variable);
            if (v.variable == state.variable || d == definitions_.end() || !d->second.reads.contains(state.variable)) { return std::nullopt; }
            std::optional<int> further;
            auto inner = d->second.value ? from_state(*d->second.value, state, further) : std::nullopt;
            const bool is_on_the_way = !inner || algebra::reads(*inner, state);
            if (is_on_the_way) { on_the_way = v.variable; }
            is_known = is_known && inner;
            return is_on_the_way ? inner : std::nullopt;
        });
        return is_known ? std::optional(std::move(written)) : std::nullopt;
    }

    /// (inf, rate) where the expression is a product or quotient with one factor inf - x or x - inf.
    static std::optional<std::pair<expression, expression>> relaxing(const expression& e, const element& x) {
        const auto& o = e.operands;
        const bool is_first = !o.empty() && algebra::reads(o[0], x), is_second = o.size() > 1 && algebra::reads(o[1], x);
        if (is_first == is_second) {
            if (e.is != expression::kind::negate || !is_first) { return std::nullopt; }
        }
        if (e.is == expression::kind::subtract) {
            if (is_first && algebra::same(o[0], read(x))) { return std::pair{o[1], number(-1)}; }
            if (is_second && algebra::same(o[1], read(x))) { return std::pair{o[0], number(1)}; }
            return std::nullopt;
        }
        auto inner = o.empty() ? std::nullopt : relaxing(o[is_second ? 1 : 0], x);
        if (!inner) { return std::nullopt; }
        auto& rate = inner->second;
        switch (e.is) {
            case expression::kind::negate: rate = algebra::negate(rate); return inner;
            case expression::kind::multiply: rate = is_first ? multiply(rate, o[1]) : multiply(o[0], rate); return inner;
            case expression::kind::divide: rate = algebra::divide(rate, o[1]); return is_first ? inner : std::nullopt;
            default: return std::nullopt;
        }
    }

    /// (constant, slope), in one of the shapes that integrate.hpp names if the expression has one.
    static std::optional<std::pair<expression, expression>> parts_of(const expression& e, const element& x) {
        if (const auto inner = relaxing(e, x)) {
            const auto inf = algebra::simplify(inner->first), rate = algebra::simplify(inner->second);
            return std::pair{multiply(inf, rate), algebra::negate(rate)};
        }
        auto parts = algebra::linear_in(e, x);
        if (parts) { *parts = {algebra::simplify(parts->first), algebra::simplify(parts->second)}; }
        return parts;
    }

    std::optional<statement> relax(const statement& s) {
        std::optional<int> on_the_way;
        const auto e = from_state(s.value, s.to, on_the_way);
        auto parts = e ? parts_of(*e, s.to) : std::nullopt;
        const bool is_held = !parts && on_the_way;
        if (is_held) { parts = parts_of(s.value, s.to); }
        if (!parts) { return std::nullopt; }
        if (on_the_way) { (is_held ? held : written_out).emplace_back(s, *on_the_way); }
        if (algebra::is_number(parts->second, 0)) {
            const int dt = algebra::variable_of(program_, role::step);
            return assign(s.to, add(read(s.to), multiply(read(dt), parts->first)), s.at);
        }
        statement step;
        step.is = statement::kind::relax;
        step.at = s.at;
        step.to = s.to;
        step.constant_term = parts->first;
        step.slope = parts->second;
        return step;
    }

    program& program_;
    std::map<int, definition> definitions_;
};

/// y - y_old - dt*f(y) for all states together.
block implicit_step(program& p, const block& equations, const expression& dt, bool is_linear, place at) {
    const int first_own = static_cast<int>(p.variables.size());
    auto rates = extract_rates(p, equations);
    if (rates.states.empty()) { return equations; }
    block out;
    const auto old = keep_values(p, rates.states, at, out);
    implicit_equations system;
    system.first_own = first_own;
    system.is_linear = is_linear;
    system.unknowns = rates.states;
    system.body = std::move(rates.body);
    for (std::size_t i = 0; i < old.size(); ++i) {
        system.residuals.push_back(subtract(subtract(read(rates.states[i]), read(old[i])), multiply(dt, read(rates.rates[i]))));
    }
    const auto solved = solve(p, std::move(system), at);
    out.insert(out.end(), solved.begin(), solved.end());
    return out;
}

block euler_step(program& p, const block& equations) {
    auto [out, states, rates] = extract_rates(p, equations);
    const int dt = algebra::variable_of(p, role::step);
    for (std::size_t i = 0; i < states.size(); ++i) {
        out.push_back(assign(states[i], add(read(states[i]), multiply(read(dt), read(rates[i]))), out.back().at));
    }
    return out;
}

/// The same statements at another time.
block at_time(const block& body, int t, const expression& time) {
    auto moved = body;
    for (auto& s : moved) {
        s.body = at_time(s.body, t, time);
        s.other = at_time(s.other, t, time);
        std::set<int> reads;
        algebra::collect_reads(s.value, reads);
        if (!reads.contains(t)) { continue; }
        s.value = algebra::substitute(s.value, [&](const expression& v) { return v.variable == t ? std::optional(time) : std::nullopt; });
    }
    return moved;
}

/// The classical method of order 4.
block runge_step(program& p, const block& equations, place at) {
    const auto [body, states, rates] = extract_rates(p, equations);
    const auto dt = read(algebra::variable_of(p, role::step));
    const int t = algebra::variable_of(p, role::time);
    block out;
    const auto old = keep_values(p, states, at, out);
    std::vector<int> sums;
    for (const auto& x : states) { sums.push_back(algebra::add_local(p, "sum_" + algebra::name_of(p, x), at)); }
    // Each stage is taken from the beginning of the step along the rates of the stage before.
    const double reach[]{0, 0.5, 0.5, 1}, weight[]{1, 2, 2, 1};
    for (int stage = 0; stage < 4; ++stage) {
        const auto step = multiply(number(reach[stage]), dt);
        for (std::size_t i = 0; stage > 0 && i < states.size(); ++i) {
            out.push_back(assign(states[i], add(read(old[i]), multiply(step, read(rates[i]))), at));
        }
        const auto stage_body = stage == 0 ? body : at_time(body, t, add(read(t), step));
        out.insert(out.end(), stage_body.begin(), stage_body.end());
        for (std::size_t i = 0; i < states.size(); ++i) {
            const auto more = multiply(number(weight[stage]), read(rates[i]));
            out.push_back(assign({sums[i]}, stage == 0 ? more : add(read(sums[i]), more), at));
        }
    }
    for (std::size_t i = 0; i < states.size(); ++i) {
        out.push_back(assign(states[i], add(read(old[i]), multiply(algebra::divide(dt, number(6)), read(sums[i]))), at));
    }
    const auto after = left_to_others(p, body);
    out.insert(out.end(), after.begin(), after.end());
    return out;
}

block without_derivatives(const block& equations) {
    block out;
    for (auto s : equations) {
        if (s.is == statement::kind::derivative) { continue; }
        s.body = without_derivatives(s.body);
        s.other = without_derivatives(s.other);
        out.push_back(std::move(s));
    }
    return out;
}

block cnexp_step(program& p, const block& equations, place at, diagnostics& found) {
    exponential_steps steps(p);
    const auto name = [&](const element& x) { return p.variables[x.variable].name; };
    if (auto out = steps.take(equations)) {
        const auto way_of = [&](const statement& s, int way) {
            return "cnexp: " + name(s.to) + "' depends on " + name(s.to) + " by way of " + p.variables[way].name;
        };
        for (const auto& [s, way] : steps.written_out) {
            found.warn("method", s.at, way_of(s, way) + "; NEURON does not see that, and takes a step of Euler here",
                       "write the dependence into the equation of " + name(s.to) + "'");
        }
        for (const auto& [s, way] : steps.held) {
            found.warn("method", s.at, way_of(s, way) + ", and not linearly; " + p.variables[way].name + " is held during a step, as in NEURON",
                       "METHOD derivimplicit");
        }
        return *out;
    }
    const auto& s = *steps.failed;
    found.warn("method", s.at, "cnexp: " + name(s.to) + "' is not linear in " + name(s.to) + "; the whole block is solved by derivimplicit",
               "METHOD derivimplicit says so");
    return implicit_step(p, equations, read(algebra::variable_of(p, role::step)), false, at);
}

}  // namespace

block integrate_derivative(program& p, const block& equations, std::string_view method, bool is_steady, place at, diagnostics& found) {
    const auto dt = [&] { return read(algebra::variable_of(p, role::step)); };
    if (is_steady) {
        return steady_state(p, at, [&](const expression& step) { return implicit_step(p, equations, step, false, at); });
    }
    if (method == "cnexp") { return cnexp_step(p, equations, at, found); }
    if (method == "derivimplicit" || method == "sparse") { return implicit_step(p, equations, dt(), false, at); }
    if (method == "euler") { return euler_step(p, equations); }
    if (method == "runge") { return runge_step(p, equations, at); }
    if (method.empty() && extract_rates(p, equations).states.empty()) { return equations; }
    if (method.empty()) {
        found.warn("method", at, "SOLVE of a DERIVATIVE block without METHOD is done by derivimplicit; NEURON leaves the states as they are",
                   "METHOD derivimplicit, or cnexp where each equation is linear in its own state");
        return implicit_step(p, equations, dt(), false, at);
    }
    if (method == "after_cvode" || method == "cvode_t" || method == "cvode_t_v") {
        found.warn("method", at, "METHOD " + std::string(method) + " does not integrate: the states of this DERIVATIVE block stay as they are",
                   "METHOD derivimplicit or cnexp");
        return without_derivatives(equations);
    }
    found.error(at, "METHOD " + std::string(method) + " is not one for DERIVATIVE blocks", "cnexp, derivimplicit, euler or runge");
    return equations;
}

rate_equations rates_of_derivative(program& p, const block& equations) {
    const auto [body, states, rates] = extract_rates(p, equations);
    rate_equations r{body, {}};
    for (std::size_t i = 0; i < states.size(); ++i) { r.rates.emplace_back(states[i], rates[i]); }
    return r;
}

}  // namespace apical::nmodl
