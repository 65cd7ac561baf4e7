// SPDX-License-Identifier: BSD-3-Clause
//
// Example 3: a pyramidal neuron detects that two inputs coincide
//
// run: ./example_03_l5pc_bac_firing
// run: ./example_03_l5pc_bac_firing --biophysics biophys1
//
// The layer-5 pyramidal cell of Hay et al. (2011). A brief current at the soma makes one spike. A small current at the
// distal apical dendrite makes none. Both together, five milliseconds apart, make a calcium spike in the dendrite and a burst at
// the soma: back-propagation-activated calcium (BAC) firing, Larkum, Zhu & Sakmann (1999) Nature 398:338.
//
// The shipped morphology is synthetic. With the authors' reconstruction, --soma "1.9 nA" --morphology <path of cell1.asc>, the
// burst has three spikes, at 297.92, 307.61 and 325.68 ms.
//
// Shows: ready cells by name and options, ready experiments, one cell under several experiments.

#include <algorithm>

#include "engine/simulation.hpp"
#include "examples/example.hpp"
#include "models/model.hpp"
#include "models/protocols.hpp"

using namespace apical;
using namespace apical::units;

namespace {

struct outcome {
    std::size_t spikes;
    double trunk_peak;   ///< [mV]
};

outcome perform(const cell& neuron, const models::experiment& e) {
    simulation run(models::on(neuron, e));
    run.run(e.until);
    const double peak = std::ranges::max(run["trunk"].samples);
    std::printf("%-40s %zu spikes, dendrite up to %6.1f mV\n", e.summary.c_str(), run.spikes().size(), peak);
    for (const auto& s : run.spikes()) std::printf("    spike at %.3f ms\n", s.time);
    return {run.spikes().size(), peak};
}

int bac_firing(const example::arguments& given) {
    const auto neuron = models::build("l5pc", {{"morphology", given("--morphology", "l5_tufted_pyramidal_c")},
                                               {"biophysics", given("--biophysics", "biophys3")}});
    const models::l5pc_protocols protocols;
    const auto pulse = given("--soma", 1.6*nA);
    const auto soma_alone = perform(neuron, protocols.bap(pulse));
    const auto dendrite_alone = perform(neuron, protocols.epsp());
    const auto both = perform(neuron, protocols.bac(pulse));

    example::report report;
    report.that(soma_alone.spikes == 1, "the soma's input alone makes one spike");
    report.that(dendrite_alone.spikes == 0, "the dendrite's input alone makes none");
    report.that(both.spikes >= 2, "together they make a burst");
    report.that(both.trunk_peak > -20 && soma_alone.trunk_peak < -20 && dendrite_alone.trunk_peak < -20,
                "only together they make a calcium spike");
    return report.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run([&] { return bac_firing({argc, argv, {"--morphology", "--biophysics", "--soma"}}); });
}
