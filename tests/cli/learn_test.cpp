// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "io/json.hpp"
#include "io/output_file.hpp"
#include "tests/cli/program.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

/// apical learn, as people run it.
namespace apical {
namespace {

using testing::says, testing::temporary_folder;

double last_error(const std::string& document) { return json::parse(document, "out").find("curve")->items.back().find("test_missed")->number; }

TEST(cli_learn, lists_tasks_and_rules) {
    const auto o = testing::apical({"learn"});
    EXPECT_EQ(o.code, 0);
    for (const char* part : {"encoder_4_2_4", "digits", "feedback_alignment", "burstprop"}) says(o.out, part);
}
TEST(cli_learn, writes_a_curve_and_goes_on_with_the_same_bits) {
    const temporary_folder folder;
    const auto file = (folder / "t.h5").string(), out = (folder / "out").string();
    const std::vector<std::string> task{"learn", "--task", "encoder_4_2_4", "--rule", "contrastive_hebbian", "--rate", "2", "--json", "--quiet"};
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), task.begin(), task.end());
        return testing::apical(more);
    };
    const auto whole = with({"--epochs", "300", "--out", out, "--checkpoint", file, "--checkpoint-every", "100"}), longer = with({"--epochs", "400", "--threads", "2"});
    EXPECT_EQ(whole.code, 0) << whole.err;
    for (const char* name : {"curve.csv", "curve.json", "report.html"}) EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(out)/name));
    EXPECT_EQ(with({"--epochs", "300", "--out", out}).code, 1) << "results are there already";
    const auto resumed = with({"--epochs", "400", "--resume", file});
    EXPECT_EQ(resumed.code, 0) << resumed.err;
    const auto a = json::parse(resumed.out, "out"), b = json::parse(longer.out, "out");
    ASSERT_EQ(a.find("curve")->items.size(), 400u);
    for (std::size_t e = 0; e < 400; ++e) EXPECT_EQ(a.find("curve")->items[e].find("test_loss")->number, b.find("curve")->items[e].find("test_loss")->number);
    EXPECT_EQ(last_error(longer.out), 0);
    const auto other = with({"--epochs", "400", "--resume", file, "--seed", "2"});
    EXPECT_EQ(other.code, 1);
    says(other.err, "is of another training");
}
TEST(cli_learn, compares_rules) {
    const temporary_folder folder;
    const auto o = testing::apical({"learn", "--scoreboard", "--task", "yin_yang", "--rule", "backprop,feedback_alignment,xcal", "--hidden", "20", "--examples", "200", "--epochs", "3", "--seeds", "2",
                                    "--out", (folder / "b").string(), "--json", "--quiet"});
    EXPECT_EQ(o.code, 0) << o.err;
    const auto rules = json::parse(o.out, "out").find("rules")->items;
    ASSERT_EQ(rules.size(), 3u);
    EXPECT_EQ(rules[1].find("seeds")->items.size(), 2u);
    EXPECT_LT(rules[0].find("seeds")->items[0].find("last_angles_deg")->items[0].number, 1e-3);
    EXPECT_GT(rules[0].find("seeds")->items[0].find("atp_of_update")->number, rules[0].find("seeds")->items[0].find("atp_of_inference")->number);
    EXPECT_EQ(rules[1].find("seeds")->items[0].find("curve")->items.size(), 3u);
    for (const char* part : {"feedback_alignment,", "transport,phases,ATP an inference,ATP an update,time [s]"}) says(read_text(folder / "b/scoreboard.csv"), part);
    says(read_text(folder / "b/scoreboard.html"), "Grades");
    const auto curves = read_text(folder / "b/scoreboard_curves.csv");
    says(curves, "rule,training,epoch,train_error,test_error,seconds,angle_1_deg,angle_2_deg\n");
    EXPECT_EQ(std::ranges::count(curves, '\n'), 1 + 3*2*3) << "rules, seeds, epochs";
}
TEST(cli_learn, tells_what_nobody_teaches) {
    const auto o = testing::apical({"learn", "--task", "unit_square", "--rule", "self_organizing_map", "--epochs", "4", "--json", "--quiet"});
    EXPECT_EQ(o.code, 0) << o.err;
    EXPECT_LE(json::parse(o.out, "out").find("representation")->find("topographic error")->number, 0.05);
    says(testing::apical({"learn", "--task", "gaussian", "--rule", "oja", "--epochs", "1"}).out, "|cos| of unit 0 with its principal direction: 1.00");
    says(testing::apical({"learn", "--task", "gaussian", "--rule", "backprop"}).err, "has nothing to be told");
    EXPECT_EQ(testing::apical({"learn", "--scoreboard", "--rule", "oja"}).code, 2);
}
TEST(cli_learn, tells_what_is_wrong) {
    EXPECT_EQ(testing::apical({"learn", "--task", "parity", "--set", "x"}).code, 2);
    EXPECT_EQ(testing::apical({"learn", "--task", "parity", "--rule", "backprop,dale"}).code, 2);
    const auto o = testing::apical({"learn", "--task", "parrity"});
    EXPECT_EQ(o.code, 1);
    says(o.err, "did you mean 'parity'?");
}

}  // namespace
}  // namespace apical
