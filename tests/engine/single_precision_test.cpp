// SPDX-License-Identifier: BSD-3-Clause
// Gates and currents of single precision: how far from double, and that all else is as ever.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/pack.hpp"
#include "engine/kernels/mechanism.hpp"
#include "engine/kernels/rate_table.hpp"
#include "tests/engine/cells.hpp"

namespace apical {
namespace {

using namespace units;
using kernels::rate_table;

constexpr auto in_single = rates::single;

simulation after(duration until, const circuit& c, run_options o) {
    simulation s(c, o);
    s.run(until);
    return s;
}
double furthest(std::span<const double> a, std::span<const double> b) {
    EXPECT_EQ(a.size(), b.size());
    double most = 0;
    for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k) most = std::max(most, std::abs(a[k] - b[k]));
    return most;
}

/// Rows of one channel at a sweep of voltages.
struct rows {
    std::vector<double> v;
    aligned_vector states;
    aligned_singles gates;
    double q = 1;

    explicit rows(int columns) {
        for (double x = rate_table::low + 0.25; x < rate_table::high - 0.25; x += 0.0931) v.push_back(x);
        while (v.size() % kernels::width) v.push_back(-65);
        states.resize(v.size()*static_cast<std::size_t>(columns));
        for (std::size_t i = 0; i < states.size(); ++i) states[i] = static_cast<double>(i*7 % 11)/10;
        gates.assign(2*states.size(), 0);
        for (std::size_t i = 0; i < states.size(); ++i) gates[i] = static_cast<float>(states[i]), gates[states.size() + i] = static_cast<float>(states[i] - static_cast<double>(gates[i]));
    }
    kernels::region_view view(bool single) {
        kernels::region_view r;
        r.packs = static_cast<int>(v.size())/kernels::width, r.v = v.data(), r.q = &q;
        r.states = states.data(), r.state_stride = v.size();
        if (single) r.gates = gates.data(), r.gate_remainders = gates.data() + states.size(), r.gate_stride = v.size();
        return r;
    }
};

TEST(single_precision, tables_agree_with_the_functions_of_every_channel) {
    int held = 0;
    const auto all = catalogue::built_in();
    for (const auto& e : all.entries()) {
        if (!e.kernels->gates) continue;
        const int states = static_cast<int>(e.schema.states.size());
        const rate_table table({{e.kernels.get(), 0, states, 1}}, 0.025, rate_table::precision::single);
        rows by_table(states), by_functions(states);
        const auto single = by_table.view(true);
        e.kernels->gates(by_functions.view(false), {.gates = 0.025});
        if (table.holds(0)) ++held, table.advance(single, 0, single.packs);
        else e.kernels->gates(single, {.gates = 0.025});
        for (std::size_t i = 0; i < by_table.states.size(); ++i)
            ASSERT_NEAR(by_table.gates[i], by_functions.states[i], 1e-7 + 1e-6*by_functions.states[i]) << e.schema.name << " at " << by_table.v[i % by_table.v.size()];
    }
    EXPECT_GE(held, 26) << "all but allen_kv2like, whose slow time constant falls to 0";
}

/// Half a minute to close: a step is lost in rounding from 4e-4 of the way on.
struct sluggish {
    static constexpr channel_info info{.name = "sluggish", .summary = "a test channel", .source = "Nobody (2020)"};
    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 0, "S/cm2", "peak conductance density", 0, 10}};
    template <class V> struct state { V m; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}};
    template <class V> static constexpr state<channels::gate<V>> gates(const membrane<V>& at, const parameters<V>&) {
        return {channels::from_tau<V>(math::logistic<V>((at.v + V(60.0))*V(0.1)), V(3000.0))};
    }
    template <class V, class U> static constexpr U current(const state<V>& s, const membrane<V>&, const parameters<V>& p, U v) { return p.g_max*s.m*v; }
};

TEST(single_precision, slow_gates_arrive) {
    const auto kernels = kernels::table_of<sluggish>();
    const rate_table table({{kernels.get(), 0, 1, 1}}, 0.025, rate_table::precision::single);
    ASSERT_TRUE(table.holds(0));
    rows r(1);
    const auto view = r.view(true);
    for (int step = 0; step < 2400000; step += 1) table.advance(view, 100/kernels::width, 100/kernels::width + 1);   // a minute: 20 time constants
    const auto at = static_cast<std::size_t>(100/kernels::width*kernels::width);
    const double target = 1/(1 + std::exp(-(r.v[at] + 60)*0.1));
    EXPECT_NEAR(r.gates[at], target, 1e-6*target);
}

