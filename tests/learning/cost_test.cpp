// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "analysis/scoreboard.hpp"
#include "analysis/signalling.hpp"
#include "tests/learning/nets.hpp"

/// Row 17 of the acceptance tests, for units that have no ions to count.
namespace apical::nets {
namespace {

using teaching = layered_training::teaching;

/// Attwell & Laughlin (2001): 3.29e9 ATP/s of a neuron at 4 Hz with 8000 boutons, 7.1e8 a spike.
TEST(signalling, of_a_cortical_neuron_is_what_is_published) {
    EXPECT_NEAR(power_of_neuron(4, 8000), 3.29e9, 0.02*3.29e9);
    EXPECT_NEAR(power_of_neuron(5, 8000) - power_of_neuron(4, 8000), 7.1e8, 0.02*7.1e8);
    EXPECT_NEAR(joules_per_atp, 50e3/6.02214076e23, 0.01*8.3e-20);
}
/// Two inputs, one hidden unit and one output, by hand.
TEST(signalling, is_counted_from_what_units_send) {
    layered_training run(net_of("feedback_alignment", {2, 1, 1}), data_set{"one", 2, 1, {1, 0.5}, {1}}, {.seed = 1});
    run.set_weights("forward", 0, {0, 0, 0}), run.set_weights("forward", 1, {0, 0});
    const auto told = run.traffic(run.examples(), teaching::without), learned = run.traffic(run.examples(), teaching::with);
    EXPECT_EQ(told.units, 4);
    EXPECT_EQ(told.phases, 1);
    EXPECT_NEAR(told.sent, 1.5 + 0.5 + 0.5, 1e-12) << "logistic units without input give a half";
    EXPECT_NEAR(told.delivered, 1.5 + 0.5, 1e-12);
    EXPECT_NEAR(learned.sent - told.sent, 0.5, 1e-12) << "the error of the output has spikes of its own";
    EXPECT_NEAR(learned.delivered - told.delivered, 0.5, 1e-12) << "and arrives at the hidden unit";
    const signalling_costs c;
    EXPECT_NEAR(atp_of_trial(told), 0.1*(4*4.44e8 + 40*(2.5*3.84e8 + 2*c.arrival())), 1);
}
/// Whoever has two phases pays for two, and whoever settles with feedback pays for it without a lesson too.
TEST(signalling, of_phases_and_feedback) {
    const auto d = noise(6, 3, 5, 1);
    const auto cost = [&](const char* name, teaching t) {
        layered_training run(net_of(name, {6, 8, 3}), d, {.seed = 1});
        return run.traffic(d, t);
    };
    for (const char* name : {"generec", "equilibrium_propagation", "segregated_dendrites", "burstprop", "microcircuit", "difference_target"}) {
        EXPECT_EQ(cost(name, teaching::without).phases, 1) << name;
        EXPECT_EQ(cost(name, teaching::with).phases, 2) << name;
        EXPECT_GT(cost(name, teaching::with).sent, cost(name, teaching::without).sent) << name;
        EXPECT_GT(cost(name, teaching::with).delivered, cost(name, teaching::without).delivered) << name;
    }
    EXPECT_EQ(cost("backprop", teaching::with).phases, 1);
    EXPECT_EQ(cost("backprop", teaching::without).sent, cost("feedback_alignment", teaching::without).sent);
}
TEST(scoreboard, has_every_grade) {
    const auto d = noise(4, 3, 20, 1);
    layered_training run(net_of("burstprop", {4, 6, 3}), d, {.batch = 10, .seed = 1});
    const auto g = grade(run, d, {.epochs = 2, .angle_examples = 5});
    EXPECT_EQ(g.curve.size(), 2u);
    EXPECT_EQ(g.right_with_noise.size(), 3u);
    EXPECT_EQ(g.right_adversarial.size(), 3u);
    EXPECT_EQ(g.last_angles.size(), 2u);
    EXPECT_GT(g.atp_of_inference, 0);
    EXPECT_GT(g.atp_of_update, 2*g.atp_of_inference);
}

}  // namespace
}  // namespace apical::nets
