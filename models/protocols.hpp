// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "circuit/circuit.hpp"

namespace apical::models {

/// What is done to one cell and what is watched: everything of a circuit but the cell.
struct experiment {
    std::string name, summary;
    std::vector<injection> injections;
    std::vector<probe> probes;
    std::vector<spike_detector> detectors;
    duration until;
};

/// The circuit of one cell under an experiment; its population is called "cell".
circuit on(const cell& c, const experiment& e);

/// The experiments of Hay et al. (2011) PLoS Comput Biol 7:e1002107 on a layer-5 pyramidal cell, figures 1 to 6.
///
/// All probe the soma ("soma") and the apical dendrite ("trunk", at the site of the dendritic electrode) at every step, and
/// detect somatic spikes at -20 mV. Sites are location expressions.
struct l5pc_protocols {
    std::string population = "cell";
    std::string soma = "soma(0.5)";
    /// The dendritic electrode: of all apical places at this path distance, the thickest.
    std::string trunk = "thickest(at(apical, 620 um))";
    /// Where the critical-frequency experiment looks for a calcium spike, beyond the main bifurcation; probed as "tuft".
    std::string tuft = "thickest(at(apical, 830 um))";
    voltage threshold = -20*units::mV;

    /// A somatic step of 2 s from 700 ms on, for 3 s in all. The authors use 0.619, 0.793 and 1.507 nA.
    experiment step_firing(current amplitude) const;
    /// A back-propagating action potential: a somatic pulse of 5 ms at 295 ms.
    experiment bap(current amplitude = 1.9*units::nA) const;
    /// A dendritic EPSP-like current at 300 ms, alone.
    experiment epsp(current peak = 0.5*units::nA) const;
    /// A dendritic current strong enough for a calcium spike, alone.
    experiment calcium_spike() const;
    /// Back-propagation-activated calcium firing: `bap` and, 5 ms later, `epsp`. The somatic pulse should be little stronger than
    /// a spike takes: 1.9 nA for the authors' reconstruction, 1.6 nA for the shipped morphology.
    experiment bac(current amplitude = 1.9*units::nA, current peak = 0.5*units::nA) const;
    /// Five somatic pulses of 5 ms from 250 ms on, `hertz` apart: above a critical frequency they evoke a calcium spike.
    /// In this model the outcome turns on 1 % of the amplitude: scan it.
    experiment critical_frequency(double hertz, current amplitude = 1.99*units::nA) const;

private:
    experiment base(std::string name, std::string summary, duration until) const;
};

}  // namespace apical::models
