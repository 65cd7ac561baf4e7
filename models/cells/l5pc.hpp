// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "circuit/cell.hpp"

namespace apical::models {

/// The published parameter sets of the thick-tufted layer-5 pyramidal cell, ModelDB 139653.
enum class hay_set {
    biophys1,   ///< fitted to back-propagation-activated calcium (BAC) firing only
    biophys2,   ///< fitted to step firing only
    biophys3,   ///< fitted to both
    biophys4,   ///< spikes start in the axon
};

/// How conductances that depend on the distance from the soma are assigned to compartments.
enum class hay_profile {
    /// As the published scripts do: the last compartment of a section has the value of the section's far end, and values are
    /// rounded to ten decimals [S/cm2].
    as_published,
    /// The value at the compartment's centre.
    at_centres,
};

struct l5pc_options {   ///< what the published cell leaves open
    hay_set biophysics = hay_set::biophys3;
    hay_profile profile = hay_profile::as_published;
    compartment_rule compartments = per_length{40};
};

/// Thick-tufted layer-5 pyramidal cell with BAC firing, on any morphology that has a soma and an apical tree; the
/// axon is replaced by a stub of two cylinders. The sets were fitted to the authors' reconstruction "cell1". Starts at -80 mV.
///
/// The authors' results are those at 6.3 degC: gates have their 34 degC built in, and temperature enters the calcium reversal
/// potential alone.
///
/// Throws invalid_model if there is no soma or no apical section.
/// Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107, tables 1 and 2 and ModelDB 139653.
cell l5pc(const morphology& shape, const l5pc_options& = {});

}  // namespace apical::models
