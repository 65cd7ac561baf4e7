// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "circuit/cell.hpp"

namespace apical::models {

struct sst_martinotti_options {
    compartment_rule compartments = d_lambda{};
};

/// Martinotti cell that expresses somatostatin, on any morphology that has a soma; the axon is replaced by a stub of two
/// cylinders of 30 um. Sodium, potassium, slow potassium and low-threshold calcium currents are those of the low-threshold spiking
/// cells of Pospischil et al.: it adapts, and fires when it is released from inhibition. Densities and leak are Apical's own, set
/// so that the shipped morphology has the rest, input resistance, time constant, rheobase and rates of rodent cells;
/// docs/models.md has the numbers. Starts at -62 mV; to be run at 36 degC.
///
/// Throws invalid_model if there is no soma.
/// Pospischil et al. (2008) Biol Cybern 99:427.
cell sst_martinotti(const morphology& shape, const sst_martinotti_options& = {});

}  // namespace apical::models
