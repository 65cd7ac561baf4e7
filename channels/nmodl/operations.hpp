// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

/// What the instructions of evaluated mechanisms compute.
namespace apical::nmodl {

/// Beyond `select` they are not arithmetic: struct instruction says what they do.
enum class operation : std::uint8_t {
    // to = f(a)
    copy, negate, neither, truth, exp, log, log10, sqrt, fabs, sin, cos, tan, asin, acos, atan, sinh, cosh, tanh, floor, ceil, erf, erfc,
    gamma_ln, exprel, exprel_slope, expm1, phi, log1p,
    // to = f(a, b); truth is 1 or 0, and what is not 0 is true
    add, subtract, multiply, divide, power, less, less_equal, equal, not_equal, both, either, atan2, fmod, minimum, maximum,
    // to = c is not 0 ? a : b
    select,
    // not arithmetic
    load, gather, store, accumulate, random, table, send, spike, move, watch, fault,
    skip, turn, solve, solved, load_connection, store_connection, connections, next_connection, connected, keep
};

/// Whether it has a kernel.
inline constexpr bool is_arithmetic(operation o) { return o <= operation::select; }
/// 1 to 3.
inline constexpr int operands_of(operation o) { return o < operation::add ? 1 : o < operation::select ? 2 : 3; }

/// An operation over n places, n a multiple of 8; `to` may be one of the operands.
using kernel = void (*)(const double* a, const double* b, const double* c, double* to, int n);

/// Operands of which `is_uniform` (bit 0: a, 1: b, 2: c) is said are one number for all places.
kernel kernel_of(operation, unsigned is_uniform);

/// The same of numbers, with the same bits.
double result_of(operation, double a, double b = 0, double c = 0);

}  // namespace apical::nmodl
