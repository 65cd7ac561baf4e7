// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

#include <gtest/gtest.h>

#include "engine/coupled_equations.hpp"
#include "engine/kernels/mechanism.hpp"
#include "tests/engine/cells.hpp"
#include "tests/engine/exploding.hpp"

/// The coupled equations of a cell, and the schemes that integrate them.
namespace apical {
namespace {

using namespace units;

constexpr std::array both{scheme::precise, scheme::cvode};

simulation after(duration until, const circuit& c, const run_options& o) {
    simulation s(c, o);
    s.run(until);
    return s;
}
double furthest_spike(const simulation& a, const simulation& b) {
    if (a.spikes().size() != b.spikes().size()) return INFINITY;
    double most = 0;
    for (std::size_t i = 0; i < a.spikes().size(); ++i) most = std::max(most, std::abs(a.spikes()[i].time - b.spikes()[i].time));
    return most;
}
double furthest(const recording& a, const recording& b) {
    EXPECT_EQ(a.samples.size(), b.samples.size());
    double most = 0;
    for (std::size_t i = 0; i < std::min(a.samples.size(), b.samples.size()); ++i) most = std::max(most, std::abs(a.samples[i] - b.samples[i]));
    return most;
}

circuit one(const cell& what) {
    circuit c;
    c.populations.push_back({"cells", what, 1});
    c.probes.push_back({"v", {"cells", "soma(0.5)", {}}, "v", 0.1*ms, 0*ms});
    c.detectors.push_back({{"cells", "soma(0.5)", {}}, -20*mV});
    return c;
}
circuit spiking() {
    auto c = one(test::active());
    c.injections.push_back({{"cells", "soma(0.5)", {}}, step_current{5*ms, 20*ms, 0.5*nA}});
    return c;
}

class no_inputs final : public cell_inputs {
public:
    void add(double, const double*, double*, double*) override {}
    bool vary() const override { return false; }
};

/// A cell in which everything happens: two ions with pools, gates of voltage and of concentration, constant-field current.
cell rich() {
    cell c = test::active(fixed_count{3});
    c.paint("basal", mechanism{"ca_ghk", {{"p_max", 1e-4*cm/s}}});
    c.paint("basal", mechanism{"cadynamics_e2", {}});
    c.paint("basal", mechanism{"mainen_kca", {}});
    return c;
}

/// x = (1 - gamma J)^-1 b, checked with J x as a difference of f: nothing of the elimination is taken on trust.
TEST(coupled_equations, solve_what_differences_of_the_rates_say) {
    const auto p = compile(one(rich()), {.scheme = scheme::precise});
    coupled_equations e(*p, 0);
    no_inputs none;
    const auto n = static_cast<std::size_t>(e.size());
    std::vector<double> y(n, 0), w(n);
    std::mt19937 engine(3);
    const auto draw = [&](double low, double high) { return std::uniform_real_distribution(low, high)(engine); };
    const auto& concentrations = e.concentrations();
    e.weights(*p, 1, y.data(), w.data());
    for (std::size_t i = 0; i < n; ++i) {
        const auto at = e.place_of(*p, static_cast<int>(i));
        y[i] = at.region < 0 ? draw(-90, 30) : draw(0.05, 0.95);
    }
    for (const int i : concentrations) y[static_cast<std::size_t>(i)] = draw(5e-5, 5e-3);
    for (const double gamma : {1e-3, 0.05, 3.0}) {
        std::vector<double> f(n);
        e.rates(*p, 0, y.data(), none, f.data());
        e.linearise(*p, y.data());
        e.factorise(*p, gamma);
        std::vector<double> b(n, 0), size(n, 0);
        for (std::size_t i = 0; i < n; ++i) {
            if (!(w[i] > 0)) continue;   // padding
            size[i] = e.place_of(*p, static_cast<int>(i)).region < 0 ? 1 : 0.01;
            if (std::ranges::find(concentrations, static_cast<int>(i)) != concentrations.end()) size[i] = 1e-5;
            b[i] = size[i]*draw(-1, 1);
        }
        auto x = b;
        e.solve(*p, x.data());
        std::vector<double> plus = y, minus = y, f_plus(n), f_minus(n);
        constexpr double part = 1e-3;
        for (std::size_t i = 0; i < n; ++i) plus[i] += part*x[i], minus[i] -= part*x[i];
        e.rates(*p, 0, plus.data(), none, f_plus.data()), e.rates(*p, 0, minus.data(), none, f_minus.data());
        double most = 0;
        for (std::size_t i = 0; i < n; ++i) {
            if (!(w[i] > 0)) continue;
            const double left = x[i] - gamma*(f_plus[i] - f_minus[i])/(2*part);
            most = std::max(most, std::abs(left - b[i])/size[i]);
        }
        EXPECT_LT(most, 2e-4) << gamma;
    }
}

TEST(coupled_schemes, agree_with_small_fixed_steps) {
    const auto exact = after(50*ms, spiking(), {.dt = 0.025/64*ms});
    ASSERT_EQ(exact.spikes().size(), 2u);
    for (const auto s : both) EXPECT_LT(furthest_spike(after(50*ms, spiking(), {.scheme = s}), exact), 1e-3) << name_of(s);
}

TEST(coupled_schemes, agree_with_each_other_far_beyond_that) {
    auto c = test::busy(1);
    std::erase_if(c.injections, [](const injection& i) { return std::holds_alternative<noise_current>(i.source); });
    const auto a = after(30*ms, c, {.scheme = scheme::precise, .max_error = 1e-6*mV}), b = after(30*ms, c, {.scheme = scheme::cvode, .max_error = 1e-6*mV});
    ASSERT_FALSE(a.spikes().empty());
    EXPECT_LT(furthest_spike(a, b), 3e-5);
    EXPECT_LT(furthest(a["v"], b["v"]), 3e-3);
    EXPECT_LT(furthest(a["m"], b["m"]), 5e-5);
    EXPECT_LT(furthest(a["ca"], b["ca"]), 1e-9);
}

TEST(coupled_schemes, errors_follow_the_tolerance) {
    const auto exact = after(50*ms, spiking(), {.scheme = scheme::precise, .max_error = 1e-8*mV});
    for (const auto s : both) {
        const double loose = furthest_spike(after(50*ms, spiking(), {.scheme = s, .max_error = 1e-1*mV}), exact);
        const double tight = furthest_spike(after(50*ms, spiking(), {.scheme = s, .max_error = 1e-4*mV}), exact);
        EXPECT_LT(tight, 0.1*loose) << name_of(s);
        EXPECT_LT(tight, 1e-4) << name_of(s);
    }
}

/// Under fixed steps an event belongs to a whole step. Here it comes when it comes.
TEST(coupled_schemes, events_and_edges_come_at_their_exact_times) {
    for (const auto s : both) {
        const auto spike_after = [&](double shift, bool by_event) {
            auto c = one(test::active());
            if (by_event) {
                c.receptors.push_back({"synapse", {"cells", "soma(0.5)", {}}, "exp2syn", {}});
                c.spike_trains.push_back({"synapse", {10 + shift}, 0.02*uS});
            } else {
                c.injections.push_back({{"cells", "soma(0.5)", {}}, step_current{(10 + shift)*ms, 20*ms, 0.5*nA}});
            }
            const auto done = after(30*ms, c, {.scheme = s, .max_error = 1e-6*mV});
            EXPECT_GE(done.spikes().size(), 1u);
            return done.spikes().front().time;
        };
        for (const bool by_event : {false, true}) EXPECT_NEAR(spike_after(0.0137, by_event) - spike_after(0, by_event), 0.0137, 2e-5) << name_of(s) << by_event;
    }
}

TEST(coupled_schemes, what_is_recorded_does_not_change_the_run) {
    auto bare = spiking();
    bare.probes.clear();
    for (const auto s : both) EXPECT_TRUE(std::ranges::equal(after(50*ms, bare, {.scheme = s}).spikes(), after(50*ms, spiking(), {.scheme = s}).spikes()));
}

TEST(coupled_schemes, an_electrode_where_there_is_no_membrane_moves_the_cell_all_the_same) {
    auto c = one(test::active());
    c.injections.push_back({{"cells", "apic[1](1)", {}}, ramp_current{5*ms, 20*ms, 0*nA, 0.6*nA}});
    c.probes.push_back({"tip", {"cells", "apic[1](1)", {}}, "v", 0.1*ms, 0*ms});
    c.receptors.push_back({"synapse", {"cells", "apic[0](1)", {}}, "ampa_nmda", {}});
    c.spike_trains.push_back({"synapse", {7.5}, 0.002*uS});
    const auto exact = after(30*ms, c, {.dt = 0.025/64*ms});
    for (const auto s : both) {
        const auto found = after(30*ms, c, {.scheme = s, .max_error = 1e-5*mV});
        EXPECT_LT(furthest_spike(found, exact), 1e-3) << name_of(s);
        const auto every = exact["tip"].rows() - 1;
        ASSERT_EQ(found["tip"].rows() - 1, every);
        double most = 0;
        for (std::size_t row = 0; row < 75; ++row) most = std::max(most, std::abs(found["tip"].samples[row] - exact["tip"].samples[row]));
        EXPECT_LT(most, 2e-3) << name_of(s);
    }
}

// ---- models that are hard on a method of variable steps

/// Gates from a microsecond to a second.
struct wide_range {
    static constexpr channel_info info{.name = "wide_range", .summary = "a test channel", .source = "Nobody (2020)", .carries = ion::k};
    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 0.1, "S/cm2", "peak conductance density", 0, 10}};
    template <class V> struct state { V fast, slow; };
    static constexpr state<field> meaning{{"fast", 0, "", "in a microsecond", 0, 1}, {"slow", 0, "", "in a second", 0, 1}};
    template <class V> static constexpr state<channels::gate<V>> gates(const membrane<V>& at, const parameters<V>&) {
        const V inf = math::logistic<V>((at.v + V(40.0))*V(0.2));
        return {channels::gate<V>{inf, V(1e3)}, channels::gate<V>{inf, V(1e-3)}};
    }
    template <class V, class U> static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.fast*(V(0.1) + s.slow)*(v - at.e_rev);
    }
};

