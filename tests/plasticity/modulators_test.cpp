// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/checkpoint.hpp"
#include "engine/plan.hpp"
#include "tests/engine/networks.hpp"
#include "tests/plasticity/regimes.hpp"

/// What neuromodulators do to parameters.
namespace apical {
namespace {

using namespace units;

constexpr duration for_ever = 1e12*ms;

/// A point neuron that a current makes spike.
circuit driven(const std::string& name = "lif", std::map<std::string, any_quantity> parameters = {}) {
    circuit c;
    c.populations.push_back({"cells", cell(neuron{name, std::move(parameters)}), 1});
    c.injections.push_back({{"cells", "soma(0.5)", {0}}, step_current{0*ms, 1000*ms, 0.5*nA}});
    c.probes.push_back({"v", {"cells"}, "v"});
    return c;
}
circuit with(circuit c, modulator_effect e, modulator m = {.name = "ach", .tau = for_ever, .baseline = 1}) {
    m.effects.push_back(std::move(e));
    c.modulators.push_back(std::move(m));
    return c;
}
std::vector<double> samples(const circuit& c, const char* probe = "v", duration until = 100*ms) {
    simulation s(c, {});
    s.run(until);
    const auto all = s[probe].samples;
    return {all.begin(), all.end()};
}
double furthest(const std::vector<double>& a, const std::vector<double>& b) {
    EXPECT_EQ(a.size(), b.size());
    double most = 0;
    for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) most = std::max(most, std::abs(a[k] - b[k]));
    return most;
}

TEST(modulators, a_parameter_at_full_occupancy_is_one_that_was_given) {
    const auto plain = samples(driven());
    const auto scaled = samples(with(driven(), {.population = "cells", .parameter = "g_leak", .scale = -0.5}));
    const auto shifted = samples(with(driven(), {.population = "cells", .parameter = "v_threshold", .shift = parse_quantity("4 mV")}));
    EXPECT_GT(furthest(plain, scaled), 1);
    EXPECT_LT(furthest(scaled, samples(driven("lif", {{"g_leak", parse_quantity("12.5 nS")}}))), 1e-9);
    EXPECT_LT(furthest(shifted, samples(driven("lif", {{"v_threshold", parse_quantity("-46 mV")}}))), 1e-9);
}

TEST(modulators, without_effects_or_where_nothing_is_released_no_bit_changes) {
    const auto plain = samples(driven());
    auto idle = driven();
    idle.modulators.push_back({.name = "ach", .baseline = 1});
    EXPECT_EQ(samples(idle), plain);
    EXPECT_EQ(samples(with(driven(), {.population = "cells", .parameter = "g_leak", .scale = -0.5}, {.name = "ach"})), plain);
}

/// A cell of two kinds of membrane, whose potassium channels we look at.
circuit observed(double at_ms = 2) {
    circuit c;
    c.populations.push_back({"cells", test::spiker(), 1});
    c.modulators.push_back({.name = "ach", .tau = 20*ms, .releases = {{at_ms, 2.0}}});
    c.probes.push_back({"soma", {"cells", "soma(0.5)"}, "hh_k.g_max"});
    c.probes.push_back({"apical", {"cells", "apic[0](0.9)"}, "pas.g"});
    c.probes.push_back({"near", {"cells", "apic[0](0.1)"}, "pas.g"});
    return c;
}

TEST(modulators, occupancy_follows_the_concentration) {
    auto c = observed();
    c.modulators[0].effects = {{.population = "cells", .mechanism = "hh_k", .parameter = "g_max", .scale = -0.8, .half = 0.5, .hill = 2},
                               {.population = "cells", .at = "apical and distance > 100 um", .mechanism = "pas", .parameter = "g", .shift = parse_quantity("3e-4 S/cm2")}};
    simulation s(c, {});
    s.run(60*ms);
    const double dt = s.model().dt();
    for (std::size_t n = 1; n < s["soma"].samples.size(); ++n) {
        const double begin = static_cast<double>(n - 1)*dt;   // of the step that ends with the sample
        const double m = begin < 2 - 1e-9 ? 0 : 2*std::exp(-(begin - 2)/20), r = m*m/(m*m + 0.25);
        ASSERT_NEAR(s["soma"].samples[n], 0.036*(1 - 0.8*r), 1e-12) << begin;
        ASSERT_NEAR(s["apical"].samples[n], 1e-4 + 3e-4*std::min(m, 1.0), 1e-14) << begin;
        ASSERT_NEAR(s["near"].samples[n], 1e-4, 1e-16) << begin;
    }
}

TEST(modulators, receptors_take_their_time_and_look_at_intervals) {
    auto c = observed();
    c.modulators[0].tau = for_ever;
    c.modulators[0].effects = {{.population = "cells", .mechanism = "hh_k", .parameter = "g_max", .scale = 1, .tau_on = 10*ms},
                               {.population = "cells", .mechanism = "pas", .parameter = "g", .scale = 1, .interval = 5*ms}};
    simulation s(c, {});
    s.run(40*ms);
    const double dt = s.model().dt();
    const auto at = [&](const char* probe, double ms) { return s[probe].samples[static_cast<std::size_t>(std::llround(ms/dt)) + 1]; };
    EXPECT_NEAR(at("soma", 12), 0.036*(2 - std::exp(-(10 + dt)/10)), 1e-9);
    EXPECT_NEAR(at("near", 4.9), 1e-4, 1e-16);
    EXPECT_NEAR(at("near", 5), 2e-4, 1e-16);
}

TEST(modulators, effects_multiply_then_add) {
    auto c = observed(0);
    c.modulators[0].tau = for_ever;
    c.modulators[0].effects = {{.population = "cells", .mechanism = "pas", .parameter = "g", .shift = parse_quantity("1e-4 S/cm2")},
                               {.population = "cells", .mechanism = "pas", .parameter = "g", .scale = 1},
                               {.population = "cells", .at = "apical", .mechanism = "pas", .parameter = "g", .scale = -0.5}};
    EXPECT_NEAR(samples(c, "near", 1*ms).back(), 1e-4*2*0.5 + 1e-4, 1e-16);
}

/// Two projections alike, one of which the modulator weakens.
TEST(modulators, one_pathway_grows_weak_and_another_like_it_does_not) {
    const auto potential = [](double scale, const char* from, const cell& of) {
        circuit c;
        c.populations.push_back({"cells", of, 1});
        for (const char* name : {"a", "b"}) {
            c.spike_sources.push_back({.name = name, .size = 1});
            if (std::string(name) == from) c.spike_sources.back().spikes = {{0, 5}};
            c.projections.push_back({.name = name, .source = name, .target = "cells", .rule = all_to_all{}, .receptor = "expsyn", .weight = 0.1*nS, .delay = 1*ms});
        }
        c.modulators.push_back({.name = "ach", .tau = for_ever, .baseline = 1, .effects = {{.projection = "a", .parameter = "weight", .scale = scale}}});
        c.probes.push_back({"v", {"cells"}, "v"});
        return samples(c, "v", 30*ms);
    };
    const auto answer = [&](double scale, const char* from, const cell& of) { return furthest(potential(scale, from, of), potential(-1, "a", of)); };
    for (const auto& of : {cell(neuron{"lif", {}}), test::spiker()}) {
        const double whole = answer(-1e-300, "a", of);
        ASSERT_GT(whole, 1e-4);
        EXPECT_NEAR(answer(-0.75, "a", of)/whole, 0.25, 0.01);
        EXPECT_NEAR(answer(-0.75, "b", of)/whole, 1, 1e-6);
    }
}

/// Spikes release what changes the cells that spike, without any projection: they quieten themselves.
TEST(modulators, cells_change_themselves) {
    auto c = driven("adex");
    const auto count = [&](double amount) {
        auto one = c;
        one.injections[0].source = step_current{0*ms, 1000*ms, 1.2*nA};
        one.modulators.push_back({.name = "own", .tau = 500*ms, .sources = {{.population = "cells", .amount = amount, .delay = 2*ms}}, .effects = {{.population = "cells", .parameter = "v_t", .shift = parse_quantity("20 mV")}}});
        run_options o;
        o.dt = 0.1*ms;
        simulation s(one, o);
        s.run(1000*ms);
        return s.spikes().size();
    };
    EXPECT_GT(count(0), count(0.1) + 3);
    EXPECT_GT(count(0.1), 1u);
}

TEST(modulators, bits_do_not_depend_on_threads_lanes_or_pauses_and_survive_a_checkpoint) {
    auto c = test::school();
    c.gap_junctions.clear();
    const auto same = [](const simulation& a, const simulation& b) { return std::ranges::equal(a.spikes(), b.spikes()) && std::ranges::equal(a["v"].samples, b["v"].samples); };
    simulation one(c, {.threads = 1, .lanes = 1});
    one.run(120*ms);
    auto without = c;
    for (auto& m : without.modulators) m.effects.clear();
    simulation plain(without, {.threads = 1, .lanes = 1});
    plain.run(120*ms);
    ASSERT_FALSE(same(one, plain));
    for (const int threads : {1, 2})
        for (const int lanes : {1, native_width}) {
            simulation two(c, {.threads = threads, .lanes = lanes});
            for (const double t : {3.0, 41.5, 120.0}) two.run(duration(t*ms));
            EXPECT_TRUE(same(one, two)) << threads << ' ' << lanes;
        }
    simulation half(c, {});
    half.run(61*ms);
    half.release("acetylcholine", 0.3);
    auto fork = half;
    const auto kept = half.checkpoint();
    simulation again(c, {.threads = 2});
    again.restore(kept);
    again.run(120*ms), fork.run(120*ms);
    EXPECT_TRUE(std::ranges::equal(fork.spikes(), again.spikes()));
    EXPECT_EQ(fork.voltage("cells", 0), again.voltage("cells", 0));
    EXPECT_NE(fork.voltage("cells", 0), one.voltage("cells", 0));
}

std::string complaint(const circuit& c, const run_options& o = {}) {
    try {
        compile(c, o);
    } catch (const error& e) {
        return e.what();
    }
    return {};
}

TEST(modulators, what_cannot_change_is_refused_by_name) {
    const auto says = [](const std::string& text, std::initializer_list<const char*> words) {
        for (const char* word : words) EXPECT_NE(text.find(word), std::string::npos) << text << "\nlacks: " << word;
    };
    const auto point = [](modulator_effect e) { return complaint(with(driven(), std::move(e))); };
    says(point({.population = "cell", .parameter = "g_leak", .scale = 1}), {"modulator 'ach' / effect 0 / population", "did you mean 'cells'"});
    says(point({.population = "cells", .parameter = "g_leek", .scale = 1}), {"'lif' has no parameter 'g_leek'", "g_leak"});
    says(point({.population = "cells", .parameter = "g_leak"}), {"changes nothing"});
    says(point({.parameter = "g_leak", .scale = 1}), {"a population or a projection"});
    says(point({.population = "cells", .parameter = "g_leak", .shift = parse_quantity("1 mV")}), {"shift", "nS"});
    says(point({.population = "cells", .parameter = "g_leak", .scale = -1.5}), {"effect 0 / g_leak", "could go from -12.5 to 25 nS", "out of range"});
    says(point({.population = "cells", .at = "soma", .parameter = "g_leak", .scale = 1}), {"no places"});
    says(point({.population = "cells", .mechanism = "hh_k", .parameter = "g_max", .scale = 1}), {"is of 'lif'"});
    says(point({.population = "cells", .parameter = "g_leak", .scale = 1, .half = -1}), {"half"});
    says(point({.projection = "in", .parameter = "weight", .scale = 1}), {"no projection 'in'"});
    const auto detailed = [](modulator_effect e, const run_options& o = {}) { return complaint(with(observed(), std::move(e)), o); };
    says(detailed({.population = "cells", .mechanism = "hh_kk", .parameter = "g_max", .scale = 1}), {"no channel 'hh_kk'", "hh_k"});
    says(detailed({.population = "cells", .mechanism = "expsyn", .parameter = "tau", .scale = 1}), {"the weight of a projection"});
    says(detailed({.population = "cells", .at = "axon", .mechanism = "hh_k", .parameter = "g_max", .scale = 1}), {"'hh_k' is nowhere in 'axon'"});
    says(detailed({.population = "cells", .mechanism = "hh_k", .parameter = "g_max", .scale = 1}, {.scheme = scheme::cvode}), {"scheme 'cvode'"});
    circuit of_events;
    of_events.populations.push_back({"cells", cell(neuron{"intfire1", {}}), 1});
    says(complaint(with(of_events, {.population = "cells", .parameter = "tau", .scale = 1})), {"'intfire1' answers each event"});
    auto c = test::ring(4);
    says(complaint(with(c, {.projection = "ring", .parameter = "delay", .scale = 1})), {"'delay' cannot change"});
    says(complaint(with(c, {.projection = "ring", .parameter = "weight", .scale = -2})), {"turns the weights round"});
    says(complaint(with(c, {.projection = "ring", .parameter = "weight", .shift = parse_quantity("1 nS")})), {"weights are scaled"});
    c = test::ring(4);
    c.populations[0].cell.paint("soma", mechanism{"cadynamics_e2", {}});
    says(complaint(with(c, {.population = "cells", .mechanism = "cadynamics_e2", .parameter = "gamma", .scale = -0.5})), {"cannot change while it runs"});
}

/// One circuit, three regimes, by what bathes it. Rivals inhibit each other; a side that wins tires, so that they take turns; acetylcholine
/// takes away the tiring, so that one wins; serotonin besides takes away the inhibition, so that both are active.
TEST(modulators, one_circuit_has_three_regimes) {
    const auto c = test::rivals(test::regime_ms);
    run_options o;
    o.dt = 0.1*ms;
    simulation s(c, o);
    s.run(duration(3*test::regime_ms*ms));
    const auto of = [&](int part) { return test::regime(s.spikes(), part*test::regime_ms + 500, (part + 1)*test::regime_ms); };
    const auto turns = of(0), wins = of(1), both = of(2);
    for (const auto& r : {turns, wins, both}) std::printf("rates %.1f %.1f, cycles %.2f Hz, together %.2f, share of the weaker %.2f\n", r.rate[0], r.rate[1], r.cycles, r.together, r.weaker);
    EXPECT_GE(turns.cycles, 1);
    EXPECT_LE(turns.cycles, 5);
    EXPECT_GT(turns.weaker, 0.5);
    EXPECT_LT(turns.together, 0.3);
    EXPECT_EQ(wins.cycles, 0);
    EXPECT_LT(wins.weaker, 0.05);
    EXPECT_EQ(both.cycles, 0);
    EXPECT_GT(both.weaker, 0.7);
    EXPECT_GT(both.together, 0.9);
}

}  // namespace
}  // namespace apical
