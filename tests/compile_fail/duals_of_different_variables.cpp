// SPDX-License-Identifier: BSD-3-Clause
// A dual number does not silently lose its derivative.
// fails with: cannot convert|no viable conversion|could not convert
#include "core/dual.hpp"

constexpr auto x = apical::variable(2.0);
#ifdef BREACH
constexpr double y = x*x;
#else
constexpr double y = (x*x).value;
#endif
static_assert(y == 4);
