// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/energy.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "models/cells/l5pc.hpp"
#include "models/cells/squid_axon.hpp"
#include "models/cylinder.hpp"
#include "models/protocols.hpp"
#include "tests/engine/cells.hpp"
#include "tests/models/reference.hpp"

namespace apical {
namespace {

using namespace units;

constexpr double ions_per_pc = 6.241509074e6;

/// One Hodgkin-Huxley patch of 1e4 um2 under 2 nA for 1 ms, as in tests of NEURON: a spike above rest.
simulation squid(temperature t, const run_options& how, duration interval) {
    cell c(models::one_cylinder({section_type::soma, 100*um, (100/std::numbers::pi)*um}), fixed_count{1});
    models::paint_hodgkin_huxley(c, "all");
    circuit m;
    m.populations.push_back({.name = "patch", .cell = c});
    m.injections.push_back({{"patch", "soma(0.5)", {}}, step_current{51*ms, 1*ms, 2*nA}});
    m.detectors = {{.on = {"patch"}, .threshold = 0*mV}};
    m.meters.push_back({.label = "spike", .population = "patch", .start = 50*ms, .stop = 110*ms, .rest = 10*ms, .interval = interval});
    auto options = how;
    options.temperature = t;
    simulation s(m, options);
    s.run(110*ms);
    return s;
}

struct known_spike { double celsius, minimum, sodium, ratio, atp, overlap; };   // pC, pC, 1, ATP, pC
/// NEURON 9 at small steps, sodium above the resting influx, integrated to 60 ms.
constexpr known_spike neurons[] = {{6.3, 10.551, 139.384, 13.21, 2.900e8, 137.09}, {18.5, 9.530, 37.726, 3.959, 7.849e7, 37.18}};

void expect_neurons(const known_spike& known, const run_options& how, double tolerance) {
    const auto r = energy(squid(celsius(known.celsius), how, 0.7*ms), "spike");
    const auto near = [&](double value, double expected) { EXPECT_NEAR(value, expected, tolerance*std::abs(expected)) << known.celsius << " degC"; };
    ASSERT_EQ(r.spikes, 1);
    near(r.sodium_above_rest/ions_per_pc, known.sodium);
    near(r.sodium_above_rest/3, known.atp);
    near(r.active.capacitive_minimum/ions_per_pc, known.minimum);
    near(r.excess_ratio, known.ratio);
    near(r.active.overlap, known.overlap);
    near(r.rest.sodium_load/r.rest.duration, 0.122916);
}

TEST(energy, of_a_squid_spike_is_neurons) {
    for (const auto& known : neurons) expect_neurons(known, {.dt = 0.0125*ms}, 5e-3);
}
TEST(energy, of_a_squid_spike_is_neurons_in_steps_of_its_own) {
    for (const auto& known : neurons) expect_neurons(known, {.dt = 0.025*ms, .scheme = scheme::automatic}, 5e-3);
}
/// The scheme is of first order: the step costs the peak 1.4 %.
TEST(energy, of_a_squid_spike_is_neurons_under_backward_euler) {
    for (const auto& known : neurons) expect_neurons(known, {.dt = 0.0125*ms, .scheme = scheme::backward_euler}, 3e-2);
}

/// Halving the step of a second-order scheme quarters the error.
TEST(energy, converges_with_the_step) {
    std::array<double, 3> sodium{};
    for (int i = 0; i < 3; ++i) sodium[static_cast<std::size_t>(i)] = energy(squid(celsius(6.3), {.dt = 0.05/(1 << i)*ms}, 0*ms), "spike").sodium_above_rest;
    EXPECT_NEAR((sodium[0] - sodium[1])/(sodium[1] - sodium[2]), 4, 0.6);
}

/// Read in every step, all currents and the injected one cancel in the arithmetic of the scheme; else nearly.
TEST(energy, balances_with_the_injected_current) {
    for (const auto s : {scheme::crank_nicolson, scheme::backward_euler, scheme::automatic}) {
        EXPECT_LT(std::abs(energy(squid(celsius(6.3), {.scheme = s}, 0*ms), "spike").active.residual), 1e-13);
        const double sampled = std::abs(energy(squid(celsius(6.3), {.scheme = s}, 0.7*ms), "spike").active.residual);
        EXPECT_LT(sampled, 1e-3);
    }
}

/// Synapses, clamps, noise, calcium pools and branch points too.
circuit metered(duration interval, duration step_of_times) {
    auto c = test::busy(5);
    c.probes.clear();
    c.receptors.push_back({"mixed", {"cells", "apic[2](0.5)", {}}, "ampa_nmda", {}});
    c.receptors.push_back({"inhibition", {"cells", "dend[0](0.2)", {}}, "gaba_a", {}});
    c.spike_trains.push_back({"mixed", {4, 9}, 0.002*uS, 0*ms});
    c.spike_trains.push_back({"inhibition", {6}, 0.002*uS, 0*ms});
    c.meters.push_back({.label = "m", .population = "cells", .start = 10*step_of_times, .stop = 250*step_of_times, .rest = 0*ms, .interval = interval});
    return c;
}

TEST(energy, balances_in_a_branched_cell_under_synapses_noise_and_a_clamp) {
    for (const auto s : {scheme::crank_nicolson, scheme::backward_euler, scheme::automatic}) {
        simulation run(metered(0*ms, 0.1*ms), {.scheme = s});
        run.run(25*ms);
        for (int cell = 0; cell < 5; ++cell) EXPECT_LT(std::abs(energy(run, "m", cell).active.residual), 1e-12) << name_of(s) << ", cell " << cell;
    }
}

/// Coupled schemes integrate the currents over their own steps: against small fixed steps, within 2e-4.
TEST(energy, of_a_squid_spike_under_coupled_schemes_is_that_of_small_steps) {
    for (const auto& known : neurons) {
        const auto exact = energy(squid(celsius(known.celsius), {.dt = 0.025/16*ms}, 0*ms), "spike");
        for (const auto s : {scheme::precise, scheme::cvode}) {
            const auto r = energy(squid(celsius(known.celsius), {.scheme = s}, 0.7*ms), "spike");
            const auto near = [&](double value, double expected, double part) { EXPECT_NEAR(value, expected, part*std::abs(expected)) << name_of(s) << ", " << known.celsius << " degC"; };
            ASSERT_EQ(r.spikes, 1);
            near(r.sodium_above_rest, exact.sodium_above_rest, 2e-4);
            near(r.active.atp(), exact.active.atp(), 2e-4);
            near(r.active.overlap, exact.active.overlap, 2e-4);
            near(r.active.capacitive_minimum, exact.active.capacitive_minimum, 2e-3);
            near(r.rest_rate, exact.rest_rate, 2e-4);
            EXPECT_LT(std::abs(r.active.residual), 3e-5) << name_of(s);
        }
        expect_neurons(known, {.scheme = scheme::precise}, 5e-3);
        expect_neurons(known, {.scheme = scheme::cvode}, 5e-3);
    }
}

/// Also under coupled schemes, where receptors decay between events, to what the continuous output is worth.
TEST(energy, balances_in_a_branched_cell_under_coupled_schemes) {
    for (const auto s : {scheme::precise, scheme::cvode}) {
        simulation run(metered(0.7*ms, 0.1*ms), {.scheme = s}), fine(metered(0*ms, 0.1*ms), {.dt = 0.025/32*ms, .steps_per_input = 32});
        run.run(25*ms), fine.run(25*ms);
        for (int cell = 0; cell < 5; ++cell) {
            const auto a = energy(run, "m", cell).active;
            EXPECT_LT(std::abs(a.residual), 1e-4) << name_of(s) << ", cell " << cell;
            const auto exact = energy(fine, "m", cell).active.atp();
            EXPECT_NEAR(a.atp(), exact, 2e-3*exact) << name_of(s) << ", cell " << cell;
            const auto synapses = [](const energy_account& x) { double sum = 0; for (const auto& y : x.synapses) sum += y.events; return sum; };
            EXPECT_EQ(synapses(a), 15) << "four at three places and three more";
        }
    }
}
/// An account is part of what is copied, belongs to one cell, and does not change the run.
TEST(energy, of_a_coupled_run_is_copied_with_it_and_changes_nothing) {
    for (const auto s : {scheme::precise, scheme::cvode}) {
        simulation whole(metered(0*ms, 0.1*ms), {.scheme = s});
        whole.run(12*ms);
        simulation copy = whole;
        whole.run(25*ms), copy.run(25*ms);
        auto bare = metered(0*ms, 0.1*ms);
        bare.meters.clear();
        simulation unmetered(bare, {.scheme = s, .threads = 2, .steps_per_epoch = 7});
        unmetered.run(25*ms);
        EXPECT_TRUE(std::ranges::equal(unmetered.spikes(), whole.spikes())) << name_of(s);
        for (int cell = 0; cell < 5; ++cell) EXPECT_EQ(energy(copy, "m", cell).active.atp(), energy(whole, "m", cell).active.atp()) << name_of(s);
    }
}

TEST(energy, is_the_same_to_the_bit_for_any_threads_and_lanes) {
    const auto accounts = [](int threads, int lanes) {
        simulation run(metered(0.5*ms, 0.1*ms), {.threads = threads, .lanes = lanes});
        run.run(25*ms);
        std::vector<double> all;
        for (int cell = 0; cell < 5; ++cell) {
            const auto c = run.charges("m", cell);
            for (const auto& p : c.passages) all.insert(all.end(), {p.charge, p.calcium, p.conductance, p.events});
            for (const auto& x : c.compartments) all.insert(all.end(), {x.v_start, x.v_stop, x.v_peak, x.overlap});
            all.insert(all.end(), {c.injected, c.clamped});
        }
        return all;
    };
    const auto one = accounts(1, 1);
    EXPECT_EQ(accounts(3, 1), one);
    EXPECT_EQ(accounts(2, native_width), one);
}

TEST(energy, adds_up_over_sections_mechanisms_and_ions) {
    simulation run(metered(0.5*ms, 0.1*ms), {});
    run.run(25*ms);
    const auto a = energy(run, "m", 2).active;
    double sections = 0, mechanisms = 0, synapses = 0;
    for (int s = 0; s < static_cast<int>(a.sections.size()); ++s) sections += a.atp_in(s);
    std::set<std::string> names;
    for (const auto& i : a.items) names.insert(i.mechanism);
    for (const auto& n : names) mechanisms += a.atp_of(n);
    for (const auto& s : a.synapses) synapses += s.atp;
    EXPECT_NEAR(sections, a.atp(), 1e-12*a.atp());
    EXPECT_NEAR(mechanisms, a.atp(), 1e-12*a.atp());
    EXPECT_NEAR(a.atp(ion::na) + a.atp(ion::ca) + a.atp(ion::cl) + synapses, a.atp(), 1e-12*a.atp());
    EXPECT_NEAR(synapses, (3*4 + 2)*energy_costs{}.vesicle, 1) << "events at inhibitory receptors have no known price";
    EXPECT_GT(a.atp_of("ampa_nmda"), 0);
}

/// A charge of 1 pC by hand.
charge_account one(charge_account::passage p) {
    charge_account c;
    c.sections = {"soma"}, c.compartments.push_back({}), c.stop = 1;
    p.e_na = 50, p.e_k = -85;
    c.passages.push_back(p);
    return c;
}

TEST(energy_of, counts_ions_by_their_pumps) {
    EXPECT_NEAR(energy_of(one({.mechanism = "x", .carries = ion::na, .charge = -1})).atp(), ions_per_pc/3, 1);
    EXPECT_NEAR(energy_of(one({.mechanism = "x", .carries = ion::ca, .charge = -1})).atp(), ions_per_pc/2, 1);
    EXPECT_NEAR(energy_of(one({.mechanism = "x", .carries = ion::cl, .charge = 1})).atp(), ions_per_pc/2, 1);
    EXPECT_EQ(energy_of(one({.mechanism = "x", .carries = ion::k, .charge = 1})).atp(), 0);
}
/// g (E - E_K)/(E_Na - E_K) (v - E_Na) at v = -65: with g t = 1 uS ms and E = 0 it passes 85/135*(-115) pC.
TEST(energy_of, splits_what_is_not_specific_by_its_chord) {
    EXPECT_NEAR(energy_of(one({.mechanism = "x", .charge = -65, .conductance = 1, .e_rev = 0})).atp(ion::na), 85.0/135*115*ions_per_pc/3, 100);
    EXPECT_EQ(energy_of(one({.mechanism = "x", .charge = 25, .conductance = 1, .e_rev = -90})).atp(), 0) << "a leak of potassium";
    const auto mixed = energy_of(one({.mechanism = "x", .charge = -65, .calcium = -5, .conductance = 60.0/65, .e_rev = 0}));
    EXPECT_NEAR(mixed.atp(ion::ca), 5*ions_per_pc/2, 100);
    EXPECT_NEAR(mixed.atp(ion::na), 60.0/65*85/135*115*ions_per_pc/3, 100);
}

/// Twice the conductance under the same voltage, held by a clamp, passes twice the charge.
TEST(energy, doubles_with_the_conductances_at_one_voltage) {
    const auto cost = [](double times) {
        cell c(models::one_cylinder({section_type::soma, 100*um, (100/std::numbers::pi)*um}), fixed_count{1});
        c.paint("all", mechanism{"hh_na", {{"g_max", times*0.12*S/cm2}}});
        circuit m;
        m.populations.push_back({.name = "patch", .cell = c});
        m.clamps.push_back({{"patch", "soma(0.5)", {}}, {{0*ms, -65*mV}, {5*ms, -20*mV}}, 50*ms, 1e-9*Mohm});
        m.meters.push_back({.label = "m", .population = "patch", .start = 5*ms, .stop = 15*ms, .rest = 0*ms, .interval = 0*ms});
        simulation s(m);
        s.run(15*ms);
        return energy(s, "m").active.atp();
    };
    EXPECT_GT(cost(1), 1e6);
    EXPECT_NEAR(cost(2)/cost(1), 2, 1e-4);
}

TEST(energy, says_what_is_wrong_with_a_meter) {
    auto c = test::busy(1);
    const auto refused = [&](energy_meter m) {
        c.meters = {m};
        EXPECT_THROW(static_cast<void>(compile(c)), invalid_model);
    };
    refused({.label = "m", .population = "cell", .stop = 1*ms});
    refused({.label = "m", .population = "cells", .start = 1*ms, .stop = 1*ms});
    refused({.label = "m", .population = "cells", .start = 1*ms, .stop = 2*ms, .rest = 3*ms});
    refused({.label = "m", .population = "cells", .stop = 1.01*ms});
    c.meters = {{.label = "m", .population = "cells", .stop = 2*ms}};
    simulation s(c);
    s.run(1*ms);
    EXPECT_THROW(static_cast<void>(energy(s, "m")), invalid_model) << "not over";
    EXPECT_THROW(static_cast<void>(energy(s, "n")), invalid_model);
    s.run(2*ms);
    EXPECT_NO_THROW(static_cast<void>(energy(s, "m")));
}

using reference::hay_cell1;

/// Outward charge above rest through the channels of an ion in sections of a name [pC].
double above_rest(const energy_report& r, ion which, std::string_view part) {
    double sum = 0;
    const auto add = [&](const energy_account& a, double times) {
        for (const auto& i : a.items)
            if (i.ion == which && i.mechanism != "ih" && a.sections[static_cast<std::size_t>(i.section)].starts_with(part)) sum += times*i.charge;
    };
    add(r.active, 1), add(r.rest, -r.active.duration/r.rest.duration);
    return sum;
}
energy_report of_protocol(const morphology& shape, models::experiment e) {
    e.probes.clear();
    auto m = models::on(models::l5pc(shape), e);
    m.meters.push_back({.label = "m", .population = "cell", .start = 290*ms, .stop = 400*ms, .rest = 20*ms});
    simulation s(m, {.dt = 0.0125*ms});
    s.run(400*ms);
    return energy(s, "m");
}
void expect_near(double value, double expected) { EXPECT_NEAR(value, expected, 0.01*std::abs(expected)); }

/// What Ih of sections of a name passes, outward [pC]: its sodium by the chord, and all of it.
struct passed { double sodium = 0, all = 0; };
passed through_ih(const energy_account& a, std::string_view part) {
    passed p;
    for (const auto& i : a.items)
        if (i.mechanism == "ih" && a.sections[static_cast<std::size_t>(i.section)].starts_with(part)) p.all += i.charge, p.sodium += i.ion == ion::na ? i.charge : 0;
    return p;
}
constexpr double ih_share = (-45.0 + 85)/(50.0 + 85);   // of Ih's conductance that is sodium's

/// NEURON 9, second-order steps of 0.0125 ms, 290 to 400 ms.
TEST_F(hay_cell1, spends_on_a_back_propagating_spike_what_neuron_tells) {
    const auto r = of_protocol(shape, models::l5pc_protocols{}.bap());
    EXPECT_EQ(r.spikes, 1);
    expect_near(-above_rest(r, ion::na, "soma"), 56.71), expect_near(-above_rest(r, ion::na, "apic"), 19.15);
    expect_near(-above_rest(r, ion::ca, "soma"), 2.34), expect_near(-above_rest(r, ion::ca, "apic"), 2.91);
    expect_near(r.sodium_above_rest/3, 1.58e8);
    expect_near(-above_rest(r, ion::ca, "")*ions_per_pc/2, 1.64e7);
    expect_near(r.excess_ratio, 2.47);
    expect_near(r.active.capacitive_minimum/ions_per_pc, 1.33 + 0.21 + 9.58 + 19.60);
}
TEST_F(hay_cell1, spends_on_bac_firing_what_neuron_tells) {
    const auto r = of_protocol(shape, models::l5pc_protocols{}.bac());
    EXPECT_EQ(r.spikes, 3);
    expect_near(-above_rest(r, ion::na, "soma"), 118.28), expect_near(-above_rest(r, ion::na, "apic"), 35.94);
    expect_near(-above_rest(r, ion::ca, "soma"), 5.35), expect_near(-above_rest(r, ion::ca, "apic"), 53.31);
    expect_near(r.sodium_above_rest/3, 3.21e8);
    expect_near(-above_rest(r, ion::ca, "")*ions_per_pc/2, 1.83e8);
}

/// Ih at rest is two currents against each other, sodium in and potassium out: g_na (v - E_Na) + g_k (v - E_K) = g (v - E). The
/// pump must move the first, which is 4.8 times the share g_na/g of the sum that is sometimes counted: (v - E_Na)/(v - E) is 4 at -77 mV, more
/// where the dendrites are less negative. Both are told here: the share of the
/// sum is what NEURON's figure of 0.0829 nA, or 1.73e8 ATP/s with the other channels, was made of.
TEST_F(hay_cell1, rests_at_a_cost_of_both_currents_of_ih) {
    const auto r = of_protocol(shape, models::l5pc_protocols{}.bap());
    const auto ih = through_ih(r.rest, "");
    const double t = r.rest.duration, other = r.rest.sodium_load/t;
    expect_near(-ih_share*ih.all/t, 0.0829);
    EXPECT_LT(other, 4e-4);
    expect_near((other - ih_share*ih.all/t)*1e3*ions_per_pc/3, 1.73e8);
    // both currents: from the charge of every section and its voltage, which stands still
    const auto charges = [&] {
        auto m = models::on(models::l5pc(shape), models::l5pc_protocols{}.bap());
        m.meters.push_back({.label = "m", .population = "cell", .start = 270*ms, .stop = 290*ms, .rest = 0*ms});
        simulation s(m, {.dt = 0.0125*ms});
        s.run(290*ms);
        return s.charges("m");
    }();
    double sodium = 0;
    for (const auto& p : charges.passages) {
        if (p.mechanism != "ih") continue;
        const auto& at = charges.compartments[p.compartment];
        const double v = (at.v_start + at.v_stop)/2;
        sodium += ih_share*p.charge/(v + 45)*(v - 50);
    }
    EXPECT_NEAR(ih.sodium, sodium, 1e-3*std::abs(sodium));
    EXPECT_NEAR(ih.sodium/(ih_share*ih.all), 4.78, 0.05);
    EXPECT_NEAR(r.rest_rate, (other - ih.sodium/t)*1e3*ions_per_pc/3 + r.rest.atp(ion::ca)/(t*1e-3), 1e-3*r.rest_rate) << "the leak, at E_K and below, passes no sodium";
}
/// The change of Ih's sum from rest in a spike, times the share of sodium, is NEURON's figure; in sodium itself it is the less, the more the
/// voltage has risen towards the reversal potential.
TEST_F(hay_cell1, spikes_change_the_charge_of_ih_as_neuron_tells) {
    struct known { bool bac; const char* part; double share; };
    const auto bap = of_protocol(shape, models::l5pc_protocols{}.bap()), bac = of_protocol(shape, models::l5pc_protocols{}.bac());
    for (const auto& k : {known{false, "soma", 0.04}, {false, "dend", 0.29}, {false, "apic", 2.48}, {true, "soma", 0.05}, {true, "dend", 0.36}, {true, "apic", 4.44}}) {
        const auto& r = k.bac ? bac : bap;
        const auto active = through_ih(r.active, k.part), rest = through_ih(r.rest, k.part);
        const double longer = r.active.duration/r.rest.duration;
        EXPECT_NEAR(ih_share*(active.all - longer*rest.all), k.share, 0.006 + 0.01*k.share) << k.part;
    }
}

/// What a spike costs does not depend on the scheme: BAC firing in steps that keep to an error, against the figures of NEURON.
TEST_F(hay_cell1, spends_the_same_under_coupled_schemes) {
    for (const auto s : {scheme::precise, scheme::cvode}) {
        auto e = models::l5pc_protocols{}.bac();
        e.probes.clear();
        auto m = models::on(models::l5pc(shape), e);
        m.meters.push_back({.label = "m", .population = "cell", .start = 290*ms, .stop = 400*ms, .rest = 20*ms});
        simulation run(m, {.scheme = s});
        run.run(400*ms);
        const auto r = energy(run, "m");
        EXPECT_EQ(r.spikes, 3) << name_of(s);
        expect_near(-above_rest(r, ion::na, "soma"), 118.28), expect_near(-above_rest(r, ion::na, "apic"), 35.94);
        expect_near(-above_rest(r, ion::ca, "apic"), 53.31);
        expect_near(r.sodium_above_rest/3, 3.21e8);
        EXPECT_LT(std::abs(r.active.residual), 1e-5) << name_of(s);
    }
}

}  // namespace
}  // namespace apical
