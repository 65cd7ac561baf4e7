// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

#include "circuit/circuit.hpp"

namespace apical::models {

struct l5_microcircuit_options {
    int cells = 100;                               ///< 83 % pyramidal, 9 % PV basket, 8 % SST Martinotti
    double thalamic_rate = 8;                      ///< of each thalamic axon [Hz]
    double top_down_rate = 4;                      ///< of each axon from higher areas, which ends in the tuft [Hz]
    double background_rate = 3;                    ///< of each axon from elsewhere [Hz]
    bool gap_junctions = true;                     ///< between interneurons of one kind
    bool stochastic = true;                        ///< vesicles are released by chance
    bool learns = false;                           ///< thalamic contacts of pyramidal cells, by dopamine
    std::uint64_t seed = 1;                        ///< of positions and gap junctions
};

/// A piece of neocortical layer 5: thick-tufted pyramidal cells (l5pc), PV basket cells and SST Martinotti cells on synthetic
/// morphologies, at the density of cells of the rat's. Connection probabilities, numbers of contacts, conductances and short-term
/// plasticity are those that Markram et al. (2015, Cell 163:456) give for these classes in layer 5; gap junctions join neighbouring
/// interneurons. Pyramidal cells receive thalamic axons on basal dendrites, top-down ones on the tuft. Axons from elsewhere stand for
/// the inputs that a piece of tissue is cut off from; their number and rate are Apical's, set so that cells fire as in awake animals.
///
/// With `learns` thalamic contacts of pyramidal cells follow the rule dopamine_stdp (Izhikevich 2007, Cereb Cortex 17:2443), and every
/// spike of a pyramidal cell releases dopamine: as much as the rule's paper gives for a reward if each fires once. That is no claim about layer 5: it makes a
/// circuit in which all that a run keeps changes. The probe of weights "thalamic_weights" has a sample every 20 ms.
///
/// To be run at 34 degC in steps of 0.025 ms. The pyramidal cell's gates have that temperature built in; its calcium reversal potential
/// is that of the run's temperature, and so a little higher than in the authors' runs.
/// Throws invalid_model if there are fewer than 12 cells.
circuit l5_microcircuit(const l5_microcircuit_options& = {});

}  // namespace apical::models
