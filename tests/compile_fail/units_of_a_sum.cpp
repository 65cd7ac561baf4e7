// SPDX-License-Identifier: BSD-3-Clause
// A voltage and a current cannot be added.
// fails with: no match for .operator\+|invalid operands
#include "core/units.hpp"

using namespace apical::units;

#ifdef BREACH
constexpr auto sum = 1*mV + 1*nA;
#else
constexpr auto sum = 1*mV + 1*nA*1*Mohm;
#endif
static_assert(sum.in(mV) == 2);
