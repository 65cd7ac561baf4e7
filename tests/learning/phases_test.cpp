// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <cmath>

#include "analysis/gradient.hpp"
#include "plasticity/xcal.hpp"
#include "tests/learning/nets.hpp"

/// Rules that compare phases: recirculation, contrastive Hebbian learning, XCAL, equilibrium propagation, targets.
namespace apical::nets {
namespace {

struct solved { int count = 0; double median = 0; };
solved encoders(const char* learner, int n, int hidden, double eta, int seeds) {
    std::vector<int> epochs;
    const auto d = models::encoder(n);   // in one batch, of which changes are summed
    for (int seed = 1; seed <= seeds; ++seed) {
        auto net = net_of(learner, {n, hidden, n});
        net.over_batch = layered_net::gathering::sum;
        for (auto& [kind, learning] : net.learning) learning.parameters["eta"] = eta;
        layered_training run(net, d, {.batch = n, .seed = static_cast<std::uint64_t>(seed)});
        if (const int e = epochs_to_solve(run, 2000)) epochs.push_back(e);
    }
    const solved s{static_cast<int>(epochs.size()), epochs.empty() ? 0 : median(epochs)};
    printf("%-20s %d-%d-%d eta %.1f: %d of %d, median %g epochs\n", learner, n, hidden, n, eta, s.count, seeds, s.median);
    return s;
}

TEST(recirculation, solves_the_encoder) {
    const auto s = encoders("generec", 4, 2, 1.0, 10);
    EXPECT_GE(s.count, 9);
    EXPECT_LE(s.median, 200);
}
TEST(recirculation, is_slower_than_its_symmetric_midpoint_form) {
    const auto chl = encoders("contrastive_hebbian", 4, 2, 0.2, 10), generec = encoders("generec", 4, 2, 0.2, 10);
    EXPECT_GE(chl.count, 9);
    EXPECT_LT(chl.median, generec.median);
}
/// The pitfall: with large steps contrastive Hebbian learning fails on the larger encoder, and recirculation does not.
TEST(recirculation, stands_larger_steps_than_contrastive_learning) {
    EXPECT_GT(encoders("generec", 8, 3, 1.0, 6).count, encoders("contrastive_hebbian", 8, 3, 1.0, 6).count);
}
/// Settled, and clamped from where it had settled: where target and answer agree the phases do.
TEST(settling, comes_to_rest_and_the_plus_phase_begins_there) {
    auto d = noise(5, 3, 8, 3);
    layered_training run(net_of("contrastive_hebbian", {5, 7, 3}), d, {.seed = 3});
    EXPECT_LT(run.score(d).restlessness, 1e-3);
    d.t = run.outputs(d);
    for (const auto& change : run.proposal(d))
        for (const double x : change) EXPECT_NEAR(x, 0, 1e-3);
}

TEST(xcal, has_the_published_values) {
    using rule = plasticity::xcal;
    constexpr auto p = make_record<rule::parameters<double>>([](std::size_t i) { return std::array{0.04, 2.0, 2.0, 10.0, 0.1, 1e-4, 0.1, 2.5, 0.2, 10.0, 0.5, 1e-4, 0.01}[i]; });
    constexpr std::array s{0.0, 0.02, 0.05, 0.1, 0.3, 0.5, 0.8}, expected{0.0, -0.18, -0.45, -0.4, -0.2, 0.0, 0.3};
    for (std::size_t k = 0; k < s.size(); ++k) EXPECT_NEAR(rule::check_mark(s[k], 0.5, p), expected[k], 1e-12);
}
TEST(xcal, learns_ten_random_pairs) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        layered_training run(net_of("xcal", {25, 49, 25}), models::random_pairs(10, seed), {.seed = seed});
        const int epochs = epochs_to_solve(run, 40);
        printf("xcal, 10 random pairs, seed %d: %d epochs\n", static_cast<int>(seed), epochs);
        EXPECT_GT(epochs, 0);
    }
}

/// A net at rest within its bounds: where some unit sits on one, the gradient is not that of the energy (the pitfall).
layered_training interior(layered_net net, const data_set& d) {
    layered_training run(net, d, {.batch = static_cast<int>(d.size()), .seed = 1});
    for (std::size_t k = 0; k < run.projections("forward"); ++k) {
        auto w = run.weights("forward", k);
        const auto columns = run.columns("forward", k);
        for (std::size_t i = 0; i < w.size(); ++i) w[i] = i % columns == columns - 1 ? 0.45 : 0.25*w[i];
        run.set_weights("forward", k, w);
    }
    return run;
}
layered_net weakly_nudged(const char* rule, double beta) {
    auto net = net_of("equilibrium_propagation", {6, 8, 3});
    net.learning["forward"] = {.rule = rule, .parameters = {{"eta", 1}}, .both_ways = std::string(rule) == "stdp_derivative"};
    net.settings = {{"free_steps", 800}, {"nudged_steps", 800}, {"step", 0.3}, {"beta", beta}, {"random_sign", 0}};
    return net;
}

