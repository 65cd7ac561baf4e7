// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "channels/nmodl/parser.hpp"
#include "channels/nmodl/parsing.hpp"

namespace apical::nmodl::syntax {
namespace {

/// As C has it, since NEURON hands these operators on to C as they stand: equality binds looser than order.
int precedence(const token& t) {
    if (t.is != token::kind::symbol) return -1;
    constexpr std::array<std::pair<std::string_view, int>, 12> table{{{"||", 0}, {"&&", 1}, {"==", 2}, {"!=", 2}, {"<", 3}, {">", 3},
                                                                      {"<=", 3}, {">=", 3}, {"+", 4}, {"-", 4}, {"*", 5}, {"/", 5}}};
    for (const auto& [symbol, level] : table)
        if (t.text == symbol) return level;
    return -1;
}

expression operation(expression::kind is, const token& op, std::vector<expression> operands) {
    expression e;
    e.is = is;
    e.at = op.at;
    e.name = op.text;
    e.operands = std::move(operands);
    return e;
}

expression both(const token& op, expression left, expression right) {
    std::vector<expression> operands;
    operands.reserve(2);
    operands.push_back(std::move(left));
    operands.push_back(std::move(right));
    return operation(expression::kind::binary, op, std::move(operands));
}

}  // namespace

expression parser::whole_expression() {
    operators_ = 0;
    return binary(0);
}

void parser::count_operator() {
    if (++operators_ > max_operators)
        refuse(peek().at, fmt::format("an expression of more than {} operators", max_operators), "split it: give parts of it to LOCAL variables");
}

expression parser::binary(int loosest) {
    auto left = unary();
    for (int p = precedence(peek()); p >= loosest; p = precedence(peek())) {
        count_operator();
        const auto op = take();
        auto right = binary(p + 1);
        left = both(op, std::move(left), std::move(right));
    }
    return left;
}

expression parser::unary() {
    if (!at_symbol("-") && !at_symbol("!") && !at_symbol("+")) return power();
    const level deeper(*this);
    const auto op = take();
    auto operand = unary();
    if (op.text == "+") return operand;
    std::vector<expression> one;
    one.push_back(std::move(operand));
    return operation(expression::kind::unary, op, std::move(one));
}

/// Binds from the right, and tighter than the sign before it: -x^2 is -(x^2), x^-y^z is x^(-(y^z)).
expression parser::power() {
    auto base = primary();
    if (!at_symbol("^")) return base;
    const level deeper(*this);
    const auto op = take();
    auto exponent = unary();
    return both(op, std::move(base), std::move(exponent));
}

expression parser::primary() {
    const auto& t = peek();
    if (t.is == kind::number) {
        const auto number = take();
        if (!std::isfinite(number.value)) refuse(number.at, fmt::format("{} is too large a number", number.text));
        expression e;
        e.at = number.at;
        e.value = number.value;
        if (at_symbol("(")) e.unit = optional_unit();
        return e;
    }
    if (at_symbol("(")) return parenthesised("an expression");
    if (t.is == kind::name && !begins_block(t)) return variable();
    unexpected("a value");
}

expression parser::parenthesised(std::string_view of) {
    const level deeper(*this);
    expect("(", of);
    auto inside = binary(0);
    inside.is_factor = inside.is == expression::kind::number && inside.unit.empty();
    expect(")", of);
    return inside;
}

/// A variable, one of its elements, its derivative, its past, or a call.
expression parser::variable() {
    const auto name = take();
    expression e = name_of(name);
    if (name.order > 0) e.is = expression::kind::derivative;
    else if (at_symbol("(")) {
        e.is = expression::kind::call;
        take();
        const level deeper(*this);
        while (!at_symbol(")")) {
            if (!e.operands.empty()) expect(",", fmt::format("an argument of {}", name.text));
            if (peek().is != kind::text) e.operands.push_back(binary(0));
            else {
                const auto text = take();
                expression literal = name_of(text);
                literal.is = expression::kind::text;
                e.operands.push_back(std::move(literal));
            }
        }
        expect(")", fmt::format("the arguments of {}", name.text));
        return e;
    }
    if (take_symbol("@")) {
        if (peek().is != kind::number || !peek().is_integer || peek().value > 1000) unexpected("a number of steps", "write name@1 for the last step's value");
        e.order = static_cast<int>(take().value);
    }
    if (take_symbol("[")) {
        const level deeper(*this);
        e.operands.push_back(binary(0));
        expect("]", fmt::format("the index of {}", name.text));
    }
    return e;
}

}  // namespace apical::nmodl::syntax
