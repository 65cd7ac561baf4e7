// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <initializer_list>

#include <gtest/gtest.h>

#include "engine/simulation.hpp"
#include "io/experiment.hpp"
#include "io/results.hpp"
#include "io/weights_file.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

/// Synapses that learn, as experiment files say it.
namespace apical {
namespace {

using namespace units;
using testing::message_of, testing::says, testing::temporary_folder;

std::string file(const std::string& learning, const std::string& more = "") {
    return R"({"cells": {"point": {"model": "adex"}}, "populations": [{"name": "cells", "cell": "point", "size": 2}],
"spike_sources": [{"name": "in", "size": 30, "rate": "30 Hz"}],
"projections": [{"name": "in", "source": "in", "target": "cells", "rule": {"type": "all_to_all"}, "receptor": "expsyn", "parameters": {"tau": "5 ms"},
  "weight": "8 nS", "delay": "1 ms", "learning": )" + learning + R"(}],
"run": {"until": "200 ms", "dt": "0.1 ms"})" + more + "}";
}
experiment read(const std::string& text) { return parse_experiment(text, "a.json", "."); }
std::string refusal(const std::string& learning, const std::string& more = "") {
    return message_of<invalid_input>([&] { read(file(learning, more)); });
}

bool tells(const std::string& message, std::initializer_list<std::string> parts) {
    return std::ranges::all_of(parts, [&](const std::string& part) { return says(message, part); });
}

TEST(experiment_learning, every_key_becomes_what_it_says) {
    const auto e = read(file(R"({"rule": "pair_stdp", "published": "bi_poo", "parameters": {"tau_plus": "10 ms"}, "unit": "4 nS", "bounds": [0.1, 2], "interval": "1 ms",
        "start": "5 ms", "stop": "1 s", "region": "r", "total": 7, "total_interval": "50 ms"})",
        R"(, "modulators": [{"name": "dopamine", "region": "r", "tau": "0.1 s", "baseline": 0.5, "releases": [{"at": "20 ms", "amount": 2}], "sources": [{"population": "cells", "amount": 0.1, "delay": "3 ms"}]}],
        "weights": [{"label": "w", "projection": "in", "interval": "10 ms", "start": "20 ms"}])"));
    const auto& l = e.model.projections.at(0).learns.value();
    EXPECT_EQ(l.rule, "pair_stdp");
    EXPECT_EQ(l.published, "bi_poo");
    EXPECT_EQ(l.parameters.at("tau_plus"), parse_quantity("10 ms"));
    EXPECT_EQ(l.unit.value(), parse_quantity("4 nS"));
    EXPECT_EQ(l.low, 0.1);
    EXPECT_EQ(l.high, 2);
    EXPECT_EQ(l.interval, 1*ms);
    EXPECT_EQ(l.start, 5*ms);
    EXPECT_EQ(l.stop, 1000*ms);
    EXPECT_EQ(l.region, "r");
    EXPECT_EQ(l.total, 7);
    EXPECT_EQ(l.total_interval, 50*ms);
    const auto& m = e.model.modulators.at(0);
    EXPECT_EQ(m.tau, 100*ms);
    EXPECT_EQ(m.baseline, 0.5);
    EXPECT_EQ(m.releases, (std::vector<std::pair<double, double>>{{20, 2}}));
    EXPECT_EQ(m.sources.at(0).population, "cells");
    EXPECT_EQ(m.sources.at(0).delay, 3*ms);
    EXPECT_EQ(e.model.weight_probes.at(0).interval, 10*ms);
    EXPECT_EQ(e.model.weight_probes.at(0).start, 20*ms);
}

TEST(experiment_learning, effects_of_modulators_become_what_they_say) {
    const auto e = read(file(R"({"rule": "pair_stdp"})", R"(, "modulators": [{"name": "ach", "effects": [
        {"population": "cells", "parameter": "v_t", "shift": "-2 mV", "half": 0.5, "hill": 2, "tau_on": "5 ms", "tau_off": "9 ms", "interval": "1 ms"},
        {"projection": "in", "parameter": "weight", "scale": -0.5}]}])"));
    const auto& effects = e.model.modulators.at(0).effects;
    ASSERT_EQ(effects.size(), 2u);
    EXPECT_EQ(effects[0].population, "cells");
    EXPECT_EQ(effects[0].parameter, "v_t");
    EXPECT_EQ(effects[0].shift.value(), parse_quantity("-2 mV"));
    EXPECT_EQ(effects[0].half, 0.5);
    EXPECT_EQ(effects[0].hill, 2);
    EXPECT_EQ(effects[0].tau_on, 5*ms);
    EXPECT_EQ(effects[0].tau_off, 9*ms);
    EXPECT_EQ(effects[0].interval, 1*ms);
    EXPECT_EQ(effects[1].projection, "in");
    EXPECT_EQ(effects[1].scale, -0.5);
    EXPECT_NO_THROW(compile(e.model, e.run));
    const auto wrong = [](const std::string& effect) { return refusal(R"({"rule": "pair_stdp"})", R"(, "modulators": [{"name": "ach", "effects": [)" + effect + "]}]"); };
    EXPECT_TRUE(tells(wrong(R"({"population": "cell", "parameter": "v_t", "scale": 1})"), {"/modulators/0/effects/0/population", "did you mean 'cells'"}));
    EXPECT_TRUE(tells(wrong(R"({"projection": "im", "parameter": "weight", "scale": 1})"), {"/modulators/0/effects/0/projection", "did you mean 'in'"}));
    EXPECT_TRUE(tells(wrong(R"({"population": "cells", "parameter": "v_t", "shift": "2 mVV"})"), {"/modulators/0/effects/0/shift"}));
    EXPECT_TRUE(tells(wrong(R"({"population": "cells", "scale": 1})"), {"/modulators/0/effects/0", "parameter"}));
    EXPECT_TRUE(tells(wrong(R"({"population": "cells", "parameter": "v_t", "scale": 1, "hill": 0})"), {"/modulators/0/effects/0/hill"}));
}