struct hard_model {
    std::string name;
    std::function<circuit()> make;
    duration until = 40*ms;
};

std::vector<hard_model> hard_models() {
    const auto train = [](int per_ms) {
        std::vector<double> t;
        for (int i = 0; i < 20*per_ms; ++i) t.push_back(5 + static_cast<double>(i)/per_ms + 0.00123);
        return t;
    };
    return {
        {"a fast calcium pool", [] {
             cell c = test::active(fixed_count{3});
             c.paint("apical", mechanism{"cadynamics_e2", {{"decay", 0.01*ms}, {"depth", 0.001*um}, {"gamma", 1.0}}});
             c.paint("apical", mechanism{"ca_hva", {{"g_max", 5e-3*S/cm2}}});
             auto all = one(c);
             all.injections.push_back({{"cells", "soma(0.5)", {}}, step_current{5*ms, 20*ms, 0.5*nA}});
             return all;
         }},
        {"a pool that is almost empty", [] {
             cell c = test::active(fixed_count{3});
             c.paint("apical", mechanism{"cadynamics_e2", {{"c_min", 1e-9*mM}, {"gamma", 0.05}}});
             auto all = one(c);
             all.injections.push_back({{"cells", "soma(0.5)", {}}, step_current{5*ms, 20*ms, 0.5*nA}});
             return all;
         }},
        {"rates over six orders of magnitude", [] {
             cell c = test::active(fixed_count{3});
             c.paint("soma", mechanism{"wide_range", {{"g_max", 0.01*S/cm2}}});
             auto all = one(c);
             all.injections.push_back({{"cells", "soma(0.5)", {}}, step_current{5*ms, 20*ms, 0.5*nA}});
             return all;
         }},
        {"edges of a voltage clamp", [] {
             auto all = one(test::active(fixed_count{3}));
             all.clamps.push_back({{"cells", "soma(0.5)", {}}, {{5*ms, -20*mV}, {10*ms, -100*mV}, {10.5*ms, 20*mV}, {20*ms, -70*mV}}, 30*ms, 0.01*Mohm});
             return all;
         }},
        {"a train of 10 kHz on a dendrite", [train] {
             auto all = one(test::active(fixed_count{3}));
             all.receptors.push_back({"synapse", {"cells", "apic[1](0.5)", {}}, "exp2syn", {}});
             all.spike_trains.push_back({"synapse", train(10), 1e-4*uS});
             return all;
         }},
        {"a cell without any conductance", [] {
             cell c(test::branched(), fixed_count{3});
             auto all = one(c);
             all.injections.push_back({{"cells", "soma(0.5)", {}}, step_current{5*ms, 2*ms, 0.1*nA}});
             return all;
         }},
        {"a twig of 1e-4 um", [] {
             auto shape = test::branched();
             shape.add(test::cylinder(1e-4, 1e-4, 2, 1, section_type::apical));
             cell c(shape, fixed_count{3});
             c.paint("all", mechanism{"pas", {}});
             c.paint("soma", mechanism{"hh_na", {}}), c.paint("soma", mechanism{"hh_k", {}});
             auto all = one(c);
             all.injections.push_back({{"cells", "soma(0.5)", {}}, step_current{5*ms, 20*ms, 0.5*nA}});
             return all;
         }},
    };
}

