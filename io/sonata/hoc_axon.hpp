// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "io/sonata/hoc_template.hpp"
#include "io/sonata/hoc_text.hpp"

namespace apical::sonata::hoc {

/// Which of the known surgeries a procedure does. Throws unsupported with the line of the first word that none of them has.
replaced_axon read_axon(const cell_program::procedure& p, const cell_program& in);

}  // namespace apical::sonata::hoc
