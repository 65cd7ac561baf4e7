// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/options.hpp"

namespace apical {

/// What the parts of a circuit cost on this machine, measured on some of them.
struct calibration {
    struct of_population {
        std::string name;
        int cells = 0;
        bool is_point = false, sends = false;
        int block = 1;                              ///< cells that are advanced together
        double block_seconds = 0;                   ///< of a whole block for a millisecond of simulated time, without events
        double contacts = 0;                        ///< onto a cell
        double events = 0;                          ///< of the contacts onto a cell, in a millisecond
        double event_seconds = 0;                   ///< of one
        double sources = 0, outside_sources = 0;    ///< cells that a cell hears, and sources of spikes
        double cell_bytes = 0;                      ///< of its state, without that of its contacts
        double contact_bytes = 0;                   ///< of a contact, in tables and states
        double contact_seconds = 0;                 ///< of building one
        double build_bytes = 0;                     ///< for a while, of a contact of the block whose table is being built
        double gap_ends = 0;                        ///< of a cell
        double round_seconds = 0;                   ///< of a block, for a solution again and its share of the joint step
    };
    std::vector<of_population> populations;
    double template_seconds = 0;                    ///< of compiling, whatever the number of cells
    double template_bytes = 0;                      ///< of what cells of a population share
    double cell_bytes = 0;                          ///< that every process has of every cell of the circuit, description and plan
    double gap_bytes = 0;                           ///< and of every gap junction
    double spike_seconds = 0;                       ///< of a spike that arrives at a process, to see that nothing there hears it
    double lookup_seconds = 0;                      ///< of one that is heard, for each block
    double sorting_seconds = 0;                     ///< of the same, once a process, over the logarithm to base 2 of their number
    double draw_seconds = 0;                        ///< of a spike of a random source that is heard
    double gid_seconds = 0;                         ///< of building, for each cell of the circuit and block of the process
    double epoch_ms = 0;                            ///< between exchanges of spikes; 0: nothing connects cells
    double rounds = 0;                              ///< of solving in a step, where there are gap junctions
    double random_sources = 0, random_rate = 0;     ///< of the circuit, and of all of them together [1/ms]
    double scheduled = 0;                           ///< spikes of sources that every process has
};

/// Times the kernels of every population on one block of it, with contacts as its projections would make them, and counts the contacts of the
/// whole by their rules; the circuit itself is not built. `rates`: of the cells of each population [1/ms]. `until`: the end of the run [ms].
/// Throws what compile() would throw of a block of each population.
calibration calibrate(const circuit& c, const run_options& run, const std::vector<double>& rates, double until);

}  // namespace apical
