// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstdio>

#include <gtest/gtest.h>

#include "core/quantity_text.hpp"
#include "engine/simulation.hpp"

/// Synapses of one neuron compete for its spikes: Song, Miller & Abbott (2000) Nat Neurosci 3:919.
namespace apical {
namespace {

using namespace units;

struct competition { double weak, strong, rate; };

/// Where weights are after so many seconds, from an even distribution, and the rate in the last fifth. Conductances are those of the paper, of
/// a leak of 10 nS. Steps of 0.1 ms: at 1 ms half of the spikes are lost, and with them what drives the competition.
competition compete(quantity<dimensions::rate> rate, int seconds) {
    const auto q = [](const char* text) { return parse_quantity(text); };
    circuit c;
    c.populations.push_back({"cell", cell(neuron{"lif", {{"c_m", q("200 pF")}, {"g_leak", q("10 nS")}, {"e_leak", q("-70 mV")}, {"v_threshold", q("-54 mV")}, {"v_reset", q("-60 mV")}, {"t_refractory", q("0 ms")}}}), 1});
    c.spike_sources.push_back({.name = "excitatory", .size = 1000, .rate = rate});
    c.spike_sources.push_back({.name = "inhibitory", .size = 200, .rate = 10*Hz});
    c.projections.push_back({.name = "excitation", .source = "excitatory", .target = "cell", .rule = all_to_all{}, .receptor = "expsyn", .parameters = {{"tau", q("5 ms")}, {"e_rev", q("0 mV")}},
                             .weight = random_value::uniform(q("0 nS"), q("0.15 nS")), .delay = 1*ms, .learns = learning{.rule = "pair_stdp", .published = "song_2000", .unit = q("0.15 nS"), .low = 0, .high = 1}});
    c.projections.push_back({.name = "inhibition", .source = "inhibitory", .target = "cell", .rule = all_to_all{}, .receptor = "expsyn", .parameters = {{"tau", q("5 ms")}, {"e_rev", q("-70 mV")}},
                             .weight = q("0.5 nS"), .delay = 1*ms});
    run_options o;
    o.dt = 0.1*ms, o.seed = 1;
    simulation s(c, o);
    s.run(seconds*1000.0*ms);
    const auto w = s.weights("excitation").strength;
    const auto part = [&](auto&& is) { return static_cast<double>(std::ranges::count_if(w, is))/static_cast<double>(w.size()); };
    const auto late = std::ranges::count_if(s.spikes(), [&](const spike& x) { return x.time > 800.0*seconds; });
    return {part([](double x) { return x < 0.2; }), part([](double x) { return x > 0.8; }), static_cast<double>(late)/(0.2*seconds)};
}

TEST(song, weights_part_and_the_rate_is_held) {
    const auto found = compete(20*Hz, 1000);
    std::printf("below 0.2: %.3f, above 0.8: %.3f, %.1f Hz\n", found.weak, found.strong, found.rate);
    EXPECT_GE(found.weak + found.strong, 0.85);
    EXPECT_GT(found.strong, 0.1);
    EXPECT_GT(found.rate, 8);
    EXPECT_LT(found.rate, 25);
}

}  // namespace
}  // namespace apical
