// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/nmodl/mechanism.hpp"
#include "core/random.hpp"

/// What blocks need besides their own arithmetic, evaluated or compiled.
namespace apical::nmodl {

/// What a table returns at x [arguments]; NaN if it has another number of them, or is not complete.
double interpolated(const function_table&, const double* x, int arguments);

/// A number of a distribution, from the beginning of a stream.
double drawn(builtin kind, random_stream, double a, double b);

}  // namespace apical::nmodl
