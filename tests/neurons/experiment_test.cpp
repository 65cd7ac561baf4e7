// SPDX-License-Identifier: BSD-3-Clause
// Point neurons in experiment files.
#include <gtest/gtest.h>

#include "core/error.hpp"
#include "io/experiment.hpp"
#include "tests/neurons/neurons.hpp"

namespace apical {
namespace {

using namespace units;

constexpr const char* file = R"json({
  "cells": {"adex": {"model": "adex", "options": {"set": "adapting", "tau_w": "200 ms"}}, "two": {"model": "naud_sprekeler"}},
  "populations": [{"name": "a", "cell": "adex", "size": 5}, {"name": "b", "cell": "two"}],
  "receptors": [{"label": "e", "receptor": "expsyn", "population": "a", "tau": "5 ms"}],
  "poisson_trains": [{"onto": "e", "rate": "2 kHz", "weight": "3 nS", "start": "5 ms", "duration": "1 s", "stream": 2}],
  "stimuli": [{"type": "step", "population": "b", "at": "apic[0](0.5)", "delay": "0 ms", "duration": "1 s", "amplitude": "0.5 nA"}],
  "probes": [{"label": "w", "population": "a", "variable": "adex.w"}],
  "detectors": [{"population": "a"}],
  "run": {"until": "100 ms", "dt": "0.1 ms", "neurons": "adaptive", "tolerance": 1e-7}
})json";

std::string refusal(std::string text, std::string_view piece, std::string_view by) {
    text.replace(text.find(piece), piece.size(), by);
    try {
        parse_experiment(text, "a.json", ".");
    } catch (const invalid_input& e) {
        return e.what();
    }
    return "nothing was wrong";
}

TEST(neuron_experiments, say_and_run_what_the_library_can) {
    const auto e = parse_experiment(file, "a.json", ".");
    EXPECT_EQ(e.run.neurons, neuron_method::adaptive);
    EXPECT_EQ(e.run.tolerance, 1e-7);
    EXPECT_EQ(e.model.populations[0].cell.point()->name, "adex");
    EXPECT_EQ(e.model.populations[0].cell.point()->parameters.at("tau_w").value, 200);
    EXPECT_NEAR(e.model.populations[0].cell.point()->parameters.at("b").value, 0.06, 1e-15) << "of the set";
    ASSERT_EQ(e.model.poisson_trains.size(), 1u);
    const auto& train = e.model.poisson_trains[0];
    EXPECT_NEAR(train.rate.coherent(), 2, 1e-15);
    EXPECT_EQ(train.start, 5*ms);
    EXPECT_EQ(train.duration, 1000*ms);
    EXPECT_EQ(train.stream, 2u);
    simulation s(e.model, e.run);
    s.run(e.until);
    EXPECT_GT(s.spikes().size(), 5u);
    EXPECT_EQ(s["w"].rows(), 1001u);
}
TEST(neuron_experiments, mistakes_are_told_with_their_lines) {
    const std::string text = file;
    EXPECT_NE(refusal(text, "\"adapting\"", "\"adapted\"").find("did you mean 'adapting'?"), std::string::npos);
    EXPECT_NE(refusal(text, "200 ms", "200 mV").find("a.json:2"), std::string::npos);
    EXPECT_NE(refusal(text, "\"onto\": \"e\"", "\"onto\": \"f\"").find("no receptor is labelled 'f'"), std::string::npos);
    EXPECT_NE(refusal(text, "2 kHz", "2 ms").find("a.json:5"), std::string::npos);
    EXPECT_NE(refusal(text, "\"adaptive\"", "\"adaptively\"").find("did you mean 'adaptive'?"), std::string::npos);
    EXPECT_NE(refusal(text, "\"naud_sprekeler\"", "\"naud_sprekeler\", \"paint\": [{\"region\": \"all\", \"mechanism\": \"pas\"}]").find("nothing can be painted"), std::string::npos);
    EXPECT_NE(refusal(text, "apic[0]", "apic[1]").find("apic[1]"), std::string::npos);
}

}  // namespace
}  // namespace apical
