// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/emit_block.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace apical::nmodl {
namespace {

using kind = expression::kind;
using doing = statement::kind;

/// NMODL's functions as channels/nmodl/lanes.hpp has them, in the order of `builtin`; null where they are written otherwise.
constexpr std::array<const char*, 37> functions{
    "exp", "log", "log10", "sqrt", "fabs", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "tanh", "floor", "ceil", "fmod",
    "erf", "erfc", "gamma_ln", "minimum", "maximum", "exprel", "expm1", "log1p", "nernst", "ghk",
    nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr};

bool is_whole(double x) { return std::floor(x) == x && std::fabs(x) <= 64; }
bool is_truth(const expression& e) { return e.is >= kind::less && e.is <= kind::logical_or; }
}  // namespace

std::string literal(double x) {
    if (std::isnan(x)) return "__builtin_nan(\"\")";
    if (std::isinf(x)) return x > 0 ? "__builtin_inf()" : "-__builtin_inf()";
    auto text = fmt::format("{}", x);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return text;
}

block_writer::block_writer(const program& p, style s) : program_(p), style_(std::move(s)), names_(local_names(p)) {}

std::string block_writer::name(int variable) const { return names_[static_cast<std::size_t>(variable)] + style_.suffix; }
std::string block_writer::type_of(int variable) const { return style_.active.contains(variable) ? style_.slope_type : style_.type; }
std::string block_writer::new_name(const char* stem) { return fmt::format("{}_{}", stem, ++count_); }

bool block_writer::is_active(const expression& e) const {
    if (is_truth(e) || e.is == kind::logical_not) return false;
    if (e.is == kind::variable && style_.active.contains(e.variable)) return true;
    if (e.is == kind::variable) return false;   // an index carries no slope
    return std::ranges::any_of(e.operands, [&](const expression& o) { return is_active(o); });
}

void block_writer::line(const std::string& text) { out_ += std::string(static_cast<std::size_t>(4*depth_), ' ') + text + '\n'; }
void block_writer::open(const std::string& text) { line(text), ++depth_; }
void block_writer::close(const std::string& text) { --depth_, line(text); }

void block_writer::declare(int variable, const std::string& from) {
    const auto& x = program_.variables[static_cast<std::size_t>(variable)];
    if (x.is_array) line(fmt::format("{} {}[{}]{{{}}};", type_of(variable), name(variable), x.length, from));
    else line(fmt::format("{} {}({});", type_of(variable), name(variable), from));
}

std::string block_writer::text(const expression& e) const { return written(e).text; }

std::string block_writer::operand(const expression& e, int at_least) const {
    auto p = written(e);
    return p.strength < at_least ? "(" + p.text + ")" : p.text;
}

/// The text of e as an argument beside others, of which one may carry a slope: all are then to have the same type.
std::string block_writer::same_type(const expression& e, bool active) const {
    return active && !is_active(e) ? fmt::format("as<{}>({})", style_.slope_type, text(e)) : text(e);
}

block_writer::piece block_writer::binary(const expression& e, const char* sign, int strength) const {
    return {operand(e.operands[0], strength) + sign + operand(e.operands[1], strength + 1), strength};
}

std::string block_writer::subscript(const element& x, bool& is_constant) const {
    is_constant = !x.index || x.index->is == kind::number;
    if (!x.index) return "0";
    if (is_constant && !(x.index->value > -1 && x.index->value < program_.variables[static_cast<std::size_t>(x.variable)].length)) return {};
    return is_constant ? fmt::format("{}", static_cast<int>(x.index->value)) : text(*x.index);
}

