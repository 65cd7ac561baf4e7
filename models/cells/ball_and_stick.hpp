// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "circuit/cell.hpp"

namespace apical::models {

struct ball_and_stick_options {
    length soma = 20*units::um;        ///< length and diameter of the soma
    length dendrite = 300*units::um;
    length diameter = 2*units::um;     ///< of the dendrite
    conductance_density leak = 1e-4*units::S/units::cm2;   ///< of the dendrite
    int dendrite_compartments = 5;
};

/// A soma with Hodgkin-Huxley currents and one passive dendrite, dend[0], at its end. Axial resistivity 100 ohm cm; capacitance 1
/// at the soma and 2 uF/cm2 at the dendrite, for its spines; the leak reverses at -65 mV, where it starts.
/// Throws invalid_model if a length is not positive.
cell ball_and_stick(const ball_and_stick_options& = {});

}  // namespace apical::models
