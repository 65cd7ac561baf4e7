// SPDX-License-Identifier: BSD-3-Clause
//
// Example 1: a spike travels along the giant axon of the squid
//
// run: ./example_01_squid_axon
// run: ./example_01_squid_axon --temperature "6.3 degC" --diameter "500 um"
// run: ./example_01_squid_axon --temperature "6.3 degC" --diameter "100 um" --compartment "200 um"
//
// Takes the ready model of Hodgkin and Huxley (1952), stimulates one end of the cable and measures how fast the spike passes
// between a quarter and three quarters of its length. Hodgkin and Huxley computed 18.8 m/s for their axon of 476 um at
// 18.5 degC, and measured 21.2 m/s.
//
// Shows: quantities with units, a ready cell, a circuit as a value, detectors and probes, running.

#include <cmath>

#include "engine/simulation.hpp"
#include "examples/example.hpp"
#include "models/cells/squid_axon.hpp"

using namespace apical;
using namespace apical::units;

namespace {

/// Velocity [m/s] of a spike in a squid axon of this diameter [um]: it grows as the square root. The constants are converged
/// solutions of the equations.
double known_velocity(double diameter, double degrees) {
    const auto is = [degrees](double other) { return std::abs(degrees - other) < 1e-6; };
    const double of_one_um = is(18.5) ? 18.74/std::sqrt(476) : is(6.3) ? 0.56489 : 0;
    return of_one_um*std::sqrt(diameter);
}

int squid_axon(const example::arguments& given) {
    models::squid_axon_options options;
    options.diameter = given("--diameter", options.diameter);
    options.compartment = given("--compartment", options.compartment);
    const auto warmth = given("--temperature", celsius(18.5));

    // A circuit says what there is; it can be copied, changed and compared.
    circuit model;
    model.populations.push_back({.name = "axon", .cell = models::squid_axon(options)});
    // A thick axon takes a strong current: in proportion to the area of the first few millimetres.
    const auto strength = 20*uA*(options.diameter/(476*um));
    model.injections.push_back({{"axon", "axon[0](0)"}, step_current{0.5*ms, 0.5*ms, strength}});
    const target electrodes{"axon", "axon[0](0.25), axon[0](0.75)"};
    model.detectors = {{.on = electrodes, .threshold = 0*mV}};
    model.probes = {{.label = "voltages", .on = electrodes}};

    // A simulation compiles it and runs it.
    simulation run(model, {.dt = 0.01*ms, .temperature = warmth});
    run.run(60*ms);

    example::report report;
    report.that(run.spikes().size() == 2, "one spike passes both electrodes");
    if (run.spikes().size() != 2) return report.exit_code();
    // A recording knows where its compartments really are.
    const auto& places = run["voltages"].places;
    const auto way = (places[1].where.x - places[0].where.x)*options.length;
    const auto delay = (run.spikes()[1].time - run.spikes()[0].time)*ms;
    const double velocity = way.in(mm)/delay.in(ms);   // mm/ms is m/s
    if (const double known = known_velocity(options.diameter.in(um), in_celsius(warmth)); known > 0) {
        report.near("conduction velocity", velocity, known, 5e-3*known, "m/s");
    } else {
        report.value("conduction velocity", velocity, "m/s");
    }
    return report.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run([&] { return squid_axon({argc, argv, {"--diameter", "--compartment", "--temperature"}}); });
}
