// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/emit_channel.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "channels/nmodl/emit_block.hpp"
#include "channels/nmodl/emit_struct.hpp"
#include "channels/nmodl/visit.hpp"

namespace apical::nmodl {
namespace {

using kind = expression::kind;

/// Units that the engine converts to its own for the area of a compartment, and by how much more a current of the file's units is then.
struct density_unit { std::string_view written, unit; double factor; };
constexpr std::array densities{density_unit{"S/cm2", "S/cm2", 1}, density_unit{"mho/cm2", "S/cm2", 1}, density_unit{"S/cm^2", "S/cm2", 1},
                               density_unit{"mho/cm^2", "S/cm2", 1}, density_unit{"siemens/cm2", "S/cm2", 1}, density_unit{"mS/cm2", "mS/cm2", 1e3},
                               density_unit{"mmho/cm2", "mS/cm2", 1e3}, density_unit{"cm/s", "cm/s", 1e-3}, density_unit{"cm/sec", "cm/s", 1e-3},
                               density_unit{"mA/cm2", "mA/cm2", 1}, density_unit{"milliamp/cm2", "mA/cm2", 1}, density_unit{"pS/um2", "pS/um2", 1e4},
                               density_unit{"pS/um^2", "pS/um2", 1e4}, density_unit{"pS/micron2", "pS/um2", 1e4}, density_unit{"picosiemens/um2", "pS/um2", 1e4},
                               density_unit{"uS/cm2", "uS/cm2", 1e6}, density_unit{"umho/cm2", "uS/cm2", 1e6}, density_unit{"S/m2", "S/m2", 1e4},
                               density_unit{"siemens/m2", "S/m2", 1e4}, density_unit{"uA/cm2", "uA/cm2", 1e3}, density_unit{"microamp/cm2", "uA/cm2", 1e3}};
const density_unit* density(std::string_view unit) {
    std::string bare;
    for (const char c : unit)
        if (c != '(' && c != ')' && c != ' ') bare += c;
    const auto found = std::ranges::find(densities, bare, &density_unit::written);
    return found == densities.end() ? nullptr : &*found;
}
/// The unit as core/units.hpp writes it; what it does not know counts as a plain number.
std::string plain_unit(std::string_view unit) {
    if (const auto* d = density(unit)) return std::string(d->unit);
    constexpr std::array<std::pair<std::string_view, std::string_view>, 10> known{{{"mV", "mV"}, {"millivolt", "mV"}, {"ms", "ms"}, {"mM", "mM"}, {"um", "um"},
        {"micron", "um"}, {"uS", "uS"}, {"umho", "uS"}, {"microsiemens", "uS"}, {"nA", "nA"}}};
    std::string bare;
    for (const char c : unit)
        if (c != '(' && c != ')' && c != ' ') bare += c;
    const auto found = std::ranges::find(known, bare, &std::pair<std::string_view, std::string_view>::first);
    return found == known.end() ? "" : std::string(found->second);
}

constexpr std::array ions{"none", "na", "k", "ca", "cl"};
bool is_known_ion(const std::string& name) { return std::ranges::find(ions, name) != ions.end(); }

std::string quoted(std::string_view text) {
    std::string made = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') made += '\\';
        made += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    }
    return made + "\"";
}

}  // namespace

std::string members_text(const std::vector<std::string>& names) {
    std::string list;
    for (const auto& n : names) list += (list.empty() ? "V " : ", ") + n;
    return list.empty() ? "" : " " + list + "; ";
}

struct_writer::struct_writer(const program& p, const std::string& name) : program_(p) { made_.name = identifier_for(name.empty() ? p.name : name); }

void struct_writer::fail(const std::string& why) {
    if (made_.why_not.empty()) made_.why_not = why;
}

std::vector<std::string> struct_writer::members_of(const std::vector<int>& which) const {
    std::vector<std::string> names;
    for (const int v : which) names.push_back(member(v));
    return names;
}

std::string struct_writer::member(int v) const {
    const auto name = identifier_for(at(v).name);
    return name == "V" || name == "U" ? name + "_of_mod" : name;
}

