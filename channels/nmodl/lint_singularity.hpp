// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <optional>
#include <string>

#include "channels/nmodl/diagnostic.hpp"
#include "channels/nmodl/syntax.hpp"

namespace apical::nmodl {

/// The value of an expression as it stands, if all names in it have values and it calls nothing but exp and fabs.
std::optional<double> evaluate(const syntax::expression&, const std::map<std::string, double>& values);

/// Quotients like x/(exp(x) - 1) that no if guards at x = 0, as warnings of the rule "singularity".
void lint_singularities(const syntax::file&, diagnostics& found);

}  // namespace apical::nmodl
