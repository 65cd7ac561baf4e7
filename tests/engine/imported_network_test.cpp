// SPDX-License-Identifier: BSD-3-Clause
// Mechanisms read from NMODL in networks: projections onto them, spikes that they tell of, artificial cells, POINTER and FUNCTION_TABLE.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "channels/nmodl/supplied.hpp"
#include "core/image.hpp"
#include "engine/checkpoint.hpp"
#include "tests/engine/cells.hpp"
#include "tests/engine/imported_network.hpp"

namespace apical {
namespace {

using namespace units;
using test::depressing;
using test::fire;
using test::onto;
using test::pure;
using test::read;

const char* const crossing = R"(
NEURON { POINT_PROCESS crossing RANGE level }
UNITS { (mV) = (millivolt) }
PARAMETER { level = -20 (mV) }
ASSIGNED { v (mV) }
INITIAL { net_send(0, 1) }
NET_RECEIVE(w) {
    if (flag == 1) { WATCH (v > level) 2 }
    else if (flag == 2) { net_event(t) }
}
)";

/// So many spikes at equal intervals, as NEURON's NetStim.
const char* const ticker = R"(
NEURON { ARTIFICIAL_CELL ticker RANGE begin, interval, number }
PARAMETER { begin = 1.1 (ms) interval = 3.3 (ms) number = 20 }
ASSIGNED { left }
INITIAL { left = number net_send(begin, 1) }
NET_RECEIVE(w) {
    if (flag == 1 && left > 0) {
        left = left - 1
        net_event(t)
        net_send(interval, 1)
    }
}
)";

run_options backward_euler() { return {.scheme = scheme::backward_euler, .rates = rates::functions, .temperature = celsius(6.3)}; }

cell ball() {
    morphology shape;
    shape.add({.type = section_type::soma, .points = {{0, 0, 0, 20}, {20, 0, 0, 20}}});
    cell c(std::move(shape), fixed_count{1});
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm});
    c.paint("all", mechanism{"pas", {{"g", 1e-4*S/cm2}, {"e_rev", -65*mV}}});
    return c;
}

simulation after(duration until, const circuit& c, const run_options& o) {
    simulation s(c, o);
    s.run(until);
    return s;
}

/// Of the probe "v" at some times [mV].
void expect_near(const simulation& s, const std::vector<std::pair<double, double>>& expected, double tolerance, std::size_t probe = 0) {
    for (const auto& [t, v] : expected) EXPECT_NEAR(s.recordings()[probe].samples[static_cast<std::size_t>(std::llround(t/0.025))], v, tolerance) << t << " ms";
}

circuit with_contacts() {
    circuit all;
    all.populations.push_back({"cells", ball()});
    all.spike_sources.push_back({"inputs", 3, {{0, 3}, {0, 13}, {0, 14.02}, {0, 30}, {1, 5.01}, {1, 13.5}, {2, 2}, {2, 4}, {2, 6}, {2, 8}, {2, 10}, {2, 12}}});
    all.projections.push_back(onto("in", "inputs", "cells", contact_list::of({0, 0, 1, 2}, {0, 0, 0, 0}, {0.004, 0.002, 0.01, 0.001}, {1, 2.3, 1, 1.51}), depressing, 0*uS, 1*ms));
    all.probes.push_back({"v", {"cells", "soma(0.5)", {}}, "v"});
    return all;
}

// Of NEURON 9: four NetCons of these delays and weights onto one such point process.
TEST(imported_networks, contacts_of_a_projection_keep_their_own_values_as_NEURON_s_connections_do) {
    expect_near(after(40*ms, with_contacts(), backward_euler()),
                {{5, -54.82193958095864}, {10, -23.475447563817177}, {15, -27.501152399955}, {20, -26.095856600182625}, {30, -47.17257482734042}, {40, -53.312795207021644}}, 1e-9);
}

