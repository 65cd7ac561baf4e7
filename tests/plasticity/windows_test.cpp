// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "engine/pairing.hpp"

/// Each rule's published window or curve, on the bench of engine/pairing.hpp.
namespace apical {
namespace {

const catalogue& known() {
    static const auto all = catalogue::built_in();
    return all;
}
const rule_entry& rule_called(std::string_view name) { return known().rule_at(name, "test"); }
/// Default parameters, or a published set, with some changed.
std::vector<double> parameters_of(const rule_entry& rule, std::string_view set = {}, const std::vector<std::pair<std::string_view, double>>& changed = {}) {
    auto values = rule.schema.defaults();
    for (const auto& s : rule.schema.published)
        if (s.name == set) values = s.parameters;
    for (const auto& [name, value] : changed) values[static_cast<std::size_t>(rule.schema.parameter(name) - rule.schema.parameters.data())] = value;
    return values;
}
double mean(const std::vector<double>& x) { return std::accumulate(x.begin(), x.end(), 0.0)/static_cast<double>(x.size()); }

/// `pairs` at a frequency [Hz], the postsynaptic spike `delta` [ms] after the presynaptic one.
pairing pairs_at(double frequency, double delta, int pairs, double first = 200) {
    pairing p;
    for (int k = 0; k < pairs; ++k) {
        const double t = first + 1000*k/frequency;
        p.pre.push_back(t), p.post.push_back(t + delta);
    }
    return p;
}

TEST(windows, pairs_change_a_weight_by_their_distance) {
    const auto& rule = rule_called("pair_stdp");
    const auto p = parameters_of(rule, "song_2000");
    EXPECT_NEAR(paired(rule, p, pairs_at(1, 10, 1))[0] - 0.5, 0.00303265, 1e-7);
    EXPECT_NEAR(paired(rule, p, pairs_at(1, -10, 1))[0] - 0.5, -0.00318429, 1e-7);
    for (const double delta : {1.0, 5.0, 20.0, 60.0}) {
        EXPECT_NEAR(paired(rule, p, pairs_at(1, delta, 1))[0] - 0.5, 0.005*std::exp(-delta/20), 1e-12) << delta;
        EXPECT_NEAR(paired(rule, p, pairs_at(1, -delta, 1))[0] - 0.5, -0.00525*std::exp(-delta/20), 1e-12) << delta;
    }
}

TEST(windows, dependence_on_the_weight_slows_towards_the_bounds) {
    const auto& rule = rule_called("pair_stdp");
    const auto p = parameters_of(rule, "song_2000", {{"mu", 1}});
    auto at = pairs_at(1, 10, 1);
    at.weight = 0.8;
    EXPECT_NEAR(paired(rule, p, at)[0] - 0.8, 0.2*0.005*std::exp(-0.5), 1e-12);
    at = pairs_at(1, -10, 1), at.weight = 0.8;
    EXPECT_NEAR(paired(rule, p, at)[0] - 0.8, -0.8*0.00525*std::exp(-0.5), 1e-12);
}

/// Sums of 60 pairs. Pfister & Gerstner (2006), minimal and full model of visual cortex.
TEST(windows, triplets_depend_on_frequency) {
    const auto& rule = rule_called("triplet_stdp");
    const double frequencies[] = {0.1, 10, 20, 40, 50};
    struct { const char* set; double before[5], after[5]; } expected[] = {
        {"visual_cortex", {0.000, 0.119, 0.228, 0.532, 0.763}, {-0.317, -0.332, -0.342, 0.174, 0.749}},
        {"visual_cortex_full", {0.132, 0.247, 0.534, 0.741, 0}, {-0.312, -0.334, -0.352, 0.155, 0.727}},
    };
    for (int k = 0; k < 5; ++k) {
        const auto p = parameters_of(rule, expected[0].set);
        const double plus = paired(rule, p, pairs_at(frequencies[k], 10, 60))[0] - 0.5, minus = paired(rule, p, pairs_at(frequencies[k], -10, 60))[0] - 0.5;
        EXPECT_NEAR(plus, expected[0].before[k], 0.005) << frequencies[k];
        EXPECT_NEAR(minus, expected[0].after[k], 0.005) << frequencies[k];
        const auto full = parameters_of(rule, expected[1].set);
        EXPECT_NEAR(paired(rule, full, pairs_at(frequencies[k], -10, 60))[0] - 0.5, expected[1].after[k], 0.005) << frequencies[k];
    }
}

TEST(windows, inhibitory_synapses_grow_by_pairs_and_shrink_alone) {
    const auto& rule = rule_called("inhibitory_stdp");
    const auto p = parameters_of(rule, {}, {{"rate", 0.005}});
    pairing alone;
    alone.pre = {100};
    EXPECT_NEAR(paired(rule, p, alone)[0] - 0.5, -1e-3*2*0.005*20, 1e-15);
    for (const double delta : {-30.0, -5.0, 5.0, 30.0}) EXPECT_NEAR(paired(rule, p, pairs_at(1, delta, 1))[0] - 0.5, 1e-3*(std::exp(-std::abs(delta)/20) - 0.2), 1e-12);
}

/// Relative strength of many synapses after pairing, half of them low at the start. Graupner & Brunel (2012), cortical slices.
TEST(windows, calcium_decides_by_frequency) {
    const auto& rule = rule_called("graupner_brunel");
    const auto p = parameters_of(rule, "cortical_slices");
    constexpr double ratio = 5.40988;   // of the high weight to the low one
    const auto strength = [&](double frequency, double delta) {
        auto at = pairs_at(frequency, delta, frequency < 10 ? 60 : 75);
        at.copies = 1000;
        const auto moved = [&](double from) {   // share that ends on the other side
            at.weight = from;
            double n = 0;
            for (const double w : paired(rule, p, at)) n += (w > 0.5) != (from > 0.5);
            return n/at.copies;
        };
        const double up = moved(0), down = moved(1), half = 0.5;
        return ((1 - up)*half + down*half + ratio*(up*half + (1 - down)*half))/(half + half*ratio);
    };
    for (const double f : {1.0, 10.0, 20.0}) EXPECT_LT(strength(f, -10), 0.95) << f;
    for (const double f : {40.0, 50.0}) {
        EXPECT_GT(strength(f, -10), 1.3) << f;
        EXPECT_GT(strength(f, 10), 1.4) << f;
    }
    EXPECT_NEAR(strength(1, 10), 1.02, 0.05);
    EXPECT_NEAR(strength(10, -10), 0.62, 0.06);
}

/// Marks fade, and what dopamine comes too late for is not changed.
TEST(windows, dopamine_turns_marks_into_changes) {
    const auto& rule = rule_called("dopamine_stdp");
    const auto p = parameters_of(rule, {}, {{"tonic", 0}});
    const auto change = [&](double delta, double delay) {
        auto at = pairs_at(1, delta, 1);
        at.until = 12000, at.interval = 1;
        if (delay >= 0) at.releases = {{"dopamine", 200 + delay, 0.001}};
        return paired(rule, p, at)[0] - 0.5;
    };
    EXPECT_EQ(change(10, -1), 0);   // without dopamine nothing changes at all
    // e0 = 0.1 exp(-1/2); w = sum over D e: amount/(1/tau_D + 1/tau_e) e(at release)
    const double e0 = 0.1*std::exp(-0.5);
    for (const double delay : {50.0, 1000.0, 3000.0}) {
        const double expected = 0.001*e0*std::exp(-(delay - 10)/1000)/(1/200.0 + 1/1000.0);
        EXPECT_NEAR(change(10, delay), expected, 0.01*expected) << delay;
    }
    EXPECT_LT(change(-10, 50), 0);
}

/// 100 pairs at 1 Hz: depression, potentiation, and depression again. Shouval et al. (2002), figure 3.
TEST(windows, calcium_control_has_two_windows_of_depression) {
    const auto& rule = rule_called("calcium_control");
    const auto p = parameters_of(rule);
    const auto weight = [&](double delta) {
        auto at = pairs_at(1, delta, 100, 500);
        at.weight = 0.25, at.dt = 0.2;
        const auto last_of = [](const std::vector<double>& spikes, double t) {   // pairs are far apart: the last one counts
            const auto after = std::ranges::upper_bound(spikes, t);
            return after == spikes.begin() ? 1e9 : t - *(after - 1);
        };
        at.signals = {{"potential", [&at, last_of](double t) {
            const double e = last_of(at.pre, t), b = last_of(at.post, t);
            const double peak = std::exp(-std::log(10)*5/45.0) - std::exp(-std::log(10)*50/45.0);   // of the difference below
            return -65 + (std::exp(-e/50) - std::exp(-e/5))/peak + 100*(0.75*std::exp(-b/3) + 0.25*std::exp(-b/25));
        }}};
        return paired(rule, p, at)[0];
    };
    for (const double d : {-20.0, -10.0}) EXPECT_LT(weight(d), 0.22) << d;
    for (const double d : {0.0, 10.0, 20.0}) EXPECT_GT(weight(d), 0.4) << d;
    for (const double d : {60.0, 80.0, 100.0}) EXPECT_LT(weight(d), 0.2) << d;
    for (const double d : {-100.0, 150.0}) EXPECT_NEAR(weight(d), 0.25, 0.02) << d;
}

/// The neuron of Clopath et al. (2010) under forced spikes: an adaptive exponential one with an after-depolarisation and a threshold that jumps.
/// A spike is 33 mV for 2 ms. Returns the potential at whole steps.
std::vector<double> forced_potential(const std::vector<double>& spikes, double until, double dt) {
    constexpr double c = 281, g = 30, e = -70.6, rest = -50.4, slope = 2, a = 4, b = 80.5, tau_w = 144, after = 400, tau_z = 40, jumped = 30.4, tau_v = 50;
    double u = e, w = 0, z = 0, threshold = rest;
    std::vector<double> all{u};
    std::size_t next = 0;
    double held = -1;
    for (int n = 0; n*dt < until; ++n) {
        const double t = n*dt;
        if (held < 0 && next < spikes.size() && t >= spikes[next] - dt/2) held = t + 2, ++next;
        if (held >= 0) {
            u = 33;
            if (t + dt >= held - dt/2) u = e + 21, z = after, w += b, threshold = jumped, held = -1;
        } else {
            u += dt/c*(-g*(u - e) + g*slope*std::exp(std::min((u - threshold)/slope, 10.0)) - w + z);
            u = std::min(u, 20.0);
        }
        w += dt/tau_w*(a*(u - e) - w), z -= dt/tau_z*z, threshold -= dt/tau_v*(threshold - rest);
        all.push_back(u);
    }
    return all;
}

/// 15 trains of 5 pairs, a train every 10 s; 50 pairs at 0.1 Hz. Sjoestroem et al. (2001), by the rule of Clopath et al. (2010), figure 2.
TEST(windows, voltage_rule_needs_frequency_to_potentiate) {
    const auto& rule = rule_called("clopath");
    const auto p = parameters_of(rule);
    const auto percent = [&](double frequency, double delta) {
        pairing at;
        at.dt = 0.1, at.weight = 0.5;
        const int trains = frequency < 1 ? 50 : 15, of = frequency < 1 ? 1 : 5;
        constexpr double rest = 2000;   // long enough to forget a train, as 10 s are
        for (int train = 0; train < trains; ++train)
            for (int k = 0; k < of; ++k) {
                const double t = 500 + rest*train + 1000*k/frequency;
                at.pre.push_back(t), at.post.push_back(t + delta);
            }
        at.until = 500 + rest*trains;
        const auto u = forced_potential(at.post, at.until, at.dt);
        at.signals = {{"potential", [&](double t) { return u[std::min(u.size() - 1, static_cast<std::size_t>(std::llround(t/0.1)))]; }}};
        return 100*paired(rule, p, at)[0]/at.weight;
    };
    for (const double f : {0.1, 10.0, 20.0}) EXPECT_LE(percent(f, 10), 110) << f;
    EXPECT_GE(percent(50, 10), 130);
    for (const double f : {0.1, 10.0, 20.0, 30.0}) EXPECT_LE(percent(f, -10), 80) << f;
    EXPECT_GE(percent(50, -10), 110);
    // without the delay of the low-passed potential a spike meets its own depolarisation, and pairs at 0.1 Hz potentiate
    const auto hasty = parameters_of(rule, {}, {{"late", 0}});
    pairing at;
    at.dt = 0.1, at.weight = 1, at.pre = {500}, at.post = {510}, at.until = 2000;
    const auto u = forced_potential(at.post, at.until, at.dt);
    at.signals = {{"potential", [&](double t) { return u[std::min(u.size() - 1, static_cast<std::size_t>(std::llround(t/0.1)))]; }}};
    EXPECT_GT(paired(rule, hasty, at)[0] - 1, 10*std::abs(paired(rule, p, at)[0] - 1));
}

/// One plateau makes a place field where the animal was, the wider the faster it ran. Milstein et al. (2021); Bittner et al. (2017).
TEST(windows, one_plateau_makes_a_place_field) {
    const auto& rule = rule_called("behavioral_timescale");
    const auto p = parameters_of(rule);
    constexpr double track = 187, sigma = 18, peak_rate = 0.02, plateau_at = 93.5;
    std::vector<double> widths;
    for (const double speed : {0.010, 0.025, 0.050}) {   // cm/ms
        std::vector<double> gained;
        for (double centre = 2.5; centre < track; centre += 5) {
            pairing at;
            at.dt = 1, at.weight = 1, at.until = track/speed;
            double phase = 0.5;
            for (double t = 0; t < at.until; t += 1) {
                const double d = (speed*t - centre)/sigma;
                if ((phase += peak_rate*std::exp(-d*d/2)) >= 1) phase -= 1, at.pre.push_back(t);
            }
            const double begin = plateau_at/speed;
            at.signals = {{"potential", [begin](double t) { return t >= begin - 20 && t < begin + 300 ? -30.0 : -70.0; }}};
            gained.push_back(paired(rule, p, at)[0] - 1);
        }
        const auto peak = std::ranges::max_element(gained);
        EXPECT_NEAR(2.5 + 5*static_cast<double>(peak - gained.begin()), plateau_at, 10) << speed;
        EXPECT_GT(*peak, 0.2) << speed;
        widths.push_back(5*static_cast<double>(std::ranges::count_if(gained, [&](double g) { return g > *peak/2; })));
    }
    EXPECT_LT(widths[0], widths[1]);
    EXPECT_LT(widths[1], widths[2]);
}

/// What a burst adds, an isolated spike takes away, in the shares that are usual.
TEST(windows, bursts_potentiate_and_single_spikes_depress) {
    const auto& rule = rule_called("burst_dependent");
    const auto p = parameters_of(rule);
    pairing single;
    single.pre = {100}, single.post = {110}, single.until = 500;
    const double x = std::exp(-10/20.0);
    EXPECT_NEAR(paired(rule, p, single)[0] - 0.5, -2e-3*0.2*x, 1e-12);
    auto burst = single;
    burst.post = {110, 120};
    const double later = std::exp(-20/20.0);
    EXPECT_NEAR(paired(rule, p, burst)[0] - 0.5, -2e-3*0.2*x + 2e-3*later, 1e-12);
    burst.post = {110, 120, 130};   // a third spike belongs to the same burst
    EXPECT_NEAR(paired(rule, p, burst)[0] - 0.5, -2e-3*0.2*x + 2e-3*later, 1e-12);
}

/// In proportion to the weights: what differs by a factor keeps it.
TEST(windows, scaling_keeps_ratios) {
    const auto& rule = rule_called("homeostatic_scaling");
    const auto p = parameters_of(rule, {}, {{"rate", 0.005}, {"tau", 20000}, {"tau_rate", 2000}});
    pairing at;
    at.dt = 1, at.until = 20000;
    for (double t = 100; t < at.until; t += 100) at.post.push_back(t);   // 10 Hz, twice what is wanted
    at.weight = 0.2;
    const double small = paired(rule, p, at)[0];
    at.weight = 2;
    const double large = paired(rule, p, at)[0];
    EXPECT_LT(small, 0.2*0.6);
    EXPECT_NEAR(large/small, 10, 1e-9);
}

/// Noradrenaline turns the tag for growth into growth, serotonin that for loss; both fade. Both together: growth wins, since its tag lasts.
TEST(windows, two_tags_are_read_by_two_modulators) {
    const auto& rule = rule_called("two_tags");
    const auto p = parameters_of(rule);
    const auto change = [&](bool noradrenaline, bool serotonin, double delay) {
        pairing at{.pre = {200, 215}, .post = {210}, .dt = 0.5, .until = 20000, .interval = 1};
        if (noradrenaline) at.releases.push_back({"noradrenaline", 220 + delay, 1});
        if (serotonin) at.releases.push_back({"serotonin", 220 + delay, 1});
        return paired(rule, p, at)[0] - 0.5;
    };
    double last_n = 1e9, last_s = -1e9;
    for (const double delay : {0.0, 1000.0, 2500.0, 5000.0, 10000.0}) {
        const double n = change(true, false, delay), s = change(false, true, delay), both = change(true, true, delay);
        EXPECT_GT(n, 0) << delay;
        EXPECT_LT(s, 0) << delay;
        EXPECT_LT(n, last_n) << delay;
        EXPECT_GT(s, last_s) << delay;
        EXPECT_NEAR(both, n + s, 1e-12) << delay;
        last_n = n, last_s = s;
    }
    EXPECT_GT(change(true, true, 5000), 0);
}

TEST(windows, receptors_open_the_halves_of_the_window) {
    const auto& rule = rule_called("receptor_gated_stdp");
    const auto p = parameters_of(rule);
    const auto change = [&](double delta, bool n, bool a) {
        auto at = pairs_at(1, delta, 1);
        at.modulator_tau = 1e9;
        if (n) at.releases.push_back({"noradrenaline", 0, 1e6});
        if (a) at.releases.push_back({"acetylcholine", 0, 1e6});
        return paired(rule, p, at)[0] - 0.5;
    };
    for (const double d : {-10.0, 10.0}) EXPECT_EQ(change(d, false, false), 0);
    EXPECT_GT(change(10, true, false), 0);
    EXPECT_EQ(change(-10, true, false), 0);
    EXPECT_LT(change(-10, false, true), 0);
    EXPECT_EQ(change(10, false, true), 0);
    EXPECT_GT(change(10, true, true), 0);
    EXPECT_LT(change(-10, true, true), 0);
}

TEST(windows, dopamine_after_acetylcholine_reverses) {
    const auto& rule = rule_called("sequential_modulation");
    const auto p = parameters_of(rule);
    const auto change = [&](double delta, bool dopamine) {
        auto at = pairs_at(1, delta, 10);
        at.modulator_tau = 2000, at.until = 60000, at.interval = 1;
        at.releases.push_back({"acetylcholine", 0, 1});
        if (dopamine) at.releases.push_back({"dopamine", 20000, 1});
        return paired(rule, p, at)[0] - 0.5;
    };
    for (const double d : {-10.0, 10.0}) {
        EXPECT_LT(change(d, false), 0) << d;
        EXPECT_GT(change(d, true), 0) << d;
    }
}

/// A cell's rate by the weights of 100 inputs, 20 active and 80 idle: with compensation it settles, without it runs away. Zenke, Agnes &
/// Gerstner (2015), the rate of the cell a weighted sum of the inputs' and all trains Poisson.
TEST(windows, compensation_holds_what_hebbian_growth_would_lose) {
    const auto& rule = rule_called("rapid_compensation");
    const auto settled = [&](double beta) {
        const auto p = parameters_of(rule, {}, {{"beta", beta}, {"delta", beta > 0 ? 2e-5 : 0}});
        double active = 0.3, idle = 0.3, rate = 0;
        random_stream draws(1);
        const auto train = [&](double hertz) {
            std::vector<double> times;
            for (double t = draws.exponential(1000/hertz); t < 10000; t += draws.exponential(1000/hertz)) times.push_back(t);
            return times;
        };
        const auto learnt = [&](double w, double hertz, const std::vector<double>& post) {   // mean of synapses with trains of their own
            double sum = 0;
            for (int k = 0; k < 5; ++k) sum += paired(rule, p, {.pre = train(hertz), .post = post, .weight = w, .low = 0, .high = 5, .dt = 0.5, .until = 10000})[0];
            return sum/5;
        };
        for (int part = 0; part < 20; ++part) {
            rate = std::min(0.035*(20*35*active + 80*5*idle), 300.0);
            const auto post = train(rate);
            active = learnt(active, 35, post), idle = learnt(idle, 5, post);
        }
        return std::pair(active, rate);
    };
    const auto [with, rate_with] = settled(0.05);
    EXPECT_GE(rate_with, 10) << with;
    EXPECT_LE(rate_with, 60) << with;
    const auto [without, rate_without] = settled(0);
    EXPECT_TRUE(without == 5 || rate_without > 100) << without << ' ' << rate_without;
}

}  // namespace
}  // namespace apical
