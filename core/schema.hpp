// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace apical {

/// One parameter or state as people see it: the row of a table, the key of a JSON file, a Python keyword.
struct field {
    std::string_view name;
    double value = 0;            ///< default, in `unit`
    std::string_view unit;       ///< "S/cm2", "mV", "" for a pure number
    std::string_view meaning;
    double low = 0, high = 0;    ///< inclusive range, in `unit`
};

/// A set of parameter values that somebody published; `values` in the units of the schema.
template <class P> struct parameter_set {
    std::string_view name, source;
    P values;
};

}  // namespace apical
