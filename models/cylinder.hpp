// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/units.hpp"
#include "morphology/morphology.hpp"

namespace apical::models {

struct cylinder {
    section_type type;
    apical::length length, diameter;
};

/// Appends a straight cylinder along x, starting at this place on an earlier section.
/// Returns its section index; throws invalid_model as morphology::add does.
int add_cylinder(morphology& shape, const cylinder& c, location start);
/// A morphology of one cylinder.
morphology one_cylinder(const cylinder& c);

}  // namespace apical::models