/// The ion whose concentration is a state of the mechanism; -1: none.
int struct_writer::pooled() const {
    for (std::size_t i = 0; i < program_.ions.size(); ++i)
        if (program_.ions[i].writes_inner) return static_cast<int>(i);
    return -1;
}

void struct_writer::check() {
    const auto& p = program_;
    if (p.is == program::kind::artificial_cell) fail("it is an artificial cell");
    if (!p.before_step.empty() || !p.after_solve.empty() || !p.before_breakpoint.empty() || !p.before_initial.empty() || !p.after_initial.empty())
        fail("it has BEFORE or AFTER blocks");
    if (!p.diffusion.empty()) fail("it diffuses along the cell");
    if (p.watches > 0) fail("it waits for conditions");
    if (!p.function_tables.empty()) fail("it has function tables");
    for (const auto& i : p.ions)
        if (!is_known_ion(i.name)) fail("it uses an ion '" + i.name + "'");
    for (const auto& x : p.variables) {
        if (x.is == role::pointer) fail("it has pointers");
        if (x.is == role::random) fail("it draws random numbers");
        if (x.is_array && (x.is_read || x.is_written)) fail("it has arrays");
    }
}

/// Whether another block makes anything else of what a statement of INITIAL assigns: a procedure that both call does not.
bool struct_writer::changes_later(const statement& initial) const {
    bool found = false;
    for (const auto* b : {&program_.advance, &program_.breakpoint, &program_.net_receive, &program_.net_initial})
        each_statement(*b, [&](const statement& s) {
            if (s.to.variable != initial.to.variable) return;
            found = found || s.is != statement::kind::assign || !same(s.value, initial.value);
        });
    return found;
}

/// Parameters, states, and what INITIAL computes from parameters and the temperature alone.
void struct_writer::sort_out() {
    for (std::size_t i = 0; i < program_.variables.size(); ++i) {
        const auto& x = program_.variables[i];
        const bool is_own = x.is == role::parameter && (x.kept == storage::instance || x.is_public || density(x.unit));
        if (is_own && (x.is_read || x.is_public)) parameters_.push_back(static_cast<int>(i));
        if (x.is == role::state) states_.push_back(static_cast<int>(i));
    }
    if (parameters_.size() > 22 || states_.size() > 22) fail("it has more than 22 parameters or states");
    std::set<int> known;
    for (const auto& s : program_.initial) {
        if (s.is != statement::kind::assign || at(s.to.variable).is == role::state || changes_later(s)) continue;
        block_usage used;
        add_usage(s.value, used);
        const bool is_constant = std::ranges::all_of(used.read, [&](int v) {
            return at(v).is == role::parameter || at(v).is == role::temperature || known.contains(v);
        });
        if (is_constant) constants_.push_back(s), known.insert(s.to.variable);
    }
}

std::optional<term> struct_writer::parameter(int v) const {
    const auto& x = at(v);
    if (x.is == role::temperature)
        return term{.text = "V(at.rt_f*(96485.33212331001/8314.46261815324) - 273.15)", .line = straight_line{.of = 'c'}};
    if (x.is != role::parameter) return std::nullopt;
    if (std::ranges::find(parameters_, v) == parameters_.end()) return number_term(x.value);
    const auto* d = density(x.unit);
    const term own{.text = "p." + member(v), .degree = d ? 1 : 0};
    if (!d || d->factor == 1) return own;
    return term{.text = fmt::format("p.{}*V({})", member(v), literal(d->factor)), .strength = 1, .degree = 1};
}

/// What a mechanism sees where it sits.
std::optional<term> struct_writer::place(int v, const char* v_text, bool is_active) {
    const auto& x = at(v);
    const auto of_ion = [&](int& which) { if (which < 0) which = x.ion; return which == x.ion; };
    switch (x.is) {
    case role::voltage: return term{.text = v_text, .is_active = is_active, .line = straight_line{}};
    case role::reversal: return of_ion(carries_) ? std::optional(term{.text = "at.e_rev"}) : std::nullopt;
    case role::inner: return of_ion(reads_) ? std::optional(term{.text = "at.c_in"}) : std::nullopt;
    case role::outer: return of_ion(reads_) ? std::optional(term{.text = "at.c_out"}) : std::nullopt;
    default: return parameter(v);
    }
}