// The same hh cell, without its table of rates, WATCH and net_event in NEURON 9; its NetCon goes to the synapse of another cell.
TEST(imported_networks, net_event_of_a_point_process_is_a_spike_of_its_cell) {
    circuit all;
    auto axon = ball();
    axon.paint("all", mechanism{"hh_na", {}}).paint("all", mechanism{"hh_k", {}}).paint("all", ion_setting{ion::na, 50*mV, 10*mM, 140*mM});
    axon.paint("all", mechanism{"leak", {}, read("NEURON { SUFFIX leak NONSPECIFIC_CURRENT i }\nASSIGNED { v (mV) i (mA/cm2) }\nBREAKPOINT { i = 0.0003*(v + 54.3) }\n")});
    all.populations.push_back({"axon", axon});
    all.populations.push_back({"cells", ball()});
    all.injections.push_back({{"axon", "soma(0.5)", {}}, step_current{1*ms, 40*ms, 0.25*nA}});
    all.receptors.push_back({"watch", {"axon", "soma(0.5)", {}}, "crossing", {}, read(crossing)});
    all.projections.push_back(onto("on", "axon", "cells", all_to_all{}, depressing, 0.01*uS, 1.5*ms));
    all.probes.push_back({"v", {"cells", "soma(0.5)", {}}, "v"});
    const auto s = after(40*ms, all, backward_euler());
    const std::vector<double> expected{2.25, 14.7, 26.725, 38.75};
    ASSERT_EQ(s.spikes().size(), expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k) EXPECT_NEAR(s.spikes()[k].time, expected[k], 1e-9);
    expect_near(s, {{5, -44.59622280017248}, {20, -36.35147311929269}, {40, -51.70053852659734}}, 1e-9);
}

circuit ring(int size = 3) {
    circuit all;
    all.populations.push_back({"clock", artificial_cell({"ticker", {}, read(ticker)})});
    all.populations.push_back({"ring", artificial_cell({"fire", {}, read(fire)}), size});
    all.populations.push_back({"cells", ball(), size});
    all.projections.push_back(onto("drive", "clock", "ring", contact_list::of({0}, {0}), fire, pure(0.7), 0.71*ms));
    std::vector<int> from, to;
    std::vector<double> delays;
    for (int k = 0; k < size; ++k) from.push_back(k), to.push_back((k + 1) % size), delays.push_back(1.37 + 0.01*k);
    all.projections.push_back(onto("ring", "ring", "ring", contact_list::of(from, to, {}, delays), fire, pure(1.2), 1*ms));
    all.projections.push_back(onto("out", "ring", "cells", contact_list::of({2}, {0}), depressing, 0.02*uS, 1*ms));
    all.probes.push_back({"v", {"cells", "soma(0.5)", {0}}, "v"});
    return all;
}

// NetStim and three IntFire1 of NEURON 9, the last of them onto a synapse.
TEST(imported_networks, artificial_cells_spike_when_NEURON_s_do) {
    const auto s = after(40*ms, ring(), backward_euler());
    const std::vector<std::pair<int, double>> expected{{0, 5.11}, {1, 6.48}, {2, 7.86}, {0, 15.01}, {1, 16.38}, {2, 17.76}, {0, 24.91}, {1, 26.28}, {2, 27.66}, {0, 34.81}, {1, 36.18}, {2, 37.56}};
    std::vector<std::pair<int, double>> spikes;
    for (const auto& x : s.spikes())
        if (x.population == 1) spikes.emplace_back(x.cell, x.time);
    std::ranges::sort(spikes, {}, [](const auto& x) { return x.second; });
    ASSERT_EQ(spikes.size(), expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k) {
        EXPECT_EQ(spikes[k].first, expected[k].first);
        EXPECT_NEAR(spikes[k].second, expected[k].second, 1e-9);
    }
    expect_near(s, {{10, -32.29651960207876}, {20, -23.464339095111765}, {40, -35.76409506544248}}, 1e-9);
}

/// The network of tests/engine/imported_network.hpp, seen everywhere.
circuit mixed() {
    auto all = test::imported_network();
    all.probes.push_back({"all", {"cells", "centre(all)", {}}, "v"});
    return all;
}

bool same_run(const simulation& a, const simulation& b) {
    for (std::size_t k = 0; k < a.recordings().size(); ++k)
        if (a.recordings()[k].samples != b.recordings()[k].samples) return false;
    return std::ranges::equal(a.spikes(), b.spikes(), [](const spike& x, const spike& y) { return x.population == y.population && x.cell == y.cell && x.time == y.time; });
}

