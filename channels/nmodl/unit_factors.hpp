// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

/// Values of factors that UNITS blocks define by units, `F = (faraday) (coulomb)`.
namespace apical::nmodl {

/// Units by name: those of the field, and what a file adds with `(mM) = (milli/liter)`. Constants of nature are those of CODATA 2018,
/// as in NEURON 8 and later.
class unit_factors {
public:
    /// From now on `name` means `meaning`; false if that has a name that is not known.
    bool define(std::string name, std::string_view meaning);

    /// How many `unit`s `what` is; empty if a name in them is not known. Both are without parentheses, such as "k-mole" and "joule/degC".
    std::optional<double> factor(std::string_view what, std::string_view unit) const;

    /// The number of SI units that a product of units is.
    std::optional<double> value(std::string_view units) const;

private:
    std::optional<double> value_of_name(std::string_view name) const;

    std::map<std::string, double, std::less<>> defined_;
};

}  // namespace apical::nmodl
