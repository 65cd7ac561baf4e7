// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "core/random.hpp"
#include "io/sonata/config.hpp"

namespace apical::sonata {

/// Cells into whose somata BBP's inputs send currents, and the current that relative ones are percentages of [nA].
struct soma_place {
    std::string population;
    std::vector<int> cells = {};
    double whole = 100;                            ///< 100 where nothing is relative, so that amplitudes stand for themselves
};

/// A ramp or pulses. Pulses closer than steps of dt [ms] are refused by who calls.
std::vector<injection> injections_of(const soma_current& c, const soma_place& at);
/// A train for each cell; of sampled ones there is one cell. `draws`: its own for this input; `number`: another for each input.
std::vector<injection> injections_of(const random_current& c, const soma_place& at, random_stream draws, std::uint64_t number);

/// Poisson shots that rise and decay exponentially [ms], their peaks gamma distributed.
struct shot_statistics { double rate, mean, variance; };   ///< [1/ms, nA, nA^2]
/// Those whose sum has this mean and standard deviation, by Campbell's theorem, with peaks of this coefficient of variation.
shot_statistics shots_for(double mean, double sd, double cv, double rise, double decay);
/// What the shot of peak 1 is at its highest without being scaled: e^(-t/decay) - e^(-t/rise).
double shot_peak(double rise, double decay);

}  // namespace apical::sonata
