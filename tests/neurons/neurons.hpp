// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "engine/simulation.hpp"
#include "models/model.hpp"

namespace apical::test {

inline constexpr auto everlasting = 1e6*units::ms;

/// Neurons of a published set with constant currents into their compartments from the beginning, their spikes detected.
inline circuit driven(const std::string& model, const models::option_values& options, std::vector<double> currents_nA, int size = 1) {
    circuit c;
    c.populations.push_back({"n", models::build(model, options), size});
    const char* const places[] = {"soma(0.5)", "apic[0](0.5)", "apic[1](0.5)"};
    for (std::size_t k = 0; k < currents_nA.size(); ++k)
        if (currents_nA[k] != 0)
            c.injections.push_back({{"n", places[k], {}}, step_current{0*units::ms, everlasting, currents_nA[k]*units::nA}});
    c.detectors.push_back({.on = {"n", "soma(0.5)", {}}});
    return c;
}

/// Spike times of cell 0 of the first population [ms].
inline std::vector<double> spike_times(const circuit& c, double until_ms, const run_options& options = {.dt = 0.1*units::ms}) {
    simulation s(c, options);
    s.run(until_ms*units::ms);
    std::vector<double> times;
    for (const auto& spike : s.spikes())
        if (spike.cell == 0 && spike.population == 0) times.push_back(spike.time);
    return times;
}

inline std::vector<double> intervals(const std::vector<double>& times) {
    std::vector<double> all;
    for (std::size_t k = 1; k < times.size(); ++k) all.push_back(times[k] - times[k - 1]);
    return all;
}

inline run_options adaptive(double dt_ms = 0.1) { return {.dt = dt_ms*units::ms, .neurons = neuron_method::adaptive}; }

}  // namespace apical::test
