// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "engine/checkpoint.hpp"
#include "engine/kernels/rule.hpp"
#include "engine/pairing.hpp"
#include "plasticity/pair_stdp.hpp"
#include "tests/engine/networks.hpp"

/// Rules at work in networks.
namespace apical {
namespace {

using namespace units;

std::vector<double> every(double first, double interval, double until) {
    std::vector<double> times;
    for (double t = first; t < until; t += interval) times.push_back(t);
    return times;
}

/// A cell that a source makes spike, and another source whose synapse onto it learns.
circuit taught(const cell& of, const std::string& rule, const std::vector<double>& pre, const std::vector<double>& teacher, any_quantity strong) {
    circuit c;
    c.populations.push_back({"cells", of, 1});
    c.spike_sources.push_back({.name = "teacher", .size = 1});
    c.spike_sources.push_back({.name = "pupil", .size = 1});
    for (const double t : teacher) c.spike_sources[0].spikes.emplace_back(0, t);
    for (const double t : pre) c.spike_sources[1].spikes.emplace_back(0, t);
    c.projections.push_back({.name = "force", .source = "teacher", .target = "cells", .rule = all_to_all{}, .receptor = "expsyn",
                             .parameters = {{"tau", parse_quantity("3 ms")}}, .weight = strong, .delay = 1*ms});
    c.projections.push_back({.name = "learn", .source = "pupil", .target = "cells", .rule = all_to_all{}, .receptor = "expsyn", .weight = 0.01*nS, .delay = 2*ms,
                             .learns = learning{.rule = rule, .unit = parse_quantity("0.02 nS")}});
    return c;
}

/// What a synapse of a network does is what it does on the bench, given the same arrivals and the cell's spikes.
TEST(learning, a_network_does_what_the_bench_does) {
    const auto known = catalogue::built_in();
    const auto pre = every(7, 13, 300), teacher = every(5, 17, 300);
    for (const char* rule : {"pair_stdp", "triplet_stdp", "inhibitory_stdp", "burst_dependent"})
        for (const bool is_point : {true, false}) {
            auto c = is_point ? taught(cell(neuron{"adex", {}}), rule, pre, teacher, parse_quantity("100 nS")) : taught(test::spiker(), rule, pre, teacher, parse_quantity("60 nS"));
            run_options o;
            o.dt = is_point ? 0.1*ms : 0.025*ms;
            simulation s(c, o);
            s.run(400*ms);
            pairing bench{.pre = {}, .post = {}, .weight = 0.5, .low = 0, .dt = o.dt.coherent(), .until = 400};
            for (const double t : pre) bench.pre.push_back(t + 2);
            for (const auto& spike : s.spikes()) bench.post.push_back(spike.step_time);
            ASSERT_GT(bench.post.size(), 10u) << rule << is_point;
            const auto& entry = known.rule_at(rule, "test");
            std::vector<double> parameters;
            for (const auto& f : entry.schema.parameters) parameters.push_back(f.value*parse_unit(f.unit).value);
            const auto expected = paired(entry, parameters, bench);
            const auto found = s.weights("learn");
            ASSERT_EQ(found.size(), 1u);
            EXPECT_NE(found.strength[0], 0.5);
            EXPECT_EQ(found.strength[0], expected[0]) << rule << is_point;
            EXPECT_NEAR(found.weight[0], found.strength[0]*0.02e-3/parse_unit(found.unit).value, 1e-15);
        }
}

/// A rule that has a clock and does nothing with it: its synapses are brought up in every step.
struct dense_stdp : plasticity::pair_stdp {
    static constexpr plasticity::rule_info info{.name = "dense_stdp", .summary = "pair_stdp, step by step", .source = "tests"};
    template <class V> static constexpr V on_arrival(plasticity::kept<dense_stdp, V>&, const plasticity::local<dense_stdp, V>& at) { return -at.p.a_minus*at.post.trace; }
    template <class V> static constexpr V on_spike(plasticity::kept<dense_stdp, V>&, const plasticity::local<dense_stdp, V>& at) { return at.p.a_plus*at.pre.trace; }
    template <class V> static constexpr V each_step(plasticity::kept<dense_stdp, V>&, const plasticity::local<dense_stdp, V>&, V) { return V(0.0); }
};

TEST(learning, by_events_or_step_by_step_is_the_same) {
    auto known = catalogue::built_in();
    add_rule<dense_stdp>(known);
    pairing p{.pre = every(10, 23, 2000), .post = every(15, 31, 2000)};
    const auto& lazy = known.rule_at("pair_stdp", "test");
    const auto& dense = known.rule_at("dense_stdp", "test");
    const double a = paired(lazy, lazy.schema.defaults(), p)[0], b = paired(dense, dense.schema.defaults(), p)[0];
    EXPECT_NE(a, 0.5);
    EXPECT_NEAR(a, b, 1e-9*std::abs(a - 0.5));
}

/// A rule with a clock of every step whose synapses go on by themselves as well.
struct drifting : plasticity::rule {
    static constexpr plasticity::rule_info info{.name = "drifting", .summary = "grows by itself", .source = "tests"};
    template <class V> struct parameters { V speed; };
    static constexpr parameters<field> defaults{{"speed", 1e-3, "1/ms", "of growth", 0, 1}};
    template <class V> static constexpr V relax(plasticity::kept<drifting, V>&, const plasticity::local<drifting, V>& at, V elapsed) { return at.p.speed*elapsed; }
    template <class V> static constexpr V each_step(plasticity::kept<drifting, V>&, const plasticity::local<drifting, V>&, V) { return V(0.0); }
};

TEST(learning, a_clock_does_not_stop_what_goes_on_by_itself) {
    auto known = catalogue::built_in();
    add_rule<drifting>(known);
    const auto& rule = known.rule_at("drifting", "test");
    for (const double interval : {0.0, 5.0}) EXPECT_NEAR(paired(rule, rule.schema.defaults(), {.pre = {10}, .post = {20}, .until = 100, .interval = interval})[0], 0.5 + 0.1, 1e-12) << interval;
}

std::vector<double> weights_of(const simulation& s) {
    std::vector<double> all;
    for (const auto& name : s.learning_projections())
        for (const double w : s.weights(name).strength) all.push_back(w);
    return all;
}

TEST(learning, weights_do_not_depend_on_threads_or_pauses_and_survive_a_checkpoint) {
    const auto c = test::school();
    simulation one(c, {.threads = 1}), two(c, {.threads = 2}), start(c, {});
    const auto at_start = weights_of(start);
    one.run(120*ms);
    for (const double t : {3.0, 41.5, 120.0}) two.run(duration(t*ms));
    const auto weights = weights_of(one);
    ASSERT_EQ(weights.size(), at_start.size());
    for (const auto& name : one.learning_projections()) {
        const auto now = one.weights(name).strength, then = start.weights(name).strength;
        EXPECT_NE(now, then) << name;
    }
    EXPECT_EQ(weights, weights_of(two));
    simulation half(c, {.threads = 2});
    half.run(61*ms);
    const auto kept = half.checkpoint();
    simulation again(c, {.threads = 1});
    again.restore(kept);
    again.run(120*ms);
    EXPECT_EQ(weights, weights_of(again));
    EXPECT_TRUE(std::ranges::equal(one.spikes(), again.spikes()));
}

TEST(learning, sums_are_held) {
    auto c = test::school();
    simulation s(c, {});
    s.run(100*ms);   // a whole number of intervals
    const auto w = s.weights("to points");
    std::map<int, double> sums;
    for (std::size_t k = 0; k < w.size(); ++k) sums[w.target[k]] += w.strength[k];
    ASSERT_GT(sums.size(), 20u);
    for (const auto& [cell, sum] : sums) EXPECT_NEAR(sum, 3, 1e-9) << cell;
}

/// Dopamine in one region for one second: nothing else changes, not by a bit.
TEST(learning, nothing_changes_outside_the_gated_region_and_time) {
    circuit c;
    c.spike_sources.push_back({.name = "in", .size = 50, .rate = 20*Hz});
    for (const char* region : {"a", "b"}) {
        c.populations.push_back({region, cell(neuron{"adex", {}}), 10});
        c.modulators.push_back({.name = "dopamine", .region = region, .tau = 20*ms});
        c.projections.push_back({.name = region, .source = "in", .target = region, .rule = all_to_all{}, .receptor = "expsyn", .parameters = {{"tau", parse_quantity("3 ms")}}, .weight = 6*nS, .delay = 1*ms,
                                 .learns = learning{.rule = "dopamine_stdp", .parameters = {{"tonic", any_quantity{0, dimensions::rate}}}, .high = 100, .interval = 1*ms, .region = region}});
    }
    run_options o;
    o.dt = 0.1*ms;
    simulation s(c, o);
    const auto a = s.weights("a").strength, b = s.weights("b").strength;
    s.run(500*ms);
    ASSERT_GT(s.spikes().size(), 20u);
    EXPECT_EQ(s.weights("a").strength, a);
    s.release("dopamine", 1, "a");
    s.run(1000*ms);
    EXPECT_NE(s.weights("a").strength, a);
    EXPECT_EQ(s.weights("b").strength, b);
}

/// The word of an error of compiling a circuit.
std::string complaint(const circuit& c, const run_options& o = {}) {
    try {
        compile(c, o);
    } catch (const error& e) {
        return e.what();
    }
    return {};
}

TEST(learning, what_a_rule_cannot_have_is_named) {
    const auto with = [](learning how, const cell& of = cell(neuron{"adex", {}})) {
        auto c = taught(of, "pair_stdp", {10}, {10}, parse_quantity("100 nS"));
        how.unit = c.projections[1].learns->unit;
        c.projections[1].learns = how;
        return c;
    };
    const auto says = [](const std::string& text, const std::string& word) { EXPECT_NE(text.find(word), std::string::npos) << text << "\nlacks: " << word; };
    says(complaint(with({.rule = "pair_sdtp"})), "did you mean 'pair_stdp'");
    says(complaint(with({.rule = "pair_stdp", .published = "song_200"})), "song_2000");
    says(complaint(with({.rule = "pair_stdp", .parameters = {{"tau_plus", any_quantity{-1, dimensions::time}}}})), "out of range");
    says(complaint(with({.rule = "dopamine_stdp"})), "modulator 'dopamine'");
    says(complaint(with({.rule = "behavioral_timescale"})), "plateau");
    says(complaint(with({.rule = "pair_stdp", .low = 2, .high = 1})), "bounds");
    says(complaint(with({.rule = "pair_stdp", .start = 2*ms, .stop = 1*ms})), "ends before it starts");
    says(complaint(with({.rule = "pair_stdp"}, test::spiker()), {.scheme = scheme::cvode}), "scheme 'cvode'");
    auto c = with({.rule = "pair_stdp"});
    c.projections[1].spontaneous = 1*Hz;
    says(complaint(c), "spontaneous");
    c = with({.rule = "pair_stdp"});
    simulation s(c, {});
    EXPECT_THROW(s.weights("force"), invalid_model);
    EXPECT_THROW(s.release("dopamine", 1), invalid_model);
}

/// Every rule of the catalogue says what it is and can be told what it is not.
TEST(learning, every_rule_describes_itself) {
    const auto known = catalogue::built_in();
    for (const auto& r : known.rules()) {
        const auto& s = r.schema;
        EXPECT_FALSE(s.summary.empty() || s.source.empty()) << s.name;
        EXPECT_NE(s.source.find_first_of("0123456789"), std::string::npos) << s.name << ": a source has a year";
        for (const auto& p : s.parameters) {
            EXPECT_TRUE(p.low <= p.value && p.value <= p.high) << s.name << '.' << p.name;
            EXPECT_FALSE(p.meaning.empty()) << s.name << '.' << p.name;
            EXPECT_NO_THROW(parse_unit(p.unit)) << s.name << '.' << p.name;
        }
        for (const auto& set : s.published) EXPECT_EQ(set.parameters.size(), s.parameters.size()) << s.name << ' ' << set.name;
        EXPECT_GT(r.locality().size(), 1u) << s.name;
    }
}

}  // namespace
}  // namespace apical
