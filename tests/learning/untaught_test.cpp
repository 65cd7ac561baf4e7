// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <utility>

#include "analysis/gradient.hpp"
#include "analysis/representation.hpp"
#include "core/error.hpp"
#include "io/learning.hpp"
#include "models/tasks/task.hpp"
#include "tests/learning/nets.hpp"

/// Row 5 of the acceptance tests: nets that nobody teaches.
namespace apical::nets {
namespace {

layered_training trained(const learning_setup& s, int epochs) {
    auto run = s.begin();
    for (int e = 0; e < epochs; ++e) run.epoch();
    return run;
}

TEST(oja, finds_the_direction_of_largest_variance_with_length_one) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const auto s = set_up({.task = "gaussian", .rule = "oja", .seed = seed});
        const auto run = trained(s, 1);
        const double along = alignment_with_directions(run, s.train).at(0);
        const auto& w = run.weights("forward", 0);
        const double length = std::hypot(w.at(0), w.at(1));
        printf("oja, seed %d: |cos| %.5f, length %.4f\n", static_cast<int>(seed), along, length);
        EXPECT_GE(along, 0.99);
        EXPECT_NEAR(length, 1, 0.05);
        EXPECT_LT(run.score(s.test).wrong, 0.15) << "a tenth of the variance is across";
    }
}
TEST(oja, of_several_units_finds_the_same_in_each) {
    const auto s = set_up({.task = "gaussian", .rule = "oja", .hidden = {3}});
    for (const double along : alignment_with_directions(trained(s, 1), s.train)) EXPECT_GE(along, 0.99);
}
TEST(oja, is_its_formula) {
    auto net = net_of("oja", {3, 1});
    net.learning["forward"].parameters["eta"] = 0.1;
    data_set d{"one", 3, 1, {0.3, -1, 2}, {0}};
    layered_training run(net, d, {.seed = 4});
    const auto before = run.weights("forward", 0);
    run.epoch();
    const double y = before[0]*0.3 - before[1] + before[2]*2;
    for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(run.weights("forward", 0)[j] - before[j], 0.1*y*(d.x[j] - y*before[j]), 1e-15);
}
/// dW = eta (y x^T - LT[y y^T] W), with the lower triangle and its diagonal.
TEST(sanger, is_its_formula) {
    auto net = net_of("sanger", {4, 3});
    net.learning["forward"] = {.rule = "sanger", .parameters = {{"eta", 0.1}}};
    data_set d{"one", 4, 3, {0.3, -1, 2, 0.7}, {0, 0, 0}};
    layered_training run(net, d, {.seed = 4});
    const auto before = run.weights("forward", 0);
    std::vector<double> y(3, 0.0);
    run.epoch();
    for (std::size_t i = 0; i < 3; ++i) {
        // what each says of what those before it left, which is not W x of all at once
        std::vector<double> left = d.x;
        for (std::size_t k = 0; k < i; ++k)
            for (std::size_t j = 0; j < 4; ++j) left[j] -= y[k]*before[k*4 + j];
        for (std::size_t j = 0; j < 4; ++j) y[i] += before[i*4 + j]*left[j];
        for (std::size_t j = 0; j < 4; ++j)
            EXPECT_NEAR(run.weights("forward", 0)[i*4 + j] - before[i*4 + j], 0.1*y[i]*(left[j] - y[i]*before[i*4 + j]), 1e-14);
    }
}
TEST(sanger, finds_five_components_of_the_digits_in_their_order) {
    if (!has_digits()) GTEST_SKIP() << "scripts/setup data";
    const auto s = set_up({.task = "digits", .rule = "sanger", .hidden = {5}});
    const auto run = trained(s, 60);
    const auto along = alignment_with_directions(run, s.train);
    for (std::size_t k = 0; k < 5; ++k) printf("sanger, component %zu: |cos| %.5f\n", k, along[k]);
    for (const double c : along) EXPECT_GE(c, 0.99);
    const auto p = principal_directions_of(s.train);
    double all = 0, first = 0;
    for (std::size_t k = 0; k < p.variances.size(); ++k) all += p.variances[k], first += k < 5 ? p.variances[k] : 0;
    EXPECT_NEAR(run.score(s.train).wrong, 1 - first/all, 1e-3) << "what five components cannot tell";
}
TEST(self_organizing_map, of_the_unit_square_keeps_neighbours_together) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const auto s = set_up({.task = "unit_square", .rule = "self_organizing_map", .seed = seed});
        auto run = s.begin();
        const auto before = quality_of_map(run, s.test);
        for (int e = 0; e < 4; ++e) run.epoch();   // 20000 presentations
        const auto q = quality_of_map(run, s.test);
        printf("map, seed %d: topographic error %.4f (%.2f at first), quantisation %.4f\n", static_cast<int>(seed), q.topographic_error, before.topographic_error, q.quantisation_error);
        EXPECT_GT(before.topographic_error, 0.5);
        EXPECT_LE(q.topographic_error, 0.05);
        EXPECT_LE(q.quantisation_error, 0.05);
    }
}
TEST(foldiak, gives_every_bar_a_unit_of_its_own) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        const auto s = set_up({.task = "bars_8x8", .rule = "foldiak", .seed = seed});
        const auto run = trained(s, 1);   // 12000 presentations
        const auto f = units_of_features(run, s.test, s.task.test);
        printf("bars, seed %d: %zu of %zu, margin %.2f; unexplained %.3f\n", static_cast<int>(seed), f.distinct, f.features, f.margin, run.score(s.test).wrong);
        EXPECT_EQ(f.features, 16u);
        EXPECT_GE(f.distinct, 14u);
        EXPECT_GE(f.margin, 1.5);
        const auto& lateral = run.weights("lateral", 0);
        for (std::size_t i = 0; i < 16; ++i)
            for (std::size_t j = 0; j < 16; ++j) {
                EXPECT_LE(lateral[i*16 + j], 0);
                EXPECT_EQ(lateral[i*16 + j], lateral[j*16 + i]);
                EXPECT_TRUE(i != j || lateral[i*16 + j] == 0);
            }
    }
}
TEST(foldiak, without_inhibition_does_not) {
    auto s = set_up({.task = "bars_8x8", .rule = "foldiak"});
    s.net.learning.erase("lateral");
    EXPECT_LT(units_of_features(trained(s, 1), s.test, s.task.test).distinct, 14u);
}

