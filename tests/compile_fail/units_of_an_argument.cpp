// SPDX-License-Identifier: BSD-3-Clause
// A conductance is no conductance density.
// fails with: could not convert|no viable conversion|cannot convert|no known conversion
#include "core/units.hpp"

using namespace apical;
using namespace apical::units;

constexpr double of_density(conductance_density g) { return g.in(S/cm2); }

#ifdef BREACH
constexpr double g = of_density(0.12*S);
#else
constexpr double g = of_density(0.12*S/cm2);
#endif
static_assert(g > 0.119 && g < 0.121);
