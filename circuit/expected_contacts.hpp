// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "circuit/circuit.hpp"

namespace apical {

/// How many contacts of a projection a target has in the mean. Its rule says so without a draw; a probability that depends on positions
/// is summed over the sources of some targets, and a list is read for some, a hundred at most at equal distances. 0 if a population is not there.
double expected_contacts(const circuit& c, const projection& p);

}  // namespace apical
