// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "analysis/energy.hpp"
#include "engine/layered_training.hpp"

namespace apical {

/// What rest, spikes and transmission cost a neuron that has no ions to count. Attwell & Laughlin (2001) J Cereb Blood Flow Metab 21:1133, rat
/// cortex; the presynaptic part is that of energy_costs.
struct signalling_costs {
    energy_costs of_cells = {};
    double rest = 3.42e8 + 1.02e8;             ///< [ATP/s] of a neuron at rest, and of the glia with it
    double spike = 3.84e8;                     ///< ATP of an action potential along axon and dendrites
    double postsynaptic = 1.4e5;               ///< ATP for the ions that the glutamate of a vesicle lets in
    double release = 0.25;                     ///< vesicles that a spike releases at a synapse, on average
    double rate_of_one = 40;                   ///< spikes/s that an output of 1 stands for; an assumption
    double phase = 0.1;                        ///< [s] that a phase of a trial lasts; an assumption

    /// ATP of a spike that arrives at a synapse.
    double arrival() const { return release*(postsynaptic + of_cells.vesicle); }
};

/// ATP/s of a neuron that fires at so many spikes/s onto so many synapses.
double power_of_neuron(double rate, double synapses, const signalling_costs& costs = {});

/// ATP of one trial of a layered net, were its units such neurons: mean over examples. Without teaching, of telling what an example is; with, of
/// learning from it, all phases. Weights have no upkeep.
double atp_of_trial(const layered_traffic& traffic, const signalling_costs& costs = {});

inline constexpr double joules_per_atp = 8.3e-20;   ///< 50 kJ/mol

}  // namespace apical
