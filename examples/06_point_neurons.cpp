// SPDX-License-Identifier: BSD-3-Clause
//
// Example 6: point neurons are populations like any other
//
// run: ./example_06_point_neurons
// run: ./example_06_point_neurons --dt "0.2 ms"
//
// The rate of the leaky integrate-and-fire neuron has a closed form, which the fixed steps meet whatever their length: they are exact,
// and a spike happens where it happens within a step. The adaptive exponential neuron has none; there the fixed steps are compared with
// the adaptive reference.
//
// Shows: ready point neurons, their published sets, the two ways to advance them.

#include "engine/simulation.hpp"
#include "examples/example.hpp"
#include "models/model.hpp"

using namespace apical;
using namespace apical::units;

namespace {

/// The interval between the last two spikes of each of the neurons, which get a current each [ms].
std::vector<double> last_intervals(const cell& kind, const std::vector<current>& currents, const run_options& options) {
    circuit model;
    model.populations.push_back({.name = "points", .cell = kind, .size = static_cast<int>(currents.size())});
    for (int i = 0; i < static_cast<int>(currents.size()); ++i)
        model.injections.push_back({{"points", "soma(0.5)", {i}}, step_current{0*ms, 1e6*ms, currents[static_cast<std::size_t>(i)]}});
    model.detectors = {{.on = {"points"}}};
    simulation run(model, options);
    run.run(1000*ms);
    std::vector<double> last(currents.size(), 0), interval(currents.size(), 0);
    for (const auto& s : run.spikes()) {
        const auto i = static_cast<std::size_t>(s.cell);
        interval[i] = s.time - last[i];
        last[i] = s.time;
    }
    return interval;
}

int compare(const example::arguments& given) {
    const run_options fixed{.dt = given("--dt", 0.1*ms)}, reference{.dt = 1*ms, .neurons = neuron_method::adaptive};
    const std::vector<current> currents{0.4*nA, 0.5*nA, 1*nA, 2*nA};
    example::report report;

    const auto intervals = last_intervals(models::build("lif"), currents, fixed);
    for (std::size_t i = 0; i < currents.size(); ++i) {
        const double u = currents[i].in(nA)/0.025;   // where v would go, above rest [mV]
        report.near("lif, interval", intervals[i], 2 + 10*std::log(u/(u - 15)), 1e-8, "ms");
    }
    const auto adex = models::build("adex", {{"set", "adapting"}});
    const auto found = last_intervals(adex, currents, fixed), expected = last_intervals(adex, currents, reference);
    for (std::size_t i = 0; i < currents.size(); ++i)
        report.near("adex, interval", found[i], expected[i], 0.1*fixed.dt.coherent(), "ms");
    return report.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run([&] { return compare({argc, argv, {"--dt"}}); });
}
