// SPDX-License-Identifier: BSD-3-Clause
// Point neurons as populations: determinism, inputs, probes, errors, the two ways to advance.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "core/pack.hpp"
#include "core/random.hpp"
#include "core/random_lanes.hpp"
#include "engine/poisson.hpp"
#include "tests/neurons/neurons.hpp"

namespace apical {
namespace {

using namespace units;
using test::driven;

/// A population with everything on it: currents, noise, spike trains, random events, and cells beside it that are no points.
circuit crowded(int size = 150) {
    auto c = driven("adex", {{"set", "adapting"}}, {}, size);
    c.populations.push_back({"detailed", models::build("ball_and_stick"), 3});
    c.populations.push_back({"bursting", models::build("naud_sprekeler"), 20});
    c.receptors.push_back({"e", {"n", "soma(0.5)", {}}, "exp2syn", {}});
    c.receptors.push_back({"i", {"n", "soma(0.5)", {}}, "expsyn", {{"tau", {5, dimensions::time}}, {"e_rev", {-75, dimensions::voltage}}}});
    c.receptors.push_back({"d", {"detailed", "dend[0](0.5)", {}}, "exp2syn", {}});
    c.receptors.push_back({"b", {"bursting", "apic[0](0.5)", {}}, "ampa_nmda", {}});
    c.poisson_trains.push_back({"e", 4000.0/s, 2*nS});
    c.poisson_trains.push_back({"i", 1000.0/s, 3*nS, 20*ms, 50*ms});
    c.poisson_trains.push_back({"d", 500.0/s, 1*nS});
    c.poisson_trains.push_back({"b", 800.0/s, 2*nS});
    c.spike_trains.push_back({"e", {10, 30.03, 30.31}, 20*nS, 0.7*ms});
    c.injections.push_back({{"n", "soma(0.5)", {3, size - 1}}, step_current{5*ms, 40*ms, 0.4*nA}});
    c.injections.push_back({{"n", "soma(0.5)", {}}, noise_current{0*ms, 100*ms, 0.1*nA, 0.1*nA, 3*ms}});
    c.injections.push_back({{"bursting", "soma(0.5)", {}}, ramp_current{0*ms, 80*ms, 0*nA, 1*nA}});
    c.detectors.push_back({.on = {"bursting", "soma(0.5)", {}}});
    c.detectors.push_back({.on = {"detailed", "soma(0.5)", {}}});
    c.probes.push_back({.label = "v", .on = {"n", "soma(0.5)", {0, 3, size - 1}}});
    c.probes.push_back({.label = "w", .on = {"n", "soma(0.5)", {3}}, .variable = "adex.w", .interval = 0.5*ms});
    c.probes.push_back({.label = "dendrite", .on = {"bursting", "apic[0](0.5)", {1}}});
    c.probes.push_back({.label = "detailed", .on = {"detailed", "soma(0.5)", {2}}});
    return c;
}

/// Everything a run tells.
struct outcome {
    std::vector<spike> spikes;
    std::vector<std::vector<double>> samples;
    bool operator==(const outcome&) const = default;
};
outcome of(simulation& s) {
    outcome o{{s.spikes().begin(), s.spikes().end()}, {}};
    for (const auto& r : s.recordings()) o.samples.push_back(r.samples);
    return o;
}
outcome run(const circuit& c, run_options o, double until = 80) {
    simulation s(c, o);
    s.run(until*ms);
    return of(s);
}

TEST(neuron_populations, give_the_same_bits_for_any_threads_lanes_and_epochs) {
    for (const auto method : {neuron_method::fixed_step, neuron_method::adaptive}) {
        const bool few = method == neuron_method::adaptive;   // these take their time
        const auto c = crowded(few ? 5 : 150);
        const double until = few ? 25 : 80;
        const auto expected = run(c, {.dt = 0.05*ms, .threads = 1, .neurons = method}, until);
        EXPECT_GT(expected.spikes.size(), few ? 5u : 300u);
        EXPECT_TRUE(run(c, {.dt = 0.05*ms, .threads = 3, .steps_per_epoch = 7, .neurons = method}, until) == expected);
        EXPECT_TRUE(run(c, {.dt = 0.05*ms, .lanes = 1, .neurons = method}, until) == expected);
    }
    const auto c = crowded(20);
    EXPECT_FALSE(run(c, {.dt = 0.05*ms, .seed = 1}) == run(c, {.dt = 0.05*ms, .seed = 2}));
}

TEST(neuron_populations, a_run_in_pieces_and_a_fork_are_the_run) {
    const auto c = crowded(5);
    for (const auto method : {neuron_method::fixed_step, neuron_method::adaptive}) {
        const run_options o{.dt = 0.05*ms, .neurons = method};
        const auto expected = run(c, o, 25);
        simulation s(c, o);
        s.run(13*ms);
        s.run(13.05*ms);
        simulation fork = s;
        fork.run(25*ms);
        s.run(21.3*ms);
        s.run(25*ms);
        EXPECT_TRUE(of(s) == expected);
        EXPECT_TRUE(of(fork) == expected);
    }
}

/// The same random events and the same noise reach both: without chance in the comparison, potentials and spikes agree to the
/// accuracy of a step.
TEST(neuron_populations, fixed_and_adaptive_steps_agree) {
    auto c = crowded(6);
    c.spike_trains[0].times_ms = {10, 30.05, 30.3};   // on the grid: fixed steps can do no better
    c.probes.clear();
    c.probes.push_back({.label = "v", .on = {"n", "soma(0.5)", {}}});
    const auto fixed = run(c, {.dt = 0.05*ms}, 40), exact = run(c, {.dt = 0.05*ms, .neurons = neuron_method::adaptive}, 40);
    std::map<std::pair<int, int>, std::vector<double>> times[2];
    for (const auto& s : fixed.spikes) times[0][{s.population, s.cell}].push_back(s.time);
    for (const auto& s : exact.spikes) times[1][{s.population, s.cell}].push_back(s.time);
    int compared = 0;
    for (const auto& [who, expected] : times[1]) {
        if (who.first == 1) continue;
        const auto& found = times[0][who];
        ASSERT_EQ(found.size(), expected.size()) << who.first << " " << who.second;
        for (std::size_t k = 0; k < found.size(); ++k, ++compared) EXPECT_NEAR(found[k], expected[k], 0.05) << who.second << " spike " << k;
    }
    EXPECT_GT(compared, 10);
}

/// Steps half as long err by a quarter: the fixed path converges to the reference, in second order, spikes and resets included.
TEST(neuron_populations, fixed_steps_converge_to_the_adaptive_reference) {
    struct kind { const char* model; models::option_values options; std::vector<double> currents; double least_order; };
    for (const auto& k : {kind{"adex", {{"set", "tonic"}}, {0.5}, 1.6}, kind{"adex", {{"set", "adapting"}}, {0.5}, 1.5},
                          kind{"izhikevich", {{"set", "fast_spiking"}}, {0.01}, 1.6}, kind{"izhikevich_2007", {{"set", "chattering"}}, {0.3}, 1.7},
                          kind{"glif", {{"set", "glif5"}}, {0.5}, 1.8}, kind{"naud_sprekeler", {}, {0.6, 0.3}, 1.5}}) {
        const auto c = driven(k.model, k.options, k.currents);
        const auto exact = test::spike_times(c, 250, test::adaptive());
        std::vector<double> errors;
        for (const double dt : {0.1, 0.025}) {
            const auto times = test::spike_times(c, 250, {.dt = dt*ms});
            ASSERT_EQ(times.size(), exact.size()) << k.model;
            double worst = 0;
            for (std::size_t n = 0; n < times.size(); ++n) worst = std::max(worst, std::abs(times[n] - exact[n]));
            errors.push_back(worst);
        }
        EXPECT_LT(errors[0], 0.1) << k.model << ": within one step";
        EXPECT_GT(std::log(errors[0]/errors[1])/std::log(4), k.least_order) << k.model << ": " << errors[0] << " and " << errors[1];
    }
}

TEST(poisson_events, have_the_mean_and_the_variance_and_belong_to_the_cell) {
    for (const double mean : {0.02, 0.8, 7.5}) {
        const auto table = poisson_table::of_mean(mean, "test");
        double sum = 0, square = 0;
        constexpr int cells = 40, steps = 5000;
        for (int cell = 0; cell < cells; ++cell) {
            auto stream = poisson_stream(5, "p", cell, 9);
            for (int n = 0; n < steps; ++n) {
                const double k = table(stream.bits());
                sum += k, square += k*k;
            }
        }
        const double n = cells*steps, found = sum/n;
        EXPECT_NEAR(found, mean, 5*std::sqrt(mean/n));
        EXPECT_NEAR(square/n - found*found, mean, 0.03*mean);
    }
    EXPECT_TRUE(poisson_table::of_mean(0, "test").thresholds.empty() || poisson_table::of_mean(0, "test")(~std::uint64_t{0}) == 0);
    EXPECT_THROW((void)poisson_table::of_mean(101, "test"), invalid_model);
}

TEST(philox_lanes, are_the_random_stream) {
    constexpr int n = native_width;
    philox_lanes<n> lanes{};
    std::vector<random_stream> streams;
    for (int l = 0; l < n; ++l) {
        const auto words = words_of_stream(3, 14, static_cast<std::uint64_t>(l), 15);
        streams.emplace_back(3, 14, static_cast<std::uint64_t>(l), 15);
        lanes.key[0][l] = words.key[0], lanes.key[1][l] = words.key[1];
        lanes.counter[2][l] = words.upper[0], lanes.counter[3][l] = words.upper[1];
    }
    for (std::uint64_t pair : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{77}, (std::uint64_t{1} << 35) + 3}) {
        for (int l = 0; l < n; ++l) lanes.counter[0][l] = pair & 0xffffffffu, lanes.counter[1][l] = pair >> 32;
        const auto drawn = lanes();
        for (int l = 0; l < n; ++l) {
            streams[static_cast<std::size_t>(l)].seek(2*pair);
            EXPECT_EQ(drawn.first[l], streams[static_cast<std::size_t>(l)].bits());
            EXPECT_EQ(drawn.second[l], streams[static_cast<std::size_t>(l)].bits());
        }
    }
}

/// The mean conductance of Poisson input is rate x weight x tau; cells differ, streams differ, equal streams are equal.
TEST(poisson_trains, reach_points_and_detailed_cells_with_their_rate) {
    circuit c;
    c.populations.push_back({"p", models::build("lif", {{"v_threshold", "150 mV"}}), 200});
    c.receptors.push_back({"e", {"p", "soma(0.5)", {}}, "expsyn", {{"tau", {2, dimensions::time}}}});
    c.poisson_trains.push_back({"e", 1000.0/s, 1*nS});
    c.probes.push_back({.label = "v", .on = {"p", "soma(0.5)", {}}, .interval = 20*ms, .start = 100*ms});
    const auto mean_of = [&](const circuit& model, run_options o) {
        simulation s(model, o);
        s.run(500*ms);
        double sum = 0;
        for (const double v : s["v"].samples) sum += v;
        return sum/static_cast<double>(s["v"].samples.size());
    };
    // v' = 0 at the mean conductance g = 2 nS of 25 nS leak; fluctuations lower it by about a tenth of a millivolt
    const double expected = (25*-65.0 + 2*0)/(25 + 2);
    EXPECT_NEAR(mean_of(c, {.dt = 0.1*ms}), expected, 0.3);
    auto off = c;
    off.poisson_trains[0].rate = 0.0/s;
    EXPECT_NEAR(mean_of(off, {.dt = 0.1*ms}), -65, 1e-9);
    auto twice = c;
    twice.poisson_trains.push_back(c.poisson_trains[0]);
    const double same = mean_of(twice, {.dt = 0.1*ms});
    twice.poisson_trains[1].stream = 1;
    EXPECT_NE(mean_of(twice, {.dt = 0.1*ms}), same);
}

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

TEST(neuron_errors, say_what_is_wrong_and_what_would_be_right) {
    const auto with = [](neuron n, int compartments = 1) {
        circuit c;
        c.populations.push_back({"p", cell(std::move(n), compartments), 1});
        return c;
    };
    expect_said(message_of(with({"adx", {}})), {"cell 'p'", "no neuron 'adx'", "did you mean 'adex'?"});
    expect_said(message_of(with({"adex", {{"tau", {1, dimensions::time}}}})), {"'adex' has no parameter 'tau'", "tau_w"});
    expect_said(message_of(with({"adex", {{"tau_w", {1, dimensions::voltage}}}})), {"adex.tau_w", "expected a quantity in [ms]", "1 mV"});
    expect_said(message_of(with({"adex", {{"tau_w", {-1, dimensions::time}}}})), {"adex.tau_w", "out of range"});
    expect_said(message_of(with({"adex", {{"tau_w", {std::nan(""), dimensions::time}}}})), {"adex.tau_w", "out of range"});
    expect_said(message_of(with({"naud_sprekeler", {}})), {"has 2 compartments, not 1"});
    expect_said(message_of(with({"lif", {{"v_reset", {-40, dimensions::voltage}}, {"t_refractory", {0, dimensions::time}}}})), {"the reset lies above the threshold"});
    auto painted = with({"lif", {}});
    painted.populations[0].cell.paint("soma", mechanism{"pas", {}});
    expect_said(message_of(painted), {"cell 'p'", "point neuron", "nothing can be painted"});
    auto placed = with({"rate_unit", {}});
    placed.receptors.push_back({"e", {"p", "soma(0.5)", {}}, "expsyn", {}});
    placed.probes.push_back({.label = "v", .on = {"p"}});
    placed.detectors.push_back({.on = {"p"}});
    placed.clamps.push_back({{"p", "soma(0.5)", {}}, {{0*ms, -70*mV}}});
    expect_said(message_of(placed), {"no membrane potential", "no variable 'v'", "rate_unit.r", "has no spikes", "cannot be voltage-clamped"});
    auto random = with({"lif", {}});
    random.receptors.push_back({"e", {"p", "soma(0.5)", {}}, "expsyn", {}});
    random.poisson_trains.push_back({"x", 1.0/s, 1*nS});
    random.poisson_trains.push_back({"e", 1e9/s, 1*nS});
    expect_said(message_of(random), {"poisson train 0", "no receptor is labelled 'x'", "poisson train 1 / rate", "events in a step"});
    expect_said(message_of(with({"lif", {}}), {.tolerance = 0}), {"run / tolerance"});
}

TEST(neuron_errors, a_potential_that_runs_away_is_located) {
    auto c = driven("lif", {{"v_threshold", "200 mV"}, {"g_leak", "0 nS"}}, {}, 3);
    c.injections.push_back({{"n", "soma(0.5)", {2}}, step_current{1*ms, test::everlasting, -50*nA}});
    simulation s(c, {.dt = 0.1*ms});
    try {
        s.run(100*ms);
        FAIL() << "it should have diverged";
    } catch (const diverged& e) {
        EXPECT_EQ(e.at().population, "n");
        EXPECT_EQ(e.at().cell, 2);
        EXPECT_EQ(e.at().location, "soma[0](0.5)");
        EXPECT_GT(e.at().time_ms, 1);
    }
}

TEST(neuron_populations, are_probed_and_asked_like_any_other) {
    const auto c = crowded();
    simulation s(c, {.dt = 0.05*ms});
    s.run(20*ms);
    EXPECT_EQ(s["w"].unit, "pA");
    EXPECT_EQ(s["v"].rows(), 401u);
    EXPECT_EQ(s["w"].rows(), 41u);
    EXPECT_EQ(s["dendrite"].places[0].name, "apic[0](0.5)");
    EXPECT_EQ(s.voltage("n", 149), s["v"].samples.back());
    EXPECT_EQ(s.voltage("bursting", 1, "apic[0](0.5)"), s["dendrite"].samples.back());
    const auto sizes = summary(s.model());
    EXPECT_EQ(sizes.populations[0].kernels.front(), "adex");
    EXPECT_EQ(sizes.populations[2].compartments, 2);
    auto c2 = c;
    c2.populations[0].cell.start_at(-55*mV);
    simulation started(c2, {.dt = 0.05*ms});
    EXPECT_EQ(started["v"].samples.front(), -55);
}

}  // namespace
}  // namespace apical