term_writer struct_writer::writer(term_writer::source given) {
    term_writer w(program_, std::move(given), factor_);
    w.run(constants_);
    return w;
}

/// A first-order equation as where it tends to and how fast.
std::string struct_writer::gate(term_writer& w, const term_writer::step& s, std::vector<term>& used) {
    const auto& a = s.constant_term;
    const auto& b = s.slope;
    const auto keep = [&](const char* stem, const expression& e) {
        const auto t = w.named(stem, w.of(e));
        if (t.degree != 0) fail("a state depends on what is measured per area");
        used.push_back(t);
        return t.text;
    };
    const auto one = [](double x, const expression& e) { return e.is == kind::number && e.value == x; };
    if (b.is == kind::negate && b.operands[0].is == kind::add && same(a, b.operands[0].operands[0]))
        return fmt::format("from_rates<V>({}, {})", keep("alpha", a), keep("beta", b.operands[0].operands[1]));
    if (b.is == kind::divide && one(-1, b.operands[0])) {
        const auto& tau = b.operands[1];
        if (a.is == kind::divide && same(a.operands[1], tau)) return fmt::format("from_tau<V>({}, {})", keep("inf", a.operands[0]), keep("tau", tau));
        if (one(0, a)) return fmt::format("from_tau<V>(V(0.0), {})", keep("tau", tau));
    }
    const expression rate{.is = kind::negate, .operands = {b}};
    if (b.is == kind::negate && a.is == kind::multiply)
        for (int i = 0; i < 2; ++i)
            if (same(a.operands[static_cast<std::size_t>(i)], b.operands[0]))
                return fmt::format("gate<V>{{{}, {}}}", keep("inf", a.operands[static_cast<std::size_t>(1 - i)]), keep("rate", b.operands[0]));
    const auto r = keep("rate", b.is == kind::negate ? b.operands[0] : rate);
    return fmt::format("gate<V>{{{}/{}, {}}}", bracketed({.text = keep("source", a)}, 2), r, r);
}

std::string struct_writer::gates(term_writer& w) {
    std::vector<term> used;
    std::vector<std::string> of_state(states_.size());
    for (const auto& s : w.relaxed()) {
        const auto n = static_cast<std::size_t>(std::ranges::find(states_, s.variable) - states_.begin());
        if (n >= states_.size() || !of_state[n].empty()) { fail("a state has two equations"); return {}; }
        of_state[n] = gate(w, s, used);
    }
    std::string list;
    for (const auto& g : of_state) {
        if (g.empty()) fail("a state has no equation of first order");
        list += (list.empty() ? "" : ", ") + g;
    }
    if (!w.why_not().empty()) fail(w.why_not());
    return w.constants(used, "        ") + fmt::format("        return {{{}}};\n", list);
}

/// Where INITIAL starts the states, unless that is where they tend to.
std::string struct_writer::start() {
    auto w = writer([&](int v) -> std::optional<term> {
        if (at(v).is == role::state) return number_term(at(v).value);
        return place(v, "at.v", false);
    });
    w.run(program_.initial);
    std::vector<term> values;
    std::string list;
    for (const int v : states_) values.push_back(w.of(v)), list += (list.empty() ? "" : ", ") + values.back().text;
    if (!w.why_not().empty()) { fail("INITIAL: " + w.why_not()); return {}; }
    return fmt::format("\n    template <class V> static constexpr state<V> start([[maybe_unused]] const membrane<V>& at, [[maybe_unused]] const parameters<V>& p) {{\n"
                       "{}        return {{{}}};\n    }}\n", w.constants(values, "        "), list);
}

std::string struct_writer::head(const char* info, const std::string& more) const {
    const auto title = program_.title.empty() ? program_.name : program_.title;
    return fmt::format("struct {} {{\n    static constexpr {} info{{.name = {}, .summary = {}, .source = {}{}}};\n\n"
                       "    template <class V> struct parameters {{{}}};\n", made_.name, info, quoted(program_.name), quoted(title), quoted(program_.file), more,
                       members_text(members_of(parameters_)));
}