TEST(experiment_learning, what_is_wrong_is_told_with_its_place) {
    EXPECT_TRUE(tells(refusal(R"({"rule": "pair_sdtp"})"), {"/projections/0/learning/rule", "pair_stdp"}));
    EXPECT_TRUE(tells(refusal(R"({"rule": "pair_stdp", "published": "song"})"), {"/learning/published", "song_2000"}));
    EXPECT_TRUE(tells(refusal(R"({"rule": "pair_stdp", "parameters": {"tau_plu": "1 ms"}})"), {"/parameters/tau_plu", "tau_plus"}));
    EXPECT_TRUE(tells(refusal(R"({"rule": "pair_stdp", "parameters": {"tau_plus": "-1 ms"}})"), {"/parameters/tau_plus", "out of range"}));
    EXPECT_TRUE(tells(refusal(R"({"rule": "pair_stdp", "parameters": {"tau_plus": "1 mV"}})"), {"/parameters/tau_plus"}));
    EXPECT_TRUE(tells(refusal(R"({"rule": "pair_stdp", "unit": "4 mV"})"), {"/learning/unit"}));
    EXPECT_TRUE(tells(refusal(R"({"rule": "pair_stdp", "bounds": [2, 1]})"), {"/learning", "bounds"}));
    EXPECT_TRUE(tells(refusal(R"({"rule": "pair_stdp", "bounds": [2]})"), {"/learning", "bounds"}));
    EXPECT_TRUE(tells(refusal(R"({"rule": "pair_stdp", "interval": "-1 ms"})"), {"/learning/interval"}));
    EXPECT_TRUE(tells(refusal(R"({})"), {"/learning", "rule"}));
    EXPECT_TRUE(tells(refusal(R"({"rule": "pair_stdp"})", R"(, "weights": [{"label": "w", "projection": "im"}])"), {"/weights/0/projection", "did you mean 'in'"}));
    EXPECT_TRUE(tells(refusal(R"({"rule": "pair_stdp"})", R"(, "modulators": [{"name": "dopamine", "sources": [{"population": "cell", "amount": 1}]}])"), {"/modulators/0/sources/0/population", "cells"}));
    EXPECT_TRUE(tells(refusal(R"({"rule": "pair_stdp"})", R"(, "modulators": [{"name": "dopamine"}, {"name": "dopamine"}])"), {"/modulators/1/name"}));
}

/// From the file the experiment came in to the file its weights leave in.
TEST(experiment_learning, weights_go_to_a_file_and_come_back) {
    const temporary_folder folder;
    auto e = read(file(R"({"rule": "pair_stdp", "unit": "16 nS", "bounds": [0, 1]})", R"(, "weights": [{"label": "w", "projection": "in", "interval": "50 ms"}])"));
    e.output.folder = folder / "out", e.output.csv = true;
    simulation s(e.model, e.run);
    s.run(e.until);
    write_results(e, s, {}, overwrite::no);
    const auto& kept = s.weight_recordings().front();
    EXPECT_EQ(kept.times, (std::vector<double>{0, 50, 100, 150, 200}));
    ASSERT_EQ(kept.columns(), 60u);
    EXPECT_NEAR(kept.column(7)[0], 8e-3, 1e-12);
    EXPECT_NE(kept.column(7)[0], kept.column(7)[4]);
    const auto back = read_weights(folder / "out/w.h5");
    EXPECT_EQ(back.times, kept.times);
    EXPECT_EQ(back.samples, kept.samples);
    EXPECT_EQ(back.synapses.source, kept.synapses.source);
    EXPECT_EQ(back.synapses.target, kept.synapses.target);
    EXPECT_EQ(back.synapses.unit, "uS");
    EXPECT_EQ(s.weights("in").weight, back.synapses.weight);
    EXPECT_TRUE(tells(read_text(folder / "out/w.csv"), {"time [ms],0>0 [uS],", "\n50,"}));
}

}  // namespace
}  // namespace apical