block_writer::piece block_writer::written(const expression& e) const {
    const auto& v = e.operands;
    switch (e.is) {
    case kind::number: return {fmt::format("{}({})", style_.type, literal(e.value)), 3};
    case kind::variable: {
        const auto& x = program_.variables[static_cast<std::size_t>(e.variable)];
        if (!x.is_array) return {name(e.variable), 3};
        bool is_constant = true;
        const auto index = subscript({e.variable, v.empty() ? std::nullopt : std::optional(v[0])}, is_constant);
        if (is_constant && index.empty()) return {fmt::format("{}(__builtin_nan(\"\"))", style_.type), 3};
        if (is_constant) return {fmt::format("{}[{}]", name(e.variable), index), 3};
        return {fmt::format("element({}, {}, {})", name(e.variable), x.length, index), 3};
    }
    case kind::negate: return {"-" + operand(v[0], 2), 2};
    case kind::add: return binary(e, " + ", 0);
    case kind::subtract: return binary(e, " - ", 0);
    case kind::multiply: return binary(e, "*", 1);
    case kind::divide: return binary(e, "/", 1);
    case kind::power: {
        if (v[1].is == kind::number && is_whole(v[1].value)) {
            const auto n = static_cast<int>(std::fabs(v[1].value));
            const auto raised = fmt::format("whole_power<{}>({})", n, text(v[0]));
            return v[1].value < 0 ? piece{fmt::format("{}(1.0)/{}", style_.type, raised), 1} : piece{raised, 3};
        }
        if (is_number(v[1], 0.5)) return {fmt::format("sqrt({})", text(v[0])), 3};
        const bool active = is_active(v[0]) || is_active(v[1]);
        return {fmt::format("power({}, {})", same_type(v[0], active), same_type(v[1], active)), 3};
    }
    case kind::call: return {call(e), 3};
    default: return {fmt::format("number<{}>({})", style_.type, condition(e)), 3};
    }
}

std::string block_writer::condition(const expression& e) const {
    const auto& v = e.operands;
    const auto of_numbers = [&](const char* f) { return fmt::format("{}({}, {})", f, text(v[0]), text(v[1])); };
    switch (e.is) {
    case kind::less: return of_numbers("less");
    case kind::greater: return of_numbers("greater");
    case kind::less_equal: return of_numbers("less_equal");
    case kind::greater_equal: return of_numbers("greater_equal");
    case kind::equal: return of_numbers("equal");
    case kind::not_equal: return of_numbers("not_equal");
    case kind::logical_and: return fmt::format("both({}, {})", condition(v[0]), condition(v[1]));
    case kind::logical_or: return fmt::format("either({}, {})", condition(v[0]), condition(v[1]));
    case kind::logical_not: return fmt::format("no({})", condition(v[0]));
    default: return fmt::format("truth({})", text(e));
    }
}

std::string block_writer::call(const expression& e) const {
    if (e.function >= builtin::uniform && e.function <= builtin::poisson) return random_call(e);
    if (e.function == builtin::at_time) return fmt::format("at_time({0}, {1}(time_of(at)), {1}(step_of(at)))", text(e.operands[0]), style_.type);
    if (e.function == builtin::is_netcon_first) return style_.type + "(0.0)";
    const bool active = is_active(e);
    std::string arguments;
    for (const auto& o : e.operands) arguments += (arguments.empty() ? "" : ", ") + same_type(o, active);
    if (e.function == builtin::function_table) return fmt::format("table_at(at, {}, {})", e.variable, arguments);
    if (e.function == builtin::nernst || e.function == builtin::ghk) arguments += fmt::format(", {}(celsius_of(at))", style_.type);
    return fmt::format("{}({})", functions[static_cast<std::size_t>(e.function)], arguments);
}

/// What is left out counts as a mean of 1, or as 0 and 1.
std::string block_writer::random_call(const expression& e) const {
    const bool has_one = e.function == builtin::exponential || e.function == builtin::poisson;
    const auto operand = [&](std::size_t n, double otherwise) {
        return n < e.operands.size() ? text(e.operands[n]) : fmt::format("{}({})", style_.type, literal(otherwise));
    };
    const int which = static_cast<int>(e.function) - static_cast<int>(builtin::uniform);
    return fmt::format("draws({}, {}, {}, {}, {})", where_.empty() ? "all_lanes" : where_, which, e.variable, operand(0, has_one ? 1 : 0),
                       operand(1, 1));
}

void block_writer::write(const block& b, const std::string& mask) {
    for (const auto& s : b) write(s, mask);
}

void block_writer::write(const statement& s, const std::string& mask) {
    where_ = mask, at_ = s.at;
    switch (s.is) {
    case doing::assign: return assign(s.to, text(s.value), is_active(s.value), mask);
    case doing::branch: return branch(s, mask);
    case doing::repeat: return repeat(s, mask);
    case doing::relax: {
        const expression x{.is = kind::variable, .variable = s.to.variable, .operands = s.to.index ? std::vector{*s.to.index} : std::vector<expression>{}};
        return assign(s.to, fmt::format("relaxed({}, {}, {}, {}(step_of(at)))", text(x), text(s.constant_term), text(s.slope), style_.type), false, mask);
    }
    case doing::solve: return solve(s.system.front(), mask);
    case doing::fail: return fail(mask);
    case doing::for_netcons: return for_connections(s);
    default: return event(s, mask);
    }
}

