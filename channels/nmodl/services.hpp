// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>

#include "channels/nmodl/mechanism.hpp"

/// What mechanisms ask for besides arithmetic, the same for all that run them.
namespace apical::nmodl {

/// A random number of stream `stream` (a variable of the program, or -1): the `nth` that the instance draws in this run of the block. `a` and
/// `b` are those of the builtin, from `uniform` on; NaN for a mean of a Poisson distribution that there is not.
double random_number(const instance_view&, int instance, builtin, int stream, std::uint64_t nth, double a, double b);

/// The value of a FUNCTION_TABLE at x; NaN if the table has not as many axes, or not as many values as points.
double table_value(const function_table&, std::span<const double> x);

}  // namespace apical::nmodl
