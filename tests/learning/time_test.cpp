// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "analysis/gradient.hpp"
#include "analysis/gradient_in_time.hpp"
#include "core/error.hpp"
#include "models/tasks/task.hpp"
#include "tests/learning/nets.hpp"

/// Learning of what goes on in time.
namespace apical::nets {
namespace {

std::vector<double> joined(const std::vector<std::vector<double>>& lists) {
    std::vector<double> all;
    for (const auto& l : lists) all.insert(all.end(), l.begin(), l.end());
    return all;
}

/// Noise in, noise wanted: spikes of some inputs in rows of a step, and a target for each row.
data_set noise_in_time(std::size_t rows, std::size_t inputs, std::size_t outputs, int examples, std::uint64_t seed) {
    data_set d{"noise in time", rows*inputs, rows*outputs, {}, {}, rows, rows};
    random_stream draw(seed, identity("test data in time"));
    for (int e = 0; e < examples; ++e) {
        std::vector<double> x(d.inputs), t(d.outputs);
        for (double& v : x) v = draw.uniform() < 0.1 ? 1 : 0;
        for (double& v : t) v = draw.uniform(-1, 1);
        d.add(x, t);
    }
    return d;
}

layered_net adapting_net(const char* learner, const std::vector<int>& units) {
    auto net = net_of(learner, units);
    net.settings = {{"tau_a", 200}, {"adaptation", 0.1}, {"gain", 1.5}};
    return net;
}

/// How the loss of an example of the net changes with one weight, carried forward in time with the state: what backpropagation through time
/// is checked by. Of one hidden layer; kind 0: onto it, 1: within it, 2: onto the outputs.
double carried_forward(const layered_training& run, const data_set& d, int kind, std::size_t i, std::size_t j) {
    const auto &in = run.weights("forward", 0), &across = run.weights("recurrent", 0), &out = run.weights("forward", 1);
    const auto inputs = static_cast<std::size_t>(run.net().layers[0].units), n = static_cast<std::size_t>(run.net().layers[1].units), outputs = static_cast<std::size_t>(run.net().layers[2].units);
    const double left = std::exp(-1/20.0), left_out = std::exp(-1/20.0), left_raised = std::exp(-1/run.net().settings.at("tau_a")), threshold = 0.6, beta = run.net().settings.at("adaptation");
    std::vector<double> v(n), raised(n), z(n), rests(n), y(outputs), dv(n), draised(n), dz(n), dy(outputs), x(inputs);
    double slope_of_loss = 0;
    for (std::size_t t = 0; t < d.rows; ++t) {
        const auto z0 = z, dz0 = dz;
        for (std::size_t k = 0; k < n; ++k) {
            double drive = 0, ddrive = 0;
            for (std::size_t m = 0; m < inputs; ++m) drive += in[k*inputs + m]*x[m], ddrive += kind == 0 && k == i && m == j ? x[m] : 0;
            for (std::size_t m = 0; m < n; ++m) drive += across[k*n + m]*z0[m], ddrive += across[k*n + m]*dz0[m] + (kind == 1 && k == i && m == j ? z0[m] : 0);
            v[k] = left*(v[k] - threshold*z0[k] + drive), dv[k] = left*(dv[k] + ddrive);
            raised[k] = left_raised*(raised[k] + z0[k]), draised[k] = left_raised*(draised[k] + dz0[k]);
            rests[k] = z0[k] > 0 ? 5 : std::max(0.0, rests[k] - 1);
            const double above = v[k] - threshold - beta*raised[k];
            z[k] = rests[k] == 0 && above > 0;
            dz[k] = rests[k] > 0 ? 0 : 0.3/threshold*std::max(0.0, 1 - std::abs(above)/threshold)*(dv[k] - beta*draised[k]);
        }
        for (std::size_t k = 0; k < outputs; ++k) {
            double drive = 0, ddrive = 0;
            for (std::size_t m = 0; m < n; ++m) drive += out[k*n + m]*z0[m], ddrive += out[k*n + m]*dz0[m] + (kind == 2 && k == i && m == j ? z0[m] : 0);
            y[k] = left_out*(y[k] + drive), dy[k] = left_out*(dy[k] + ddrive);
            slope_of_loss += (y[k] - d.target(0)[t*outputs + k])*dy[k];
        }
        x.assign(d.input(0) + t*inputs, d.input(0) + (t + 1)*inputs);
    }
    return slope_of_loss;
}

class every_learner_in_time : public testing::TestWithParam<std::string> {
protected:
    layered_training made(int threads) const { return {net_of(GetParam().c_str(), {6, 10, 8, 2}), noise_in_time(60, 6, 2, 8, 1), {.batch = 4, .seed = 3, .threads = threads}}; }
    static std::vector<double> weights(const layered_training& run) {
        std::vector<double> all;
        for (const auto& kind : run.kinds())
            for (std::size_t k = 0; k < run.projections(kind); ++k) all.insert(all.end(), run.weights(kind, k).begin(), run.weights(kind, k).end());
        return all;
    }
};

TEST_P(every_learner_in_time, has_the_same_bits_for_any_number_of_threads_and_after_a_checkpoint) {
    auto one = made(1), three = made(3), first = made(2), second = made(1);
    const auto before = weights(one);
    for (auto* run : {&one, &three}) run->epoch(), run->epoch(), run->epoch();
    EXPECT_NE(weights(one), before);
    EXPECT_EQ(weights(one), weights(three));
    first.epoch();
    image saved;
    first.transfer(saved);
    image read(saved.numbers());
    second.transfer(read);
    second.epoch(), second.epoch();
    EXPECT_EQ(weights(second), weights(one));
}
TEST_P(every_learner_in_time, changes_nothing_by_being_asked) {
    auto asked = made(1), left_alone = made(1);
    asked.score(asked.examples()), asked.outputs(asked.examples()), asked.proposal(asked.examples());
    asked.epoch(), left_alone.epoch();
    EXPECT_EQ(weights(asked), weights(left_alone));
}
INSTANTIATE_TEST_SUITE_P(layered, every_learner_in_time, testing::ValuesIn([] {
    std::vector<std::string> names;
    for (const auto& l : models::learners_in_time()) names.push_back(l.name);
    return names;
}()), [](const auto& p) { return p.param; });

TEST(eprop, is_the_exact_gradient_without_connections_between_cells) {
    layered_training run(adapting_net("eprop", {10, 20, 2}), noise_in_time(200, 10, 2, 3, 1), {.batch = 3, .seed = 1});
    run.set_weights("recurrent", 0, std::vector<double>(400, 0.0));
    const auto exact = descent_in_time(run, run.examples());
    const auto asked = run.proposal(run.examples());
    const auto apart = joined(exact.forward), together = joined(asked);
    const auto own = run.proposal(run.examples(), "recurrent");
    const double up = cosine(together, apart), across = cosine(own[0], exact.recurrent[0]);
    RecordProperty("forward", std::to_string(up)), RecordProperty("recurrent", std::to_string(across));
    EXPECT_GE(up, 0.9999999);
    EXPECT_GE(across, 0.9999999);
    for (std::size_t k = 0; k < apart.size(); ++k) EXPECT_NEAR(together[k], apart[k], 1e-9*(1 + std::abs(apart[k]))) << k;
    double size = 0;
    for (const double x : exact.forward[0]) size += std::abs(x);
    EXPECT_GT(size, 0.1) << "cells fire, so that there is something to compare";
}
TEST(backpropagation_through_time, is_what_the_state_carries_forward) {
    const auto d = noise_in_time(120, 5, 2, 1, 2);
    layered_training run(adapting_net("eprop", {5, 8, 2}), d, {.seed = 1});
    const auto way = descent_in_time(run, d);
    double largest = 0;
    for (const int kind : {0, 1, 2}) {
        const auto& exact = kind == 1 ? way.recurrent[0] : way.forward[kind == 0 ? 0 : 1];
        const std::size_t columns = kind == 0 ? 5 : 8;
        for (std::size_t k = 0; k < exact.size(); ++k) {
            if (kind == 1 && k/columns == k % columns) continue;
            EXPECT_NEAR(exact[k], -carried_forward(run, d, kind, k/columns, k % columns), 1e-9*(1 + std::abs(exact[k]))) << kind << ": " << k;
            if (kind == 1) largest = std::max(largest, std::abs(exact[k]));
        }
    }
    EXPECT_GT(largest, 1e-3);
}
/// The cause of a failure: on cues that are asked about a second later, backpropagation through time learned nothing, with a gradient that is right. What goes back through the
/// spikes grows from step to step, and by the cues, two thousand steps back, has little to do with the error.
TEST(backpropagation_through_time, grows_without_end_in_long_trials_unless_it_is_held) {
    const auto d = models::evidence(24, 1);
    auto net = net_of("eprop", {40, 50, 2});
    net.settings = models::generated_task("evidence", 1).settings, net.measure = layered_net::loss::cross_entropy;
    layered_training run(net, d, {.batch = 8, .seed = 1});
    std::vector<std::vector<double>> exact, held;
    for (std::size_t k = 0; k < 3; ++k) {
        exact.push_back(descent_in_time(run, part(d, 8*k, 8), 8*k).recurrent[0]);
        held.push_back(descent_in_time(run, part(d, 8*k, 8), 8*k, 30).recurrent[0]);
    }
    const auto length = [](const std::vector<double>& v) {
        double squares = 0;
        for (const double x : v) squares += x*x;
        return std::sqrt(squares);
    };
    const auto agreement = [](const std::vector<std::vector<double>>& v) { return (cosine(v[0], v[1]) + cosine(v[0], v[2]) + cosine(v[1], v[2]))/3; };
    const auto spread = [&](const std::vector<std::vector<double>>& v) { return std::max({length(v[0]), length(v[1]), length(v[2])})/std::min({length(v[0]), length(v[1]), length(v[2])}); };
    printf("lengths %.2g %.2g %.2g, held %.2g %.2g %.2g; batches agree %.3f, held %.3f\n", length(exact[0]), length(exact[1]), length(exact[2]), length(held[0]), length(held[1]), length(held[2]),
           agreement(exact), agreement(held));
    EXPECT_GT(length(exact[0]), 100*length(held[0]));
    EXPECT_LT(spread(held), 2);
    EXPECT_GT(spread(exact), spread(held));
    EXPECT_EQ(descent_in_time(run, part(d, 0, 2), 0, 1e300).recurrent[0], descent_in_time(run, part(d, 0, 2), 0).recurrent[0]) << "held to what it never reaches";
}
TEST(eprop, is_less_than_the_gradient_where_cells_are_connected) {
    layered_training run(adapting_net("eprop", {10, 20, 2}), noise_in_time(200, 10, 2, 3, 1), {.batch = 3, .seed = 1});
    const auto exact = descent_in_time(run, run.examples());
    const double across = cosine(run.proposal(run.examples(), "recurrent")[0], exact.recurrent[0]);
    EXPECT_GT(across, 0.2);
    EXPECT_LT(across, 0.999);
}
TEST(eprop, what_holds_the_rates_is_the_gradient_too) {
    auto net = adapting_net("eprop", {10, 20, 2});
    net.learning["forward"].parameters["c_rate"] = 3, net.learning["forward"].parameters["r_target"] = 0.02;
    layered_training run(net, noise_in_time(200, 10, 2, 3, 1), {.batch = 3, .seed = 1});
    run.set_weights("recurrent", 0, std::vector<double>(400, 0.0));
    EXPECT_GE(cosine(joined(run.proposal(run.examples())), joined(descent_in_time(run, run.examples()).forward)), 0.9999999);
}
TEST(eprop, generates_a_pattern_that_outputs_alone_do_not) {
    const auto pattern = models::pattern_generation(1);
    const auto missed = [&](const char* learner) {
        layered_training run(net_of(learner, {20, 30, 1}), pattern, {.seed = 1});
        for (int k = 0; k < 300; ++k) run.epoch();
        const double left = run.score(pattern).missed;
        testing::Test::RecordProperty(learner, std::to_string(left));
        return left;
    };
    const double symmetric = missed("eprop"), random = missed("eprop_random"), alone = missed("readout_only");
    EXPECT_LE(symmetric, 0.12);
    EXPECT_LE(random, 0.15);
    EXPECT_LE(std::max(symmetric, random), alone/2);
}

/// Loss after 500 trials over that before, and spikes of the output.
struct trained { double ratio; int spikes; };
trained spike_train(const char* learner, std::vector<int> hidden, int trials, std::uint64_t seed) {
    const auto pattern = models::spike_pattern(seed);
    std::vector<int> units{100};
    units.insert(units.end(), hidden.begin(), hidden.end());
    units.push_back(1);
    layered_training run(net_of(learner, units), pattern, {.seed = seed});
    const double before = run.score(pattern).loss;
    for (int k = 0; k < trials; ++k) run.epoch();
    int spikes = 0;
    for (const double z : run.outputs(pattern)) spikes += z > 0;
    const double ratio = run.score(pattern).loss/before;
    testing::Test::RecordProperty(fmt::format("{} {}, seed {}", learner, hidden.size(), seed), fmt::format("{}, {} spikes", ratio, spikes));
    return {ratio, spikes};
}
TEST(superspike, one_neuron_learns_when_to_spike) {
    for (const std::uint64_t seed : {0, 1, 2}) {
        const auto t = spike_train("superspike", {}, 500, seed);
        EXPECT_LE(t.ratio, 0.15) << seed;
        EXPECT_NEAR(t.spikes, 5, 1) << seed;
    }
}
TEST(superspike, hidden_units_learn_by_errors_of_the_output) {
    EXPECT_LE(spike_train("superspike", {8}, 600, 0).ratio, 0.1);
    EXPECT_LE(spike_train("superspike_random", {8}, 600, 0).ratio, 0.3);
}

TEST(in_time, what_does_not_fit_is_refused) {
    const auto complaint = [](const layered_net& net, const data_set& d) -> std::string {
        try {
            layered_training run(net, d, {});
            return "accepted";
        } catch (const invalid_model& e) {
            return e.what();
        }
    };
    const auto says = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos ? std::string() : text; };
    const auto d = noise_in_time(20, 6, 2, 2, 1);
    EXPECT_EQ(complaint(net_of("eprop", {6, 4, 2}), d), "accepted");
    EXPECT_EQ(says(complaint(net_of("backprop", {6, 4, 2}), d), "presents an example at once, and these go on in time, in 20 rows"), "");
    EXPECT_EQ(says(complaint(net_of("eprop", {5, 4, 2}), d), "data set 'noise in time' has 6 and 2"), "");
    auto net = net_of("eprop", {6, 4, 2});
    net.settings["answer"] = 0.1;
    EXPECT_EQ(says(complaint(net, d), "0.1 ms are less than a step"), "");
    net = net_of("superspike", {6, 4, 2}), net.settings["tau_decay"] = 5;
    EXPECT_EQ(says(complaint(net, d), "errors do not decay more slowly than they rise"), "");
    net = net_of("eprop", {6, 4, 2}), net.learning["forward"].rule = "pair_stdp", net.learning["forward"].parameters = {};
    EXPECT_EQ(says(complaint(net, d), "learns at events, and layered nets tell rules of steps and phases"), "");
    net = net_of("eprop", {6, 4, 2}), net.learning["output"].rule = "generec", net.learning["output"].parameters = {};
    EXPECT_EQ(says(complaint(net, d), "at the end of phase 2 of the trial; the scheme has 1"), "");
    auto uneven = d;
    uneven.target_rows = 7;
    EXPECT_EQ(says(complaint(net_of("eprop", {6, 4, 2}), uneven), "120 inputs in 20 rows and 40 targets in 7"), "");
    EXPECT_THROW(descent_in_time({net_of("superspike", {6, 4, 2}), d, {}}, d), unsupported);
}
TEST(in_time, properties_of_the_units_are_those_that_the_rule_knows) {
    auto net = adapting_net("eprop", {10, 20, 2});
    net.settings["tau"] = 30, net.settings["tau_out"] = 12, net.settings["refractory"] = 2;
    layered_training run(net, noise_in_time(200, 10, 2, 1, 1), {.seed = 1});
    run.set_weights("recurrent", 0, std::vector<double>(400, 0.0));
    EXPECT_GE(cosine(joined(run.proposal(run.examples())), joined(descent_in_time(run, run.examples()).forward)), 0.9999999);
}
TEST(in_time, a_question_is_answered_by_what_outputs_say_then) {
    const auto d = models::evidence(6, 1);
    auto net = net_of("eprop", {40, 20, 2});
    net.settings = models::generated_task("evidence", 1).settings, net.measure = layered_net::loss::cross_entropy;
    layered_training run(net, d, {.batch = 3, .seed = 1});
    const auto y = run.outputs(d);
    for (std::size_t i = 0; i < d.size(); ++i) EXPECT_NEAR(y[2*i] + y[2*i + 1], 1, 1e-12);
    const auto score = run.score(d);
    double wrong = 0;
    for (std::size_t i = 0; i < d.size(); ++i) wrong += (y[2*i] < y[2*i + 1]) != (d.label(i) == 1);
    EXPECT_NEAR(score.wrong, wrong/6, 1e-12);
    EXPECT_GT(score.loss, 0);
}

TEST(deep_rewiring, synapses_are_always_as_many_and_others_over_time) {
    auto net = net_of("deep_rewiring", {12, 20, 4});
    net.learning["forward"].stages[0].values["noise"] = 0.1;
    layered_training run(net, noise(12, 4, 40, 1), {.batch = 4, .seed = 1});
    const auto there = [&] {
        std::vector<std::size_t> all;
        const auto& w = run.weights("forward", 0);
        for (std::size_t k = 0; k < w.size(); ++k)
            if (k % 13 != 12 && w[k] != 0) all.push_back(k);
        return all;
    };
    const auto first = there();
    EXPECT_EQ(first.size(), 12u) << "a twentieth of 240";
    for (int e = 0; e < 20; ++e) {
        run.epoch();
        EXPECT_EQ(there().size(), 12u);
    }
    EXPECT_NE(there(), first);
}
TEST(deep_rewiring, finds_the_synapses_that_digits_need) {
    if (!has_digits()) GTEST_SKIP() << "no digits: scripts/setup data";
    const auto task = task_named("digits", 1);
    const auto error = [&](double regrow) {
        auto net = net_of("deep_rewiring", {64, 100, 10});
        for (const char* kind : {"forward", "output"}) net.learning[kind].stages[0].values["regrow"] = regrow;
        layered_training run(net, task.train, {.batch = 10, .seed = 1});
        for (int e = 0; e < 60; ++e) run.epoch();
        return run.score(task.test).wrong;
    };
    const double rewired = error(1), pruned = error(0);
    RecordProperty("rewired", std::to_string(rewired)), RecordProperty("pruned", std::to_string(pruned));
    EXPECT_LE(rewired, 0.10);
    EXPECT_LE(rewired, pruned - 0.03);
}

}  // namespace
}  // namespace apical::nets
