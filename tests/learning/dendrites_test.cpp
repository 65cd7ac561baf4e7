// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "analysis/gradient.hpp"
#include "tests/learning/nets.hpp"

/// Cells in which activity and error have dendrites of their own.
namespace apical::nets {
namespace {

double rms(const std::vector<double>& all) {
    double sum = 0;
    for (const double x : all) sum += x*x;
    return std::sqrt(sum/static_cast<double>(all.size()));
}

/// Row 12a: 200 inputs, of which a frozen pattern of 200 ms of potentials of 10 Hz trains; the soma is pushed to a potential that rises
/// and falls. Trials are milliseconds of the pattern, in order.
data_set taught_pattern() {
    constexpr int inputs = 200, steps = 200;
    data_set d{"pattern", inputs, 1, {}, {}};
    std::vector<double> slow(inputs, 0.0), fast(inputs, 0.0);
    for (int pass = 0; pass < 2; ++pass)    // the second time around, traces are those of a pattern that repeats
        for (int t = 0; t < steps; ++t) {
            std::vector<double> x(inputs);
            for (std::size_t j = 0; j < inputs; ++j) {
                const bool spikes = random_stream(5, identity("pattern"), j, static_cast<std::uint64_t>(t)).uniform() < 0.01;
                slow[j] = slow[j]*std::exp(-1/10.0) + spikes, fast[j] = fast[j]*std::exp(-1/3.0) + spikes;
                x[j] = (slow[j] - fast[j])/7;
            }
            const double excites = 0.018 + 0.016*std::sin(2*std::numbers::pi*t/steps), inhibits = 0.06;   // conductances: E_E 14/3, E_I -1/3
            if (pass == 1) d.add(x, {(excites*14/3 - inhibits/3)/(excites + inhibits)});
        }
    return d;
}

TEST(urbanczik_senn, the_dendrite_learns_what_the_soma_is_made_to_do) {
    const auto d = taught_pattern();
    layered_net net{.layers = {{200}, {1, nonlinearity::linear}}, .scheme = "microcircuit",
                    .settings = {{"g_leak", 0.1}, {"g_basal", 2}, {"g_som", 0.078}, {"free_steps", 1}, {"taught_steps", 1}, {"step", 1}},
                    .learning = {{"forward", {.rule = "urbanczik_senn_rate", .parameters = {{"eta", 3}, {"duration", 1}}}}},
                    .back = {.mode = feedback_mode::none}, .measure = layered_net::loss::squared};
    layered_training run(net, d, {.seed = 1, .examples = training_options::order::as_given});
    const auto deviation = [&] {
        auto v = run.shown(d, "layer 1", "prediction", layered_training::teaching::without);
        for (std::size_t i = 0; i < v.size(); ++i) v[i] -= d.t[i];
        return rms(v);
    };
    const double before = deviation();
    for (int repetition = 0; repetition < 150; ++repetition) run.epoch();
    const double after = deviation();
    auto v = run.shown(d, "layer 1", "prediction", layered_training::teaching::without), target = d.t;
    for (auto* list : {&v, &target}) {
        double mean = 0;
        for (const double x : *list) mean += x/static_cast<double>(list->size());
        for (double& x : *list) x -= mean;
    }
    printf("urbanczik & senn, 150 repetitions: rms %.3f to %.3f, a %.1fth; correlation %.4f\n", before, after, before/after, cosine(v, target));
    EXPECT_GE(cosine(v, target), 0.95);
    EXPECT_GE(before/after, 4);
}

TEST(segregated_dendrites, learn_digits_by_plateaus) {
    if (!has_digits()) GTEST_SKIP() << "scripts/setup data";
    const auto task = task_named("digits", 1);
    const auto error = [&](double hidden_rate) {
        auto net = net_of("segregated_dendrites", {64, 100, 10});
        net.learning["forward"].rates = {hidden_rate, 1};
        layered_training run(net, task.train, {.seed = 1});
        for (int e = 0; e < 15; ++e) run.epoch();
        return run.score(task.test).wrong;
    };
    const double with = error(1), without = error(0);
    printf("segregated dendrites, digits, 15 epochs: error %.2f %%, %.2f %% if hidden units do not learn\n", 100*with, 100*without);
    EXPECT_LE(with, 0.09);
    EXPECT_GE(without, 2*with);
}

TEST(burstprop, learns_digits_with_random_feedback_and_aligns) {
    if (!has_digits()) GTEST_SKIP() << "scripts/setup data";
    const auto task = task_named("digits", 1);
    const auto l = models::learner_named("burstprop");
    const auto train = l.prepared(task.train), probe = part(train, 0, 200);
    layered_training run(l.make({64, 100, 10}), train, {.batch = l.batch, .seed = 1});
    const auto hidden_angle = [&] { return angle(run.proposal(probe)[0], exact_descent(run, probe)[0]); };
    const double first = hidden_angle();   // random feedback starts at a right angle, about: what counts is after learning
    for (int e = 0; e < 20; ++e) run.epoch();
    const double last = hidden_angle(), error = run.score(task.test).wrong;
    printf("burstprop, digits, 20 epochs: error %.2f %%, angle %.1f to %.1f degrees\n", 100*error, first, last);
    EXPECT_LE(error, 0.09);
    EXPECT_GE(first - last, 20);
}

layered_net circuit_of(const std::vector<int>& units, const std::map<std::string, double>& settings) {
    auto net = net_of("microcircuit", units);
    net.settings = settings, net.measure = layered_net::loss::squared;
    return net;
}

TEST(microcircuit, interneurons_learn_to_silence_the_apical_dendrites) {
    const auto d = noise(20, 10, 200, 4);
    auto net = circuit_of({20, 30, 10}, {{"self_predicting", 0}, {"taught", 0}, {"free_steps", 12}, {"step", 0.7}});
    net.learning.erase("forward");
    net.learning["to_interneurons"] = {.rule = "dendritic_prediction", .parameters = {{"eta", 3}}};
    net.learning["from_interneurons"] = {.rule = "apical_silence", .parameters = {{"eta", 0.1}}};
    layered_training run(net, d, {.batch = 1, .seed = 1});
    const auto apical = [&] { return rms(run.shown(d, "layer 1", "apical", layered_training::teaching::without)); };
    const double before = apical();
    for (int e = 0; e < 20; ++e) run.epoch();   // 4000 presentations
    const double after = apical();
    printf("microcircuit, 4000 presentations: rms apical potential %.4f to %.4f, %.1f %%\n", before, after, 100*after/before);
    EXPECT_LE(after, 0.1*before);
}
TEST(microcircuit, predicts_itself_from_the_start_if_told_to) {
    const auto d = noise(20, 10, 20, 4);
    const layered_training run(circuit_of({20, 30, 10}, {{"free_steps", 60}}), d, {.seed = 1});
    EXPECT_LT(rms(run.shown(d, "layer 1", "apical", layered_training::teaching::without)), 1e-12);
    EXPECT_GT(rms(run.shown(d, "layer 1", "apical", layered_training::teaching::with)), 1e-2) << "the teacher it does not foresee";
}
/// Angle between what hidden synapses are asked for and what backpropagation would have: (u - foreseen) phi' at the output, down the
/// transposed weights. Targets are potentials near what the net does anyway.
double hidden_angle(std::map<std::string, double> settings) {
    const auto d = noise(20, 10, 1, 4, -0.5, 0.5);
    settings["free_steps"] = 80, settings["taught_steps"] = 80;
    auto net = circuit_of({20, 30, 10}, settings);
    net.back = {.mode = feedback_mode::transpose};
    for (auto& [kind, learning] : net.learning) learning.rates.clear();
    const layered_training run(net, d, {.seed = 1});
    const auto u = run.shown(d, "layer 2", "potential", layered_training::teaching::with), h = run.shown(d, "layer 1", "rate", layered_training::teaching::without);
    const auto foreseen = run.shown(d, "layer 2", "prediction", layered_training::teaching::with);
    const auto& up = run.weights("forward", 1);
    const auto slope = [](double x) { const double y = 1/(1 + std::exp(-x)); return y*(1 - y); };
    std::vector<double> expected;
    for (std::size_t j = 0; j < 30; ++j) {
        double delta = 0;
        for (std::size_t k = 0; k < 10; ++k) delta += up[k*31 + j]*(u[k] - foreseen[k])*slope(foreseen[k]);
        for (std::size_t i = 0; i < 20; ++i) expected.push_back(delta*h[j]*(1 - h[j])*d.x[i]);
        expected.push_back(delta*h[j]*(1 - h[j]));
    }
    return angle(run.proposal(d)[0], expected);
}
TEST(microcircuit, goes_down_the_gradient_where_feedback_is_symmetric) {
    const double full = hidden_angle({{"g_som", 0.8}}), weak = hidden_angle({{"g_som", 0.05}});
    printf("microcircuit, symmetric feedback: hidden update within %.2f degrees of backpropagation, %.2f if nudged weakly\n", full, weak);
    EXPECT_LE(full, 10);
    EXPECT_LT(weak, full);
}
/// The pitfall: a circuit that does not predict itself takes its own feedback for an error.
TEST(microcircuit, is_misled_until_it_predicts_itself) { EXPECT_GT(hidden_angle({{"self_predicting", 0}}), 45); }
TEST(microcircuit, learns_digits) {
    if (!has_digits()) GTEST_SKIP() << "scripts/setup data";
    const auto task = task_named("digits", 1);
    layered_training run(net_of("microcircuit", {64, 100, 10}), task.train, {.seed = 1});
    for (int e = 0; e < 5; ++e) run.epoch();
    const double error = run.score(task.test).wrong;
    printf("microcircuit, digits, 5 epochs: error %.2f %%\n", 100*error);
    EXPECT_LE(error, 0.09);
}

/// Row 12e: two clusters of inputs, of which what comes from above tells unit k the k-th; `told` false: it tells nothing that has to do with them.
std::array<double, 2> selectivities(std::uint64_t seed, bool told) {
    data_set d{"clusters", 20, 2, {}, {}}, plain = d;
    random_stream draw(seed, identity("clusters"));
    for (int i = 0; i < 400; ++i) {
        const std::size_t cluster = draw.below(2), assigned = told ? cluster : draw.below(2);
        std::vector<double> x(20), t(2, 0.0), name(2, 0.0);
        for (std::size_t k = 0; k < 20; ++k) x[k] = std::clamp((k/10 == cluster ? 0.9 : 0.1) + draw.normal(0, 0.1), 0.0, 1.0);
        t[assigned] = 1, name[cluster] = 1;
        d.add(x, t), plain.add(x, name);
    }
    layered_net net{.layers = {{20}, {2, nonlinearity::linear}}, .scheme = "instructed",
                    .learning = {{"forward", {.rule = "koerding_koenig", .stages = {{"clip"}, {"l1"}}}}}, .back = {.mode = feedback_mode::none}, .measure = layered_net::loss::squared};
    layered_training run(net, d, {.seed = seed});
    for (int e = 0; e < 10; ++e) run.epoch();
    auto w = run.weights("forward", 0);
    w[20] = w[41] = 0;   // of the answer to the inputs, without the biases
    run.set_weights("forward", 0, w);
    const auto y = run.outputs(plain);
    std::array<double, 2> s{};
    for (std::size_t k = 0; k < 2; ++k) {
        double own = 0, other = 0;
        for (std::size_t i = 0; i < plain.size(); ++i) (plain.label(i) == k ? own : other) += y[2*i + k];
        s[k] = (own - other)/(own + other);
    }
    return s;
}
TEST(koerding_koenig, what_comes_from_above_chooses_who_learns_what) {
    bool all_as_assigned = true;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const auto s = selectivities(seed, true);
        printf("koerding & koenig, seed %d: selectivities %.2f, %.2f\n", static_cast<int>(seed), s[0], s[1]);
        for (const double x : s) EXPECT_GE(x, 0.5);
    }
    for (std::uint64_t seed = 1; seed <= 6; ++seed)
        for (const double x : selectivities(seed, false)) all_as_assigned = all_as_assigned && x >= 0.5;
    EXPECT_FALSE(all_as_assigned) << "without it there is nothing to choose by";
}

}  // namespace
}  // namespace apical::nets
