// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "channels/nmodl/diagnostic.hpp"
#include "channels/nmodl/syntax.hpp"
#include "core/units.hpp"

/// Units as NMODL writes them. Moles are numbers of particles there, so that a concentration is 1/volume and Faraday's constant a charge.
namespace apical::nmodl {

/// How many of the SI unit, and of what.
struct unit {
    double factor = 1;
    dimension of;

    friend unit operator*(unit a, unit b) { return {a.factor*b.factor, a.of*b.of}; }
    friend unit operator/(unit a, unit b) { return {a.factor/b.factor, a.of/b.of}; }
    unit power(int n) const;
    /// Whether one number means the same in both.
    bool is_same_as(const unit&) const;
};

/// Units by name: those that everybody has, and those that a file defines.
class unit_table {
public:
    unit_table() = default;
    /// With the definitions of the UNITS blocks; what is wrong with them is told under the rule "units".
    unit_table(const syntax::file&, diagnostics& found);

    /// "mA/cm2", "/ms-mM", "k-mole", "10000 coulomb", "" (a pure number). All behind the first '/' divides; nothing if a name is not known.
    std::optional<unit> find(std::string_view text) const;
    /// The first name in the text that is not known.
    std::string unknown_in(std::string_view text) const;

private:
    std::optional<unit> named(const std::string& word) const;
    std::map<std::string, unit, std::less<>> own_;
};

/// A unit in words: the customary name, with a factor before it if it is no such: "mV", "0.001 mA/cm2".
std::string to_text(const unit&);

/// Assignments, sums, comparisons, arguments and rates whose units do not agree, as warnings of the rule "units", each with the factor to
/// put where a factor is what is missing. What stands behind UNITSOFF is left alone.
void check_units(const syntax::file&, diagnostics& found);

}  // namespace apical::nmodl
