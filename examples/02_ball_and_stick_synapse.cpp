// SPDX-License-Identifier: BSD-3-Clause
//
// Example 2: a synapse on a dendrite, a spike at the soma
//
// run: ./example_02_ball_and_stick_synapse
// run: ./example_02_ball_and_stick_synapse --scheme crank_nicolson
// run: ./example_02_ball_and_stick_synapse --scheme crank_nicolson --dt "0.0125 ms"
//
// Builds a cell from two cylinders, paints channels on it, places a synapse on its dendrite and a current on its soma, and
// records both voltages. With backward Euler at 0.025 ms every voltage is NEURON's (version 9, secondorder = 0) to 1e-6 mV; the
// default scheme, second order in the step, is nearer to the exact solution.
//
// Shows: morphologies by hand, painting, receptors and spike trains, probes, the choice of scheme and step.

#include <algorithm>

#include "engine/simulation.hpp"
#include "examples/example.hpp"

using namespace apical;
using namespace apical::units;

namespace {

/// A soma of 20 um and a dendrite of 300 um at its end. Points are x, y, z and diameter, in um.
cell ball_and_stick() {
    morphology shape;
    shape.add({.type = section_type::soma, .points = {{0, 0, 0, 20}, {20, 0, 0, 20}}});
    shape.add({.type = section_type::basal, .parent = 0, .parent_x = 1, .points = {{20, 0, 0, 2}, {320, 0, 0, 2}}});

    cell c(shape, explicit_counts{{1, 5}});
    c.paint("soma", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm});
    c.paint("basal", cable{.capacitance = 2*uF/cm2, .resistivity = 100*ohm*cm});   // twice, for its spines
    c.paint("soma", mechanism{"hh_na", {}});
    c.paint("soma", mechanism{"hh_k", {}});
    c.paint("soma", mechanism{"hh_leak", {}});
    c.paint("basal", mechanism{"pas", {{"g", "1e-4 S/cm2"}, {"e_rev", "-65 mV"}}});   // or as quantities: 1e-4*S/cm2
    return c.start_at(-65*mV);
}

int synapse(const example::arguments& given) {
    circuit model;
    model.populations.push_back({.name = "neuron", .cell = ball_and_stick()});
    model.injections.push_back({{"neuron", "soma(0.5)"}, step_current{1*ms, 10*ms, 0.3*nA}});
    model.receptors.push_back({.label = "excitatory",
                               .on = {"neuron", "dend[0](0.7)"},
                               .name = "exp2syn",
                               .parameters = {{"tau_rise", parse_quantity("0.5 ms")}, {"tau_decay", parse_quantity("3 ms")}}});
    model.spike_trains.push_back({.receptor = "excitatory", .times_ms = {3.01, 7.31}, .weight = 4*nS, .delay = 1*ms});
    model.probes = {{.label = "soma", .on = {"neuron", "soma(0.5)"}}, {.label = "dendrite", .on = {"neuron", "dend[0](0.9)"}}};

    run_options options;
    options.dt = given("--dt", 0.025*ms);
    options.scheme = parse_scheme(given("--scheme", "backward_euler"));
    simulation run(model, options);
    run.run(20*ms);

    const double soma_peak = std::ranges::max(run["soma"].samples);
    example::report report;
    report.value("peak at the dendrite", std::ranges::max(run["dendrite"].samples), "mV");
    if (options.scheme == scheme::backward_euler && options.dt == 0.025*ms) {
        report.near("peak at the soma", soma_peak, 33.277238048686, 1e-6, "mV");
        report.near("soma at 20 ms", run.voltage("neuron", 0), -65.523262681552, 1e-6, "mV");
        report.near("dendrite at 20 ms", run.voltage("neuron", 0, "dend[0](0.9)"), -64.067874139136, 1e-6, "mV");
    } else {
        report.near("peak at the soma", soma_peak, 33.63, 0.5, "mV");
    }
    return report.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run([&] { return synapse({argc, argv, {"--scheme", "--dt"}}); });
}
