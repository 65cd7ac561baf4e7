// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/imported_plan.hpp"

namespace apical {

/// The currents of an imported mechanism in the present step, by instance and lane, in the units of its file: values at the voltage that the
/// step begins with, and slopes.
struct imported_currents {
    const imported_plan* of = nullptr;
    const std::vector<int>* elements = nullptr;     ///< of the block's rows and lanes
    const double *i = nullptr, *g = nullptr;        ///< of all its currents
    const std::vector<double*>*ion_i = nullptr, *ion_g = nullptr;   ///< of each that is an ion's, in the order of program::currents
};

}  // namespace apical
