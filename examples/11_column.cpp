// SPDX-License-Identifier: BSD-3-Clause
//
// Example 11: the cortical column, at a part of its size
//
// run: ./example_11_column
// run: ./example_11_column --scale 0.05
//
// Builds part of the column of Potjans & Diesmann (2014) and compares the rates of its populations with those of all of it. Fewer
// neurons with fewer, stronger inputs share their noise, so that rates are somewhat off.
//
// Shows: ready circuits, their options, what a circuit holds.

#include "engine/simulation.hpp"
#include "examples/example.hpp"
#include "models/circuit_model.hpp"
#include "models/circuits/potjans_diesmann.hpp"

using namespace apical;
using namespace apical::units;

namespace {

int compare(const example::arguments& given) {
    const auto column = models::build_circuit("potjans_diesmann", {{"scale", given("--scale", "0.1")}});
    constexpr double transient_ms = 200, until_ms = 700;
    simulation run(column, {.dt = 0.1*ms, .threads = 2});
    run.run(until_ms*ms);
    std::vector<double> rates(column.populations.size(), 0);
    for (const auto& s : run.spikes())
        if (s.time >= transient_ms) rates[static_cast<std::size_t>(s.population)] += 1e3/(column.populations[static_cast<std::size_t>(s.population)].size*(until_ms - transient_ms));
    example::report report;
    for (std::size_t k = 0; k < rates.size(); ++k) {
        const double published = models::potjans_diesmann_rates[k];
        report.near(column.populations[k].name.c_str(), rates[k], published, 0.5*published + 0.5, "Hz");
    }
    return report.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run([&] { return compare({argc, argv, {"--scale"}}); });
}