TEST(single_precision, a_run_differs_by_little) {
    const auto c = test::busy(3);
    for (const auto s : {scheme::crank_nicolson, scheme::backward_euler, scheme::automatic}) {
        const auto doubles = after(30*ms, c, {.scheme = s}), singles = after(30*ms, c, {.scheme = s, .rates = in_single});
        ASSERT_EQ(doubles.spikes().size(), singles.spikes().size());
        for (std::size_t i = 0; i < doubles.spikes().size(); ++i) EXPECT_NEAR(doubles.spikes()[i].time, singles.spikes()[i].time, 1e-4);
        const double most = furthest(doubles["v"].samples, singles["v"].samples);
        EXPECT_GT(most, 1e-9) << "the option changes nothing";
        EXPECT_LT(most, 2e-3) << name_of(s);
        EXPECT_LT(furthest(doubles["m"].samples, singles["m"].samples), 1e-4);
        EXPECT_LT(furthest(doubles["ca"].samples, singles["ca"].samples), 1e-8);
    }
}

TEST(single_precision, bits_do_not_depend_on_threads_lanes_or_pieces) {
    const auto c = test::busy(9);
    const auto one = after(30*ms, c, {.rates = in_single, .lanes = 1});
    ASSERT_GT(one.spikes().size(), 5u);
    auto pieces = after(7.5*ms, c, {.rates = in_single, .threads = 2, .lanes = native_width});
    auto fork = pieces;
    pieces.run(30*ms), fork.run(30*ms);
    for (const auto* other : {&pieces, &fork})
        for (std::size_t i = 0; i < one.recordings().size(); ++i) EXPECT_EQ(one.recordings()[i].samples, other->recordings()[i].samples) << one.recordings()[i].label;
}

TEST(single_precision, a_voltage_beyond_the_table_is_left_to_the_functions) {
    auto c = test::busy(1);
    c.clamps.push_back({{"cells", "apic[0](0.5)", {}}, {{0*ms, -60*mV}, {5*ms, 180*mV}, {10*ms, -200*mV}}, 15*ms, 0.01*Mohm});
    c.probes.push_back({"far", {"cells", "apic[0](0.5)", {}}, "nata_t.h", 0*ms, 0*ms});
    const auto singles = after(20*ms, c, {.rates = in_single}), doubles = after(20*ms, c, {});
    EXPECT_GT(*std::ranges::max_element(singles["v"].samples), 150);
    EXPECT_LT(furthest(singles["v"].samples, doubles["v"].samples), 1e-3);
    EXPECT_LT(furthest(singles["far"].samples, doubles["far"].samples), 1e-5);
}

/// Parameters that change in a run are rounded anew in every step.
TEST(single_precision, modulators_act) {
    auto c = test::busy(2);
    const auto plain = after(30*ms, c, {.rates = in_single});
    c.modulators.push_back({.name = "ach", .tau = 20*ms, .releases = {{3, 2.0}}});
    c.modulators[0].effects = {{.population = "cells", .mechanism = "hh_k", .parameter = "g_max", .scale = -0.8, .half = 0.5, .hill = 2}};
    const auto singles = after(30*ms, c, {.rates = in_single}), doubles = after(30*ms, c, {});
    EXPECT_GT(furthest(plain["v"].samples, singles["v"].samples), 5);
    EXPECT_LT(furthest(doubles["v"].samples, singles["v"].samples), 2e-2);
}

TEST(single_precision, the_energy_ledger_reads_what_flowed) {
    auto c = test::busy(2);
    c.meters.push_back({.label = "energy", .population = "cells", .start = 3*ms, .stop = 20*ms});
    const auto singles = after(20*ms, c, {.rates = in_single}), doubles = after(20*ms, c, {});
    const auto a = singles.charges("energy", 0), b = doubles.charges("energy", 0);
    ASSERT_EQ(a.passages.size(), b.passages.size());
    for (std::size_t i = 0; i < a.passages.size(); ++i) EXPECT_NEAR(a.passages[i].charge, b.passages[i].charge, 1e-4*std::abs(b.passages[i].charge) + 1e-9);
}

TEST(single_precision, is_refused_where_gates_and_voltage_are_one_system) {
    for (const auto s : {scheme::precise, scheme::cvode}) {
        try {
            compile(test::busy(1), {.scheme = s, .rates = in_single});
            FAIL();
        } catch (const invalid_model& e) {
            EXPECT_NE(std::string(e.what()).find("run / rates"), std::string::npos) << e.what();
        }
    }
    EXPECT_EQ(parse_rates("single"), in_single);
    EXPECT_EQ(name_of(in_single), "single");
}

}  // namespace
}  // namespace apical
