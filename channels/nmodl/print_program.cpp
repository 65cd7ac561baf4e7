// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/print_program.hpp"

#include <string_view>

#include <fmt/format.h>

#include "channels/nmodl/build.hpp"

namespace apical::nmodl {
namespace {

using kind = expression::kind;
using does = statement::kind;

int precedence(const expression& e) {
    switch (e.is) {
        case kind::logical_or: return 1;
        case kind::logical_and: return 2;
        case kind::equal:
        case kind::not_equal: return 3;
        case kind::less:
        case kind::greater:
        case kind::less_equal:
        case kind::greater_equal: return 4;
        case kind::add:
        case kind::subtract: return 5;
        case kind::multiply:
        case kind::divide: return 6;
        case kind::negate:
        case kind::logical_not: return 7;
        case kind::power: return 8;
        case kind::number: return e.value < 0 ? 7 : 9;
        default: return 9;
    }
}

const std::string& name_of_variable(const program& p, int variable) {
    static const std::string none = "?";
    return variable >= 0 && static_cast<std::size_t>(variable) < p.variables.size() ? p.variables[static_cast<std::size_t>(variable)].name : none;
}

std::string in_parentheses(const program& p, const expression& e, bool needed) {
    const auto text = print_expression(p, e);
    return needed ? "(" + text + ")" : text;
}

std::string list(const program& p, const std::vector<expression>& all) {
    std::string text;
    for (const auto& e : all) text += (text.empty() ? "" : ", ") + print_expression(p, e);
    return text;
}

std::string print_call(const program& p, const expression& e) {
    if (e.function == builtin::function_table && e.variable >= 0)
        return fmt::format("{}({})", p.function_tables[static_cast<std::size_t>(e.variable)], list(p, e.operands));
    const std::string stream = e.variable >= 0 ? name_of_variable(p, e.variable) + (e.operands.empty() ? "" : ", ") : "";
    return fmt::format("{}({}{})", name_of(e.function), stream, list(p, e.operands));
}

std::string print_element(const program& p, const element& e) {
    return e.index ? fmt::format("{}[{}]", name_of_variable(p, e.variable), print_expression(p, *e.index)) : name_of_variable(p, e.variable);
}

std::string print_side(const program& p, const std::vector<statement::term>& side) {
    std::string text;
    for (const auto& t : side)
        text += (text.empty() ? "" : " + ") + (t.coefficient == 1 ? "" : fmt::format("{} ", t.coefficient)) + print_element(p, t.species);
    return text;
}

/// Prints the statements of one block.
class printer {
public:
    printer(const program& p, int depth) : program_(p), depth_(depth) {}

    std::string print(const block& b) {
        for (const auto& s : b) one(s);
        return std::move(text_);
    }

private:
    void line(std::string_view what) { text_ += std::string(static_cast<std::size_t>(2*depth_), ' ').append(what) + "\n"; }

    void nested(const block& b) { text_ += print_block(program_, b, depth_ + 1); }

    std::string value(const expression& e) const { return print_expression(program_, e); }

    void one(const statement& s) {
        const auto to = [&] { return print_element(program_, s.to); };
        switch (s.is) {
            case does::assign: return line(fmt::format("{} = {}", to(), value(s.value)));
            case does::derivative: return line(fmt::format("{}' = {}", to(), value(s.value)));
            case does::relax: return line(fmt::format("relax {}' = {} + ({})*{}", to(), value(s.constant_term), value(s.slope), to()));
            case does::branch: return branch(s);
            case does::repeat: return enclosed(fmt::format("while ({}) {{", value(s.value)), s.body);
            case does::for_netcons: return enclosed("for_netcons {", s.body);
            case does::solve: return solve(s);
            case does::watch:
                if (!s.body.empty()) enclosed("before watch {", s.body);
                return line(fmt::format("watch {} ({}) {}", s.variable, value(s.value), value(s.second)));
            case does::net_send: return line(fmt::format("net_send({}, {})", value(s.value), value(s.second)));
            case does::net_event: return line(fmt::format("net_event({})", value(s.value)));
            case does::net_move: return line(fmt::format("net_move({})", value(s.value)));
            case does::fail: return line(fmt::format("fail \"{}\"", s.text));
            case does::reaction: return reaction(s);
            case does::equation: return line(fmt::format("~ {} = {}", value(s.value), value(s.second)));
            case does::conserve: return line(fmt::format("conserve {} = {}", value(s.value), value(s.second)));
            case does::compartment: return line(fmt::format("compartment {} {{{}}}", value(s.value), names(s)));
            case does::diffusion: return line(fmt::format("diffusion {} {{{}}}", value(s.value), names(s)));
        }
    }

