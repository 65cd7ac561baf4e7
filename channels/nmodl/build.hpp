// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "channels/nmodl/program.hpp"

/// Expressions and statements of programs, made. Operations on numbers are done at once where the result is finite and what a run would
/// get, bit by bit. Where no place is given, an expression is where its first operand is.
namespace apical::nmodl {

/// A number.
expression number(double value, place = {});

/// A variable, or an element of an array.
expression read(const element&, place = {});
expression read(int variable, place = {});

/// `left op right`, by the name NMODL has for it; empty if there is no such operation.
std::optional<expression::kind> operation(std::string_view op);

/// An operation with two operands.
expression binary(expression::kind, expression left, expression right, place = {});

/// -operand, or !operand.
expression unary(expression::kind, expression operand, place = {});

/// A call of a built-in function.
expression call(builtin, std::vector<expression> operands, place = {});

/// to = value.
statement assign(element to, expression value, place = {});

/// Whether it is a number, or this one.
bool is_number(const expression&);
bool is_number(const expression&, double value);

/// The same tree; places do not count.
bool same(const expression&, const expression&);
bool same(const element&, const element&);

/// The name of a built-in function in NMODL, and the number of its arguments.
struct builtin_name {
    std::string_view name;
    builtin function;
    int arguments;
};

/// Those that a file may call by name and that do nothing but compute.
std::span<const builtin_name> pure_builtins();

/// The name of any built-in function, for people.
std::string_view name_of(builtin);

/// The sign of an operation.
std::string_view sign_of(expression::kind);

}  // namespace apical::nmodl
