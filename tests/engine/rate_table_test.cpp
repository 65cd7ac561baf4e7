// SPDX-License-Identifier: BSD-3-Clause
#include "engine/kernels/rate_table.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "engine/kernels/mechanism.hpp"
#include "generated/channels.hpp"
#include "tests/engine/cells.hpp"
#include "tests/laws/broken_channels.hpp"

namespace apical {
namespace {

using namespace units;
using kernels::rate_table;

constexpr double dt = 0.025;

rate_table::channel whole(const kernels::mechanism_table& k, int states, double q = 1) { return {&k, 0, states, q}; }

/// Rows of one channel, all at one voltage each and with states between 0 and 1.
struct rows {
    std::vector<double> v;
    aligned_vector states;
    std::size_t stride;

    rows(std::vector<double> voltages, int columns) : v(std::move(voltages)), stride(v.size()) {
        states.resize(stride*static_cast<std::size_t>(columns));
        for (std::size_t i = 0; i < states.size(); ++i) states[i] = static_cast<double>(i*7 % 11)/10;
    }
    kernels::region_view view(const double* q) {
        kernels::region_view r;
        r.packs = static_cast<int>(v.size())/kernels::width, r.v = v.data();
        r.states = states.data(), r.state_stride = stride, r.q = q;
        return r;
    }
};

/// Voltages over the whole range, with intervals' edges and their close neighbours; whole packs of them.
std::vector<double> sweep() {
    std::vector<double> v;
    for (double x = rate_table::low + 0.25; x < rate_table::high - 0.25; x += 0.25)
        for (const double offset : {0.0, 1e-12, -1e-12, 0.0713}) v.push_back(x + offset);
    while (v.size() % kernels::width) v.push_back(-65);
    return v;
}

/// The channels of the catalogue that follow the voltage.
std::vector<catalogue::entry> followers() {
    std::vector<catalogue::entry> list;
    const auto all = catalogue::built_in();
    for (const auto& e : all.entries())
        if (e.kernels->gates) list.push_back(e);
    return list;
}

TEST(rate_table, channels_that_see_more_than_the_voltage_are_told_apart) {
    using namespace channels;
    static_assert(kernels::follows_voltage<hh_na>() && kernels::follows_voltage<ca_lvast>() && kernels::follows_voltage<skv3_1>());
    static_assert(!kernels::follows_voltage<sk_e2>() && !kernels::follows_voltage<mainen_kca>(), "calcium opens them");
    static_assert(!kernels::follows_voltage<cadynamics_e2>() && !kernels::follows_voltage<expsyn>(), "not channels");
    static_assert(!kernels::follows_voltage<pas>(), "it has no states");
    static_assert(!kernels::follows_voltage<pospischil_na>(), "a parameter shifts its gates");
    static_assert(!kernels::follows_voltage<allen_nav>(), "its states are one system");
    EXPECT_EQ(followers().size(), 27u);
}

TEST(rate_table, currents_that_bend_are_told_from_straight_ones) {
    using namespace channels;
    static_assert(kernels::is_straight<pas>() && kernels::is_straight<nap_et2>() && kernels::is_straight<allen_nav>() && kernels::is_straight<sk_e2>());
    static_assert(!kernels::is_straight<allen_nap>() && !kernels::is_straight<wb_na>() && !kernels::is_straight<ca_ghk>());
}

TEST(rate_table, agrees_with_the_functions_of_every_channel) {
    for (const auto& e : followers())
        for (const double q : {1.0, 2.7}) {
            const int states = static_cast<int>(e.schema.states.size());
            const rate_table table({whole(*e.kernels, states, q)}, dt);
            if (!table.holds(0)) continue;
            rows by_table(sweep(), states), by_functions = by_table;
            const auto view = by_table.view(&q);
            table.advance(view, 0, view.packs);
            e.kernels->gates(by_functions.view(&q), {.gates = dt});
            for (std::size_t i = 0; i < by_table.states.size(); ++i)
                ASSERT_NEAR(by_table.states[i], by_functions.states[i], 2e-14 + 1e-12*by_functions.states[i])
                    << e.schema.name << " at " << by_table.v[i % by_table.stride];
        }
}

TEST(rate_table, holds_every_smooth_channel) {
    std::set<std::string> left_out;
    for (const auto& e : followers()) {
        const rate_table table({whole(*e.kernels, static_cast<int>(e.schema.states.size()))}, dt);
        if (!table.holds(0)) left_out.insert(e.schema.name);
    }
    EXPECT_EQ(left_out, std::set<std::string>{"allen_kv2like"}) << "its slow time constant falls to 0 near -118 mV";
}

/// Jumps at -50 mV.
struct jump : laws::broken::sound {
    template <class V> static constexpr channels::gate<V> m(V v) {
        return {math::logistic<V>(v*V(0.1)), math::select(v > V(-50.0), V(1.0), V(2.0))};
    }
    template <class V> static constexpr state<V> rest(const membrane<V>& at, const parameters<V>&) { return {m(at.v).inf}; }
    template <class V> static constexpr state<V> advance(state<V> s, const membrane<V>& at, const parameters<V>&, double step) {
        return {channels::relax(s.m, m(at.v), step)};
    }
};
/// Goes faster the further it is from its target.
struct second_order : laws::broken::sound {
    template <class V> static constexpr state<V> advance(state<V> s, const membrane<V>& at, const parameters<V>&, double step) {
        const auto g = m(at.v);
        return {s.m + V(step)*g.rate*(g.inf - s.m)*math::absolute(g.inf - s.m)};
    }
};
/// Not resolved by any polynomial of the table.
struct steep : laws::broken::sound {
    template <class V> static constexpr channels::gate<V> m(V v) { return {math::logistic<V>(v*V(20.0)), V(1.0)}; }
    template <class V> static constexpr state<V> rest(const membrane<V>& at, const parameters<V>&) { return {m(at.v).inf}; }
    template <class V> static constexpr state<V> advance(state<V> s, const membrane<V>& at, const parameters<V>&, double step) {
        return {channels::relax(s.m, m(at.v), step)};
    }
};

template <class C> bool held() {
    static_assert(kernels::follows_voltage<C>());
    return rate_table({whole(*kernels::table_of<C>(), 1)}, dt).holds(0);
}

TEST(rate_table, leaves_out_what_is_not_smooth_or_not_of_first_order) {
    EXPECT_TRUE(held<laws::broken::sound>());
    EXPECT_FALSE(held<jump>());
    EXPECT_FALSE(held<second_order>());
    EXPECT_FALSE(held<steep>());
}

TEST(rate_table, covers_no_voltage_beyond_its_range_and_no_nan) {
    rows r(std::vector<double>(static_cast<std::size_t>(2*kernels::width), -65), 1);
    const double q = 1;
    EXPECT_TRUE(rate_table::covers(r.view(&q), 1));
    for (const double v : {-150.0, 100.0, -1000.0, 1e300, std::nan("")}) {
        r.v[r.v.size() - 3] = v;
        EXPECT_FALSE(rate_table::covers(r.view(&q), 1)) << v;
        EXPECT_TRUE(rate_table::covers(r.view(&q), 0));
    }
    r.v[r.v.size() - 3] = std::nextafter(100.0, 0.0);   // rounds to the end of the last interval
    EXPECT_TRUE(rate_table::covers(r.view(&q), 1));
    const auto sodium = kernels::table_of<channels::hh_k>();
    rate_table({whole(*sodium, 1)}, dt).advance(r.view(&q), 0, 2);
    for (const double x : r.states) EXPECT_TRUE(x >= 0 && x <= 1);
}

simulation after(duration until, const circuit& c, run_options o) {
    simulation s(c, o);
    s.run(until);
    return s;
}

TEST(rate_table, changes_a_run_by_rounding_only) {
    const auto c = test::busy(3);
    for (const auto s : {scheme::crank_nicolson, scheme::backward_euler}) {
        const auto tables = after(30*ms, c, {.scheme = s}), functions = after(30*ms, c, {.scheme = s, .rates = rates::functions});
        ASSERT_EQ(tables.spikes().size(), functions.spikes().size());
        for (std::size_t i = 0; i < tables.spikes().size(); ++i) EXPECT_NEAR(tables.spikes()[i].time, functions.spikes()[i].time, 1e-8);
        double most = 0;
        for (std::size_t i = 0; i < tables["v"].samples.size(); ++i)
            most = std::max(most, std::abs(tables["v"].samples[i] - functions["v"].samples[i]));
        EXPECT_GT(most, 0) << "the option changes nothing";
        EXPECT_LT(most, 1e-7) << name_of(s);
    }
}

TEST(rate_table, a_voltage_beyond_the_table_is_left_to_the_functions) {
    auto c = test::busy(1);
    c.clamps.push_back({{"cells", "apic[0](0.5)", {}}, {{0*ms, -60*mV}, {5*ms, 180*mV}, {10*ms, -200*mV}}, 15*ms, 0.01*Mohm});
    c.probes.push_back({"far", {"cells", "apic[0](0.5)", {}}, "nata_t.h", 0*ms, 0*ms});
    const auto tables = after(20*ms, c, {}), functions = after(20*ms, c, {.rates = rates::functions});
    EXPECT_GT(*std::ranges::max_element(tables["v"].samples), 150);
    for (const char* probe : {"v", "far"})
        for (std::size_t i = 0; i < tables[probe].samples.size(); ++i)
            ASSERT_NEAR(tables[probe].samples[i], functions[probe].samples[i], 1e-7) << probe << " " << i;
}

TEST(rate_table, a_name_that_is_none_is_told) {
    EXPECT_EQ(parse_rates("functions"), rates::functions);
    try {
        parse_rates("tabulate");
        FAIL();
    } catch (const invalid_model& e) {
        EXPECT_NE(std::string(e.what()).find("tabulated"), std::string::npos) << e.what();
    }
}

}  // namespace
}  // namespace apical