class imported_network_schemes : public testing::TestWithParam<scheme> {};

TEST_P(imported_network_schemes, lanes_and_threads_change_no_bit) {
    run_options o{.scheme = GetParam(), .rates = rates::functions};
    o.lanes = 1;
    const auto one = after(30*ms, mixed(), o);
    o.threads = 2;
    const auto two = after(30*ms, mixed(), o);
    o.lanes = native_width, o.threads = 1;
    const auto many = after(30*ms, mixed(), o);
    int of_ring = 0;
    for (const auto& s : one.spikes()) of_ring += s.population == 1;
    EXPECT_GT(of_ring, 5);
    EXPECT_GT(static_cast<int>(one.spikes().size()) - of_ring, 5);
    EXPECT_TRUE(same_run(one, two));
    EXPECT_TRUE(same_run(one, many));
    o.seed = 5;
    EXPECT_FALSE(same_run(one, after(30*ms, mixed(), o)));
}

TEST_P(imported_network_schemes, a_checkpoint_goes_on_as_the_run_it_is_of) {
    const run_options o{.scheme = GetParam(), .rates = rates::functions};
    const auto whole = after(30*ms, mixed(), o);
    auto half = after(13*ms, mixed(), o);
    const auto bytes = to_bytes(half.checkpoint());
    simulation resumed(mixed(), o);
    resumed.restore(checkpoint_of(bytes));
    resumed.run(30*ms);
    EXPECT_TRUE(same_run(whole, resumed));
}

INSTANTIATE_TEST_SUITE_P(schemes, imported_network_schemes, testing::Values(scheme::backward_euler, scheme::crank_nicolson), [](const auto& p) { return std::string(name_of(p.param)); });

// ---- what the model says

/// Pumps a pool at a rate that another mechanism computes.
const char* const clock_text = R"(
NEURON { SUFFIX source RANGE x }
ASSIGNED { x v (mV) }
INITIAL { x = v }
BREAKPOINT { SOLVE step }
PROCEDURE step() { x = x + 1 }
)";
const char* const follower = R"(
NEURON { SUFFIX follower POINTER p RANGE twice }
ASSIGNED { p twice }
INITIAL { twice = 0 }
BREAKPOINT { SOLVE step }
PROCEDURE step() { twice = 2*p }
)";
const char* const tabled = R"(
NEURON { SUFFIX tabled RANGE y }
ASSIGNED { v (mV) y }
INITIAL { y = f(v) }
BREAKPOINT { SOLVE step }
PROCEDURE step() { y = f(v) }
FUNCTION_TABLE f(v)
)";

std::string message(const circuit& c) {
    try {
        simulation(c, backward_euler()).run(1*ms);
    } catch (const error& e) {
        return e.what();
    }
    return "accepted";
}

circuit watched(cell c, const char* variable, const char* at = "soma(0.5)") {
    circuit all;
    all.populations.push_back({"cells", std::move(c)});
    all.probes.push_back({"x", {"cells", at, {}}, variable});
    return all;
}

TEST(imported_pointers, a_pointer_has_what_another_mechanism_keeps_there) {
    auto c = ball();
    c.paint("all", mechanism{"source", {}, read(clock_text)});
    c.paint("all", mechanism{"follower", {}, nmodl::supplied(read(follower), {.pointers = {{"p", "source.x"}}})});
    // follower comes before source, so that it sees what the step before has left: -65 + 3 at the fourth
    EXPECT_DOUBLE_EQ(after(0.1*ms, watched(c, "follower.twice"), backward_euler()).recordings()[0].samples.back(), 2*(-65 + 3));
}

TEST(imported_pointers, a_pointer_may_go_to_another_place_of_the_cell_and_to_the_voltage) {
    auto c = cell(test::branched(), fixed_count{3});
    c.paint("all", cable{}).paint("soma", mechanism{"source", {}, read(clock_text)});
    const auto with = [&](const char* to) {
        auto d = c;
        return watched(d.paint("apical", mechanism{"follower", {}, nmodl::supplied(read(follower), {.pointers = {{"p", to}}})}), "follower.twice", "apic[1](0.5)");
    };
    EXPECT_DOUBLE_EQ(after(0.1*ms, with("source.x at soma(0.5)"), backward_euler()).recordings()[0].samples.back(), 2*(-65 + 3));
    EXPECT_NEAR(after(0.1*ms, with("v at soma(0.5)"), backward_euler()).recordings()[0].samples.back(), -130, 1e-9);
    EXPECT_NE(message(with("source.x")).find("no mechanism 'source'"), std::string::npos);
    EXPECT_NE(message(with("source.y at soma(0.5)")).find("keeps no 'y'"), std::string::npos);
}