TEST(equilibrium_propagation, is_the_gradient_where_nudging_is_weak) {
    const auto d = noise(6, 3, 4, 3, 0.3, 0.7);
    for (const double beta : {1e-3, -1e-3}) {
        const auto net = weakly_nudged("equilibrium_propagation", beta);
        const auto run = interior(net, d);
        for (const double u : run.shown(d, "layer 1", "rate", layered_training::teaching::without)) ASSERT_TRUE(u > 0 && u < 1);
        auto scratch = interior(net, d);
        const auto asked = run.proposal(d);
        const auto down = descent_by_differences(run, scratch, d, 1000, 0, 1e-5);
        for (std::size_t k = 0; k < 2; ++k) {
            std::vector<double> at_places;
            for (const auto place : down.places[k]) at_places.push_back(asked[k][place]);
            double a = 0, b = 0;
            for (std::size_t i = 0; i < at_places.size(); ++i) a += at_places[i]*at_places[i], b += down.values[k][i]*down.values[k][i];
            printf("equilibrium propagation, beta %g, projection %d: cosine %.6f, ratio %.4f\n", beta, static_cast<int>(k), cosine(at_places, down.values[k]), std::sqrt(a/b));
            EXPECT_GE(cosine(at_places, down.values[k]), 0.999);
            EXPECT_NEAR(std::sqrt(a/b), 1, 0.02);
        }
    }
}
TEST(equilibrium_propagation, is_the_derivative_form_of_spike_timing_added_up) {
    const auto d = noise(6, 3, 4, 3, 0.3, 0.7);
    const auto at_once = interior(weakly_nudged("equilibrium_propagation", 0.5), d).proposal(d), step_by_step = interior(weakly_nudged("stdp_derivative", 0.5), d).proposal(d);
    for (std::size_t k = 0; k < 2; ++k) {
        printf("derivative form, projection %d: cosine %.9f\n", static_cast<int>(k), cosine(at_once[k], step_by_step[k]));
        EXPECT_GE(cosine(at_once[k], step_by_step[k]), 0.999);
        for (std::size_t i = 0; i < at_once[k].size(); ++i) EXPECT_NEAR(step_by_step[k][i], at_once[k][i], 1e-10);
    }
}
TEST(equilibrium_propagation, one_direction_of_the_derivative_form_is_not_enough) {
    const auto d = noise(6, 3, 4, 3, 0.3, 0.7);
    auto net = weakly_nudged("stdp_derivative", 0.5);
    net.learning["forward"].both_ways = false;
    const auto both = interior(weakly_nudged("stdp_derivative", 0.5), d).proposal(d), one = interior(net, d).proposal(d);
    EXPECT_GT(angle(both[1], one[1]), 1);
}
TEST(equilibrium_propagation, learns_digits) {
    if (!has_digits()) GTEST_SKIP() << "scripts/setup data";
    const auto task = task_named("digits", 1);
    layered_training run(net_of("equilibrium_propagation", {64, 100, 10}), task.train, {.batch = 20, .seed = 1});
    for (int e = 0; e < 10; ++e) run.epoch();
    const double train = run.score(task.train).wrong, test = run.score(task.test).wrong;
    printf("equilibrium propagation, digits, 10 epochs: train %.2f %%, test %.2f %%\n", 100*train, 100*test);
    EXPECT_LE(test, 0.06);
}

TEST(targets, digits_are_learned_while_the_inverse_learns_to_invert) {
    if (!has_digits()) GTEST_SKIP() << "scripts/setup data";
    const auto task = task_named("digits", 1);
    const auto l = models::learner_named("difference_target");
    const auto train = l.prepared(task.train), test = l.prepared(task.test), probe = part(train, 0, 200);
    layered_training run(l.make({64, 100, 100, 10}), train, {.batch = l.batch, .seed = 1});
    const auto inverse_loss = [&] {
        using teach = layered_training::teaching;
        const auto wanted = run.shown(probe, "echo 1", "rate", teach::with), got = run.shown(probe, "echo 1", "potential", teach::with);
        double sum = 0;
        for (std::size_t k = 0; k < got.size(); ++k) sum += std::pow(wanted[k] - std::tanh(got[k]), 2);
        return sum/static_cast<double>(probe.size());
    };
    const double before = inverse_loss();
    for (int e = 0; e < 30; ++e) run.epoch();
    const double after = inverse_loss(), error = run.score(test).wrong;
    printf("targets, digits, 30 epochs: error %.2f %%, inverse loss %.3f to %.3f, a %.1fth\n", 100*error, before, after, before/after);
    EXPECT_LE(error, 0.04);
    EXPECT_GE(before/after, 3);
}

}  // namespace
}  // namespace apical::nets
