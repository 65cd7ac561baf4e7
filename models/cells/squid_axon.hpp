// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "circuit/cell.hpp"

namespace apical::models {

struct squid_axon_options {
    apical::length diameter = 476*units::um;
    apical::length length = 200*units::mm;
    apical::length compartment = 400*units::um;   ///< the longest a compartment may be
    quantity<dimensions::resistivity> resistivity = 35.4*units::ohm*units::cm;
};

/// The giant axon of the squid: one cable, axon[0], with the sodium, potassium and leak currents of Hodgkin and Huxley, shifted
/// so that it rests near -65 mV. Kinetics follow the temperature of the run, with a Q10 of 3 from 6.3 degC.
/// Throws invalid_model if a length is not positive.
/// Hodgkin & Huxley (1952) J Physiol 117:500.
cell squid_axon(const squid_axon_options& = {});

/// Sodium, potassium and leak currents of Hodgkin and Huxley, with ena 50 mV and ek -77 mV, all over a region.
void paint_hodgkin_huxley(cell& c, const std::string& region);

}  // namespace apical::models
