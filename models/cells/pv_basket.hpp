// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "circuit/cell.hpp"

namespace apical::models {

struct pv_basket_options {
    compartment_rule compartments = d_lambda{};
};

/// Fast-spiking basket cell that expresses parvalbumin, on any morphology that has a soma; the axon is replaced by a stub of two
/// cylinders of 30 um. Sodium and potassium currents are those of Wang & Buzsaki, dense in soma and axon and sparse in the
/// dendrites. Densities and leak are Apical's own, set so that the shipped morphology has the rest, input resistance, time
/// constant, rheobase and highest rate of rodent cells; docs/models.md has the numbers. Starts at -70 mV; kinetics are those
/// of the body's temperature, whatever that of the run.
///
/// Throws invalid_model if there is no soma.
/// Wang & Buzsaki (1996) J Neurosci 16:6402.
cell pv_basket(const morphology& shape, const pv_basket_options& = {});

}  // namespace apical::models
