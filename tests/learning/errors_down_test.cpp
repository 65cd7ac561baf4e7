// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "analysis/gradient.hpp"
#include "tests/learning/nets.hpp"

/// Backpropagation as the yardstick, and feedback that is not the way up read backwards.
namespace apical::nets {
namespace {

TEST(gradient, is_that_of_differences) {
    for (const auto f : {nonlinearity::logistic, nonlinearity::tanh, nonlinearity::softplus})
        for (const auto measure : {layered_net::loss::cross_entropy, layered_net::loss::squared}) {
            auto net = net_of("backprop", {5, 7, 6, 3});
            net.layers[1].f = net.layers[2].f = f, net.measure = measure;
            const auto d = noise(5, 3, 6, 2);
            layered_training run(net, d, {.seed = 2}), scratch(net, d, {.seed = 2});
            const auto exact = exact_descent(run, d);
            const auto sampled = descent_by_differences(run, scratch, d, 1000, 0);
            for (std::size_t k = 0; k < exact.size(); ++k)
                for (std::size_t i = 0; i < sampled.places[k].size(); ++i) EXPECT_NEAR(sampled.values[k][i], exact[k][sampled.places[k][i]], 1e-8);
        }
}
TEST(gradient, is_what_the_rule_asks_for_with_transposed_feedback) {
    for (const auto measure : {layered_net::loss::cross_entropy, layered_net::loss::squared}) {
        auto net = net_of("backprop", {5, 7, 6, 3});
        net.measure = measure, net.learning["forward"].parameters["eta"] = 1;
        const auto d = noise(5, 3, 6, 2);
        layered_training run(net, d, {.seed = 2});
        const auto asked = run.proposal(d), exact = exact_descent(run, d);
        for (std::size_t k = 0; k < exact.size(); ++k)
            for (std::size_t i = 0; i < exact[k].size(); ++i) EXPECT_NEAR(asked[k][i], exact[k][i], 1e-14);
    }
}
TEST(gradient, is_not_what_random_feedback_asks_for) {
    const auto d = noise(5, 3, 6, 2);
    layered_training run(net_of("feedback_alignment", {5, 7, 3}), d, {.seed = 2});
    const auto asked = run.proposal(d), exact = exact_descent(run, d);
    EXPECT_LT(angle(asked[1], exact[1]), 1e-4) << "the output needs no feedback";
    EXPECT_GT(angle(asked[0], exact[0]), 10);
}

TEST(feedback, direct_is_the_same_where_there_is_one_hidden_layer) {
    const auto d = noise(5, 3, 6, 2);
    layered_training a(net_of("feedback_alignment", {5, 7, 3}), d, {.batch = 2, .seed = 2}), b(net_of("direct_feedback_alignment", {5, 7, 3}), d, {.batch = 2, .seed = 2});
    a.epoch(), b.epoch();
    EXPECT_EQ(a.weights("forward", 0), b.weights("forward", 0));
}
TEST(feedback, signs_follow_the_weights) {
    for (const char* name : {"sign_feedback", "redrawn_sign_feedback", "fixed_sign_feedback"}) {
        const auto d = noise(5, 3, 6, 2);
        layered_training run(net_of(name, {5, 7, 3}), d, {.batch = 2, .seed = 2});
        const auto before = run.weights("feedback", 0);
        for (int e = 0; e < 30; ++e) run.epoch();
        const auto &up = run.weights("forward", 1), &down = run.weights("feedback", 0);
        int same_size = 0;
        for (std::size_t i = 0; i < 7; ++i)
            for (std::size_t j = 0; j < 3; ++j) {
                EXPECT_EQ(std::signbit(down[i*3 + j]), std::signbit(up[j*8 + i])) << name;
                same_size += std::abs(down[i*3 + j]) == std::abs(before[i*3 + j]);
            }
        EXPECT_EQ(same_size, std::string(name) == "redrawn_sign_feedback" ? 0 : 21) << name;
    }
}
TEST(feedback, of_kolen_and_pollack_becomes_the_way_up) {
    auto net = net_of("kolen_pollack", {5, 7, 3});
    for (auto& [kind, learning] : net.learning) learning.stages[0].values["rate"] = 0.01;
    layered_training run(net, noise(5, 3, 6, 2), {.batch = 2, .seed = 2});
    const auto differ = [&] {
        double sum = 0;
        for (std::size_t i = 0; i < 7; ++i)
            for (std::size_t j = 0; j < 3; ++j) sum += std::abs(run.weights("feedback", 0)[i*3 + j] - run.weights("forward", 1)[j*8 + i]);
        return sum;
    };
    const double before = differ();
    for (int e = 0; e < 300; ++e) run.epoch();
    EXPECT_LT(differ(), 1e-3*before) << "0.99^900 of it";
}

/// Row 4 of the acceptance tests: digits, 64-100-10, 40 epochs.
struct outcome { double error, first_angle, last_angle; };
outcome on_digits(const char* learner, std::uint64_t seed) {
    const auto task = task_named("digits", seed);
    const auto l = models::learner_named(learner);
    const auto net = l.make({64, 100, 10});
    layered_training run(net, task.train, {.batch = l.batch, .seed = seed});
    const auto probe = part(task.train, 0, 200);
    const auto hidden_angle = [&] { return angle(run.proposal(probe)[0], exact_descent(run, probe)[0]); };
    outcome o{};
    for (int e = 0; e < 40; ++e) {
        run.epoch();
        if (e == 0) o.first_angle = hidden_angle();
    }
    o.last_angle = hidden_angle(), o.error = run.score(task.test).wrong;
    printf("%-26s seed %d: error %.2f %%, angle %.1f to %.1f degrees\n", learner, static_cast<int>(seed), 100*o.error, o.first_angle, o.last_angle);
    return o;
}

TEST(digits, feedback_alignment_learns_and_aligns) {
    if (!has_digits()) GTEST_SKIP() << "scripts/setup data";
    const auto o = on_digits("feedback_alignment", 1);
    EXPECT_LE(o.error, 0.04);
    EXPECT_LE(o.last_angle, 50);
    EXPECT_LT(o.last_angle, o.first_angle);
}
TEST(digits, direct_feedback_learns_and_aligns) {
    if (!has_digits()) GTEST_SKIP() << "scripts/setup data";
    const auto task = task_named("digits", 1);
    layered_training run(net_of("direct_feedback_alignment", {64, 100, 60, 10}), task.train, {.batch = 10, .seed = 1});
    for (int e = 0; e < 40; ++e) run.epoch();
    const double error = run.score(task.test).wrong;
    printf("direct feedback, two hidden layers: error %.2f %%\n", 100*error);
    EXPECT_LE(error, 0.05);
}
TEST(digits, signs_of_the_weights_suffice) {
    if (!has_digits()) GTEST_SKIP() << "scripts/setup data";
    for (const char* name : {"sign_feedback", "redrawn_sign_feedback", "fixed_sign_feedback"}) {
        const auto o = on_digits(name, 1);
        EXPECT_LE(o.error, 0.04) << name;
        EXPECT_LE(o.last_angle, o.first_angle) << name;
    }
}
TEST(digits, units_with_one_sign_learn) {
    if (!has_digits()) GTEST_SKIP() << "scripts/setup data";
    double error = 0;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const auto task = task_named("digits", seed);
        layered_training run(net_of("dale", {64, 100, 10}), task.train, {.batch = 10, .seed = seed});
        std::array<std::vector<int>, 2> signs;
        int flips = 0;
        for (int e = 0; e < 40; ++e) {
            run.epoch();
            for (std::size_t k = 0; k < 2; ++k) {
                const auto& w = run.weights("forward", k);
                const std::size_t columns = run.columns("forward", k);
                signs[k].resize(columns - 1, 0);
                for (std::size_t i = 0; i < w.size(); ++i) {
                    if (i % columns == columns - 1 || w[i] == 0) continue;
                    int& sign = signs[k][i % columns];
                    if (sign == 0) sign = w[i] > 0 ? 1 : -1;
                    flips += (w[i] > 0) != (sign > 0);
                }
            }
        }
        EXPECT_EQ(flips, 0);
        error += run.score(task.test).wrong/4;
    }
    printf("Dale's law: mean error %.2f %%\n", 100*error);
    EXPECT_LE(error, 0.08);
}

}  // namespace
}  // namespace apical::nets
