// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/quantity_text.hpp"
#include "core/random.hpp"
#include "engine/simulation.hpp"

/// What things are worth, learned from errors of prediction that dopamine tells.
namespace apical {
namespace {

using namespace units;

constexpr double beat = 100;   // time step of the task [ms]

/// A cell onto which each of some sources has a synapse that learns by `temporal_difference`; sources spike at given times. A synapse's weight
/// is what its source adds to the value. An error told 70 ms after a source's spike moves its weight by alpha times the error.
simulation critic(int sources, std::vector<std::pair<int, double>> spikes, double alpha, double tau_e) {
    constexpr double pulse = 5, after = 70;        // [ms]
    circuit c;
    c.populations.push_back({"value", cell(neuron{"lif", {}}), 1});
    c.spike_sources.push_back({.name = "cues", .size = sources, .spikes = std::move(spikes)});
    const double eta = alpha*std::exp(after/tau_e)*(1/pulse + 1/tau_e);
    c.projections.push_back({.name = "cues", .source = "cues", .target = "value", .rule = all_to_all{}, .receptor = "expsyn", .weight = 0*nS, .delay = 1*ms,
                             .learns = learning{.rule = "temporal_difference", .parameters = {{"eta", any_quantity{eta, dimensions::rate}}, {"tau_e", any_quantity{tau_e, dimensions::time}}},
                                                .unit = parse_quantity("0.1 nS"), .low = -2, .high = 2}});
    c.modulators.push_back({.name = "dopamine", .tau = pulse*ms});
    run_options o;
    o.dt = 1*ms;
    return simulation(c, o);
}

/// Trials of a cue at step 5 and, unless it is left out, a reward at step 20. After the cue a source spikes at each step, always the same one
/// at the same step: what the brain keeps of a cue that has passed. Errors of the last trial, by step.
class conditioning {
public:
    static constexpr int steps = 25, cue = 5, reward = 20, sources = reward - cue;
    conditioning(int trials) : s_(critic(sources, cues(trials), 0.3, 50)) {}
    std::vector<double> trial(bool has_reward) {
        std::vector<double> errors(steps, 0.0);
        for (int t = 1; t < steps; ++t) {          // value of this step is known when it begins
            const auto w = s_.weights("cues").strength;
            const auto value = [&](int at) { return at >= cue && at < reward ? w[static_cast<std::size_t>(at - cue)] : 0; };
            errors[static_cast<std::size_t>(t)] = (has_reward && t == reward ? 1 : 0) + value(t) - value(t - 1);
            s_.run((begin_ + beat*t + 20)*ms);
            s_.release("dopamine", errors[static_cast<std::size_t>(t)]);
        }
        begin_ += beat*(steps + 5);
        s_.run(begin_*ms);
        return errors;
    }

private:
    static std::vector<std::pair<int, double>> cues(int trials) {
        std::vector<std::pair<int, double>> all;
        for (int n = 0; n < trials; ++n)
            for (int k = 0; k < sources; ++k) all.emplace_back(k, n*beat*(steps + 5) + (cue + k)*beat + 50 - 1);
        return all;
    }
    simulation s_;
    double begin_ = 0;
};
std::ptrdiff_t peak(const std::vector<double>& errors) { return std::ranges::max_element(errors) - errors.begin(); }

TEST(temporal_difference, the_error_moves_from_reward_to_cue_and_dips_where_reward_is_missed) {
    conditioning task(302);
    const auto first = task.trial(true);
    std::vector<double> last;
    for (int n = 1; n < 300; ++n) last = task.trial(true);
    const auto missed = task.trial(false);
    const auto dip = std::ranges::min_element(missed) - missed.begin();
    std::printf("peak at %d, then %d; left at the reward %.4f; missed: %.3f at %d\n", static_cast<int>(peak(first)), static_cast<int>(peak(last)), last[conditioning::reward],
                missed[static_cast<std::size_t>(dip)], static_cast<int>(dip));
    EXPECT_EQ(peak(first), conditioning::reward);
    EXPECT_EQ(peak(last), conditioning::cue);
    EXPECT_NEAR(last[conditioning::cue], 1, 0.02);
    EXPECT_LT(std::abs(last[conditioning::reward]), 0.02);
    EXPECT_EQ(dip, conditioning::reward);
    EXPECT_LE(missed[conditioning::reward], -0.9);
}

/// Rescorla and Wagner: one error for each trial. What is foretold already teaches nothing of what comes with it.
TEST(temporal_difference, blocks_and_overshadows) {
    constexpr int trials = 50;
    const auto worth = [&](bool is_trained_before) {
        std::vector<std::pair<int, double>> spikes;
        for (int n = 0; n < 2*trials; ++n) {
            if (n >= trials || is_trained_before) spikes.emplace_back(0, n*10*beat + 49);
            if (n >= trials) spikes.emplace_back(1, n*10*beat + 49);
        }
        auto s = critic(2, spikes, 0.2, 50);
        for (int n = 0; n < 2*trials; ++n) {
            s.run((n*10*beat + 120)*ms);
            const auto w = s.weights("cues").strength;
            const bool a = n >= trials || is_trained_before, b = n >= trials;
            if (a) s.release("dopamine", 1 - (a ? w[0] : 0) - (b ? w[1] : 0));
            s.run((n + 1)*10*beat*ms);
        }
        return s.weights("cues").strength;
    };
    const auto blocked = worth(true), both = worth(false);
    std::printf("after training of the other: %.5f; together: %.3f, %.3f\n", blocked[1], both[0], both[1]);
    EXPECT_LT(std::abs(blocked[1]), 0.01);
    EXPECT_NEAR(blocked[0], 1, 0.01);
    EXPECT_NEAR(both[0], 0.5, 0.01);
    EXPECT_NEAR(both[1], 0.5, 0.01);
}

/// An animal runs along a track to a reward at its end, again and again. Cells of places excite spiking critics, whose summed rate, filtered,
/// is the value; dopamine tells V' - V/tau, and at the end what the reward is more than the value.
class track {
public:
    static constexpr int places = 30, critics = 100;
    static constexpr double length = 2, speed = 0.5e-3, tau = 4000, wait = 500, pause = 1500;   // [m, m/ms, ms]
    static constexpr double run_ms = length/speed, lap = wait + run_ms + pause, h = 5;
    struct setting { double eta = 10, nu = 0.04; };

