// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <string>

#include "core/error.hpp"
#include "tests/learning/nets.hpp"

/// What is true of every layered net, whatever its rule.
namespace apical::nets {
namespace {

std::string complaint(const layered_net& net, const data_set& d, const training_options& o = {}) {
    try {
        layered_training run(net, d, o);
        return "accepted";
    } catch (const invalid_model& e) {
        return e.what();
    }
}
bool says(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

std::vector<double> all_weights(const layered_training& run) {
    std::vector<double> all;
    for (const auto& kind : run.kinds())
        for (std::size_t k = 0; k < run.projections(kind); ++k) all.insert(all.end(), run.weights(kind, k).begin(), run.weights(kind, k).end());
    return all;
}

class every_learner : public testing::TestWithParam<std::string> {
protected:
    layered_training made(int threads) const {
        const auto l = models::learner_named(GetParam());
        const int inputs = l.name == "gcal" ? 32*32 : 6;   // a retina that is wide enough
        return {l.make(l.is_taught ? std::vector{inputs, 20, 18, 3} : std::vector{inputs, 4}), noise(static_cast<std::size_t>(inputs), l.is_taught ? 3 : 4, 12, 1), {.batch = std::min(l.batch, 4), .seed = 3, .threads = threads}};
    }
};

TEST_P(every_learner, has_the_same_bits_for_any_number_of_threads) {
    auto one = made(1), two = made(2), three = made(3);
    const auto before = all_weights(one);
    for (auto* run : {&one, &two, &three}) run->epoch(), run->epoch();
    EXPECT_NE(all_weights(one), before);
    EXPECT_EQ(all_weights(one), all_weights(two));
    EXPECT_EQ(all_weights(one), all_weights(three));
}
TEST_P(every_learner, goes_on_from_a_checkpoint_as_if_nothing_had_been) {
    auto whole = made(1), first = made(1), second = made(1);
    for (int e = 0; e < 4; ++e) whole.epoch();
    first.epoch(), first.epoch();
    image saved;
    first.transfer(saved);
    image read(saved.numbers());
    second.transfer(read);
    EXPECT_TRUE(read.is_at_end());
    EXPECT_EQ(second.epochs(), 2);
    second.epoch(), second.epoch();
    EXPECT_EQ(all_weights(second), all_weights(whole));
}
TEST_P(every_learner, changes_nothing_by_being_asked) {
    auto asked = made(1), left_alone = made(1);
    asked.score(asked.examples()), asked.outputs(asked.examples());
    if (GetParam() != "xcal") asked.proposal(asked.examples());
    asked.epoch(), left_alone.epoch();
    EXPECT_EQ(all_weights(asked), all_weights(left_alone));
}

INSTANTIATE_TEST_SUITE_P(layered, every_learner, testing::ValuesIn([] {
    std::vector<std::string> names;
    for (const auto& l : models::all_learners()) names.push_back(l.name);
    return names;
}()), [](const auto& p) { return p.param; });

TEST(layered_net, what_it_cannot_offer_is_refused_by_name) {
    const auto d = noise(3, 2, 4, 1);
    auto net = net_of("feedback_alignment", {3, 4, 2});
    net.learning["forward"] = {.rule = "generec"};
    EXPECT_TRUE(says(complaint(net, d), "rule 'generec': reads 'rate' at the end of phase 2 of the trial; the scheme has 1")) << complaint(net, d);
    net.learning["forward"] = {.rule = "dendritic_prediction"};
    EXPECT_TRUE(says(complaint(net, d), "rule 'dendritic_prediction': reads the signal 'prediction', which this net does not offer; it offers rate, potential, slope, error")) << complaint(net, d);
    net.learning["forward"] = {.rule = "equilibrium_propagation"};
    EXPECT_TRUE(says(complaint(net, d), "equilibrium_propagation"));
    for (const char* spiking : {"pair_stdp", "graupner_brunel", "urbanczik_senn"}) {
        net.learning["forward"] = {.rule = spiking};
        EXPECT_TRUE(says(complaint(net, d), "learns from events, and rate units have none")) << complaint(net, d);
    }
}
TEST(layered_net, what_contradicts_itself_is_refused) {
    const auto d = noise(3, 2, 4, 1);
    const auto with = [&](auto&& change) {
        auto net = net_of("feedback_alignment", {3, 4, 2});
        change(net);
        return complaint(net, d);
    };
    EXPECT_EQ(with([](layered_net&) {}), "accepted");
    EXPECT_TRUE(says(with([](layered_net& n) { n.scheme = "setling"; }), "did you mean 'settling'"));
    EXPECT_TRUE(says(with([](layered_net& n) { n.learning["forward"].parameters["ets"] = 1; }), "ets: unknown"));
    EXPECT_TRUE(says(with([](layered_net& n) { n.learning["backward"] = {.rule = "generec"}; }), "has no such connections; it has forward, feedback"));
    EXPECT_TRUE(says(with([](layered_net& n) { n.learning["feedback"] = {.rule = "kolen_pollack"}; }), "feedback that is 'random' does not learn"));
    EXPECT_TRUE(says(with([](layered_net& n) { n.back.mode = feedback_mode::learned; }), "is to be learned, by no rule"));
    EXPECT_TRUE(says(with([](layered_net& n) { n.layers[2].units = 3; }), "data set 'noise' has 3 and 2"));
    EXPECT_TRUE(says(with([](layered_net& n) { n.layers[1].units = 0; }), "layer 1: 0 units"));
    EXPECT_TRUE(says(with([](layered_net& n) { n.learning["forward"].stages = {{"adm"}}; }), "did you mean 'adam'"));
    EXPECT_TRUE(says(with([](layered_net& n) { n.learning["forward"].stages = {{"clip"}, {"momentum"}}; }), "comes after 'clip'"));
    EXPECT_TRUE(says(with([](layered_net& n) { n.learning["forward"].stages = {{"momentum", {{"keep", 2}}}}; }), "keep: 2"));
    EXPECT_TRUE(says(with([](layered_net& n) { n.settings["beta"] = 1; }), "beta: unknown"));
    EXPECT_TRUE(says(with([](layered_net& n) { n.layers[2].f = nonlinearity::tanh; }), "cross-entropy of outputs that are tanh"));
    EXPECT_TRUE(says(complaint(net_of("xcal", {3, 4, 2}), d, {.batch = 2}), "a rule whose synapses remember; 1"));
    auto broken = d;
    broken.x[2] = std::nan("");
    EXPECT_TRUE(says(complaint(net_of("backprop", {3, 4, 2}), broken), "an input of example 0 is not finite"));
}
TEST(layered_net, weights_that_leave_the_finite_numbers_are_told) {
    auto net = net_of("backprop", {3, 2});
    net.layers[1].f = nonlinearity::linear, net.measure = layered_net::loss::squared;
    net.learning["forward"].parameters["eta"] = 1e6;
    layered_training run(net, noise(3, 2, 50, 1), {});
    EXPECT_THROW(for (int e = 0; e < 100; ++e) run.epoch(), diverged);
}
TEST(layered_net, a_checkpoint_of_another_net_is_refused) {
    layered_training a(net_of("backprop", {3, 4, 2}), noise(3, 2, 4, 1), {}), b(net_of("backprop", {3, 5, 2}), noise(3, 2, 4, 1), {});
    image saved;
    a.transfer(saved);
    image read(saved.numbers());
    EXPECT_THROW(b.transfer(read), invalid_input);
}

/// Weights after one batch with these stages, and without.
struct changed { std::vector<double> first, plain, staged; };
changed by_stages(std::vector<weight_stage> stages, int epochs = 1) {
    auto net = net_of("backprop", {3, 4, 2});
    const auto d = noise(3, 2, 4, 1);
    layered_training plain(net, d, {.batch = 4, .seed = 1});
    net.learning["forward"].stages = std::move(stages);
    layered_training staged(net, d, {.batch = 4, .seed = 1});
    changed c{staged.weights("forward", 0), {}, {}};
    for (int e = 0; e < epochs; ++e) plain.epoch(), staged.epoch();
    c.plain = plain.weights("forward", 0), c.staged = staged.weights("forward", 0);
    return c;
}

TEST(stages, momentum_and_decay_are_their_formulas) {
    const auto once = by_stages({}), kept = by_stages({{"momentum", {{"keep", 0.5}}}});
    EXPECT_EQ(kept.staged, once.plain) << "nothing was before";
    EXPECT_NE(by_stages({{"momentum", {{"keep", 0.5}}}}, 2).staged, by_stages({}, 2).plain);
    const auto shrunk = by_stages({{"decay", {{"rate", 0.1}}}});
    for (std::size_t k = 0; k < shrunk.staged.size(); ++k) EXPECT_NEAR(shrunk.staged[k], shrunk.plain[k] - 0.1*shrunk.first[k], 1e-14);
}
TEST(stages, manhattan_and_the_first_step_of_adam_go_by_signs) {
    for (const weight_stage& s : {weight_stage{"manhattan", {{"step", 0.01}}}, weight_stage{"adam", {{"rate", 0.01}}}}) {
        const auto c = by_stages({s});
        for (std::size_t k = 0; k < c.staged.size(); ++k) EXPECT_NEAR(c.staged[k] - c.first[k], c.plain[k] > c.first[k] ? 0.01 : -0.01, 1e-5) << s.name;
    }
}
TEST(stages, max_norm_gives_the_largest_change_of_a_unit_its_size) {
    const auto c = by_stages({{"max_norm", {{"size", 0.2}, {"floor", 1e-9}}}});
    for (std::size_t i = 0; i < 4; ++i) {
        double largest = 0;
        for (std::size_t j = 0; j < 4; ++j) largest = std::max(largest, std::abs(c.staged[i*4 + j] - c.first[i*4 + j]));
        EXPECT_NEAR(largest, 0.2, 1e-12);
    }
}
TEST(stages, rmax_divides_by_the_largest_change_and_cooling_makes_later_ones_smaller) {
    const auto c = by_stages({{"rmax", {{"rate", 0.01}}}});
    for (std::size_t k = 0; k < c.staged.size(); ++k) EXPECT_NEAR(c.staged[k] - c.first[k], c.plain[k] > c.first[k] ? 0.01 : -0.01, 1e-9);
    const auto all = by_stages({}, 3).plain, some = by_stages({{"cooling", {{"after", 1}, {"factor", 0}}}}, 3).staged;
    EXPECT_EQ(some, by_stages({}).plain);
    EXPECT_NE(some, all);
}
TEST(stages, bounds_are_kept_softly_and_hard) {
    const auto soft = by_stages({{"soft_bounds", {{"low", -2}, {"high", 3}}}});
    for (std::size_t k = 0; k < soft.staged.size(); ++k) {
        const double change = soft.plain[k] - soft.first[k], left = change > 0 ? 3 - soft.first[k] : soft.first[k] + 2;
        EXPECT_NEAR(soft.staged[k] - soft.first[k], change*left, 1e-13);
    }
    for (const double w : by_stages({{"clip", {{"low", -0.1}, {"high", 0.2}}}}).staged) EXPECT_TRUE(w >= -0.1 && w <= 0.2);
}
TEST(stages, lengths_are_those_asked_for) {
    const auto one = by_stages({{"l1", {{"length", 2}}}}).staged, two = by_stages({{"l2", {{"length", 2}}}}).staged;
    for (std::size_t i = 0; i < 4; ++i) {
        double sum = 0, squares = 0;
        for (std::size_t j = 0; j < 3; ++j) sum += std::abs(one[i*4 + j]), squares += two[i*4 + j]*two[i*4 + j];
        EXPECT_NEAR(sum, 2, 1e-12);
        EXPECT_NEAR(squares, 4, 1e-12);
    }
}
TEST(stages, slow_down_is_its_formula) {
    auto net = net_of("backprop", {3, 2});
    const data_set one{"one", 3, 2, {0.1, 0.7, 0.3}, {1, 0}};
    layered_training plain(net, one, {.seed = 1});
    net.learning["forward"].stages = {{"slow_down", {{"updates", 2}}}};
    layered_training slowed(net, one, {.seed = 1});
    for (int update = 0; update < 4; ++update) {
        plain.set_weights("forward", 0, slowed.weights("forward", 0));
        const auto before = slowed.weights("forward", 0);
        plain.epoch(), slowed.epoch();
        for (std::size_t k = 0; k < before.size(); ++k)
            EXPECT_NEAR(slowed.weights("forward", 0)[k] - before[k], (plain.weights("forward", 0)[k] - before[k])/(1 + update/2.0), 1e-14);
    }
}
TEST(stages, no_self_is_of_lateral_connections_alone) {
    auto net = net_of("foldiak", {3, 4});
    for (auto& [kind, learning] : net.learning) learning.stages = {{"no_self"}}, learning.parameters = {{"eta", 0.5}};
    layered_training run(net, noise(3, 4, 6, 1), {.seed = 1});
    run.epoch();
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) EXPECT_EQ(run.weights("lateral", 0)[i*4 + j] == 0, i == j);
    for (const double w : run.weights("forward", 0)) EXPECT_NE(w, 0);
}
TEST(stages, contrast_is_0_a_half_and_1_where_it_should_be) {
    auto net = net_of("backprop", {3, 2});
    net.learning["forward"].stages = {{"contrast"}};
    net.learning["forward"].parameters["eta"] = 0;
    layered_training run(net, noise(3, 2, 4, 1), {.batch = 4});
    run.epoch();
    for (const double w : run.weights("forward", 0)) EXPECT_TRUE(w >= 0 && w <= 1);
    for (const auto& part : weight_stages()) EXPECT_FALSE(part.summary.empty());
}

TEST(data_sets, a_split_is_a_partition_that_the_seed_decides) {
    const auto d = noise(2, 1, 20, 1);
    const auto [a, b] = split(d, 15, 7);
    EXPECT_EQ(a.size(), 15u);
    EXPECT_EQ(b.size(), 5u);
    auto all = a.x;
    all.insert(all.end(), b.x.begin(), b.x.end());
    auto before = d.x;
    std::ranges::sort(all), std::ranges::sort(before);
    EXPECT_EQ(all, before);
    EXPECT_EQ(split(d, 15, 7).first, a);
    EXPECT_NE(split(d, 15, 8).first, a);
    EXPECT_THROW(split(d, 20, 7), invalid_model);
}
TEST(tasks, made_up_ones_are_what_they_say) {
    const auto eight = models::encoder(8);
    EXPECT_EQ(eight.size(), 8u);
    EXPECT_EQ(eight.x, eight.t);
    const auto odd = models::parity(3);
    for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(odd.target(i)[0], (odd.input(i)[0] > 0) ^ (odd.input(i)[1] > 0) ^ (odd.input(i)[2] > 0));
    const auto b = models::bars(4, 2000, 1);
    double bars = 0;
    for (const double t : b.t) bars += t;
    EXPECT_NEAR(bars/2000, 2, 0.15) << "of 8, with probability 1/4";
    const auto pairs = models::random_pairs(10, 1);
    for (std::size_t i = 0; i < 10; ++i) EXPECT_EQ(std::count(pairs.input(i), pairs.input(i) + 25, 1.0), 6);
    const auto drops = models::yin_yang(300, 1);
    std::array<int, 3> classes{};
    for (std::size_t i = 0; i < drops.size(); ++i) ++classes[drops.label(i)];
    for (const int n : classes) EXPECT_GT(n, 70);
    EXPECT_THROW(models::generated_task("parrity", 1), invalid_model);
    EXPECT_TRUE(eight.has_classes() && drops.has_classes());
    EXPECT_FALSE(odd.has_classes() || b.has_classes() || pairs.has_classes());
}

}  // namespace
}  // namespace apical::nets
