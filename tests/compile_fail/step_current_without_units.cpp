// SPDX-License-Identifier: BSD-3-Clause
// A stimulus takes quantities only.
// fails with: could not convert|no viable conversion|cannot convert
#include "circuit/stimulus.hpp"

using namespace apical;
using namespace apical::units;

#ifdef BREACH
const step_current pulse{100*ms, 500*ms, 0.3};
#else
const step_current pulse{100*ms, 500*ms, 0.3*nA};
#endif
const auto& used = pulse;