    std::string names(const statement& s) const {
        std::string all;
        for (const auto& n : s.names) all += (all.empty() ? "" : " ") + print_element(program_, n);
        return all;
    }

    void enclosed(const std::string& head, const block& body) {
        line(head);
        nested(body);
        line("}");
    }

    void branch(const statement& s) {
        line(fmt::format("if ({}) {{", value(s.value)));
        nested(s.body);
        if (!s.other.empty()) {
            line("} else {");
            nested(s.other);
        }
        line("}");
    }

    void reaction(const statement& s) {
        if (s.is_source) return line(fmt::format("~ {} << ({})", print_side(program_, s.left), value(s.value)));
        line(fmt::format("~ {} <-> {} ({}, {})", print_side(program_, s.left), print_side(program_, s.right), value(s.value), value(s.second)));
    }

    void solve(const statement& s) {
        for (const auto& system : s.system) {
            std::string unknowns;
            for (const auto& u : system.unknowns) unknowns += " " + print_element(program_, u);
            line(fmt::format("solve{}{} {{", system.is_linear ? " linear" : "", unknowns));
            nested(system.body);
            ++depth_;
            for (const auto& r : system.residuals) line(fmt::format("0 = {}", value(r)));
            for (const auto& j : system.jacobian) line(fmt::format("d{}/d{} = {}", j.row, j.column, value(j.value)));
            --depth_;
            line("}");
        }
    }

    const program& program_;
    int depth_;
    std::string text_;
};

std::string print_variable(const variable& v) {
    std::string text = v.name;
    if (v.is_array) text += fmt::format("[{}]", v.length);
    if (v.value != 0) text += fmt::format(" = {}", v.value);
    return text;
}

std::string print_storage(const program& p, storage kept, std::string_view name) {
    std::string all;
    for (const auto& v : p.variables)
        if (v.kept == kept) all += (all.empty() ? " " : ", ") + print_variable(v);
    return all.empty() ? "" : fmt::format("{}{}\n", name, all);
}

}  // namespace

std::string print_expression(const program& p, const expression& e) {
    const int own = precedence(e);
    switch (e.is) {
        case kind::number: return fmt::format("{}", e.value);
        case kind::variable:
            return e.operands.empty() ? name_of_variable(p, e.variable)
                                      : fmt::format("{}[{}]", name_of_variable(p, e.variable), print_expression(p, e.operands.front()));
        case kind::call: return print_call(p, e);
        case kind::negate:
        case kind::logical_not: return std::string(sign_of(e.is)) + in_parentheses(p, e.operands.at(0), precedence(e.operands[0]) <= own);
        default: break;
    }
    const auto& left = e.operands.at(0);
    const auto& right = e.operands.at(1);
    const std::string space = own <= 5 ? " " : "";
    return in_parentheses(p, left, precedence(left) < own || (e.is == kind::power && precedence(left) == own)) + space + std::string(sign_of(e.is)) +
           space + in_parentheses(p, right, precedence(right) <= own);
}

std::string print_block(const program& p, const block& b, int depth) { return printer(p, depth).print(b); }

std::string print_program(const program& p) {
    std::string text;
    text += print_storage(p, storage::instance, "INSTANCE");
    text += print_storage(p, storage::shared, "SHARED");
    text += print_storage(p, storage::connection, "CONNECTION");
    text += print_storage(p, storage::local, "LOCAL");
    const auto one = [&](std::string_view name, const block& b) {
        if (!b.empty()) text += fmt::format("{} {{\n{}}}\n", name, print_block(p, b, 1));
    };
    one("BEFORE INITIAL", p.before_initial);
    one("INITIAL", p.initial);
    one("AFTER INITIAL", p.after_initial);
    one("BEFORE STEP", p.before_step);
    one("ADVANCE", p.advance);
    one("AFTER SOLVE", p.after_solve);
    one("BEFORE BREAKPOINT", p.before_breakpoint);
    one("BREAKPOINT", p.breakpoint);
    one("NET INITIAL", p.net_initial);
    one("NET RECEIVE", p.net_receive);
    return text;
}

}  // namespace apical::nmodl