std::string struct_writer::fields(const char* what, const std::vector<int>& which, bool is_state) const {
    std::string list;
    for (const int v : which) {
        const auto& x = at(v);
        const auto [low, high] = is_state ? std::pair{0.0, 1.0} : std::pair{x.lower, x.upper};
        list += fmt::format("{}{{{}, {}, {}, {}, {}, {}}}", list.empty() ? "" : ",\n        ", quoted(x.name), literal(x.value), quoted(plain_unit(x.unit)), quoted(x.name),
                            literal(low), literal(high));
    }
    return fmt::format("    static constexpr {}{{\n        {}}};\n", what, list);
}

std::string struct_writer::current(term_writer& w, const char* arguments, int degree) {
    const auto& c = program_.currents.front();
    auto i = w.of(c.variable);
    if (i.degree != degree) fail(degree ? "its current is not proportional to what is measured per area" : "its current is not proportional to its states");
    if (!w.why_not().empty()) fail(w.why_not());
    auto text = c.is_electrode ? "-" + bracketed(i, 2) : i.text;
    if (!i.is_active) text = "U(0.0) + " + bracketed(i, 1);
    return fmt::format("    template <class V, class U> [[gnu::always_inline]]\n    static constexpr U current({}) {{\n{}        return {};\n    }}\n", arguments,
                       w.constants({i}, "        "), text);
}

void struct_writer::channel() {
    if (program_.currents.size() != 1) return fail("it has not one current");
    carries_ = program_.currents.front().ion;
    auto rates = writer([&](int v) { return place(v, "at.v", false); });
    rates.run(program_.advance);
    const auto body = gates(rates);
    auto flows = writer([&](int v) -> std::optional<term> {
        if (at(v).is == role::state) return term{.text = "s." + member(v)};
        return place(v, "v", true);
    });
    flows.run(program_.breakpoint);
    const auto flow = current(flows, "[[maybe_unused]] const state<V>& s, [[maybe_unused]] const membrane<V>& at, [[maybe_unused]] const parameters<V>& p, [[maybe_unused]] U v", 1);
    const auto from = states_.empty() ? std::string() : start();
    std::string more;
    const auto ion = [&](const char* what, int i) { if (i >= 0) more += fmt::format(", .{} = ion::{}", what, program_.ions[static_cast<std::size_t>(i)].name); };
    ion("carries", carries_), ion("reads", reads_);
    if (factor_.q10 != 1) more += fmt::format(", .q10 = {}, .q10_at = {}", literal(factor_.q10), literal(factor_.at));
    made_.text = head("channel_info", more) + fields("parameters<field> defaults", parameters_, false) +
                 fmt::format("\n    template <class V> struct state {{{}}};\n", members_text(members_of(states_))) + fields("state<field> meaning", states_, true) + "\n";
    if (!states_.empty())
        made_.text += "    template <class V> [[gnu::always_inline]]\n    static constexpr state<gate<V>> gates([[maybe_unused]] const membrane<V>& at, "
                      "[[maybe_unused]] const parameters<V>& p) {\n" + body + "    }\n";
    made_.text += from + flow + "};\n";
}

emitted_channel struct_writer::write() {
    check();
    sort_out();
    if (!failed()) {
        if (program_.is == program::kind::point_process) made_.kind = emitted_channel::form::synapse, synapse();
        else if (pooled() >= 0) made_.kind = emitted_channel::form::pool, pool();
        else channel();
    }
    if (failed()) made_.text.clear();
    else made_.text = "#include \"channels/families/rates.hpp\"\n\nnamespace apical::channels::from_mod {\n\n/// " + program_.file + "\n" + made_.text +
                      "\n}  // namespace apical::channels::from_mod\n";
    return made_;
}


emitted_channel emit_channel(const program& p, const std::string& name) { return struct_writer(p, name).write(); }

}  // namespace apical::nmodl
