// SPDX-License-Identifier: BSD-3-Clause
// What the papers show: firing patterns, rates, bursts.
#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/neurons/neurons.hpp"

namespace apical {
namespace {

using namespace units;
using test::driven, test::intervals, test::spike_times;

std::vector<double> adex_intervals(const std::string& pattern, double i_nA, double until = 500) {
    return intervals(spike_times(driven("adex", {{"set", pattern}}, {i_nA}), until, {.dt = 0.05*ms}));
}
double ratio(const std::vector<double>& x) { return x.back()/x.front(); }

/// Naud et al. (2008), figure 4: the eight patterns by the shape of their interval sequences.
TEST(adex_patterns, tonic_spiking_is_regular) {
    const auto isi = adex_intervals("tonic", 0.5);
    ASSERT_GT(isi.size(), 20u);
    EXPECT_NEAR(isi.back()/isi[isi.size()/2], 1, 1e-3);
}
TEST(adex_patterns, adaptation_stretches_the_intervals) {
    const auto isi = adex_intervals("adapting", 0.5);
    ASSERT_GT(isi.size(), 5u);
    EXPECT_TRUE(std::ranges::is_sorted(isi));
    EXPECT_GT(ratio(isi), 3);
}
TEST(adex_patterns, an_initial_burst_is_followed_by_single_spikes) {
    const auto isi = adex_intervals("initial_burst", 0.4);
    ASSERT_GT(isi.size(), 6u);
    EXPECT_LT(isi[0], 0.2*isi.back());
    EXPECT_NEAR(isi.back()/isi[isi.size() - 3], 1, 0.05) << "then the intervals are even";
}
TEST(adex_patterns, regular_bursting_alternates_short_and_long) {
    const auto isi = adex_intervals("regular_bursting", 0.21, 1500);
    ASSERT_GT(isi.size(), 8u);
    EXPECT_GT(std::ranges::max(isi), 4*std::ranges::min(isi));
    EXPECT_GE(std::ranges::count_if(isi, [&](double x) { return x > 0.5*std::ranges::max(isi); }), 3) << "more than one burst";
}
TEST(adex_patterns, delayed_accelerating_speeds_up) {
    const auto times = spike_times(driven("adex", {{"set", "delayed_accelerating"}}, {0.3}), 500, {.dt = 0.05*ms});
    const auto isi = intervals(times);
    ASSERT_GT(isi.size(), 10u);
    EXPECT_TRUE(std::ranges::is_sorted(isi, std::greater<>{})) << "each interval is shorter than the one before";
}
TEST(adex_patterns, delayed_regular_bursting_waits_and_bursts) {
    const auto times = spike_times(driven("adex", {{"set", "delayed_regular_bursting"}}, {0.11}), 1000, {.dt = 0.05*ms});
    const auto isi = intervals(times);
    ASSERT_GT(isi.size(), 10u);
    EXPECT_GT(times.front(), 20);
    EXPECT_GT(std::ranges::max(isi), 4*std::ranges::min(isi));
}
TEST(adex_patterns, the_transient_neuron_fires_once) {
    EXPECT_EQ(spike_times(driven("adex", {{"set", "transient"}}, {0.18}), 1000).size(), 1u);
}
TEST(adex_patterns, irregular_spiking_never_repeats) {
    auto isi = adex_intervals("irregular", 0.16, 3000);
    ASSERT_GT(isi.size(), 60u);
    isi.erase(isi.begin(), isi.begin() + 20);
    const double mean = std::accumulate(isi.begin(), isi.end(), 0.0)/static_cast<double>(isi.size());
    double variance = 0;
    for (const double x : isi) variance += (x - mean)*(x - mean)/static_cast<double>(isi.size());
    EXPECT_GT(std::sqrt(variance)/mean, 0.1);
    std::ranges::sort(isi);
    // intervals crowd at the ends of a chaotic map: the adaptive reference has some only 1e-11 ms apart; of a periodic orbit nearly all
    // would be
    std::size_t met = 0;
    for (std::size_t k = 1; k < isi.size(); ++k) met += isi[k] - isi[k - 1] < 1e-6;
    EXPECT_LT(met, isi.size()/10) << "a periodic orbit would repeat its intervals";
}

/// Naud et al. (2008), eq. 5: where a/g > tau_m/tau_w rest is lost at the current
/// (g + a)(v_t - e - d + d ln(1 + tau_m/tau_w)) + d g (a/g - tau_m/tau_w), 0.627 nA for the values of 2005. A slow ramp goes a little
/// beyond it before the first spike.
TEST(adex, of_2005_has_its_rheobase) {
    const double g = 30, a = 4, d = 2, ratio_of_times = 281/g/144;
    const double rheobase = 1e-3*((g + a)*(70.6 - 50.4 - d + d*std::log(1 + ratio_of_times)) + d*g*(a/g - ratio_of_times));
    auto c = driven("adex", {}, {});
    c.injections.push_back({{"n", "soma(0.5)", {}}, ramp_current{0*ms, 20000*ms, 0*nA, 0.8*nA}});
    const auto times = spike_times(c, 20000);
    ASSERT_FALSE(times.empty());
    EXPECT_GT(times.front()/20000*0.8, rheobase);
    EXPECT_LT(times.front()/20000*0.8, rheobase + 0.02);
    const auto isi = intervals(spike_times(driven("adex", {}, {1.0}), 1000));
    ASSERT_GT(isi.size(), 4u);
    EXPECT_GT(ratio(isi), 1.5);
}

/// Izhikevich (2003), figure 2, with I = 10: rates and patterns of the five types.
TEST(izhikevich_2003, types_fire_as_in_the_figure) {
    const auto of = [](const char* set) { return intervals(spike_times(driven("izhikevich", {{"set", set}}, {0.010}), 500)); };
    const auto rs = of("regular_spiking"), ib = of("intrinsically_bursting"), ch = of("chattering"), fs = of("fast_spiking"), lts = of("low_threshold_spiking");
    EXPECT_GT(ratio(rs), 1.5) << "regular spiking adapts";
    EXPECT_LT(ib.front(), 0.5*ib.back()) << "a burst first, then single spikes";
    EXPECT_GT(std::ranges::max(ch), 5*std::ranges::min(ch)) << "chattering: bursts with long pauses";
    EXPECT_GT(fs.size(), 4*rs.size()) << "fast spiking";
    EXPECT_NEAR(fs.back()/fs[fs.size()/2], 1, 0.02) << "which soon does not adapt any more";
    EXPECT_GT(lts.size(), 2*rs.size());
    EXPECT_GT(ratio(lts), 1.2) << "low-threshold spiking adapts";
}
/// Izhikevich (2007), figure 8.12: the regular-spiking neuron fires at 100 pA, and not at 50 (rheobase 50 pA is its bifurcation).
TEST(izhikevich_2007, types_fire_as_in_the_book) {
    const auto rate = [](const char* set, double i) { return spike_times(driven("izhikevich_2007", {{"set", set}}, {i}), 1000).size(); };
    EXPECT_EQ(rate("regular_spiking", 0.03), 0u);
    EXPECT_NEAR(static_cast<double>(rate("regular_spiking", 0.1)), 12, 4);
    EXPECT_EQ(rate("fast_spiking", 0.05), 0u);
    EXPECT_GT(rate("fast_spiking", 0.2), 60u) << "class 2: fast at once";
    const auto ch = intervals(spike_times(driven("izhikevich_2007", {{"set", "chattering"}}, {0.3}), 1000));
    EXPECT_GT(std::ranges::max(ch), 5*std::ranges::min(ch));
    const auto ib = intervals(spike_times(driven("izhikevich_2007", {{"set", "intrinsically_bursting"}}, {0.5}), 1000));
    EXPECT_LT(ib.front(), 0.5*ib.back());
}

/// Rest ends in a saddle-node where the parabola and u's line touch: at (b + k (v_t - v_r))^2/(4 k), 51.4 pA of the regular-spiking neuron.
/// The book calls it 50. A cell that sits there is of class 1: it fires as slowly as one likes.
TEST(izhikevich_2007, regular_spiking_has_its_rheobase) {
    const double rheobase = 1e-3*std::pow(-2 + 0.7*20, 2)/(4*0.7);
    EXPECT_NEAR(rheobase, 0.0514, 1e-4);
    const auto count = [&](double i) { return spike_times(driven("izhikevich_2007", {{"set", "regular_spiking"}}, {i}), 5000, {.dt = 0.05*ms}).size(); };
    EXPECT_EQ(count(0.999*rheobase), 0u);
    EXPECT_GT(count(1.01*rheobase), 0u);
    EXPECT_LT(count(1.01*rheobase), 15u) << "less than 3 Hz";
}
/// Izhikevich (2003) with b = 0.2: equilibria are v with 0.04 v^2 + 4.8 v + 140 + I = 0. Rest loses its stability where 0.08 v + 5 = a, at
/// I = 3.7975, a little before it is lost at 4.
TEST(izhikevich_2003, regular_spiking_has_its_rheobase) {
    auto c = driven("izhikevich", {{"set", "regular_spiking"}}, {});
    c.injections.push_back({{"n", "soma(0.5)", {}}, ramp_current{0*ms, 40000*ms, 0*nA, 0.008*nA}});
    const auto times = spike_times(c, 40000);
    ASSERT_FALSE(times.empty());
    const double i = times.front()/40000*8;
    EXPECT_GT(i, 3.79);
    EXPECT_LT(i, 4.05);
}

/// Teeter et al. (2018): what each level adds. 2: the reset remembers, 3: after-spike currents adapt the cell.
TEST(glif, levels_add_what_they_are_named_for) {
    const auto isi = [](int level) { return intervals(spike_times(driven("glif", {{"set", "glif" + std::to_string(level)}}, {0.5}), 400)); };
    EXPECT_NEAR(ratio(isi(1)), 1, 1e-9);
    EXPECT_GT(ratio(isi(2)), 1.1) << "spikes raise the threshold";
    EXPECT_GT(ratio(isi(3)), 1.3) << "after-spike currents";
    const auto without = intervals(spike_times(driven("glif", {{"set", "glif5"}, {"a_v", "0 /ms"}}, {0.5}), 400));
    EXPECT_GT(isi(5).back(), without.back()) << "the threshold follows the potential";
}

/// Pinsky & Rinzel (1994), figure 2 and 5: slow bursting at weak somatic currents, fast regular firing at strong ones, an isolated
/// soma (g_c = 0) fires without bursts.
TEST(pinsky_rinzel, bursts_at_weak_and_fires_at_strong_currents) {
    const auto weak = spike_times(driven("pinsky_rinzel", {}, {0.75}), 2000, {.dt = 0.025*ms});
    ASSERT_GT(weak.size(), 6u);
    const auto isi = intervals(weak);
    EXPECT_GT(isi.back() + isi[isi.size() - 2], 350) << "bursts come at about 2 Hz";
    EXPECT_LT(isi.back() + isi[isi.size() - 2], 700);
    EXPECT_LT(std::ranges::min(isi), 10) << "spikes of a burst are close";
    const auto strong = intervals(spike_times(driven("pinsky_rinzel", {}, {2.5}), 2000, {.dt = 0.025*ms}));
    ASSERT_GT(strong.size(), 60u);
    EXPECT_NEAR(strong.back()/strong[strong.size() - 2], 1, 0.05) << "regular";
    EXPECT_NEAR(1000/strong.back(), 45, 15) << "tens of spikes a second";
    const auto alone = intervals(spike_times(driven("pinsky_rinzel", {{"g_c", "0 mS/cm2"}}, {0.75}), 1000, {.dt = 0.025*ms}));
    ASSERT_GT(alone.size(), 5u);
    EXPECT_NEAR(alone.back()/alone[alone.size() - 2], 1, 1e-3);
}

/// The abstract's figures: steady currents into the dendrite make bursts of 8 to 20 Hz, into the soma of less than 8; bursts need a
/// coupling that is neither weak nor strong, and a tightly coupled cell is a single compartment, which does not burst.
TEST(pinsky_rinzel, bursts_as_often_as_published) {
    const auto events = [](const models::option_values& options, std::vector<double> currents) {
        const auto times = spike_times(driven("pinsky_rinzel", options, std::move(currents)), 3000, {.dt = 0.025*ms});
        struct { double rate = 0, spikes = 0; } found;
        double last = -1e9;
        for (const double t : times) {
            if (t < 1000) { last = t; continue; }
            found.rate += t - last > 25 ? 0.5 : 0, found.spikes += 1;
            last = t;
        }
        found.spikes /= std::max(2*found.rate, 1.0);
        return found;
    };
    const auto weak = events({}, {0.75, 0}), strong = events({}, {1.5, 0}), dendrite = events({}, {0, 2.5});
    EXPECT_GT(weak.rate, 1);
    EXPECT_GT(strong.rate, 2*weak.rate);
    EXPECT_LT(strong.rate, 8);
    EXPECT_GT(dendrite.rate, 8);
    EXPECT_LT(dendrite.rate, 20);
    for (const auto& bursting : {weak, strong, dendrite}) EXPECT_GE(bursting.spikes, 1.9) << "spikes a burst";
    for (const char* coupling : {"0.5 mS/cm2", "10 mS/cm2"}) EXPECT_LT(events({{"g_c", coupling}}, {0.75, 0}).spikes, 1.05) << coupling;
}

/// Naud & Sprekeler (2018), figure 1 and 2: currents into the dendrite turn single spikes into bursts; the rate of events follows the
/// soma. Noise of 450 pA with a correlation time of 2 ms in both compartments.
struct bursting { double events_hz, burst_fraction; };
bursting naud_sprekeler(double soma_nA, double dendrite_nA) {
    auto c = driven("naud_sprekeler", {}, {soma_nA, dendrite_nA}, 24);
    for (const char* place : {"soma(0.5)", "apic[0](0.5)"})
        c.injections.push_back({{"n", place, {}}, noise_current{0*ms, test::everlasting, 0*nA, 0.45*nA, 2*ms}});
    simulation s(c, {.dt = 0.1*ms, .seed = 7});
    s.run(10*units::s);
    std::vector<double> last(24, -1e9);
    std::vector<bool> in_burst(24, false);
    double events = 0, bursts = 0;
    for (const auto& spike : s.spikes()) {
        const auto k = static_cast<std::size_t>(spike.cell);
        if (spike.time - last[k] < 16) {
            if (!in_burst[k]) ++bursts;
            in_burst[k] = true;
        } else {
            ++events;
            in_burst[k] = false;
        }
        last[k] = spike.time;
    }
    return {events/240, bursts/events};
}
TEST(naud_sprekeler, the_dendrite_sets_the_fraction_of_bursts_and_the_soma_the_rate_of_events) {
    const auto base = naud_sprekeler(0.25, 0.0), more_dendrite = naud_sprekeler(0.25, 0.25), more_soma = naud_sprekeler(0.4, 0.0);
    EXPECT_GT(base.events_hz, 1);
    EXPECT_LT(base.events_hz, 15);
    EXPECT_GT(more_dendrite.burst_fraction, 1.5*base.burst_fraction);
    EXPECT_GT(more_soma.events_hz, 1.3*base.events_hz);
    EXPECT_LT(std::abs(more_dendrite.events_hz/base.events_hz - 1), std::abs(more_soma.events_hz/base.events_hz - 1) + 0.3);
    EXPECT_GT(base.burst_fraction, 0.02);
    EXPECT_LT(base.burst_fraction, 0.5);
}

/// Naud & Sprekeler (2018): about 5 events a second, 12 to 20 % of them bursts, at rest; the fraction of bursts follows the dendrite's
/// input and hardly the soma's, the rate of events the soma's: two messages in one train.
TEST(naud_sprekeler, has_the_published_baseline_and_multiplexes) {
    const auto base = naud_sprekeler(0.25, -0.1), dendrite = naud_sprekeler(0.25, 0.1), soma = naud_sprekeler(0.35, -0.1);
    EXPECT_NEAR(base.events_hz, 5, 1);
    EXPECT_GT(base.burst_fraction, 0.12);
    EXPECT_LT(base.burst_fraction, 0.2);
    EXPECT_GT(dendrite.burst_fraction, 2*base.burst_fraction);
    EXPECT_LT(dendrite.events_hz, 1.3*base.events_hz);
    EXPECT_GT(soma.events_hz, 1.3*base.events_hz);
    EXPECT_NEAR(soma.burst_fraction, base.burst_fraction, 0.05);
}

/// Wilson & Cowan (1972), figure 11: with P = 1.25 a limit cycle; figures 4 and 5: two stable states at one input.
TEST(wilson_cowan, cycles_and_remembers) {
    const auto trace = [](const char* set, std::vector<current_source> inputs, double until) {
        auto c = driven("wilson_cowan", {{"set", set}}, {});
        c.detectors.clear();
        for (const auto& i : inputs) c.injections.push_back({{"n", "soma(0.5)", {}}, i});
        c.probes.push_back({.label = "e", .on = {"n"}, .variable = "wilson_cowan.e"});
        simulation s(c, {.dt = 0.1*ms});
        s.run(until*ms);
        return s["e"].samples;
    };
    const step_current drive{0*ms, test::everlasting, 1.25*nA};
    const auto cycle = trace("limit_cycle", {drive}, 400);
    const auto late = std::vector<double>(cycle.end() - 1000, cycle.end());
    // SciPy's DOP853 at 1e-12 on the same equations
    EXPECT_NEAR(std::ranges::max(late), 0.2715, 5e-4);
    EXPECT_NEAR(std::ranges::min(late), 0.1015, 5e-4);
    std::vector<double> rises;   // through 0.2 [ms]
    for (std::size_t k = 1; k < late.size(); ++k)
        if (late[k - 1] <= 0.2 && late[k] > 0.2) rises.push_back(0.1*(static_cast<double>(k) - (late[k] - 0.2)/(late[k] - late[k - 1])));
    ASSERT_GE(rises.size(), 2u);
    EXPECT_NEAR(rises[1] - rises[0], 40.03, 0.05);
    const auto still = trace("limit_cycle", {step_current{0*ms, test::everlasting, 0*nA}}, 400);
    EXPECT_LT(std::abs(still.back()), 1e-6) << "without input at rest";
    const auto kicked = trace("hysteresis", {step_current{50*ms, 50*ms, 3*nA}}, 400), quiet = trace("hysteresis", {}, 400);
    EXPECT_LT(quiet.back(), 0.1);
    EXPECT_GT(kicked.back(), quiet.back() + 0.1) << "remembers the kick";
}

}  // namespace
}  // namespace apical
