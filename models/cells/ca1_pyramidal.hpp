// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "circuit/cell.hpp"

namespace apical::models {

struct ca1_pyramidal_options {
    /// Of the transient potassium current at the soma; it grows with path distance x as 1 + x/100 um.
    conductance_density transient = 0.035*units::S/units::cm2;
};

/// A compact pyramidal cell of hippocampal CA1 for studies of its dendrites: a soma, an apical trunk of 300 um in four sections, each with three
/// thin oblique branches of 150 um at its end, and six thin basal branches; 59 compartments. Sections of the trunk and obliques are
/// apic[0], apic[4], apic[8], apic[12], and the three that follow each.
///
/// A spike of the soma travels back into the dendrite, and the transient potassium current, denser further out, holds it small in the thin
/// branches; in a branch that synapses have depolarised the current is inactivated, and the spike is larger there. Synapses together on
/// a thin branch, with NMDA receptors, do more than apart. Channels of Migliore et al. (1999); high-voltage-activated calcium current and a
/// calcium pool in the dendrites; the shape and the densities are Apical's own, chosen for these two properties.
/// Starts at -65 mV; to be run at 34 degC.
///
/// Throws invalid_model if the density is negative.
/// Magee & Johnston (1997) Science 275:209; Hoffman et al. (1997) Nature 387:869; Migliore et al. (1999) J Comput Neurosci 7:5;
/// Poirazi, Brannon & Mel (2003) Neuron 37:989.
cell ca1_pyramidal(const ca1_pyramidal_options& = {});

}  // namespace apical::models
