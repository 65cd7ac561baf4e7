// SPDX-License-Identifier: BSD-3-Clause
#include <limits>
#include <new>
#include <type_traits>

#include <gtest/gtest.h>

#include "engine/kernels/mechanism.hpp"
#include "tests/engine/cells.hpp"

namespace apical {
namespace {

using namespace units;

std::string message_of(const circuit& c, run_options o = {}) {
    try {
        compile(c, o);
    } catch (const invalid_model& e) {
        return e.what();
    }
    return "nothing was wrong";
}

void expect_said(const std::string& message, std::initializer_list<const char*> parts) {
    for (const auto* part : parts) EXPECT_NE(message.find(part), message.npos) << "'" << part << "' is not in: " << message;
}

circuit passive() {
    circuit c;
    cell soma(test::branched(), fixed_count{1});
    soma.paint("all", mechanism{"pas", {}});
    c.populations.push_back({"p", soma, 2});
    return c;
}

TEST(compile_errors, an_unknown_mechanism_is_named_with_a_suggestion) {
    auto c = passive();
    c.populations[0].cell.paint("soma", mechanism{"hh_naa", {}});
    expect_said(message_of(c), {"cell 'p'", "'soma'", "hh_naa", "did you mean 'hh_na'?"});
}

TEST(compile_errors, an_unknown_parameter_a_wrong_unit_and_a_wrong_range_are_told_together) {
    auto c = passive();
    c.populations[0].cell.paint("soma", mechanism{"hh_na", {{"gmax", 1*S/cm2}}});
    c.populations[0].cell.paint("soma", mechanism{"hh_na", {{"g_max", 1*mV}}});
    c.populations[0].cell.paint("soma", mechanism{"hh_na", {{"g_max", -1*S/cm2}}});
    c.populations[0].cell.paint("soma", mechanism{"hh_na", {{"g_max", "0.1 S"}}});
    expect_said(message_of(c), {"did you mean 'g_max'?", "expected a quantity in [S/cm2]", "out of range", "hh_na.g_max"});
}

TEST(compile_errors, places_that_do_not_exist_are_named) {
    auto c = passive();
    c.injections.push_back({{"q", "soma(0.5)", {}}, step_current{}});
    c.injections.push_back({{"p", "apic[9](0.5)", {}}, step_current{}});
    c.injections.push_back({{"p", "soma(0.5)", {2}}, step_current{}});
    expect_said(message_of(c), {"injection 0", "no population 'q'", "injection 1", "apic[9]", "injection 2", "no cell 2", "2 cells"});
}

TEST(compile_errors, probes_say_what_they_could_read) {
    auto c = passive();
    c.probes.push_back({"a", {"p", "soma(0.5)", {}}, "pas.q", 0*ms, 0*ms});
    c.probes.push_back({"b", {"p", "soma(0.5)", {}}, "hh_na.m", 0*ms, 0*ms});
    c.probes.push_back({"c", {"p", "soma(0.5)", {}}, "v", 0.01*ms, 0*ms});
    expect_said(message_of(c), {"probe 'a'", "'pas' has no 'q'", "probe 'b'", "there is no hh_na at soma[0](0.5)", "whole number of steps"});
}

TEST(compile_errors, times_that_no_number_of_steps_reaches) {
    auto c = passive();
    c.probes.push_back({"a", {"p", "soma(0.5)", {}}, "v", 1e300*ms, 0*ms});
    c.probes.push_back({"b", {"p", "soma(0.5)", {}}, "v", 0*ms, 1e300*ms});
    const auto message = message_of(c, {.dt = 1e-10*ms});
    expect_said(message, {"probe 'a' / interval", "probe 'b' / start", "more steps of 1e-10 ms than can be counted"});
    simulation s(passive());
    for (const double t : {1e300, 1e20, std::numeric_limits<double>::infinity()}) {
        try {
            s.run(t*ms);
            FAIL() << "ran until " << t;
        } catch (const invalid_model& e) {
            expect_said(e.what(), {"run / until", "than can be counted"});
        }
    }
    EXPECT_THROW(s.run(std::numeric_limits<double>::quiet_NaN()*ms), invalid_model);
}

TEST(spike_trains, that_come_after_all_time_do_nothing) {
    auto c = passive();
    c.probes.push_back({"v", {"p", "soma(0.5)", {}}, "v", 0*ms, 0*ms});
    c.receptors.push_back({"r", {"p", "soma(0.5)", {}}, "exp2syn", {}});
    simulation quiet(c);
    c.spike_trains.push_back({"r", {1e20, 1e300}, 1*uS, 1e300*ms});
    simulation late(c);
    quiet.run(1*ms), late.run(1*ms);
    EXPECT_EQ(late["v"].samples, quiet["v"].samples);
}

TEST(compile_errors, wrong_options_are_refused) {
    expect_said(message_of(passive(), {.dt = -1*ms}), {"dt"});
    expect_said(message_of(passive(), {.threads = 0}), {"threads"});
    expect_said(message_of(passive(), {.lanes = 3}), {"lanes"});
}

TEST(diverged, names_the_cell_the_place_and_the_time) {
    auto c = passive();
    c.injections.push_back({{"p", "apic[1](0.5)", {1}}, step_current{3*ms, 10*ms, 1e6*nA}});
    for (const int lanes : {1, 0}) {
        simulation s(c, {.lanes = lanes});
        try {
            s.run(10*ms);
            FAIL() << "a megampere passed";
        } catch (const diverged& e) {
            EXPECT_EQ(e.at().cell, 1);
            EXPECT_NEAR(e.at().time_ms, 3, 0.1);
            EXPECT_NE(std::string(e.what()).find("apic["), std::string::npos) << e.what();
        }
        EXPECT_THROW(s.run(20*ms), invalid_model);
    }
}

/// Fails when it is advanced, as if there were no memory left.
struct failing {
    static constexpr channel_info info{.name = "failing", .summary = "a test channel", .source = "Nobody (2020)"};
    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 0.1, "S/cm2", "peak conductance density", 0, 10}};
    template <class V> struct state { V m; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}};
    template <class V> static constexpr state<V> rest(const membrane<V>&, const parameters<V>&) { return {V(0.0)}; }
    template <class V> static constexpr state<V> advance(state<V> s, const membrane<V>&, const parameters<V>& p, double dt) {
        if (dt > 0 && !std::is_constant_evaluated()) throw std::bad_alloc();
        return {s.m + V(0.0)*p.g_max};   // a parameter keeps it from being tabulated
    }
    template <class V, class U> static constexpr U current(const state<V>& s, const membrane<V>&, const parameters<V>& p, U v) {
        return p.g_max*s.m*v;
    }
};

TEST(threads, hand_on_what_is_thrown_in_them) {
    auto mechanisms = catalogue::built_in();
    add<failing>(mechanisms);
    auto c = passive();
    c.populations[0].size = 20;
    c.populations[0].cell.paint("all", mechanism{"failing", {}});
    for (const int threads : {1, 4}) {
        simulation s(compile(c, {.threads = threads, .lanes = 1}, mechanisms));
        EXPECT_THROW(s.run(1*ms), std::bad_alloc) << threads;
        EXPECT_THROW(s.run(2*ms), invalid_model) << "it goes on after a failure";
    }
}

TEST(errors, a_stimulus_that_is_no_number_is_refused) {
    auto c = passive();
    c.injections.push_back({{"p", "soma(0.5)", {0}}, epsp_current{1*ms, 1*ms, 5*ms, std::numeric_limits<double>::quiet_NaN()*nA}});
    EXPECT_THROW(compile(c), invalid_model);
}

}  // namespace
}  // namespace apical
