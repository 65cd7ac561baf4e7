// SPDX-License-Identifier: BSD-3-Clause
//
// Example 5: firing rate against current, all currents at once
//
// run: ./example_05_ensemble_fi_curve
// run: ./example_05_ensemble_fi_curve --until "500 ms"
//
// A population of equal cells is compiled once; each gets its own current, and they are computed side by side, several to a SIMD
// register. The rates of the squid's membrane at 6.3 degC are known to five digits. It starts to fire at once at some 53 Hz, and
// falls silent again under strong current.
//
// Shows: populations, targeting single cells, spikes of many cells.

#include <numbers>

#include "engine/simulation.hpp"
#include "examples/example.hpp"
#include "models/cells/squid_axon.hpp"

using namespace apical;
using namespace apical::units;

namespace {

/// Current density [uA/cm2] and steady rate [Hz]; 0 where firing does not last. Converged solutions of the equations.
struct known_rate { double density, hertz; };
constexpr known_rate known[] = {{4, 0}, {6, 0}, {6.5, 55.288}, {7, 58.460}, {8, 62.561}, {9, 65.704}, {10, 68.389},
                                {12, 72.974}, {15, 78.695}, {20, 86.507}, {30, 98.773}, {50, 117.056}, {100, 0}};

/// A patch of 10000 um2: 1 uA/cm2 is 0.1 nA.
cell patch() {
    morphology shape;
    shape.add({.type = section_type::soma, .points = {{0, 0, 0, 100/std::numbers::pi}, {100, 0, 0, 100/std::numbers::pi}}});
    cell c(shape, fixed_count{1});
    models::paint_hodgkin_huxley(c, "all");
    return c;
}

/// The rate [Hz] of one cell between the last two spikes; 0 if it has stopped for 50 ms.
double steady_rate(const simulation& run, int cell) {
    std::vector<double> times;
    for (const auto& s : run.spikes()) {
        if (s.cell == cell) times.push_back(s.time);
    }
    if (times.size() < 5 || run.time() - times.back() > 50) return 0;
    return 1000/(times[times.size() - 1] - times[times.size() - 2]);
}

int ensemble(const example::arguments& given) {
    circuit model;
    const int cells = std::size(known);
    model.populations.push_back({.name = "patch", .cell = patch(), .size = cells});
    for (int i = 0; i < cells; ++i) {
        model.injections.push_back({{"patch", "soma(0.5)", {i}}, step_current{0*ms, 1e9*ms, known[i].density*0.1*nA}});
    }
    model.detectors = {{.on = {"patch"}, .threshold = 0*mV}};
    simulation run(model);
    run.run(given("--until", 1000*ms));

    example::report report;
    for (int i = 0; i < cells; ++i) {
        char what[40];
        std::snprintf(what, sizeof what, "rate at %g uA/cm2", known[i].density);
        report.near(what, steady_rate(run, i), known[i].hertz, 2e-3*known[i].hertz, "Hz");
    }
    return report.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run([&] { return ensemble({argc, argv, {"--until"}}); });
}
