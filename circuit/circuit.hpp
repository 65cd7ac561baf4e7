// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "circuit/cell.hpp"
#include "circuit/projection.hpp"
#include "circuit/stimulus.hpp"

namespace apical {

/// `size` neurons of one kind; their ids are 0 to size - 1.
struct population {
    std::string name;
    apical::cell cell;
    int size = 1;
    std::vector<position> positions = {};   ///< of the somata, one a cell; empty: nowhere
    /// Of point neurons: the potential at the start, drawn for each by (seed, population, cell); nothing: what the cell says.
    std::optional<random_value> start = {};
};

/// A time series to keep. What `variable` may name, where it exists:
///   v                    membrane potential [mV]
///   <mechanism>.<state>  a gate or other state, nata_t.m
///   <mechanism>.<parameter>
///   <mechanism>.i        current of one mechanism, outward, absolute [nA]; <mechanism>.g its slope conductance [uS]
///                        (a parameter called i or g goes first)
///   ca.c_in, ca.e_rev, ca.i    inner concentration [mM], reversal potential [mV], summed current of an ion [nA]
///   i_membrane           total membrane current, ionic plus capacitive, outward [nA]; currents of synapses and electrodes are part of it,
///                        so that those of all of a cell's compartments sum to nothing
///   i_clamp              current of the voltage clamps [nA]
/// On point and few-compartment neurons there are v and <neuron>.<state>, adex.w.
struct probe {
    std::string label;
    target on;
    std::string variable = "v";
    duration interval = 0*units::ms;     ///< between samples; 0: every step
    duration start = 0*units::ms;
};

/// Weights to keep, of a projection that learns.
struct weight_probe {
    std::string label;
    std::string projection;
    duration interval = 100*units::ms;   ///< between samples
    duration start = 0*units::ms;
};

/// An account of what crosses the membranes of a population's cells between two times, by mechanism, ion and compartment, from
/// which analysis/energy.hpp tells ATP. Not for point neurons.
struct energy_meter {
    std::string label;
    std::string population;
    duration start = 0*units::ms;
    duration stop = 0*units::ms;
    duration rest = 0*units::ms;         ///< for so long before `start` the cells rest, which is subtracted from a spike's cost; 0: unknown
    /// Between the instants at which currents are read where voltages change slowly, rounded to whole steps; 0: in every step.
    duration interval = 0.7*units::ms;
};

/// Where spikes are seen: upward crossings of the threshold. Point neurons have a rule of their own for what a spike is; a
/// detector on one tells of these, whatever its threshold. The first detector on a cell is also what its projections send; where
/// cells have none, projections put one at the soma, with the default threshold.
struct spike_detector {
    target on;
    voltage threshold = -20*units::mV;
};

/// The whole model: a plain value, to be compiled. Nothing in it depends on the number of ranks or threads.
struct circuit {
    std::vector<population> populations;
    std::vector<injection> injections;
    std::vector<voltage_clamp> clamps;
    std::vector<receptor> receptors;
    std::vector<spike_train> spike_trains;
    std::vector<poisson_train> poisson_trains;
    std::vector<probe> probes;
    std::vector<spike_detector> detectors;
    std::vector<energy_meter> meters;
    std::vector<spike_source> spike_sources;
    std::vector<projection> projections;
    std::vector<gap_junction> gap_junctions;
    std::vector<modulator> modulators;
    std::vector<weight_probe> weight_probes;
};

}  // namespace apical
