// SPDX-License-Identifier: BSD-3-Clause
// Quantities of different dimension cannot be compared.
// fails with: no match for .operator<|invalid operands
#include "core/units.hpp"

using namespace apical::units;

#ifdef BREACH
static_assert(1*mV < 1*ms);
#else
static_assert(1*mV < 1*V);
#endif
