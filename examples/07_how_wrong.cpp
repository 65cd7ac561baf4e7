// SPDX-License-Identifier: BSD-3-Clause
//
// Example 7: how wrong is a run?
//
// run: ./example_07_how_wrong
// run: ./example_07_how_wrong --dt "0.05 ms"
//
// A noisy current makes a cell fire. verify() runs it again with a half and a quarter of the step on the same noise, and tells the
// error of its spike times, with bounds. Whether they hold is seen from a run in steps a hundred times smaller.
//
// Shows: verify(), the two schemes compared by their errors, noise that does not depend on the step.

#include <algorithm>

#include "analysis/spike_matching.hpp"
#include "analysis/verification.hpp"
#include "examples/example.hpp"
#include "models/cells/ball_and_stick.hpp"

using namespace apical;
using namespace apical::units;

namespace {

circuit noisy_cell() {
    circuit model;
    model.populations.push_back({.name = "cell", .cell = models::ball_and_stick()});
    model.injections.push_back({{"cell", "soma(0.5)"}, noise_current{0*ms, 200*ms, 0.2*nA, 0.2*nA, 3*ms}});
    model.detectors.push_back({.on = {"cell"}});
    return model;
}

std::vector<double> spike_times(const run_options& options) {
    simulation run(noisy_cell(), options);
    run.run(100*ms);
    std::vector<double> times;
    for (const auto& s : run.spikes()) times.push_back(s.time);
    return times;
}

int how_wrong(const example::arguments& given) {
    const auto dt = given("--dt", 0.025*ms);
    example::report report;
    std::vector<double> medians;
    for (const auto scheme : {scheme::crank_nicolson, scheme::backward_euler}) {
        const run_options options{.dt = dt, .scheme = scheme};
        const auto told = verify(noisy_cell(), options, 100*ms).populations.front();

        const auto run = spike_times(options), exact = spike_times({.dt = dt/128.0, .steps_per_input = 128});
        double largest = 0;
        for (const auto& [i, k] : match_spikes(run, exact, 5).pairs) largest = std::max(largest, std::abs(run[i] - exact[k]));
        report.value(std::string(name_of(scheme)) + ": median error of a spike", told.median.value, "ms");
        report.value("largest error, as told", told.largest.value, "ms");
        report.value("largest error, in truth", largest, "ms");
        report.that(told.largest.low <= largest && largest <= told.largest.high, "the bounds hold it");
        medians.push_back(told.median.value);
    }
    report.that(medians[1] > 5*medians[0], "the second-order scheme is much the better one");
    return report.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run([&] { return how_wrong({argc, argv, {"--dt"}}); });
}
