// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/learning_curve.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "analysis/gradient.hpp"
#include "analysis/scoreboard.hpp"
#include "core/error.hpp"

namespace apical {
namespace {

/// Two classes apart along the first of two inputs.
data_set halves(int examples) {
    data_set d{"halves", 2, 2, {}, {}};
    for (int i = 0; i < examples; ++i) d.add({i % 2 == 0 ? 0.2 : 0.8, 0.1*(i % 7)}, {i % 2 == 0 ? 1.0 : 0.0, i % 2 == 0 ? 0.0 : 1.0});
    return d;
}
layered_training made() {
    return {{.layers = {{2}, {8}, {2}}, .learning = {{"forward", {.rule = "feedback_alignment", .parameters = {{"eta", 1}}}}}, .back = {.mode = feedback_mode::transpose}}, halves(28), {.batch = 4, .seed = 1}};
}

TEST(learning_curve, has_a_point_an_epoch_and_stops_when_told) {
    auto run = made();
    const auto d = halves(28);
    const auto curve = follow_learning(run, d, {.epochs = 60, .angle_examples = 10, .angle_every = 20});
    ASSERT_EQ(curve.size(), 60u);
    EXPECT_EQ(curve.back().test_error, 0);
    EXPECT_LT(curve.back().test_loss, curve.front().test_loss);
    EXPECT_FALSE(curve[0].angles.empty());
    EXPECT_TRUE(curve[1].angles.empty());
    EXPECT_LT(curve[19].angles.at(0), 1e-3) << "feedback is the transpose";
    int seen = 0;
    EXPECT_EQ(follow_learning(run, d, {.epochs = 100}, [&](const curve_point&) { return ++seen < 3; }).size(), 3u);
}
TEST(learning_curve, samples_to_a_criterion_are_counted_in_epochs) {
    std::vector<curve_point> curve(3);
    curve[0] = {.epoch = 1, .test_error = 0.5}, curve[1] = {.epoch = 2, .test_error = 0.1}, curve[2] = {.epoch = 3, .test_error = 0.2};
    EXPECT_EQ(samples_to(curve, 0.1, 100), 200);
    EXPECT_EQ(samples_to(curve, 0.05, 100), std::nullopt);
}
TEST(learning_curve, adversaries_hurt_more_than_noise_of_their_size) {
    auto run = made();
    for (int e = 0; e < 60; ++e) run.epoch();
    const auto d = halves(28);
    EXPECT_EQ(right_with_noise(run, d, 0, 1), 1);
    const auto moved = adversarial(run, d, 0.1);
    for (std::size_t k = 0; k < d.x.size(); ++k) EXPECT_NEAR(std::abs(moved.x[k] - d.x[k]), 0.1, 1e-12);
    EXPECT_GT(run.score(moved).loss, run.score(d).loss);
    EXPECT_LT(1 - run.score(adversarial(run, d, 0.4)).wrong, right_with_noise(run, d, 0.4, 1));
}
TEST(scoreboard, grades_are_those_of_the_parts) {
    auto run = made();
    const auto g = grade(run, halves(28), {.epochs = 60, .noise = {0, 0.4}, .adversarial = {0, 0.4}});
    EXPECT_EQ(g.test_error, 0);
    EXPECT_TRUE(g.samples && *g.samples <= 60*28);
    EXPECT_EQ(g.right_with_noise.front(), 1);
    EXPECT_EQ(g.right_adversarial.front(), 1);
    EXPECT_LT(g.right_adversarial.back(), g.right_with_noise.back());
    EXPECT_EQ(g.last_angles.size(), 2u);
    const auto m = summarised({1, 2, 3});
    EXPECT_DOUBLE_EQ(m.mean, 2);
    EXPECT_DOUBLE_EQ(m.error, 1/std::sqrt(3));
}
TEST(angles, of_a_net_that_settles_come_from_differences) {
    layered_net net{.layers = {{2}, {8}, {2}}, .scheme = "settling", .learning = {{"forward", {.rule = "contrastive_hebbian"}}}, .back = {.mode = feedback_mode::transpose}};
    layered_training run(net, halves(8), {.batch = 8, .seed = 1}), scratch(net, halves(8), {.batch = 8, .seed = 1});
    EXPECT_THROW(exact_descent(run, halves(8)), unsupported);
    for (const double a : angles_to_gradient(run, scratch, halves(8))) EXPECT_TRUE(a > 0 && a < 90) << a;
}

}  // namespace
}  // namespace apical
