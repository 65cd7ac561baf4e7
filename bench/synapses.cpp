// SPDX-License-Identifier: BSD-3-Clause
// What a synapse and an event cost: bytes and nanoseconds of processor time, for point neurons and for detailed cells.
//
//     bench_synapses [cells of the point network, 10000]
//
// Neurons that nothing but spikes from outside reach, with weights of 0, so that all that is left is the work of connections. An event's
// time is what a run with spikes takes over one without. For instruction counts, which do not move with the load of a machine:
//     valgrind --tool=callgrind bench_synapses 1000
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>

#include <fmt/format.h>

#include "engine/plan.hpp"
#include "engine/simulation.hpp"
#include "models/model.hpp"

namespace {

using namespace apical;
using namespace apical::units;

constexpr int sources = 1000;

double processor_seconds() { return static_cast<double>(std::clock())/CLOCKS_PER_SEC; }

struct network {
    std::string name, receptor, at;
    apical::cell cell;
    int cells;
    std::int64_t inputs;                           // of each cell
    random_value weight, delay;
    duration dt, length;
};

circuit built(const network& n, double rate_hz) {
    circuit c;
    c.populations.push_back({"cells", n.cell, n.cells});
    c.spike_sources.push_back({.name = "outside", .size = sources, .rate = rate_hz*Hz});
    c.projections.push_back({.name = "in", .source = "outside", .target = "cells", .rule = fixed_total{n.inputs*n.cells}, .receptor = n.receptor, .weight = n.weight,
                             .delay = n.delay, .at = n.at});
    return c;
}

/// Processor seconds of the run, and of the building.
std::pair<double, double> timed(const network& n, double rate_hz, std::size_t& bytes) {
    const double start = processor_seconds();
    const auto p = compile(built(n, rate_hz), {.dt = n.dt});
    const double ready = processor_seconds();
    simulation s(p);
    const double begin = processor_seconds();
    s.run(n.length);
    bytes = 0;
    for (const auto& i : p->network.inlets) bytes += i.bytes();
    return {processor_seconds() - begin, ready - start};
}

void report(const network& n) {
    constexpr double rate = 10;
    std::size_t bytes = 0;
    const auto quiet = timed(n, 1e-9, bytes), busy = timed(n, rate, bytes);
    const double connections = static_cast<double>(n.inputs)*n.cells, events = connections*rate*n.length.coherent()*1e-3;
    fmt::print("{:32} {:>10.0f} {:>8.2f} {:>10.1f} {:>9.2f}\n", n.name, connections, static_cast<double>(bytes)/connections, 1e9*busy.second/connections,
               1e9*(busy.first - quiet.first)/events);
}

}  // namespace

int main(int count, char** words) {
    const int cells = count > 1 ? std::atoi(words[1]) : 10000;
    if (cells < 1) return 1;
    const auto current = [](double mean, double sd) { return random_value::normal(any_quantity{mean, dimensions::current}, any_quantity{sd, dimensions::current}); };
    const auto delays = random_value::normal(parse_quantity("1.5 ms"), parse_quantity("0.75 ms")).at_least(parse_quantity("0.1 ms"));
    const auto lif = models::build("lif"), ball = models::build("ball_and_stick");
    fmt::print("{:32} {:>10} {:>8} {:>10} {:>9}\n", "", "synapses", "bytes", "build [ns]", "event [ns]");
    report({"point, drawn weights and delays", "psc_exp", "soma(0.5)", lif, cells, 1000, current(1e-9, 1e-10), delays, 0.1*ms, 300*ms});
    report({"point, one weight and delay", "psc_exp", "soma(0.5)", lif, cells, 1000, 1e-9*nA, 1.5*ms, 0.1*ms, 300*ms});
    const auto conductance = random_value::normal(any_quantity{1e-12, dimensions::conductance}, any_quantity{1e-13, dimensions::conductance});
    report({"detailed, drawn everywhere", "exp2syn", "in all", ball, cells/100 + 1, 10000, conductance, delays, 0.025*ms, 100*ms});
    return 0;
}