class hard : public testing::TestWithParam<scheme> {};

/// At default settings, against a far stricter run of the other method.
TEST_P(hard, models_are_done_within_the_tolerance) {
    auto mechanisms = catalogue::built_in();
    add<wide_range>(mechanisms);
    const auto other = GetParam() == scheme::precise ? scheme::cvode : scheme::precise;
    for (const auto& m : hard_models()) {
        const auto c = m.make();
        const auto run = [&](const run_options& o) {
            simulation s(compile(c, o, mechanisms));
            s.run(m.until);
            return s;
        };
        const auto found = run({.scheme = GetParam()}), exact = run({.scheme = other, .max_error = 1e-6*mV});
        EXPECT_LT(furthest_spike(found, exact), 0.01) << m.name;
        if (exact.spikes().empty()) { EXPECT_LT(furthest(found["v"], exact["v"]), 0.02) << m.name; }
        for (const double v : found["v"].samples) ASSERT_TRUE(std::isfinite(v)) << m.name;
    }
}
INSTANTIATE_TEST_SUITE_P(schemes, hard, testing::ValuesIn(both), [](const auto& info) { return std::string(name_of(info.param)); });

TEST(coupled_schemes, an_impossible_tolerance_is_located) {
    for (const auto s : both) {
        simulation run(spiking(), {.scheme = s, .max_error = 1e-18*mV});
        try {
            run.run(50*ms);
            FAIL() << name_of(s) << " meets a tolerance of 1e-18 mV";
        } catch (const diverged& e) {
            EXPECT_FALSE(e.at().location.empty());
            EXPECT_FALSE(e.at().reason.empty());
            EXPECT_NE(std::string(e.what()).find("cells[0]"), std::string::npos) << e.what();
        }
    }
}

