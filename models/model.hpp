// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/cell.hpp"
#include "core/error.hpp"

namespace apical::models {

/// A choice that a ready model leaves open. Values are text, with units where they have a dimension.
struct option {
    std::string name;
    std::string value;                       ///< default
    std::string meaning;
    std::vector<std::string> choices = {};   ///< empty: any text of the default's kind
};
using option_values = std::map<std::string, std::string>;

/// The values given, and the defaults of the others. Throws invalid_model, naming the owner, if an option is unknown or its value none of its
/// choices, with a suggestion.
option_values completed(const std::string& owner, const std::vector<option>& options, const option_values& given);

/// A ready cell: a file models/cells/<name>.cpp that defines `model <name>_model()`. The build finds the file.
struct model {
    std::string name;
    std::string summary;   ///< one line
    std::string source;    ///< the papers, with their years
    apical::temperature temperature = celsius(6.3);   ///< of the runs it is meant for
    std::vector<option> options;
    /// Builds the cell; the values are complete and, where there are choices, one of them.
    std::function<cell(const option_values&)> make;
};

/// Every model of the models/cells folder, by name.
std::vector<model> all();

/// Builds a ready cell. Throws invalid_model if the model or an option is unknown, with a suggestion, or a value unfit.
/// `repairs`, where given, gets the liberties that were taken with the morphology file.
///
///     const auto c = models::build("l5pc", {{"biophysics", "biophys1"}});
cell build(std::string_view name, const option_values& values = {}, std::vector<problem>* repairs = nullptr);

/// For the `make` of a model: the value of an option as a quantity, which must have this dimension and be positive.
double positive(const option_values&, const std::string& name, dimension expected);
template <dimension D> quantity<D> positive(const option_values& values, const std::string& name) {
    return quantity<D>::coherent(positive(values, name, D));
}
/// The value of an option as a pure number from `low` to `high`.
double number(const option_values&, const std::string& name, double low, double high);
/// The value of an option as a whole number from 1 to 32767.
int count(const option_values&, const std::string& name);
/// The morphology an option names: a file that ships with Apical ("l5_tufted_pyramidal_a"), or else the path of an SWC or ASC file.
morphology named_shape(const option_values&, const std::string& name);

/// Throws invalid_model, in the name of the model, if a shape has no section of this type.
void require_section(const morphology& shape, section_type type, const std::string& model);

}  // namespace apical::models
