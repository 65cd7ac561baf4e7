// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

#include "morphology/expression_tree.hpp"

namespace apical::expression {

/// A value and the part of the source it came from.
struct operand {
    value_tree value;
    std::size_t from, to;
};

/// Builders of values that check dimensions; each throws invalid_model at the operand that is wrong, naming both units.
class checked_values {
public:
    explicit checked_values(std::string_view source) : source_(source) {}

    /// source[from, to), whose number ends at `number_end`, as a quantity.
    value_tree quantity(std::size_t from, std::size_t number_end, std::size_t to) const;
    value_tree negated(const operand& a) const;
    value_tree sum(function plus_or_minus, const operand& a, const operand& b) const;
    value_tree product(function times_or_over, const operand& a, const operand& b) const;
    value_tree power(const operand& base, const operand& exponent) const;
    /// exp, log, sqrt, sigmoid, min, max or abs, the number of arguments being right.
    value_tree applied(function f, const std::vector<operand>& arguments) const;
    value_tree chosen(const region_tree& where, const operand& inside, const operand& outside) const;
    void require_same(std::string_view who, const operand& a, const operand& b) const;
    void require(std::string_view who, dimension expected, const operand& a) const;

private:
    /// The dimension itself, if its exponents can be reckoned with further.
    dimension sensible(dimension d, std::size_t from, std::size_t to) const;

    std::string_view source_;
};

/// "[S/cm2]", or "a plain number".
std::string unit_in_words(dimension d);

}  // namespace apical::expression