/// A small sheet: 5 x 5 units, a quarter wide, behind a retina of 36 x 36.
layered_training small_sheet(int examples, layered_net net) { return {std::move(net), models::oriented_spots(examples, 36, 25, 1), {.seed = 2}}; }
TEST(hebbian, is_its_formula_and_the_synapses_of_a_unit_compete) {
    auto net = net_of("gcal", {36*36, 25});
    net.settings["threshold"] = 0;
    auto run = small_sheet(1, net);
    const auto before = run.weights("forward", 0), beside = run.weights("lateral", 0);
    const auto x = run.shown(run.examples(), "geniculate", "rate", layered_training::teaching::without), y = run.shown(run.examples(), "layer 1", "rate", layered_training::teaching::without);
    run.epoch();
    const auto& after = run.weights("forward", 0);
    const double eta = net.learning["forward"].parameters["eta"];
    for (std::size_t i = 0; i < y.size(); ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < x.size(); ++j) sum += before[i*x.size() + j] > 0 ? before[i*x.size() + j] + eta*x[j]*y[i] : 0;
        for (std::size_t j = 0; j < x.size(); ++j) {
            const double w = before[i*x.size() + j];
            EXPECT_NEAR(after[i*x.size() + j], w > 0 ? (w + eta*x[j]*y[i])/sum : 0, 1e-12);
        }
    }
    EXPECT_GT(*std::ranges::max_element(y), 0) << "units answer, so that there is something to learn";
    EXPECT_NE(after, before);
    EXPECT_NE(run.weights("lateral", 0), beside);
}
TEST(sheet, afferents_come_from_a_disc_of_both_planes_and_sum_to_one) {
    const auto run = small_sheet(3, net_of("gcal", {36*36, 25}));
    const auto& w = run.weights("forward", 0);
    const std::size_t side = 18, columns = 2*side*side;   // 36 less 9 on each side, for the surrounds
    ASSERT_EQ(w.size(), 25*columns);
    for (std::size_t i = 0; i < 25; ++i) {
        double sum = 0, right = 0, down = 0, on = 0;
        for (std::size_t j = 0; j < columns; ++j) {
            const double x = w[i*columns + j];
            EXPECT_GE(x, 0);
            sum += x, on += j < side*side ? x : 0, right += x*static_cast<double>(j % side), down += x*static_cast<double>(j % (side*side)/side);
        }
        EXPECT_NEAR(sum, 1, 1e-12);
        EXPECT_NEAR(on, 0.5, 0.15);
        // 6 units of the geniculate are a width of the sheet, in the middle of it
        EXPECT_NEAR(right, 8.5 + (static_cast<double>(i % 5) - 2)*6/5, 1) << i;
        EXPECT_NEAR(down, 8.5 + (static_cast<double>(i/5) - 2)*6/5, 1) << i;
    }
}
TEST(sheet, units_come_to_be_active_as_often_as_they_should) {
    auto net = net_of("gcal", {36*36, 25});
    net.learning["threshold"].parameters["eta"] = 0.05;
    auto run = small_sheet(200, net);
    const auto mean = [&] {
        const auto y = run.shown(run.examples(), "layer 1", "rate", layered_training::teaching::without);
        double sum = 0;
        for (const double v : y) sum += v;
        return sum/static_cast<double>(y.size());
    };
    const double before = mean();
    for (int e = 0; e < 10; ++e) run.epoch();
    const double after = mean();
    printf("mean activity %.4f, then %.4f\n", before, after);
    EXPECT_NEAR(after, 0.024, 0.012);
    EXPECT_LT(std::abs(after - 0.024), std::abs(before - 0.024));
}