void block_writer::assign(const element& to, const std::string& value, bool value_is_active, const std::string& mask) {
    const auto& x = program_.variables[static_cast<std::size_t>(to.variable)];
    bool is_constant = true;
    auto target = name(to.variable);
    if (x.is_array) {
        const auto index = subscript(to, is_constant);
        if (!is_constant || index.empty()) {
            const auto at = index.empty() ? style_.type + "(-1.0)" : index, where = mask.empty() ? "all_lanes" : mask;
            report(fault_kind::index_out_of_range, fmt::format("both({}, is_beyond(value({}), {}))", where, at, x.length));
            return line(fmt::format("put_element({}, {}, {}, {}, {});", target, x.length, at, value, where));
        }
        target += fmt::format("[{}]", index);
    }
    const bool same = style_.active.contains(to.variable) == value_is_active;
    if (!mask.empty()) line(fmt::format("put({}, {}, {});", target, value, mask));
    else line(same ? fmt::format("{} = {};", target, value) : fmt::format("put({}, {});", target, value));
}

void block_writer::branch(const statement& s, const std::string& mask) {
    const auto within = [&](const std::string& m) { return mask.empty() ? m : fmt::format("both({}, {})", mask, m); };
    const auto yes = new_name("where"), test = condition(s.value);
    line(fmt::format("const auto {} = {};", yes, within(test)));
    if (!s.body.empty()) {
        open(fmt::format("if (any({})) {{", yes));
        write(s.body, yes);
        close();
    }
    if (s.other.empty()) return;
    const auto otherwise = new_name("where");
    line(fmt::format("const auto {} = {};", otherwise, within(fmt::format("no({})", yes))));
    open(fmt::format("if (any({})) {{", otherwise));
    write(s.other, otherwise);
    close();
}

void block_writer::repeat(const statement& s, const std::string& mask) {
    const auto active = new_name("where"), test = condition(s.value);
    const auto turn = new_name("turn");
    line(fmt::format("auto {} = {};", active, mask.empty() ? test : fmt::format("both({}, {})", mask, test)));
    line(fmt::format("int {} = 0;", turn));
    open(fmt::format("for (; {} < 1000000 && any({}); ++{}) {{", turn, active, turn));
    write(s.body, active);
    line(fmt::format("{} = both({}, {});", active, active, condition(s.value)));
    close();
    open(fmt::format("if ({} == 1000000) {{", turn));
    report(fault_kind::endless_loop, active);
    for (const int v : usage_of(s.body).written) nan_to(v, active);
    close();
}

/// Everything of a variable becomes NaN.
void block_writer::nan_to(int variable, const std::string& mask) {
    const auto& x = program_.variables[static_cast<std::size_t>(variable)];
    const auto value = fmt::format("{}(__builtin_nan(\"\"))", style_.type), where = mask.empty() ? "all_lanes" : mask;
    if (!x.is_array) line(fmt::format("put({}, {}, {});", name(variable), value, where));
    else line(fmt::format("for (auto& x : {}) put(x, {}, {});", name(variable), value, where));
}

void block_writer::report(fault_kind f, const std::string& mask) {
    line(fmt::format("report(at, k, {}, {{{}, {}, {}}});", mask, static_cast<int>(f), at_.line, at_.column));
}

/// What the block leaves of an instance is not to be used.
void block_writer::fail(const std::string& mask) {
    report(fault_kind::failed, mask.empty() ? "all_lanes" : mask);
    for (std::size_t i = 0; i < program_.variables.size(); ++i)
        if (is_outcome(program_.variables[i])) nan_to(static_cast<int>(i), mask);
}

