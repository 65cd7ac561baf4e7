// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "channels/nmodl/build.hpp"

/// Algebra of expressions. What is built here is as short as the rules 0 + x, 1*x, -(-x), -x - y = -(x + y), x*(-y) = -(x*y) and
/// arithmetic of numbers make it; each of them changes a value by rounding at most.
namespace apical::nmodl::algebra {

// What build.hpp makes, for those who write all of an expression in this namespace.
using nmodl::assign;
using nmodl::call;
using nmodl::is_number;
using nmodl::number;
using nmodl::read;
using nmodl::same;

/// Operations, written short.
expression negate(expression);
expression add(expression, expression);
expression subtract(expression, expression);
expression multiply(expression, expression);
expression divide(expression, expression);
expression power(expression base, expression exponent);

/// The expression with every operation built anew by the functions above.
expression simplify(const expression&);
/// With what `replacement` gives in place of variables; where it gives nothing they stay, with their index worked through.
expression substitute(const expression&, const std::function<std::optional<expression>(const expression& variable)>& replacement);
/// Whether the expression may read the element: an element of an array is read too where the index is no number.
bool reads(const expression&, const element&);

/// Derivative, given that of each variable read. Nothing where a function that has no derivative here depends on them.
std::optional<expression> derivative(const expression&, const std::function<expression(const expression& variable)>& of_variable);
/// Derivatives by several things at once, by their numbers; what is not in the map is 0.
using gradient = std::map<int, expression>;
/// The gradient, given that of each variable read, which is asked for once. A sum costs what its terms cost, however many there are. Nothing
/// where a function that has no derivative here depends on them.
std::optional<gradient> gradient_of(const expression&, const std::function<gradient(const expression& variable)>& of_variable);

/// rest + slopes[0]*x_0 + slopes[1]*x_1 + ..., with no x in the rest and in the slopes.
struct linear_form {
    expression rest;
    gradient slopes;
};
/// The expression as a linear form; nothing if it is none. `number_of` is asked once for each variable read: the number of an x, -1 for another
/// variable, nothing where that cannot be told. Costs of sums are those of their terms.
std::optional<linear_form> linear_form_of(const expression&, const std::function<std::optional<int>(const expression& variable)>& number_of);
/// (a, b) with expression = a + b*x and neither reading x; nothing if there are no such.
std::optional<std::pair<expression, expression>> linear_in(const expression&, const element& x);

}  // namespace apical::nmodl::algebra
