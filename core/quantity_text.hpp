// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

#include "core/units.hpp"

namespace apical {

/// A quantity whose dimension is known at run time only: `value` is in the coherent set (ms, mV, um, nA, ...).
struct any_quantity {
    double value = 0;
    apical::dimension dimension;
    bool operator==(const any_quantity&) const = default;
};

/// Reads "0.12 S/cm2", "100 ohm cm", "-65 mV", "6.3 degC" (affine, gives kelvin), "1e-4 /ms", "3".
/// Units multiply by blank, `*` or `.`, divide by `/` (which binds to the next unit only), and take integer powers with or
/// without `^`. Throws invalid_model, naming the text and the units known.
any_quantity parse_quantity(std::string_view text);

/// One `unit` in coherent units, "S/cm2" -> {0.01, conductance density}; "" or "1" is a pure number.
any_quantity parse_unit(std::string_view unit);

/// The value in the coherent set, checked to have this dimension; the error names `where`, both dimensions and an example.
double parse_as(std::string_view text, dimension expected, std::string_view where);

/// How many `unit`s the quantity is. Where rounding leaves a choice, the number that is shortest in decimal: 0.12 and not
/// 0.11999999999999998. Throws invalid_model if the dimensions differ.
double number_of(any_quantity q, any_quantity unit);

/// The customary unit of a dimension, for messages and tables: "S/cm2", "ohm cm", "mV"; else a product of base units.
std::string customary_unit(dimension d);

/// `value` (coherent) written in the customary unit of its dimension: "0.12 S/cm2".
std::string to_text(any_quantity q);

}  // namespace apical