TEST(coupled_schemes, a_rate_function_that_explodes_is_located) {
    auto mechanisms = catalogue::built_in();
    add<test::exploding>(mechanisms);
    auto c = spiking();
    c.populations[0].cell.paint("apic[1]", mechanism{"exploding", {{"g_max", 1e-7*S/cm2}}});
    for (const auto s : both) {
        simulation run(compile(c, {.scheme = s}, mechanisms));
        try {
            run.run(50*ms);
            FAIL() << name_of(s);
        } catch (const diverged& e) {
            EXPECT_EQ(e.at().quantity, "exploding.m");
            EXPECT_NE(e.at().location.find("apic[1]"), std::string::npos) << e.at().location;
            EXPECT_GT(e.at().time_ms, 5);
        }
    }
}

/// Advances, and says nothing of rates.
struct stepping {
    static constexpr channel_info info{.name = "stepping", .summary = "a test channel", .source = "Nobody (2020)"};
    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 0.1, "S/cm2", "peak conductance density", 0, 10}};
    template <class V> struct state { V m; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}};
    template <class V> static constexpr state<V> rest(const membrane<V>&, const parameters<V>&) { return {V(0.0)}; }
    template <class V> static constexpr state<V> advance(state<V> s, const membrane<V>&, const parameters<V>&, double) { return s; }
    template <class V, class U> static constexpr U current(const state<V>& s, const membrane<V>&, const parameters<V>& p, U v) { return p.g_max*s.m*v; }
};

TEST(coupled_schemes, refuse_a_mechanism_without_rates_of_change) {
    auto mechanisms = catalogue::built_in();
    add<stepping>(mechanisms);
    auto c = spiking();
    c.populations[0].cell.paint("soma", mechanism{"stepping", {}});
    EXPECT_NO_THROW(compile(c, {}, mechanisms));
    for (const auto s : both) {
        try {
            compile(c, {.scheme = s}, mechanisms);
            FAIL() << name_of(s);
        } catch (const invalid_model& e) {
            EXPECT_NE(std::string(e.what()).find("'stepping'"), std::string::npos) << e.what();
            EXPECT_NE(std::string(e.what()).find("gates"), std::string::npos) << e.what();
        }
    }
}

}  // namespace
}  // namespace apical
