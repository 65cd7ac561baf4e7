// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "channels/nmodl/patch.hpp"

/// One compartment with one mechanism, stepped as NEURON steps with a fixed step: what one looks at a mechanism with, and compares it by.
namespace apical::nmodl {

/// Values that hold from a step on: (first step, value), the first of step 0.
using steps_of_value = std::vector<std::pair<int, double>>;

/// What is done to the compartment.
struct protocol {
    double dt = 0.025;                                   ///< [ms]
    double celsius = 6.3;                                ///< [degC]
    int steps = 400;
    steps_of_value v;                                    ///< [mV] the potential is held there; empty: it is free
    double start = -65;                                  ///< [mV] of a free potential
    double cm = 1;                                       ///< [uF/cm2] of a free potential
    double inject = 0;                                   ///< [mA/cm2] into a free compartment, which raises v
    double diameter = 10, length = 10;                   ///< [um]
    std::map<std::string, ion_surroundings> ions;        ///< those not named are as usual
    std::map<std::string, steps_of_value> feed;          ///< [mA/cm2] currents of ions besides those of the mechanism, outward
    std::map<std::string, double> parameters, pointers;  ///< by name
    std::map<std::string, function_table> tables;        ///< by the name of the FUNCTION_TABLE
    std::vector<double> weights;                         ///< of connections
    std::vector<std::pair<double, int>> events;          ///< [ms] and connection
    double slope_over = 0;                               ///< [mV] see current_view; NEURON has 0.001
};

/// Values after the starting block and after each step: a row a step. Currents of ions are those of all [mA/cm2]. Spikes are times [ms].
struct course {
    std::vector<std::string> columns;
    std::vector<std::vector<double>> rows;
    std::vector<double> spikes;
};

/// `columns` are "v", "m", "x[2]", "ica", "cai", "eca"; empty: the potential, and all states and currents. Throws invalid_model for what
/// the mechanism does not have, and `diverged` where values leave the finite numbers.
course run_held(std::shared_ptr<const mechanism>, const protocol&, std::vector<std::string> columns = {});

}  // namespace apical::nmodl