TEST(imported_pointers, what_is_not_given_is_refused_where_it_stands) {
    auto c = ball(), d = ball();
    c.paint("all", mechanism{"follower", {}, read(follower)});
    EXPECT_NE(message(watched(c, "v")).find("mechanism 'follower' / p: the POINTER points to nothing"), std::string::npos);
    d.paint("all", mechanism{"tabled", {}, read(tabled)});
    EXPECT_NE(message(watched(d, "v")).find("mechanism 'tabled' / f: the FUNCTION_TABLE has no values"), std::string::npos);
    EXPECT_THROW(static_cast<void>(nmodl::supplied(read(follower), {.pointers = {{"q", "v"}}})), invalid_model);
    EXPECT_THROW(static_cast<void>(nmodl::supplied(read(tabled), {.tables = {{"f", {{{0, 0}}, {1, 2}}}}})), invalid_model);
    EXPECT_THROW(static_cast<void>(nmodl::supplied(read(tabled), {.tables = {{"f", {{{0, 1}}, {1}}}}})), invalid_model);
}

TEST(imported_tables, a_function_table_is_linear_between_its_points) {
    auto c = ball();
    c.paint("all", mechanism{"tabled", {}, nmodl::supplied(read(tabled), {.tables = {{"f", {{{-80, -60, 0}}, {1, 5, 7}}}}})});
    EXPECT_NEAR(after(0.1*ms, watched(c, "tabled.y"), backward_euler()).recordings()[0].samples.back(), 1 + 4*15/20.0, 1e-9);
}

TEST(imported_tables, belong_to_what_a_checkpoint_is_of) {
    const auto with = [](double last) {
        auto c = ball();
        c.paint("all", mechanism{"tabled", {}, nmodl::supplied(read(tabled), {.tables = {{"f", {{{-80, -60, 0}}, {1, 5, last}}}}})});
        return watched(c, "tabled.y");
    };
    const auto kept = after(0.1*ms, with(7), backward_euler()).checkpoint();
    simulation same(with(7), backward_euler()), other(with(8), backward_euler());
    EXPECT_NO_THROW(same.restore(kept));
    EXPECT_THROW(other.restore(kept), error);
}

// ---- errors

TEST(imported_network_errors, what_cannot_be_is_refused_where_it_stands) {
    const auto holds = [](const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; };
    auto c = with_contacts();
    c.projections[0].short_term = short_term_plasticity{};
    EXPECT_PRED2(holds, message(c), "projection 'in' / short_term");
    c = with_contacts();
    c.projections[0].spontaneous = 1.0/s;
    EXPECT_PRED2(holds, message(c), "projection 'in' / spontaneous");
    c = ring();
    c.projections[0] = onto("drive", "clock", "ring", all_to_all{}, depressing, 0.1*uS, 1*ms);
    EXPECT_PRED2(holds, message(c), "are artificial cells of 'fire'");
    c = with_contacts();
    c.projections[0] = onto("in", "inputs", "cells", all_to_all{}, fire, pure(1), 1*ms);
    EXPECT_PRED2(holds, message(c), "'fire' is an artificial cell");
    c = ring();
    c.injections.push_back({{"ring", "soma(0.5)", {}}, step_current{1*ms, 1*ms, 1*nA}});
    EXPECT_PRED2(holds, message(c), "into which no current flows");
    c = ring();
    c.populations[1].cell.paint("all", mechanism{"pas", {}});
    EXPECT_PRED2(holds, message(c), "no membrane for anything else");
    EXPECT_THROW(static_cast<void>(artificial_cell({"depressing", {}, read(depressing)})), invalid_model);
}

}  // namespace
}  // namespace apical
