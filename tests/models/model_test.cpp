// SPDX-License-Identifier: BSD-3-Clause
#include "models/model.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "engine/simulation.hpp"
#include "models/protocols.hpp"

namespace apical::models {
namespace {

using namespace units;

TEST(models, are_found_by_the_build_and_say_what_they_are) {
    std::set<std::string> names;
    for (const auto& m : all()) {
        EXPECT_TRUE(names.insert(m.name).second) << m.name << " is there twice";
        EXPECT_FALSE(m.summary.empty()) << m.name;
        EXPECT_NE(m.source.find_first_of("12"), std::string::npos) << m.name << " names no year";
        for (const auto& o : m.options) EXPECT_FALSE(o.meaning.empty()) << m.name << " / " << o.name;
    }
    for (const char* name : {"adex", "ball_and_stick", "l5pc", "lif", "squid_axon"}) EXPECT_TRUE(names.contains(name)) << name;
}

TEST(models, with_their_defaults_compile_and_run) {
    for (const auto& m : all()) {
        const auto c = build(m.name);
        if (c.point()) continue;   // tests/neurons asks these, which start at a rest of their own and may have no potential
        experiment nothing;
        nothing.probes = {{.label = "v", .on = {"cell", m.name == "squid_axon" ? "axon[0](0.5)" : "soma(0.5)"}}};
        simulation s(on(c, nothing), {.temperature = m.temperature});
        s.run(5*ms);
        const auto& v = s["v"].samples;
        EXPECT_NEAR(v.front(), c.v_init().in(mV), 1e-9) << m.name;
        EXPECT_TRUE(std::isfinite(v.back())) << m.name;
        EXPECT_NEAR(v.back(), v.front(), 25) << m.name << " runs away from its start";
    }
}

/// Every choice is understood, and makes a different cell of no two names: an option that changes nothing is a lie.
TEST(models, accept_each_of_their_choices) {
    for (const auto& m : all()) {
        for (const auto& o : m.options) {
            for (const auto& choice : o.choices) EXPECT_NO_THROW((void)build(m.name, {{o.name, choice}})) << m.name << " / " << o.name;
            if (!o.choices.empty()) {
                EXPECT_NE(std::ranges::find(o.choices, o.value), o.choices.end()) << m.name << " / " << o.name;
            }
        }
    }
}

std::string message(std::string_view model, const option_values& values) {
    try {
        (void)build(model, values);
    } catch (const invalid_model& e) {
        return e.what();
    }
    return "nothing was thrown";
}

TEST(models, suggest_what_was_meant) {
    EXPECT_NE(message("l5pcs", {}).find("did you mean 'l5pc'?"), std::string::npos) << message("l5pcs", {});
    const auto option = message("squid_axon", {{"diametre", "1 um"}});
    EXPECT_NE(option.find("did you mean 'diameter'?"), std::string::npos) << option;
    const auto choice = message("l5pc", {{"biophysics", "biophys5"}});
    EXPECT_NE(choice.find("did you mean"), std::string::npos) << choice;
}

TEST(models, refuse_values_that_make_no_sense) {
    EXPECT_NE(message("squid_axon", {{"diameter", "-3 um"}}).find("not positive"), std::string::npos);
    EXPECT_NE(message("squid_axon", {{"diameter", "3 mV"}}).find("diameter"), std::string::npos);
    EXPECT_NE(message("ball_and_stick", {{"compartments", "2.5"}}).find("whole number"), std::string::npos);
}

TEST(models, options_reach_the_cell) {
    const auto thin = build("squid_axon", {{"diameter", "1 um"}, {"length", "1 mm"}});
    EXPECT_DOUBLE_EQ(thin.shape()[0].points.front().diameter, 1);
    EXPECT_DOUBLE_EQ(thin.shape().length(0), 1000);
    const auto counts = compartment_counts(build("ball_and_stick", {{"compartments", "9"}}).shape(),
                                           build("ball_and_stick", {{"compartments", "9"}}).rule(), {});
    EXPECT_EQ(counts.back(), 9);
}

}  // namespace
}  // namespace apical::models
