// SPDX-License-Identifier: BSD-3-Clause
// Neurons that answer each event for itself, against a queue of events as NEURON has it.
#include <algorithm>
#include <cmath>
#include <queue>
#include <random>
#include <tuple>

#include <gtest/gtest.h>

#include "engine/checkpoint.hpp"
#include "engine/simulation.hpp"

namespace apical {
namespace {

using namespace units;

constexpr int excitatory = 40, inhibitory = 15, cells = excitatory + inhibitory, sources = 12;
constexpr double tau = 15, refractory = 3, end = 120;

struct wire { int from, to; double weight, delay; };   // from `cells` on: a source

/// Excitation and inhibition of many instants at once: few delays, all of them sums of one another.
std::vector<wire> wires() {
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
std::vector<std::pair<int, double>> inputs() {
    std::mt19937 engine(9);
    std::vector<std::pair<int, double>> all;
    for (int source = 0; source < sources; ++source)
        for (double t = 1 + 0.37*source; t < end; t += 5 + static_cast<double>(engine() % 7)) all.emplace_back(source, t);
    return all;
}

circuit network() {
    circuit c;
    const neuron fires{"intfire1", {{"tau", {tau, dimensions::time}}, {"t_refractory", {refractory, dimensions::time}}}};
    c.populations = {{"e", cell(fires), excitatory}, {"i", cell(fires), inhibitory}};
    c.spike_sources = {{.name = "s", .size = sources, .spikes = inputs()}};
    const auto part = [](int k) { return k < excitatory ? std::pair("e", k) : k < cells ? std::pair("i", k - excitatory) : std::pair("s", k - cells); };
    for (const char* source : {"e", "i", "s"})
        for (const char* target : {"e", "i"}) {
            const contact_list list{[=](int to, std::vector<contact>& contacts) {
                for (const auto& w : wires())
                    if (part(w.to) == std::pair(target, to) && std::string(part(w.from).first) == source) contacts.push_back({.source = part(w.from).second, .weight = w.weight, .delay = w.delay, .where = {-1, 0}});
            }};
            c.projections.push_back({.name = std::string(source) + target, .source = source, .target = target, .rule = list, .receptor = "psp_delta", .weight = 0*mV});
        }
    for (const char* p : {"e", "i"}) c.detectors.push_back({.on = {p}});
    return c;
}

using spike_list = std::vector<std::pair<double, int>>;

/// One queue: first by time, then in the order of insertion.
spike_list by_queue() {
    struct event {
        double time;
        long number;
        int from, to;
        double weight;
        bool operator<(const event& o) const { return std::tie(time, number) > std::tie(o.time, o.number); }
    };
    std::priority_queue<event> queue;
    long number = 0;
    const auto all = wires();
    for (const auto& [source, time] : inputs()) queue.push({time, number++, cells + source, -1, 0});
    std::vector<double> m(cells, 0.0), since(cells, 0.0), deaf(cells, 0.0);
    spike_list spikes;
    const auto send = [&](int from, double time) {
        for (const auto& w : all)
            if (w.from == from) queue.push({time + w.delay, number++, from, w.to, w.weight});
    };
    for (; !queue.empty() && queue.top().time < end; queue.pop()) {
        const auto e = queue.top();
        if (e.to < 0) {
            send(e.from, e.time);
            continue;
        }
        const auto k = static_cast<std::size_t>(e.to);
        if (e.time < deaf[k]) continue;
        m[k] = m[k]*std::exp(-(e.time - since[k])/tau) + e.weight, since[k] = e.time;
        if (!(m[k] > 1)) continue;
        spikes.emplace_back(e.time, e.to);
        m[k] = 0, since[k] = deaf[k] = e.time + refractory;
        send(e.to, e.time);
    }
    std::ranges::sort(spikes);
    return spikes;
}

spike_list spikes_of(const simulation& s) {
    spike_list all;
    for (const auto& k : s.spikes()) all.emplace_back(k.time, k.cell + (k.population == 0 ? 0 : excitatory));
    std::ranges::sort(all);
    return all;
}

TEST(intfire1, a_network_is_that_of_one_queue) {
    const auto expected = by_queue();
    ASSERT_GT(expected.size(), 300u);
    simulation s(network(), {.dt = 0.1*ms});
    s.run(end*ms);
    EXPECT_EQ(spikes_of(s), expected);
}
TEST(intfire1, the_step_changes_nothing_but_what_is_late_in_it) {
    simulation fine(network(), {.dt = 0.025*ms}), coarse(network(), {.dt = 0.5*ms});
    fine.run(end*ms), coarse.run(end*ms);
    EXPECT_EQ(spikes_of(fine), spikes_of(coarse));
}
TEST(intfire1, threads_and_a_stop_change_nothing) {
    simulation whole(network(), {.dt = 0.1*ms}), begun(network(), {.dt = 0.1*ms, .threads = 3});
    whole.run(end*ms);
    for (const double t : {3.3, 41.0, 77.7}) {
        begun.run(t*ms);
        const auto kept = begun.checkpoint();
        simulation resumed(network(), {.dt = 0.1*ms, .threads = 2});
        resumed.restore(checkpoint_of(to_bytes(kept)));
        resumed.run(end*ms);
        EXPECT_TRUE(std::ranges::equal(resumed.spikes(), whole.spikes())) << t;
    }
}

/// What lifts it comes first, so that what would have held it back finds it deaf; the other way about it stays below.
TEST(intfire1, events_of_one_instant_are_answered_in_their_order) {
    for (const bool lifted_first : {true, false}) {
        circuit c;
        c.populations = {{"n", cell(neuron{"intfire1", {}}), 1}};
        c.receptors.push_back({"up", {"n"}, "psp_delta", {}});
        c.detectors.push_back({.on = {"n"}});
        const auto add = [&](double weight) { c.spike_trains.push_back({"up", {5.03}, weight*mV, 0*ms}); };
        if (lifted_first) add(1.2), add(-0.5);
        else add(-0.5), add(1.2);
        simulation s(c, {.dt = 0.1*ms});
        s.run(10*ms);
        ASSERT_EQ(s.spikes().size(), lifted_first ? 1u : 0u);
        if (lifted_first) EXPECT_EQ(s.spikes().front().time, 5.03);
    }
}
TEST(intfire1, its_potential_is_what_is_left_of_its_events) {
    circuit c;
    c.populations = {{"n", cell(neuron{"intfire1", {{"tau", {20, dimensions::time}}}}), 1}};
    c.receptors.push_back({"up", {"n"}, "psp_delta", {}});
    c.spike_trains.push_back({"up", {2.013}, 0.5*mV, 0*ms});
    c.probes.push_back({"v", {"n"}, "v", 1*ms});
    simulation s(c, {.dt = 0.1*ms});
    s.run(6*ms);
    const auto& r = s["v"];
    EXPECT_EQ(r.samples[2], 0);
    for (std::size_t k = 3; k <= 6; ++k) EXPECT_NEAR(r.samples[k], 0.5*std::exp(-(static_cast<double>(k) - 2.013)/20), 1e-14);
}
TEST(intfire1, knows_events_only) {
    circuit c;
    c.populations = {{"n", cell(neuron{"intfire1", {}}), 1}};
    auto current = c, conductance = c;
    current.injections.push_back({{"n"}, step_current{0*ms, 1*ms, 1*nA}});
    conductance.receptors.push_back({"s", {"n"}, "expsyn", {}});
    EXPECT_NO_THROW(compile(c));
    EXPECT_THROW(compile(current), invalid_model);
    EXPECT_THROW(compile(conductance), invalid_model);
}

}  // namespace
}  // namespace apical
