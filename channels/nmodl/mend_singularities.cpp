// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/integrate.hpp"

namespace apical::nmodl {

void mend_singularities(program&) {}

}  // namespace apical::nmodl
