// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "channels/nmodl/emit_block.hpp"
#include "channels/nmodl/emit_struct.hpp"

namespace apical::nmodl {
namespace {

using kind = expression::kind;

/// A product of numbers, variables and whatever else, with what it is divided by.
struct monomial {
    double above = 1, below = 1;
    std::vector<expression> top, bottom;
};

void take(const expression& e, monomial& m, bool is_below) {
    switch (e.is) {
    case kind::number: (is_below ? m.below : m.above) *= e.value; return;
    case kind::negate: m.above = -m.above; return take(e.operands[0], m, is_below);
    case kind::multiply: take(e.operands[0], m, is_below); return take(e.operands[1], m, is_below);
    case kind::divide: take(e.operands[0], m, is_below); return take(e.operands[1], m, !is_below);
    default: (is_below ? m.bottom : m.top).push_back(e);
    }
}

/// Without what stands above and below.
void cancel(monomial& m) {
    for (std::size_t i = 0; i < m.top.size();) {
        const auto found = std::ranges::find_if(m.bottom, [&](const expression& b) { return same(b, m.top[i]); });
        if (found == m.bottom.end()) { ++i; continue; }
        m.bottom.erase(found);
        m.top.erase(m.top.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

expression product_of(const std::vector<expression>& factors) {
    expression all = factors.empty() ? expression{.value = 1} : factors[0];
    for (std::size_t i = 1; i < factors.size(); ++i) all = {.is = kind::multiply, .operands = {all, factors[i]}};
    return all;
}
expression times(double x, expression e) { return {.is = kind::multiply, .operands = {{.value = x}, std::move(e)}}; }

/// The monomial without its sign.
expression written(const monomial& m) {
    auto top = product_of(m.top), bottom = product_of(m.bottom);
    const double above = std::fabs(m.above);
    if (m.below != 1) bottom = times(m.below/above, bottom);
    else if (above != 1) top = times(above, top);
    return {.is = kind::divide, .operands = {top, bottom}};
}

bool reads(const expression& e, int v) {
    block_usage used;
    add_usage(e, used);
    return used.read.contains(v);
}

/// The terms that e is a sum of; with signs.
void summands(const expression& e, bool is_negative, std::vector<std::pair<expression, bool>>& to) {
    if (e.is == kind::negate) return summands(e.operands[0], !is_negative, to);
    if (e.is == kind::add || e.is == kind::subtract) {
        summands(e.operands[0], is_negative, to);
        return summands(e.operands[1], is_negative != (e.is == kind::subtract), to);
    }
    to.emplace_back(e, is_negative);
}

/// i as a factor of e, taken out; nothing if e is not a product with it.
std::optional<monomial> without(const expression& e, int i) {
    monomial m;
    take(e, m, false);
    const auto is_i = [&](const expression& x) { return x.is == kind::variable && x.variable == i; };
    const auto found = std::ranges::find_if(m.top, is_i);
    if (found == m.top.end()) return std::nullopt;
    m.top.erase(found);
    const auto has_i = [&](const expression& x) { return reads(x, i); };
    if (std::ranges::any_of(m.top, has_i) || std::ranges::any_of(m.bottom, has_i)) return std::nullopt;
    return m;
}

/// A source of concentration, constant + slope*i, as where the pool tends to: both parts times the time constant.
struct target { std::vector<std::pair<expression, bool>> rest; std::optional<monomial> slope; };
std::optional<target> target_of(const expression& source, const expression& tau, int i) {
    std::vector<std::pair<expression, bool>> all;
    summands(source, false, all);
    target t;
    for (const auto& [e, is_negative] : all) {
        if (!reads(e, i)) {
            monomial m;
            take(e, m, false);
            m.top.push_back(tau);
            cancel(m);
            t.rest.emplace_back(written(m), is_negative != (m.above < 0));
            continue;
        }
        auto m = without(e, i);
        if (!m || t.slope) return std::nullopt;
        if (is_negative) m->above = -m->above;
        m->top.push_back(tau);
        cancel(*m);
        t.slope = m;
    }
    return t.slope ? std::optional(t) : std::nullopt;
}

/// mA/cm2 of 1 nA/um2.
constexpr double per_density = 100;

}  // namespace

/// c' = a + b c with a in the current. Where a is a straight line in it, what a step needs is prepared: the part of the way to the target
/// that is gone, and the target.
std::string struct_writer::pool_functions(const term_writer::step& s, term_writer& rate, int i) {
    if (reads(s.slope, i)) { fail("what its concentration decays with depends on the current"); return {}; }
    const auto a = rate.named("source", rate.of(s.constant_term)), b = rate.named("slope", rate.of(s.slope));
    auto text = fmt::format("    template <class V> [[gnu::always_inline]] static constexpr V rate(V c, [[maybe_unused]] const parameters<V>& p, V i) {{\n{}"
                            "        return {} + {}*c;\n    }}\n", rate.constants({a, b}, "        "), a.text, bracketed(b, 2));
    const bool has_tau = s.slope.is == kind::divide && s.slope.operands[0].is == kind::number && s.slope.operands[0].value == -1;
    const expression one{.value = 1}, decay{.is = kind::negate, .operands = {s.slope}};
    const expression tau = has_tau ? s.slope.operands[1] : expression{.is = kind::divide, .operands = {one, decay}};
    auto fixed = writer([&](int v) { return parameter(v); });
    const auto span = fixed.named("tau", fixed.of(tau));
    const auto way = fmt::format("math::approach<V>(V(dt)/{})", span.text);
    const auto begin = "\n    template <class V> struct constants_of_step { V way, ";
    const auto prepare = "    template <class V> [[gnu::always_inline]]\n"
                         "    static constexpr constants_of_step<V> prepare([[maybe_unused]] const parameters<V>& p, double dt) {\n";
    const auto advance = "    template <class V> [[gnu::always_inline]]\n"
                         "    static constexpr V advance(V c, [[maybe_unused]] const parameters<V>& p, V i, const constants_of_step<V>& s) {\n";
    const auto plain = "    template <class V> [[gnu::always_inline]]\n"
                       "    static constexpr V advance(V c, const parameters<V>& p, V i, double dt) { return advance<V>(c, p, i, prepare<V>(p, dt)); }\n";
    if (const auto t = target_of(s.constant_term, tau, i)) {
        auto m = *t->slope;
        const bool is_loss = m.above < 0;
        m.above *= per_density;
        const auto shift = fixed.named("shift", fixed.of(written(m)));
        expression rest{.value = 0};
        bool is_first = true;
        for (const auto& [e, is_negative] : t->rest) {
            rest = is_first && !is_negative ? e : expression{.is = is_negative ? kind::subtract : kind::add, .operands = {rest, e}};
            is_first = false;
        }
        const auto at_rest = fixed.named("rest", fixed.of(rest));
        text += fmt::format("{}shift, rest; }};\n{}{}        return {{{}, {}, {}}};\n    }}\n", begin, prepare, fixed.constants({span, shift, at_rest}, "        "), way,
                            shift.text, at_rest.text) +
                fmt::format("{}        const V target = math::fma({}s.shift, i, s.rest);\n        return math::fma(s.way, target - c, c);\n    }}\n",
                            advance, is_loss ? "-" : "") + plain;
    } else {
        text += fmt::format("{}span; }};\n{}{}        return {{{}, {}}};\n    }}\n", begin, prepare, fixed.constants({span}, "        "), way, span.text) +
                fmt::format("{}{}        return math::fma(s.way, {}*s.span - c, c);\n    }}\n", advance, rate.constants({a}, "        "), bracketed(a, 2)) + plain;
    }
    if (!fixed.why_not().empty()) fail(fixed.why_not());
    return text;
}

void struct_writer::pool() {
    const auto& ion = program_.ions[static_cast<std::size_t>(pooled())];
    if (program_.ions.size() != 1) return fail("it keeps account of an ion and uses another");
    if (!program_.currents.empty()) return fail("it keeps account of an ion and lets a current pass");
    if (usage_of(program_.initial).written.size() > constants_.size()) return fail("INITIAL sets its concentration");
    const auto find = [&](auto test) {
        const auto found = std::ranges::find_if(program_.variables, test);
        return found == program_.variables.end() ? -1 : static_cast<int>(found - program_.variables.begin());
    };
    const int i = find([](const variable& x) { return x.is == role::ion_current && x.is_read; });
    if (i < 0) return fail("no current feeds its concentration");
    auto w = writer([&](int v) -> std::optional<term> {
        if (v == i) return term{.text = fmt::format("i*V({})", literal(per_density)), .strength = 1};
        return parameter(v);
    });
    w.run(program_.advance);
    if (w.relaxed().size() != 1) return fail("its concentration has no equation of first order");
    const int own = w.relaxed().front().variable;
    if (at(own).is != role::inner && !(states_.size() == 1 && states_[0] == own)) return fail("it has other states than a concentration");
    const auto functions = pool_functions(w.relaxed().front(), w, i);
    if (!w.why_not().empty()) fail(w.why_not());
    made_.text = head("pool_info", fmt::format(", .of = ion::{}", ion.name)) + fields("parameters<field> defaults", parameters_, false) + "\n" + functions + "};\n";
}

std::optional<term> struct_writer::state_or_parameter(int v, int degree) const {
    if (at(v).is == role::state) return term{.text = "s." + member(v), .degree = degree};
    return parameter(v);
}

/// What an event does: NET_RECEIVE, with the weight.
std::string struct_writer::on_event() {
    const int weight = program_.arguments.empty() ? -1 : program_.arguments[0];
    if (program_.arguments.size() > 1) fail("its connections have variables of their own");
    auto w = writer([&](int v) -> std::optional<term> {
        if (v == weight) return term{.text = "weight", .degree = 1};
        return state_or_parameter(v, 1);
    });
    w.run(program_.net_receive);
    std::vector<term> values;
    std::string list;
    for (const int v : states_) {
        values.push_back(w.of(v)), list += (list.empty() ? "" : ", ") + values.back().text;
        if (values.back().degree != 1) fail("an event does to a state what is not linear in its weight");
    }
    if (!w.why_not().empty()) fail(w.why_not());
    return fmt::format("    static constexpr state<double> on_event([[maybe_unused]] const state<double>& s, [[maybe_unused]] const parameters<double>& p,\n"
                       "                                            double weight) {{\n"
                       "        using V = double;\n{}        return {{{}}};\n    }}\n", w.constants(values, "        "), list);
}

void struct_writer::synapse() {
    if (program_.currents.size() != 1 || program_.currents.front().ion >= 0) return fail("it has not one current that is of no ion");
    if (states_.empty()) return fail("it has no states");
    auto rates = writer([&](int v) { return parameter(v); });
    rates.run(program_.advance);
    std::vector<std::string> rate_of(states_.size());
    std::vector<term> used;
    for (const auto& s : rates.relaxed()) {
        const auto n = static_cast<std::size_t>(std::ranges::find(states_, s.variable) - states_.begin());
        const bool decays = s.constant_term.is == kind::number && s.constant_term.value == 0;
        if (n >= states_.size() || !decays) return fail("a state does not decay to 0");
        used.push_back(rates.named("slope", rates.of(s.slope)));
        rate_of[n] = fmt::format("s.{0}*math::exp<V>({1}*V(dt))", member(s.variable), bracketed(used.back(), 2));
    }
    std::string list;
    for (const auto& r : rate_of) {
        if (r.empty()) fail("a state has no equation of first order");
        list += (list.empty() ? "" : ", ") + r;
    }
    auto flows = writer([&](int v) -> std::optional<term> {
        if (at(v).is == role::voltage) return term{.text = "v", .is_active = true, .line = straight_line{}};
        return state_or_parameter(v, 1);
    });
    flows.run(program_.breakpoint);
    const auto flow = current(flows, "[[maybe_unused]] const state<V>& s, [[maybe_unused]] const parameters<V>& p, [[maybe_unused]] U v", 1);
    const auto event = on_event();
    if (!rates.why_not().empty()) fail(rates.why_not());
    made_.text = head("receptor_info", "") + fields("parameters<field> defaults", parameters_, false) +
                 fmt::format("\n    template <class V> struct state {{{}}};\n", members_text(members_of(states_))) +
                 fields("state<field> meaning", states_, true) + "\n" + event + "    template <class V> [[gnu::always_inline]]\n" +
                 "    static constexpr state<V> advance(const state<V>& s, [[maybe_unused]] const parameters<V>& p, double dt) {\n" +
                 rates.constants(used, "        ") + fmt::format("        return {{{}}};\n    }}\n", list) + flow + "};\n";
}

}  // namespace apical::nmodl
