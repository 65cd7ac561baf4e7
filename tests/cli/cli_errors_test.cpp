// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <gtest/gtest.h>

#include "io/json.hpp"
#include "io/output_file.hpp"
#include "tests/cli/program.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

/// Exit codes: 1 for a fault of the model or of a file, 2 for a fault of the usage, 3 for a simulation that diverged.
namespace apical {
namespace {

using testing::says, testing::small_experiment, testing::temporary_folder;

testing::outcome run_with(const std::string& text, std::vector<std::string> more = {}) {
    const temporary_folder folder;
    write_text(folder / "a.json", text);
    more.insert(more.begin(), {"run", (folder / "a.json").string(), "--out", (folder / "out").string()});
    return testing::apical(more);
}

TEST(cli_errors, of_usage_exit_with_2) {
    for (const std::vector<std::string>& wrong : std::vector<std::vector<std::string>>{
             {}, {"rum"}, {"run"}, {"run", "a.json", "--threads", "0"}, {"run", "a.json", "--thread", "1"}, {"run", "a.json", "--set", "dt=1"},
             {"morphology", "a.swc", "chek"}, {"morphology", "pv_basket", "convert"}, {"bench", "--cells", "x"}}) {
        const auto o = testing::apical(wrong);
        EXPECT_EQ(o.code, 2) << o.err;
        EXPECT_TRUE(o.err.starts_with("error: ")) << o.err;
        EXPECT_EQ(o.out, "");
    }
    says(testing::apical({"run"}).err, "error: apical run: EXPERIMENT is required; see apical run --help");
}

TEST(cli_errors, of_files_exit_with_1_and_say_where) {
    auto o = testing::apical({"run", "nowhere.json"});
    EXPECT_EQ(o.code, 1);
    says(o.err, "error: nowhere.json: cannot be opened: No such file or directory");
    o = run_with(small_experiment(R"("until": 40)"));
    EXPECT_EQ(o.code, 1);
    says(o.err, "a.json:7 /run/until: expected a quantity with its unit, got the bare number 40; did you mean \"40 ms\"?");
    o = run_with("{");
    EXPECT_EQ(o.code, 1);
    says(o.err, "a.json:1:");
    o = testing::apical({"morphology", "nowhere.swc"});
    EXPECT_EQ(o.code, 1);
    says(o.err, "error: nowhere.swc");
    o = testing::apical({"morphology", "pv_basket/x"});
    EXPECT_EQ(o.code, 1);
}

TEST(cli_errors, every_problem_has_its_line) {
    auto text = small_experiment(R"("until": 40, "dtt": "1 ms")");
    text.replace(text.find("\"0.3 nA\""), 8, "\"0.3 mV\"");
    const auto o = run_with(text);
    EXPECT_EQ(o.code, 1);
    EXPECT_EQ(std::count(o.err.begin(), o.err.end(), '\n'), 3) << o.err;
}

TEST(cli_errors, of_names_come_with_a_suggestion) {
    says(testing::apical({"channels", "nata_"}).err, "did you mean 'nata_t'?");
    says(testing::apical({"models", "l5pv"}).err, "did you mean 'l5pc'?");
    says(run_with(small_experiment(), {"--scheme", "crank"}).err, "crank_nicolson");
    EXPECT_EQ(testing::apical({"channels", "nata"}).code, 1);
}

TEST(cli_errors, of_the_model_exit_with_1) {
    auto text = small_experiment();
    text.replace(text.find("\"interval\": \"0.1 ms\""), 20, "\"variable\": \"nata_t.m\"");
    const auto o = run_with(text);
    EXPECT_EQ(o.code, 1);
    EXPECT_TRUE(o.err.starts_with("error: ")) << o.err;
}

TEST(cli_errors, of_divergence_exit_with_3_and_leave_the_last_steps_to_replay) {
    const temporary_folder folder;
    auto text = small_experiment();
    text.replace(text.find("\"0.3 nA\""), 8, "\"3 mA\"");
    write_text(folder / "a.json", text);
    const auto o = testing::apical({"run", (folder / "a.json").string(), "--out", (folder / "out").string()});
    EXPECT_EQ(o.code, 3) << o.err;
    says(o.err, "error: ball[0] / ");
    says(o.err, "try a smaller dt");
    const auto record = (folder / "out/diverged.json").string();
    says(o.err, "'apical replay " + record + "' runs it again");
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "out"), {}), 1) << "there are results";

    const auto again = testing::apical({"replay", record});
    EXPECT_EQ(again.code, 0) << again.err << again.out;
    says(again.out, "the same to the last bit as recorded");
    says(again.out, "ball[0] / ");

    auto changed = read_text(record);
    const auto at = changed.find("3 mA");
    changed.replace(at, 4, "4 mA");
    write_text(folder / "changed.json", changed);
    const auto other = testing::apical({"replay", (folder / "changed.json").string()});
    EXPECT_EQ(other.code, 1) << other.err;
    says(other.out, "NOT as recorded");

    write_text(folder / "none.json", "{}");
    const auto none = testing::apical({"replay", (folder / "none.json").string()});
    EXPECT_EQ(none.code, 1);
    says(none.err, "'experiment' is missing or not an object; give it a file that 'apical run' wrote");
}

TEST(cli_errors, are_json_when_asked) {
    const auto problems_of = [](const testing::outcome& o, std::string_view kind) {
        EXPECT_EQ(o.out, "");
        const auto v = json::parse(o.err, "stderr");
        EXPECT_EQ(v.find("error")->find("kind")->text, kind);
        return v.find("error")->find("problems")->items;
    };
    EXPECT_EQ(problems_of(testing::apical({"--json", "run"}), "usage").size(), 1u);
    const auto two = problems_of(run_with(small_experiment(R"("until": 40, "dtt": "1 ms")"), {"--json"}), "invalid_input");
    ASSERT_EQ(two.size(), 2u);
    says(two[0].find("where")->text, "a.json:7 /run/until");
    EXPECT_EQ(two[0].find("hint")->text, "did you mean \"40 ms\"?");
}

TEST(cli_errors, bytes_that_are_no_text_do_not_reach_the_terminal) {
    const auto o = testing::apical({"channels", "a\x1b[2Jb\x07"});
    EXPECT_EQ(o.code, 1);
    EXPECT_EQ(o.err.find('\x1b'), std::string::npos);
    EXPECT_EQ(testing::apical({"channels", "\xff\xfe", "--json"}).code, 1);
}

TEST(cli_errors, help_and_version_are_no_errors) {
    for (const char* command : {"run", "demo", "morphology", "channels", "models", "bench", "schema"}) {
        const auto o = testing::apical({command, "--help"});
        EXPECT_EQ(o.code, 0) << command;
        says(o.out, "Usage: apical ");
        says(o.out, "--json");
    }
    says(testing::apical({"--version"}).out, "apical ");
}

}  // namespace
}  // namespace apical