/// Lane by lane: what the system needs is copied to doubles, and its results back.
void block_writer::solve(const equation_system& system, const std::string& mask) {
    const auto lane = new_name("n");
    block_usage used = usage_of(system.body);
    for (const auto& r : system.residuals) add_usage(r, used);
    for (const auto& j : system.jacobian) add_usage(j.value, used);
    for (const auto& u : system.unknowns) used.read.insert(u.variable), used.written.insert(u.variable);
    open(fmt::format("for (int {0} = 0; {0} < width_of<{1}>; ++{0}) {{", lane, style_.type));
    if (!mask.empty()) line(fmt::format("if (!lane({}, {})) continue;", mask, lane));

    block_writer inner(program_, {.type = "double", .slope_type = "double", .active = {}, .suffix = style_.suffix + "s"});
    inner.depth_ = depth_, inner.count_ = count_;
    for (const int v : used.all()) {
        const auto& x = program_.variables[static_cast<std::size_t>(v)];
        if (!x.is_array) {
            inner.line(fmt::format("double {} = lane(value({}), {});", inner.name(v), name(v), lane));
            continue;
        }
        inner.line(fmt::format("double {}[{}];", inner.name(v), x.length));
        inner.line(fmt::format("for (int i = 0; i < {}; ++i) {}[i] = lane(value({}[i]), {});", x.length, inner.name(v), name(v), lane));
    }
    const auto unknown = [&](std::size_t i) { return inner.text({.is = kind::variable, .variable = system.unknowns[i].variable,
        .operands = system.unknowns[i].index ? std::vector{*system.unknowns[i].index} : std::vector<expression>{}}); };
    const auto n = system.unknowns.size();
    std::string starts;
    for (std::size_t i = 0; i < n; ++i) starts += (i ? ", " : "") + unknown(i);
    inner.line(fmt::format("double unknowns[] = {{{}}};", starts));
    inner.open("const auto equations = [&](const double* x, double* residual, [[maybe_unused]] double* jacobian) {");
    for (std::size_t i = 0; i < n; ++i) inner.line(fmt::format("{} = x[{}];", unknown(i), i));
    inner.write(system.body, {});
    for (std::size_t i = 0; i < n; ++i) inner.line(fmt::format("residual[{}] = {};", i, inner.text(system.residuals[i])));
    if (!system.jacobian.empty()) {
        inner.line("if (!jacobian) return;");
        for (const auto& j : system.jacobian) {
            const auto at = static_cast<std::size_t>(j.row)*n + static_cast<std::size_t>(j.column);
            inner.line(fmt::format("jacobian[{}] += {};", at, inner.text(j.value)));
        }
    }
    inner.close("};");
    inner.open(fmt::format("if (!solve_equations<{}, {}, {}>(unknowns, equations)) {{", n, system.is_linear, !system.jacobian.empty()));
    inner.line(fmt::format("if (k + {} < at.count) at.services->fault(at.self, k + {}, {{{}, {}, {}}});", lane, lane,
                           static_cast<int>(fault_kind::no_convergence), at_.line, at_.column));
    inner.close();
    inner.line(fmt::format("double last[{}];", n));
    inner.line("equations(unknowns, last, nullptr);   // what it computes from the solution stays");
    for (const int v : used.written) {
        const auto& x = program_.variables[static_cast<std::size_t>(v)];
        const auto set = [&](const std::string& at) { return fmt::format("set_lane({}{}, {}, {}{});", name(v), at, lane, inner.name(v), at); };
        inner.line(x.is_array ? fmt::format("for (int i = 0; i < {}; ++i) {}", x.length, set("[i]")) : set(""));
    }
    out_ += inner.out_, count_ = inner.count_;
    close();
}

void block_writer::event(const statement& s, const std::string& mask) {
    const auto first = text(s.value), guard = mask.empty() ? std::string() : fmt::format("if (lane({}, 0)) ", mask);
    const auto say = [&](const std::string& call) { line(guard + call); };
    switch (s.is) {
    case doing::net_send: return say(fmt::format("events.send(events.self, k, {}, {});", first, text(s.second)));
    case doing::net_event: return say(fmt::format("events.spike(events.self, k, {});", first));
    case doing::net_move: return say(fmt::format("events.move(events.self, k, {});", first));
    case doing::watch: return say(fmt::format("events.watch(events.self, k, {}, {});", s.variable, text(s.second)));
    default: return;   // what SOLVE was made of is gone by now
    }
}

/// The connection whose event this is may be among them: what the block holds of it goes back before, and is read again after.
void block_writer::for_connections(const statement& s) {
    const auto used = usage_of(s.body).all();
    const auto each = [&](const char* format) {
        for (std::size_t i = 0; i < program_.variables.size(); ++i)
            if (const auto& x = program_.variables[i]; x.kept == storage::connection)
                line(fmt::format(fmt::runtime(format), name(static_cast<int>(i)), x.offset));
    };
    const auto n = new_name("n");
    each("if (connection) connection[{1}] = {0};");
    open("{");
    line("double* const* all = nullptr;");
    open(fmt::format("for (int {0} = 0, count = events.connections(events.self, k, &all); {0} < count; ++{0}) {{", n));
    line(fmt::format("double* const connection = all[{}];", n));
    each("double {0} = connection[{1}];");
    write(s.body, {});
    each("connection[{1}] = {0};");
    close();
    close();
    each("if (connection) {0} = connection[{1}];");
}

}  // namespace apical::nmodl
