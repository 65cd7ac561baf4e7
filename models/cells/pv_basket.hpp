// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "circuit/cell.hpp"

namespace apical::models {

struct pv_basket_options {
    compartment_rule compartments = d_lambda{};
};

/// Fast-spiking basket cell that expresses parvalbumin, on any morphology that has a soma; the axon is replaced by a stub of two
/// cylinders of 30 um. The sodium current is that of the fast-spiking cells of Pospischil et al., the potassium current Kv3.1 as in
/// Hay et al., dense in soma and axon and sparse in the dendrites. Densities and leak are Apical's own, set so that the shipped
/// morphology has the rest, input resistance, time constant, rheobase, spike width and rates of rodent cells; docs/models.md
/// has the numbers. Starts at -70 mV; to be run at 36 degC.
///
/// Throws invalid_model if there is no soma.
/// Pospischil et al. (2008) Biol Cybern 99:427; Hay et al. (2011) PLoS Comput Biol 7:e1002107.
cell pv_basket(const morphology& shape, const pv_basket_options& = {});

}  // namespace apical::models
