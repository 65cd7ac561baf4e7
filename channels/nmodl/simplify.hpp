// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "channels/nmodl/program.hpp"

/// Algebra of expressions. What is built here is as short as the rules 0 + x, 1*x, -(-x), -x - y = -(x + y), x*(-y) = -(x*y) and
/// arithmetic of numbers make it; each of them changes a value by rounding at most.
namespace apical::nmodl::algebra {

expression number(double);
expression read(int variable);
expression read(const element&);
expression negate(expression);
expression add(expression, expression);
expression subtract(expression, expression);
expression multiply(expression, expression);
expression divide(expression, expression);
expression power(expression base, expression exponent);
expression call(builtin, std::vector<expression> arguments);
/// 1 where it holds, else 0. `kind` is one of the comparisons.
expression compare(expression::kind, expression, expression);
/// An assignment, which is where what it assigns is said to be.
statement assign(element to, expression value, place);

/// A number of this value.
bool is_number(const expression&, double);
/// The same tree; places do not count.
bool same(const expression&, const expression&);
bool same(const element&, const element&);
/// The expression with every operation built anew by the functions above.
expression simplify(const expression&);
/// With what `replacement` gives in place of variables; where it gives nothing they stay, with their index worked through.
expression substitute(const expression&, const std::function<std::optional<expression>(const expression& variable)>& replacement);
/// Whether the expression may read the element: an element of an array is read too where the index is no number.
bool reads(const expression&, const element&);

/// Derivative, given that of each variable read. Nothing where a function that has no derivative here depends on them.
std::optional<expression> derivative(const expression&, const std::function<expression(const expression& variable)>& of_variable);
/// (a, b) with expression = a + b*x and neither reading x; nothing if there are no such.
std::optional<std::pair<expression, expression>> linear_in(const expression&, const element& x);

/// Calls `use` with each expression of the statement, those of its bodies included; not with what it assigns.
void for_each_expression(const statement&, const std::function<void(const expression&)>& use);
void for_each_expression(const block&, const std::function<void(const expression&)>& use);
/// Variables that the expression, or what the statements compute, may depend on.
void collect_reads(const expression&, std::set<int>& variables);
std::set<int> variables_read(const block&);
/// Variables that the statements, or statements of their bodies, assign.
std::set<int> variables_assigned(const block&);

/// The variable of this role that there is one of: time, step. Added if the file does not name it.
int variable_of(program&, role);
/// A new local variable; the name is made unique.
int add_local(program&, std::string name, place);
/// "ca" or "ca_2": what locals that belong to an element are named after.
std::string name_of(const program&, const element&);

}  // namespace apical::nmodl::algebra