    track(int laps, const setting& how) : how_(how), s_(make(laps, how)) {}
    /// One lap; the value at each 5 ms of running is added to `sum`.
    void go(std::vector<double>& sum) {
        sum.resize(static_cast<std::size_t>(run_ms/h), 0.0);
        double told = 0;
        const auto tell = [&](double error) { s_.release("dopamine", error - told), told = error; };
        for (double t = 0; t < lap; t += h) {
            const double before = value_;
            s_.run((begin_ + t + h)*ms);
            follow();
            const bool runs = t + h > wait && t + h < wait + run_ms, ends = t < wait + run_ms && t + h >= wait + run_ms;
            if (runs) sum[static_cast<std::size_t>((t + h - wait)/h)] += value_;
            tell(ends ? (1 - value_)/h : runs && t >= wait ? (value_ - before)/h - value_/tau : 0);
        }
        tell(0);
        begin_ += lap;
    }

private:
    void follow() {
        const auto spikes = s_.spikes();
        const auto n = static_cast<double>(spikes.size() - seen_);
        seen_ = spikes.size();
        slow_ = slow_*std::exp(-h/200) + n, fast_ = fast_*std::exp(-h/50) + n;
        value_ = how_.nu*1000/critics*(slow_ - fast_)/(200 - 50);
    }
    static simulation make(int laps, const setting& how) {
        const auto q = [](const char* text) { return parse_quantity(text); };
        circuit c;
        c.populations.push_back({"critics", cell(neuron{"lif", {{"c_m", q("200 pF")}, {"g_leak", q("10 nS")}, {"e_leak", q("-65 mV")}}}), critics});
        spike_source at{.name = "places", .size = places};
        random_stream draws(1, identity("laps"));
        for (int n = 0; n < laps; ++n)
            for (double t = 0; t < wait + run_ms; t += 1)
                for (int k = 0; k < places; ++k) {
                    const double x = std::max(0.0, t - wait)*speed, d = (x - length*k/(places - 1))/(length/(places - 1));
                    if (draws.uniform() < 0.1*std::exp(-d*d/2)) at.spikes.emplace_back(k, n*lap + t);
                }
        c.spike_sources.push_back(std::move(at));
        c.projections.push_back({.name = "places", .source = "places", .target = "critics", .rule = all_to_all{}, .receptor = "expsyn", .parameters = {{"tau", q("5 ms")}}, .weight = random_value::uniform(q("0.5 nS"), q("1 nS")), .delay = 1*ms,
                                 .learns = learning{.rule = "td_stdp", .parameters = {{"eta", any_quantity{how.eta, dimensions::rate}}}, .unit = q("1 nS"), .low = 0, .high = 5, .interval = h*ms}});
        c.injections.push_back({{"critics"}, noise_current{0*ms, 1e9*ms, 0.1*nA, 0.06*nA, 10*ms}});
        c.modulators.push_back({.name = "dopamine", .tau = 1e15*ms});
        run_options o;
        o.dt = 1*ms;
        return simulation(c, o);
    }

    setting how_;
    simulation s_;
    std::size_t seen_ = 0;
    double slow_ = 0, fast_ = 0, value_ = 0, begin_ = 0;
};

TEST(td_stdp, spiking_critics_learn_the_value_of_places) {
    constexpr int laps = 120, last = 60;
    track t(laps, {});
    std::vector<double> ignored, sum;
    for (int n = 0; n < laps; ++n) t.go(n < laps - last ? ignored : sum);
    double squares = 0, at_start = 0;
    for (std::size_t k = 1; k < sum.size(); ++k) {
        const double expected = std::exp(-(track::run_ms - static_cast<double>(k)*track::h)/track::tau), off = sum[k]/last - expected;
        squares += off*off, at_start += std::pow(ignored[k]/(laps - last) - expected, 2);
        if (k % 80 == 40) std::printf("%.3f (%.3f) ", sum[k]/last, expected);
    }
    const double rmse = std::sqrt(squares/static_cast<double>(sum.size() - 1));
    std::printf("\nrmse %.4f, of the first half %.4f\n", rmse, std::sqrt(at_start/static_cast<double>(sum.size() - 1)));
    EXPECT_LE(rmse, 0.03);
}

}  // namespace
}  // namespace apical
