// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>

#include <nanobind/nanobind.h>

#include "circuit/cell.hpp"
#include "frontends/python/quantity.hpp"

namespace apical::python {

/// A place as a Python function sees it; holds no reference to the morphology.
struct seen_place {
    std::string section;
    double x, distance, diameter;
    int order;
};

/// A Python function of the place as the value of a parameter. Called with the GIL held, or takes it.
class python_function {
public:
    python_function(nb::object callable, dimension expected, std::string where);
    double operator()(const place& p) const;
    nb::object callable() const { return *callable_; }

private:
    std::shared_ptr<nb::object> callable_;   // destroyed under the GIL, wherever the last copy dies
    dimension expected_;
    std::string where_;
};

/// What people paint with: a quantity, an expression or a function, of this dimension. Throws invalid_model naming `where`.
spatial_value read_spatial(nb::handle value, dimension expected, const std::string& where);
/// The reverse: a Quantity, text, or the function.
nb::object shown(const spatial_value& value);

}  // namespace apical::python