TEST(untaught, what_does_not_fit_is_refused) {
    const auto complaint = [](auto&& make) -> std::string {
        try {
            make();
            return "accepted";
        } catch (const error& e) {
            return e.what();
        }
    };
    const auto says = [](const std::string& text, const char* part) { return text.find(part) != text.npos; };
    EXPECT_TRUE(says(complaint([] { set_up({.task = "gaussian", .rule = "backprop"}); }), "has nothing to be told"));
    EXPECT_TRUE(says(complaint([] { set_up({.task = "bars", .rule = "foldiak", .hidden = {8, 8}}); }), "one layer of units"));
    EXPECT_TRUE(says(complaint([] { set_up({.task = "unit_square", .rule = "self_organizing_map", .settings = {{"columns", 7}}}).begin(); }), "100 units in rows of 7; whole rows"));
    EXPECT_TRUE(says(complaint([] {
        auto s = set_up({.task = "gaussian", .rule = "oja"});
        s.net.back.mode = feedback_mode::random;
        s.begin();
    }), "nobody teaches"));
    EXPECT_TRUE(says(complaint([] { layered_training(net_of("gcal", {36*36, 24}), models::oriented_spots(1, 36, 24, 1), {}); }), "1296 inputs and 24 units; squares both"));
    EXPECT_TRUE(says(complaint([] { layered_training(net_of("gcal", {30*30, 25}), models::oriented_spots(1, 30, 25, 1), {}); }), "a retina of more than 30 x 30"));
    const auto s = set_up({.task = "gaussian", .rule = "oja"});
    const auto run = s.begin();
    EXPECT_THROW(exact_descent(run, s.test), unsupported);
    EXPECT_THROW(quality_of_map(run, s.test), unsupported);
    EXPECT_TRUE(says(complaint([] {
        auto net = net_of("oja", {2, 1});
        net.learning["forward"] = {.rule = "self_organizing_map"};
        layered_training(net, noise(2, 1, 4, 1), {});
    }), "reads the signal 'modulator', which this net does not offer"));
}

}  // namespace
}  // namespace apical::nets
