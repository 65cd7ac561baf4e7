// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "engine/checkpoint.hpp"
#include "engine/draw_contacts.hpp"
#include "plasticity/tsodyks_markram.hpp"
#include "tests/engine/networks.hpp"

namespace apical {
namespace {

using namespace units;

using test::joined, test::mixed, test::ring, test::spiker;

std::vector<spike> spikes_of(simulation& s) { return {s.spikes().begin(), s.spikes().end()}; }
std::vector<spike> spikes_of(const circuit& c, const run_options& o, duration until) {
    simulation s(c, o);
    s.run(until);
    return spikes_of(s);
}

TEST(network, a_ring_passes_one_spike_around) {
    const auto spikes = spikes_of(ring(5), {}, 60*ms);
    ASSERT_GT(spikes.size(), 7u);
    for (std::size_t k = 0; k < spikes.size(); ++k) EXPECT_EQ(spikes[k].cell, static_cast<int>(k % 5));
    // all laps alike
    const double lap = spikes[6].time - spikes[5].time;
    EXPECT_GT(lap, 5.0);
    EXPECT_LT(lap, 9.0);
}

/// What a connection brings is what a spike train with these times, weight and delay brings.
TEST(network, a_connection_is_a_spike_train_of_its_source) {
    auto c = ring(2);
    c.projections[0].rule = contact_list::of({0}, {1});
    c.probes.push_back({"v", {"cells", "apic[0](0.5)", {1}}, "v"});
    for (const auto scheme : {scheme::backward_euler, scheme::crank_nicolson}) {
        simulation network(c, {.scheme = scheme});
        network.run(30*ms);
        ASSERT_EQ(network.spikes()[0].cell, 0);
        const double sent = scheme == scheme::backward_euler ? network.spikes()[0].step_time : network.spikes()[0].time;
        auto alone = c;
        alone.projections.clear();
        alone.receptors.push_back({"r", {"cells", "apic[0](0.5)", {}}, "expsyn", {{"tau", parse_quantity("2 ms")}}});
        alone.spike_trains.push_back({"r", {sent}, 0.02*uS, 5*ms});
        alone.populations[0].size = 2;
        // not onto cell 0, which has none in the network: a train goes to all cells of its receptor
        alone.receptors[0].on.cells = {1};
        simulation train(alone, {.scheme = scheme});
        train.run(30*ms);
        const auto &a = network["v"].samples, &b = train["v"].samples;
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i) ASSERT_EQ(a[i], b[i]) << i;
    }
}

TEST(network, every_scheme_finds_the_same_spikes) {
    const auto reference = spikes_of(ring(4), {.scheme = scheme::precise, .max_error = 1e-5*mV}, 40*ms);
    ASSERT_GT(reference.size(), 4u);
    const std::map<scheme, double> within{{scheme::crank_nicolson, 0.05}, {scheme::automatic, 0.15}, {scheme::cvode, 0.02}, {scheme::backward_euler, 0.8}, {scheme::precise, 0.01}};
    for (const auto& [s, most] : within) {
        const auto found = spikes_of(ring(4), {.scheme = s}, 40*ms);
        ASSERT_EQ(found.size(), reference.size()) << name_of(s);
        for (std::size_t k = 0; k < found.size(); ++k) {
            EXPECT_EQ(found[k].cell, reference[k].cell);
            EXPECT_NEAR(found[k].time, reference[k].time, most) << name_of(s);
        }
    }
}

TEST(network, results_do_not_depend_on_threads_lanes_or_pauses) {
    const auto c = mixed();
    simulation one(c, {.threads = 1});
    one.run(120*ms);
    const auto all = spikes_of(one);
    std::map<int, int> of_population;
    for (const auto& s : all) ++of_population[s.population];
    ASSERT_GT(of_population[0], 20);
    ASSERT_GT(of_population[1], 20);
    for (const auto& options : {run_options{.threads = 2}, run_options{.threads = 5, .lanes = 1}}) {
        simulation other(c, options);
        for (const double t : {0.025, 0.5, 33.3, 100.0, 120.0}) other.run(t*ms);
        EXPECT_EQ(spikes_of(other), all);
        EXPECT_TRUE(std::ranges::equal(other["v"].samples, one["v"].samples));
    }
}

TEST(network, a_copy_goes_on_as_the_original_does) {
    for (const auto s : {scheme::crank_nicolson, scheme::automatic, scheme::precise, scheme::cvode}) {
        simulation a(mixed(6), {.scheme = s});
        a.run(30*ms);
        simulation b(a);
        a.run(50*ms), b.run(50*ms);
        EXPECT_EQ(spikes_of(a), spikes_of(b)) << name_of(s);
    }
}

TEST(network, a_checkpoint_goes_on_as_the_run_does) {
    const auto c = mixed();
    for (const auto s : {scheme::crank_nicolson, scheme::backward_euler, scheme::automatic}) {
        simulation whole(c, {.scheme = s});
        whole.run(120*ms);
        simulation first(c, {.scheme = s});
        first.run(57.3*ms);
        const auto kept = first.checkpoint();
        simulation second(c, {.scheme = s, .threads = 2});
        second.restore(kept);
        EXPECT_NEAR(second.time(), 57.3, 1e-9);
        second.run(120*ms);
        EXPECT_EQ(spikes_of(second), spikes_of(whole)) << name_of(s);
        EXPECT_TRUE(std::ranges::equal(second["v"].samples, whole["v"].samples));
    }
}

TEST(network, a_checkpoint_of_another_model_or_a_damaged_one_is_refused) {
    auto c = mixed(6);
    simulation s(c);
    s.run(5*ms);
    auto kept = s.checkpoint();
    simulation(c).restore(kept);
    auto cut = kept;
    cut.blocks[0].pop_back();
    EXPECT_THROW(simulation(c).restore(cut), invalid_input);
    cut = kept, cut.blocks[0].push_back(0);
    EXPECT_THROW(simulation(c).restore(cut), invalid_input);
    cut = kept, cut.samples[0].pop_back();
    EXPECT_THROW(simulation(c).restore(cut), invalid_input);
    c.projections[0].weight = 3*nS;
    EXPECT_THROW(simulation(c).restore(kept), invalid_input);
    EXPECT_THROW(simulation(mixed(6), {.seed = 1}).restore(kept), invalid_input);
}

/// Some cells, with the spikes of the others as they were, do what they did among all.
TEST(network, some_cells_hear_the_spikes_of_a_run_before) {
    const auto p = compile(mixed(), {.lanes = 1});
    simulation all(p);
    all.run(80*ms);
    simulation some(p, std::vector<std::pair<int, int>>{{0, 7}, {0, 23}}, all.spikes());
    some.run(80*ms);
    std::vector<spike> expected;
    for (const auto& s : all.spikes())
        if (s.population == 0 && (s.cell == 7 || s.cell == 23)) expected.push_back(s);
    EXPECT_EQ(spikes_of(some), expected);
    EXPECT_FALSE(expected.empty());
}

/// Point neurons that hear each other through currents of both signs, more than one block of them.
circuit column() {
    circuit c;
    c.populations.push_back({.name = "n", .cell = cell(neuron{"lif", {}}), .size = 5000, .start = random_value::uniform(parse_quantity("-65 mV"), parse_quantity("-50 mV"))});
    c.detectors.push_back({.on = {"n"}});
    c.receptors.push_back({"s", {"n"}, "psc_exp", {{"tau", parse_quantity("0.5 ms")}}});
    c.poisson_trains.push_back({"s", 16000*Hz, 0.0878*nA});
    const auto delay = random_value::normal(parse_quantity("1 ms"), parse_quantity("0.5 ms")).at_least(parse_quantity("0.1 ms"));
    for (const auto& [name, mean] : {std::pair{"excitation", 0.2}, {"inhibition", -0.8}})
        c.projections.push_back({.name = name, .source = "n", .target = "n", .rule = fixed_total{250000}, .receptor = "psc_exp", .parameters = {{"tau", parse_quantity("0.5 ms")}},
                                 .weight = random_value::normal(any_quantity{mean, dimensions::current}, any_quantity{0.02, dimensions::current}), .delay = delay});
    return c;
}

TEST(network, compact_tables_give_the_bits_of_wide_ones) {
    auto c = column();
    const auto spikes = spikes_of(c, {.dt = 0.1*ms}, 60*ms);
    ASSERT_GT(spikes.size(), 1000u);
    for (const auto& options : {run_options{.dt = 0.1*ms, .threads = 2}, run_options{.dt = 0.1*ms, .threads = 5, .lanes = 1}}) EXPECT_EQ(spikes_of(c, options, 60*ms), spikes);
    EXPECT_NE(spikes_of(c, {.dt = 0.1*ms, .seed = 1}, 60*ms), spikes);
    // a contact that arrives after the end and whose weight no float holds
    std::vector<int> from, to;
    for (int k = 0; k < 5000; ++k) from.push_back(k), to.push_back(k);
    c.projections.push_back({.name = "late", .source = "n", .target = "n", .rule = contact_list::of(from, to, std::vector<double>(5000, 0.1)), .receptor = "psc_exp",
                             .parameters = {{"tau", parse_quantity("0.5 ms")}}, .weight = 1*nA, .delay = 100*ms});
    EXPECT_EQ(spikes_of(c, {.dt = 0.1*ms}, 60*ms), spikes);
}

TEST(network, a_checkpoint_of_many_point_neurons_goes_on_as_the_run_does) {
    const auto c = column();
    simulation whole(c, {.dt = 0.1*ms}), first(c, {.dt = 0.1*ms}), second(c, {.dt = 0.1*ms, .threads = 2});
    whole.run(40*ms), first.run(17.3*ms);
    second.restore(first.checkpoint());
    second.run(40*ms);
    EXPECT_EQ(spikes_of(second), spikes_of(whole));
}

std::vector<std::pair<int, int>> pairs_of(const connection_rule& rule, int sources, int targets, bool same = false, std::uint64_t seed = 1,
                                          const std::vector<position>& from = {}, const std::vector<position>& to = {}) {
    const projection p{.name = "p", .source = "a", .target = "b", .rule = rule, .receptor = "expsyn", .weight = 1*nS};
    const contact_drawer drawer(p, seed, sources, targets, same, from, to, dimensions::conductance, 0.1*ms);
    std::vector<std::pair<int, int>> pairs;
    for (int t = 0; t < targets; ++t) {
        std::vector<drawn_contact> contacts;
        drawer.onto(t, contacts);
        for (const auto& c : contacts) pairs.emplace_back(c.source, t);
    }
    return pairs;
}

TEST(rules, each_connects_whom_it_says) {
    EXPECT_EQ(pairs_of(all_to_all{}, 4, 4, true).size(), 12u);
    EXPECT_EQ(pairs_of(all_to_all{true}, 4, 4, true).size(), 16u);
    EXPECT_EQ(pairs_of(all_to_all{}, 4, 3).size(), 12u);
    for (const auto& [s, t] : pairs_of(one_to_one{}, 9, 9)) EXPECT_EQ(s, t);
    for (const bool distinct : {true, false})
        for (const int degree : {3, 40}) {
            std::map<int, std::set<int>> sources, targets;
            std::map<int, int> in, out;
            for (const auto& [s, t] : pairs_of(fixed_indegree{degree, distinct}, 50, 50, true)) {
                ++in[t], sources[t].insert(s);
                EXPECT_NE(s, t);
            }
            for (const auto& [s, t] : pairs_of(fixed_outdegree{degree, distinct}, 50, 50, true)) {
                ++out[s], targets[s].insert(t);
                EXPECT_NE(s, t);
            }
            EXPECT_EQ(in.size(), 50u);
            EXPECT_EQ(out.size(), 50u);
            for (const auto& [cell, n] : in) {
                EXPECT_EQ(n, degree);
                EXPECT_TRUE(!distinct || sources[cell].size() == static_cast<std::size_t>(degree));
            }
            for (const auto& [cell, n] : out) {
                EXPECT_EQ(n, degree);
                EXPECT_TRUE(!distinct || targets[cell].size() == static_cast<std::size_t>(degree));
            }
        }
    EXPECT_EQ(pairs_of(fixed_total{12345}, 77, 33).size(), 12345u);
}

/// Numbers of connections lie within 5 standard deviations of what the rule says; so do those of each half of the cells.
TEST(rules, chance_has_the_right_distribution) {
    const auto close = [](double n, double trials, double p) { EXPECT_NEAR(n, trials*p, 5*std::sqrt(trials*p*(1 - p))); };
    const auto pairs = pairs_of(pairwise_probability{0.03}, 400, 500);
    close(static_cast<double>(pairs.size()), 400*500, 0.03);
    close(static_cast<double>(std::ranges::count_if(pairs, [](auto x) { return x.first < 200 && x.second >= 250; })), 200*250, 0.03);
    const auto total = pairs_of(fixed_total{100000}, 300, 257);
    close(static_cast<double>(std::ranges::count_if(total, [](auto x) { return x.second < 100; })), 100000, 100.0/257);
    close(static_cast<double>(std::ranges::count_if(total, [](auto x) { return x.first == 7 || x.first == 299; })), 100000, 2.0/300);
    std::vector<position> line;
    for (int k = 0; k < 400; ++k) line.push_back({static_cast<double>(k), 0, 0});
    const auto near = pairs_of(spatial_probability::gaussian(0.5, 30), 400, 400, true, 1, line, line);
    double expected = 0, variance = 0;
    for (int a = 0; a < 400; ++a)
        for (int b = 0; b < 400; ++b)
            if (a != b && std::abs(a - b) <= 150) {
                const double p = 0.5*std::exp(-(a - b)*(a - b)/(2*900.0));
                expected += p, variance += p*(1 - p);
            }
    EXPECT_NEAR(static_cast<double>(near.size()), expected, 5*std::sqrt(variance));
    for (const auto& [s, t] : near) EXPECT_LE(std::abs(s - t), 150);
    EXPECT_NE(pairs_of(pairwise_probability{0.03}, 400, 500, false, 2), pairs);
}

TEST(rules, what_cannot_be_is_refused_with_its_place) {
    const auto refused = [](auto change) {
        auto c = mixed(6);
        change(c);
        try {
            compile(c);
        } catch (const invalid_model& e) {
            return std::string(e.what());
        }
        return std::string("accepted");
    };
    const auto says = [&](auto change, const char* place) { EXPECT_NE(refused(change).find(place), std::string::npos) << refused(change); };
    says([](circuit& c) { c.projections[0].source = "nose"; }, "'drive' / source");
    says([](circuit& c) { c.projections[0].target = "cell"; }, "did you mean 'cells'");
    says([](circuit& c) { c.projections[0].receptor = "exp2synn"; }, "'drive' / receptor");
    says([](circuit& c) { c.projections[0].receptor = "gaba_b"; }, "'drive' / receptor");
    says([](circuit& c) { c.projections[0].weight = 3*mV; }, "'drive' / weight");
    says([](circuit& c) { c.projections[0].delay = 0*ms; }, "'drive' / delay");
    says([](circuit& c) { c.projections[0].contacts = 0; }, "'drive' / contacts");
    says([](circuit& c) { c.projections[0].at = "in distance > 9 mm"; }, "'drive' / at");
    says([](circuit& c) { c.projections[0].at = "tips(all), soma(0.5)"; }, "'drive' / at");
    says([](circuit& c) { c.projections[0].rule = pairwise_probability{1.5}; }, "'drive' / rule");
    says([](circuit& c) { c.projections[0].rule = fixed_indegree{21}; }, "'drive' / rule");
    says([](circuit& c) { c.projections[0].rule = one_to_one{}; }, "'drive' / rule");
    says([](circuit& c) { c.projections[0].rule = spatial_probability::gaussian(0.1, 10); }, "positions");
    says([](circuit& c) { c.projections[1].name = "drive"; }, "the name is taken");
    says([](circuit& c) { c.projections[0].rule = contact_list::of({0, 20}, {0, 0}); }, "20 -> 0");
    says([](circuit& c) { c.projections[0].rule = contact_list::of({0}, {0}, {std::nan("")}, {-1.0}); }, "a delay of -1");
    says([](circuit& c) { c.projections[0].rule = contact_list::of({0}, {0}, {HUGE_VAL}); }, "weight");
    says([](circuit& c) { c.projections[0].rule = contact_list::of({0}, {0}, {}, {}, {{9, 0.5}}); }, "section 9");
    says([](circuit& c) { c.projections[2].short_term->use = any_quantity{1.5, {}}; }, "'to points' / short_term / use");
    says([](circuit& c) { c.spike_sources[0].name = "cells"; }, "spike source 'cells'");
    says([](circuit& c) { c.spike_sources[0].spikes = {{20, 1.0}}; }, "a spike of source 20");
    says([](circuit& c) { c.populations[0].positions.resize(3); }, "positions");
    EXPECT_THROW(contact_list::of({0}, {0, 1}), invalid_model);
}

/// Tsodyks & Markram at 20 Hz: shares of the first response, as specs of the field give them.
TEST(short_term, a_depressing_connection_gives_the_published_series) {
    using rule = plasticity::tsodyks_markram;
    const rule::parameters<double> p{0.5, 800, 0, 0, 0, 1};
    auto s = rule::at_start(p);
    const double expected[] = {1, 0.53, 0.31, 0.206, 0.157, 0.135, 0.124, 0.119, 0.116, 0.115};
    for (int k = 0; k < 10; ++k) EXPECT_NEAR(rule::release(s, p, 50.0*k, nullptr)/0.5, expected[k], 6e-3) << k;
    for (int k = 10; k < 200; ++k) rule::release(s, p, 50.0*k, nullptr);
    const double e = std::exp(-50.0/800);
    EXPECT_NEAR(rule::release(s, p, 50.0*200, nullptr)/0.5, (1 - e)/(1 - 0.5*e), 1e-12);
}

TEST(short_term, vesicles_release_the_mean_on_average) {
    const int trials = 20000, spikes = 6;
    using rule = plasticity::tsodyks_markram;
    const rule::parameters<double> mean{0.3, 150, 400, 0, 0, 1}, chance{0.3, 150, 400, 3, 0, 1};
    auto m = rule::at_start(mean);
    double sum[spikes] = {}, squares[spikes] = {};
    for (int t = 0; t < trials; ++t) {
        auto s = rule::at_start(chance);
        random_stream draws(7, static_cast<std::uint64_t>(t));
        for (int k = 0; k < spikes; ++k) {
            const double x = rule::release(s, chance, 20.0*k, &draws);
            sum[k] += x, squares[k] += x*x;
        }
    }
    for (int k = 0; k < spikes; ++k) {
        const double average = sum[k]/trials, sd = std::sqrt(squares[k]/trials - average*average);
        EXPECT_NEAR(average, rule::release(m, mean, 20.0*k, nullptr), 5*sd/std::sqrt(trials)) << k;
    }
}

/// The steady deflection of two joined passive cells is that of the circuit of their conductances.
TEST(gap_junctions, share_a_current_as_conductances_do) {
    circuit c;
    morphology ball;
    ball.add(test::cylinder(20, 20, -1, 1, section_type::soma));
    cell passive(ball, fixed_count{1});
    passive.paint("all", mechanism{"pas", {{"g", 1e-4*S/cm2}, {"e_rev", -65*mV}}});
    c.populations.push_back({"cells", passive, 3});
    c.gap_junctions.push_back({{"cells", 0}, {"cells", 1}, 2*nS});
    c.gap_junctions.push_back({{"cells", 1}, {"cells", 2}, 1*nS});
    c.injections.push_back({{"cells", "soma(0.5)", {0}}, step_current{0*ms, 1000*ms, 0.02*nA}});
    const double leak = 1e-4*1e-2*M_PI*20*20, a = 2e-3, b = 1e-3;   // [uS]
    // leak + a, -a; -a, leak + a + b, -b; -b, leak + b
    const double d2 = leak + b, d1 = leak + a + b - b*b/d2, v0 = 0.02/(leak + a - a*a/d1), v1 = a*v0/d1, v2 = b*v1/d2;
    for (const auto s : {scheme::crank_nicolson, scheme::backward_euler}) {
        simulation run(c, {.scheme = s});
        run.run(500*ms);
        EXPECT_NEAR(run.voltage("cells", 0), -65 + v0, 1e-8);
        EXPECT_NEAR(run.voltage("cells", 1), -65 + v1, 1e-8);
        EXPECT_NEAR(run.voltage("cells", 2), -65 + v2, 1e-8);
        EXPECT_LT(run.gap_residual(), 1e-9);
    }
}

TEST(gap_junctions, results_do_not_depend_on_threads_lanes_pauses_or_checkpoints) {
    const auto c = joined();
    simulation one(c);
    one.run(60*ms);
    const auto all = spikes_of(one);
    ASSERT_GT(all.size(), 20u);
    EXPECT_NE(all, spikes_of(mixed(), {}, 60*ms));
    for (const auto& options : {run_options{.threads = 2}, run_options{.threads = 3, .lanes = 1}}) {
        simulation other(c, options);
        other.run(33.3*ms);
        const auto kept = other.checkpoint();
        simulation second(c, options);
        second.restore(kept);
        other.run(60*ms), second.run(60*ms);
        EXPECT_EQ(spikes_of(other), all);
        EXPECT_EQ(spikes_of(second), all);
        EXPECT_TRUE(std::ranges::equal(other["v"].samples, one["v"].samples));
    }
}

/// Halving dt divides the error of joined cells by four, across a jump of the stimulus too.
TEST(gap_junctions, are_of_second_order) {
    auto c = ring(2);
    c.projections.clear();
    c.gap_junctions.push_back({{"cells", 0}, {"cells", 1}, 20*nS});
    c.probes.push_back({"v", {"cells", "soma(0.5)", {0, 1}}, "v", 1*ms});
    const auto trace = [&](double dt) {
        simulation s(c, {.dt = dt*ms, .rates = rates::functions});
        s.run(12*ms);
        return s["v"].samples;
    };
    const auto exact = trace(0.003125), coarse = trace(0.05), fine = trace(0.025);
    const auto error = [&](const auto& x) {
        double sum = 0;
        for (std::size_t i = 0; i < x.size(); ++i) sum += std::abs(x[i] - exact[i]);
        return sum;
    };
    EXPECT_NEAR(error(coarse)/error(fine), 4, 0.6);
}

TEST(gap_junctions, what_cannot_be_is_refused) {
    auto c = joined();
    EXPECT_THROW(compile(c, {.scheme = scheme::automatic}), invalid_model);
    EXPECT_THROW(compile(c, {.scheme = scheme::precise}), invalid_model);
    auto other = c;
    other.gap_junctions[0].conductance = -1*nS;
    EXPECT_THROW(compile(other), invalid_model);
    other = c, other.gap_junctions[0].a.population = "points";
    EXPECT_THROW(compile(other), invalid_model);
    other = c, other.gap_junctions[0].b = other.gap_junctions[0].a;
    EXPECT_THROW(compile(other), invalid_model);
    other = c, other.gap_junctions[0].a.cell = 24;
    EXPECT_THROW(compile(other), invalid_model);
}

}  // namespace
}  // namespace apical
