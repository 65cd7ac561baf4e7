// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "core/quantity_text.hpp"
#include "engine/simulation.hpp"

/// Two populations that inhibit each other, and what to say of what they do.
namespace apical::test {

constexpr double regime_ms = 4000;

/// Acetylcholine comes after `each` ms, serotonin after twice that, both to stay.
inline circuit rivals(double each) {
    using namespace units;
    const auto q = [](const char* text) { return parse_quantity(text); };
    circuit c;
    const cell tiring(neuron{"adex", {{"c_m", q("200 pF")}, {"g_leak", q("10 nS")}, {"e_leak", q("-70 mV")}, {"v_t", q("-50 mV")}, {"a", q("0 nS")}, {"tau_w", q("200 ms")}, {"b", q("60 pA")},
                                      {"v_reset", q("-58 mV")}, {"v_peak", q("0 mV")}, {"t_refractory", q("2 ms")}}});
    const cell quick(neuron{"lif", {{"c_m", q("100 pF")}, {"g_leak", q("10 nS")}, {"t_refractory", q("1 ms")}}});
    const auto connect = [&](const std::string& name, const std::string& from, const std::string& to, connection_rule rule, const char* tau, const char* e_rev, any_quantity weight) {
        c.projections.push_back({.name = name, .source = from, .target = to, .rule = std::move(rule), .receptor = "expsyn", .parameters = {{"tau", q(tau)}, {"e_rev", q(e_rev)}}, .weight = weight, .delay = 1*ms});
    };
    for (const std::string side : {"A", "B"}) {
        c.populations.push_back({side, tiring, 40});
        c.populations.push_back({"I" + side, quick, 10});
        c.spike_sources.push_back({.name = "in" + side, .size = 40, .rate = 280*Hz});
        connect("in" + side, "in" + side, side, one_to_one{}, "5 ms", "0 mV", q("3.5 nS"));
        connect("self" + side, side, side, all_to_all{}, "50 ms", "0 mV", q("0.075 nS"));
        connect("to I" + side, side, "I" + side, all_to_all{}, "5 ms", "0 mV", q("1 nS"));
    }
    connect("A against B", "IA", "B", all_to_all{}, "10 ms", "-75 mV", q("4 nS"));
    connect("B against A", "IB", "A", all_to_all{}, "10 ms", "-75 mV", q("4 nS"));
    modulator acetylcholine{.name = "acetylcholine", .tau = 1e12*ms, .releases = {{each, 1}}}, serotonin{.name = "serotonin", .tau = 1e12*ms, .releases = {{2*each, 1}}};
    for (const char* side : {"A", "B"}) acetylcholine.effects.push_back({.population = side, .parameter = "b", .scale = -0.9});
    for (const char* way : {"A against B", "B against A"}) serotonin.effects.push_back({.projection = way, .parameter = "weight", .scale = -0.98});
    c.modulators = {acetylcholine, serotonin};
    return c;
}

/// How two populations share a span of time.
struct regime_of {
    std::array<double, 2> rate;        ///< [Hz]
    double cycles;                     ///< how often both have had the upper hand and lost it [Hz]
    double together;                   ///< part of the time in which both spike at 5 Hz or more
    double weaker;                     ///< rate of the weaker over that of the stronger
};
/// Of populations 0 and 2, by rates in windows of 100 ms every 25 ms; the upper hand is a lead of half the larger mean rate.
inline regime_of regime(std::span<const spike> spikes, double from, double to) {
    constexpr double bin = 25, cells = 40;
    const auto bins = static_cast<std::size_t>((to - from)/bin);
    std::array<std::vector<double>, 2> counts{std::vector<double>(bins, 0.0), std::vector<double>(bins, 0.0)};
    for (const auto& s : spikes)
        if (s.population % 2 == 0 && s.time >= from && s.time < to) ++counts[static_cast<std::size_t>(s.population/2)][std::min(bins - 1, static_cast<std::size_t>((s.time - from)/bin))];
    regime_of r{};
    for (std::size_t side = 0; side < 2; ++side) {
        for (const double n : counts[side]) r.rate[side] += n;
        r.rate[side] *= 1000/(cells*(to - from));
    }
    const double strong = std::max(r.rate[0], r.rate[1]);
    r.weaker = std::min(r.rate[0], r.rate[1])/strong;
    int holder = 0, turns = 0;
    double windows = 0;
    for (std::size_t k = 0; k + 4 <= bins; ++k, ++windows) {
        std::array<double, 2> now{};
        for (std::size_t side = 0; side < 2; ++side)
            for (std::size_t i = k; i < k + 4; ++i) now[side] += counts[side][i]*1000/(cells*4*bin);
        r.together += now[0] >= 5 && now[1] >= 5;
        const double lead = now[0] - now[1];
        const int leader = lead > strong/2 ? 1 : lead < -strong/2 ? -1 : holder;
        turns += holder != 0 && leader != holder, holder = leader;
    }
    r.together /= windows;
    r.cycles = turns/2.0*1000/(to - from);
    return r;
}

}  // namespace apical::test
