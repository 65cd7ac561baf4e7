// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "circuit/circuit.hpp"

/// A network of neurons that answer each event for itself.
namespace apical::test::events {

inline constexpr int excitatory = 40, inhibitory = 15, cells = excitatory + inhibitory, sources = 12;
inline constexpr double tau = 15, refractory = 3, end = 120;

struct wire { int from, to; double weight, delay; };   // from `cells` on: a source

/// Excitation and inhibition of many instants at once: few delays, all of them sums of one another.
inline std::vector<wire> wires() {
    std::mt19937 engine(4);
    const auto draw = [&] { return std::generate_canonical<double, 53>(engine); };
    std::vector<wire> all;
    for (int from = 0; from < cells + sources; ++from)
        for (int to = 0; to < cells; ++to) {
            if (from == to || draw() > 0.25) continue;
            const double weight = from >= cells ? 0.45 : from < excitatory ? 0.3 : -0.4;
            all.push_back({from, to, weight, from >= cells || draw() < 0.7 ? 1.0 : 2.0});
        }
    return all;
}
inline std::vector<std::pair<int, double>> inputs() {
    std::mt19937 engine(9);
    std::vector<std::pair<int, double>> all;
    for (int source = 0; source < sources; ++source)
        for (double t = 1 + 0.37*source; t < end; t += 5 + static_cast<double>(engine() % 7)) all.emplace_back(source, t);
    return all;
}

inline circuit network() {
    using namespace units;
    circuit c;
    const neuron fires{"intfire1", {{"tau", {tau, dimensions::time}}, {"t_refractory", {refractory, dimensions::time}}}};
    c.populations = {{"e", cell(fires), excitatory}, {"i", cell(fires), inhibitory}};
    c.spike_sources = {{.name = "s", .size = sources, .spikes = inputs()}};
    const auto part = [](int k) { return k < excitatory ? std::pair(std::string("e"), k) : k < cells ? std::pair(std::string("i"), k - excitatory) : std::pair(std::string("s"), k - cells); };
    for (const std::string source : {"e", "i", "s"})
        for (const std::string target : {"e", "i"}) {
            const contact_list list{[=](int to, std::vector<contact>& contacts) {
                for (const auto& w : wires())
                    if (part(w.to) == std::pair(target, to) && part(w.from).first == source) contacts.push_back({.source = part(w.from).second, .weight = w.weight, .delay = w.delay, .where = {-1, 0}});
            }};
            c.projections.push_back({.name = source + target, .source = source, .target = target, .rule = list, .receptor = "psp_delta", .weight = 0*mV});
        }
    for (const char* p : {"e", "i"}) c.detectors.push_back({.on = {p}});
    c.probes.push_back({"v", {"e", "soma(0.5)", {0, 5, 9}}, "v", 1*ms});
    return c;
}

}  // namespace apical::test::events
