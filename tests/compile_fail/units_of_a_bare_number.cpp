// SPDX-License-Identifier: BSD-3-Clause
// A bare number is no quantity.
// fails with: could not convert|no viable conversion|conversion from
#include "core/units.hpp"

using namespace apical;

#ifdef BREACH
constexpr duration dt = 0.025;
#else
constexpr duration dt = 0.025*units::ms;
#endif
static_assert(dt.in(units::us) > 24);
