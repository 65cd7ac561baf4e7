// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "io/json.hpp"
#include "io/report.hpp"
#include "io/spikes.hpp"
#include "tests/cli/program.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using testing::outcome, testing::says, testing::small_experiment, testing::temporary_folder;

/// The result of a command as JSON; fails the test if the command failed.
json::value result(std::vector<std::string> arguments) {
    arguments.push_back("--json");
    const auto o = testing::apical(arguments);
    EXPECT_EQ(o.code, 0) << o.err;
    EXPECT_EQ(o.err, "");
    return json::parse(o.out, "stdout");
}

double number(const json::value& v, std::string_view name) { return v.find(name) ? v.find(name)->number : std::nan(""); }

TEST(cli_run, writes_what_it_lists_and_says_what_it_did) {
    const temporary_folder folder;
    write_text(folder / "a.json", small_experiment());
    const auto r = result({"run", (folder / "a.json").string(), "--out", (folder / "out").string()});
    EXPECT_EQ(number(r, "simulated_ms"), 40);
    EXPECT_GT(number(r, "ns_per_compartment_step"), 0);
    for (const auto& f : r.find("files")->items) EXPECT_TRUE(std::filesystem::exists(f.text)) << f.text;
    EXPECT_EQ(r.find("files")->items.size(), 4u);
    const auto spikes = read_spikes(folder / "out/spikes.h5");
    EXPECT_GT(spikes.at(0).times.size(), 0u);
    EXPECT_EQ(static_cast<double>(spikes[0].times.size()), number(r.find("populations")->items.at(0), "spikes"));
    const auto traces = read_report(folder / "out/dendrite.h5");
    EXPECT_EQ(traces.at(0).interval, 0.1);
    EXPECT_GT(std::ranges::max(traces[0].data), -60);
    says(read_text(folder / "out/report.html"), "<title>small</title>");
}

TEST(cli_run, tells_how_wrong_it_is_where_it_is_asked) {
    const temporary_folder folder;
    write_text(folder / "a.json", small_experiment());
    const std::vector<std::string> call{"run", (folder / "a.json").string(), "--out", (folder / "out").string(), "--verify"};
    const auto r = result(call);
    const auto& cell = r.find("verification")->find("populations")->items.at(0);
    EXPECT_EQ(number(cell, "missed"), 0);
    const auto* median = cell.find("median_error_ms");
    EXPECT_GT(number(*median, "value"), 0);
    EXPECT_LE(number(*median, "low"), number(*median, "value"));
    EXPECT_LE(number(*median, "value"), number(*median, "high"));
    says(read_text(folder / "out/report.html"), "Errors of spike times");
    const auto file = json::parse(read_text(folder / "out/verification.json"), "verification.json");
    EXPECT_EQ(number(*file.find("populations")->items.at(0).find("median_error_ms"), "value"), number(*median, "value"));
    EXPECT_EQ(r.find("files")->items.size(), 5u);

    const auto again = testing::apical(call);
    EXPECT_NE(again.code, 0) << "it replaces nothing unasked";
    auto replacing = call;
    replacing.push_back("--overwrite");
    says(testing::apical(replacing).out, "errors of spike times, from runs in steps of 0.0125 and 0.00625 ms");
}

TEST(cli_run, chooses_a_scheme_that_is_as_exact_as_asked_for) {
    const temporary_folder folder;
    write_text(folder / "a.json", small_experiment());
    const auto with = [&](const std::string& accuracy, const std::string& out) {
        return testing::apical({"run", (folder / "a.json").string(), "--out", (folder / out).string(), "--accuracy", accuracy, "--verify"});
    };
    const auto o = with("0.01 ms", "out");
    EXPECT_EQ(o.code, 0) << o.err;
    says(o.err, "accuracy 0.01 ms: ");
    says(o.err, "is the cheapest of");
    const auto file = json::parse(read_text(folder / "out/verification.json"), "verification.json");
    EXPECT_LT(number(*file.find("populations")->items.at(0).find("p95_error_ms"), "value"), 0.015);
    const auto impossible = with("1e-15 ms", "other");
    EXPECT_NE(impossible.code, 0);
    says(impossible.err, "no scheme tried has spike times within 1e-15 ms");
    EXPECT_FALSE(std::filesystem::exists(folder / "other"));
}

TEST(cli_convergence, tells_what_every_way_costs_and_draws_it) {
    const temporary_folder folder;
    write_text(folder / "a.json", small_experiment());
    const std::vector<std::string> call{"convergence", (folder / "a.json").string(), "--accuracy", "0.1 ms", "--page", (folder / "page.html").string()};
    const auto r = result(call);
    EXPECT_GT(r.find("points")->items.size(), 10u);
    EXPECT_EQ(r.find("reference")->text, "precise, 1e-06 mV");
    says(read_text(folder / "page.html"), "Error against time");
    EXPECT_NE(testing::apical(call).code, 0) << "it replaces nothing unasked";
}

TEST(cli_run, text_output_names_the_files) {
    const temporary_folder folder;
    write_text(folder / "a.json", small_experiment());
    const auto o = testing::apical({"run", (folder / "a.json").string(), "--out", (folder / "out").string()});
    EXPECT_EQ(o.code, 0) << o.err;
    EXPECT_EQ(o.err, "") << "no progress unless somebody looks";
    says(o.out, "out/spikes.h5");
    says(o.out, "40 ms in steps of 0.025 ms, crank_nicolson");
}

TEST(cli_run, options_take_the_place_of_the_files_values) {
    const temporary_folder folder;
    write_text(folder / "a.json", small_experiment());
    const auto with = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"run", (folder / "a.json").string(), "--out", (folder / "out").string(), "--overwrite"});
        return result(more);
    };
    EXPECT_EQ(number(with({"--dt", "0.05 ms"}), "dt_ms"), 0.05);
    EXPECT_EQ(with({"--scheme", "be"}).find("scheme")->text, "backward_euler");
    EXPECT_EQ(number(with({"--set", "/run/until=20 ms"}), "simulated_ms"), 20);
    EXPECT_EQ(number(with({"--threads", "2"}), "simulated_ms"), 40);
    EXPECT_EQ(with({"--set", "/stimuli/0/amplitude=0 nA", "--set", "/output/report=false"}).find("files")->items.size(), 3u);
    EXPECT_EQ(read_spikes(folder / "out/spikes.h5").at(0).times.size(), 0u);
}

TEST(cli_run, says_which_cells_fixed_steps_would_have_done_for_less) {
    const temporary_folder folder;
    write_text(folder / "a.json", small_experiment());
    const auto with = [&](const std::string& error) {
        return std::vector<std::string>{"run", (folder / "a.json").string(), "--out", (folder / "out").string(), "--overwrite", "--scheme", "precise", "--set", "/run/max_error=" + error};
    };
    const auto dear = result(with("1e-6 mV"));
    ASSERT_EQ(dear.find("dearer_than_fixed")->items.size(), 1u);
    const auto& cell = dear.find("dearer_than_fixed")->items[0];
    EXPECT_EQ(cell.find("population")->text, "ball");
    EXPECT_GT(13*number(cell, "steps"), 40/0.025);
    EXPECT_NEAR(number(cell, "steps")*number(cell, "mean_step_ms"), 40, 10) << "the last step may go beyond the end";
    says(testing::apical(with("1e-6 mV")).out, "cost more than steps of 0.025 ms under crank_nicolson");
    auto quiet = with("1 mV");
    quiet.insert(quiet.end(), {"--set", "/stimuli/0/amplitude=0 nA"});
    EXPECT_EQ(result(quiet).find("dearer_than_fixed")->items.size(), 0u);
    EXPECT_EQ(testing::apical(quiet).out.find("cost more"), std::string::npos);
    EXPECT_EQ(result({"run", (folder / "a.json").string(), "--out", (folder / "out").string(), "--overwrite"}).find("dearer_than_fixed"), nullptr) << "fixed steps have nothing to tell";
}

TEST(cli_run, replaces_nothing_unless_asked) {
    const temporary_folder folder;
    write_text(folder / "a.json", small_experiment());
    write_text(folder / "report.html", "mine");
    const std::vector<std::string> arguments{"run", (folder / "a.json").string(), "--out", folder.path().string()};
    const auto o = testing::apical(arguments);
    EXPECT_EQ(o.code, 1);
    says(o.err, "report.html: already exists");
    EXPECT_EQ(read_text(folder / "report.html"), "mine");
    EXPECT_EQ(folder.entries(), 2) << "told before anything is written";
    auto again = arguments;
    again.push_back("--overwrite");
    EXPECT_EQ(testing::apical(again).code, 0);
    EXPECT_NE(read_text(folder / "report.html"), "mine");
}

TEST(cli_channels, lists_and_shows) {
    const auto all = result({"channels"});
    EXPECT_GT(all.items.size(), 20u);
    says(testing::apical({"channels"}).out, "nata_t");
    const auto one = result({"channels", "NaTa_t"});
    EXPECT_EQ(one.find("name")->text, "nata_t");
    for (const auto& row : one.find("gates")->items)
        EXPECT_TRUE(number(row, "v_mV") != 0 || number(*row.find("m"), "inf") > 0.99);
    EXPECT_EQ(one.find("gates")->items.size(), 15u);
    const auto sk = result({"channels", "sk_e2"});
    const auto& half = sk.find("gates")->items.at(4);
    EXPECT_EQ(number(half, "c_in_mM"), 5e-4);
    EXPECT_NEAR(number(*half.find("z"), "inf"), 0.67347621180, 1e-9);
    EXPECT_NEAR(number(*half.find("z"), "tau_ms"), 1, 1e-9);
}

TEST(cli_channels, time_constants_follow_the_temperature) {
    const auto tau = [](const std::string& celsius) {
        const auto r = result({"channels", "hh_na", "--celsius", celsius});
        return number(*r.find("gates")->items.at(4).find("m"), "tau_ms");
    };
    EXPECT_NEAR(tau("6.3")/tau("16.3"), 3, 1e-9);
}

TEST(cli_models, lists_and_shows) {
    EXPECT_GE(result({"models"}).items.size(), 3u);
    const auto one = result({"models", "l5pc"});
    EXPECT_EQ(one.find("name")->text, "l5pc");
    EXPECT_GE(one.find("options")->items.size(), 2u);
    says(testing::apical({"models", "l5pc"}).out, "biophys3");
}

TEST(cli, a_cell_is_reduced_to_a_point) {
    const auto r = result({"reduce", "ball_and_stick", "--settle", "100 ms", "--step", "100 ms"});
    EXPECT_EQ(r.find("cell")->find("model")->text, "adex");
    EXPECT_EQ(r.find("steps")->items.size(), 12u);
    EXPECT_GT(r.find("rheobase_nA")->number, 0);
    says(testing::apical({"reduce", "ball_and_stick", "--set", "soma"}).err, "is not NAME=VALUE");
}

TEST(cli_circuit, lists_shows_and_runs) {
    EXPECT_GE(result({"circuit"}).items.size(), 3u);
    says(testing::apical({"circuit", "brunel", "--options"}).out, "slow_oscillation");
    says(testing::apical({"circuit", "ring", "--set", "rings=1", "--time", "20 ms", "--quiet"}).out, "irregularity");
    EXPECT_NE(testing::apical({"circuit", "rings"}).code, 0);
    EXPECT_NE(testing::apical({"circuit", "ring", "--set", "rings"}).code, 0);
}
TEST(cli_morphology, summarises_checks_converts_and_cuts) {
    const temporary_folder folder;
    const auto file = (folder / "a.swc").string();
    const auto converted = result({"morphology", "pv_basket/3", "convert", "--out", file});
    EXPECT_EQ(converted.find("file")->text, file);
    const auto generated = result({"morphology", "pv_basket/3"}), read = result({"morphology", file});
    EXPECT_EQ(number(*generated.find("all"), "sections"), number(*read.find("all"), "sections"));
    EXPECT_NEAR(number(*generated.find("all"), "length_um")/number(*read.find("all"), "length_um"), 1, 0.01);
    EXPECT_EQ(testing::apical({"morphology", file, "check"}).code, 0);
    const auto cut = result({"morphology", file, "compartments", "--rule", "count(3)"});
    EXPECT_EQ(number(cut, "compartments"), 3*number(*read.find("all"), "sections"));
    EXPECT_EQ(testing::apical({"morphology", "pv_basket/3", "convert", "--out", file}).code, 1) << "not replaced";
}

TEST(cli_schema, is_json_and_renews_a_page) {
    EXPECT_EQ(result({"schema"}).find("title")->text, "experiment");
    const temporary_folder folder;
    write_text(folder / "page.md", "before\n<!-- tables: begin -->\nold\n<!-- tables: end -->\nafter\n");
    EXPECT_EQ(testing::apical({"schema", "--renew", (folder / "page.md").string()}).code, 0);
    const auto page = read_text(folder / "page.md");
    EXPECT_TRUE(page.starts_with("before\n<!-- tables: begin -->\n### experiment"));
    EXPECT_TRUE(page.ends_with("<!-- tables: end -->\nafter\n"));
}

TEST(cli_bench, times_both_schemes) {
    const auto r = result({"bench", "--model", "ball_and_stick", "--cells", "5", "--until", "20 ms", "--repeats", "3"});
    const auto& schemes = r.find("schemes")->items;
    ASSERT_EQ(schemes.size(), 2u);
    for (const auto& s : schemes) {
        EXPECT_EQ(number(s, "steps"), 800);
        EXPECT_EQ(number(s, "compartments"), 30);
        EXPECT_GT(number(s, "ns_per_compartment_step"), 0);
        EXPECT_LE(number(s, "fastest_seconds"), number(s, "run_seconds"));
        EXPECT_GT(number(s, "bytes_per_cell"), 0);
    }
}

}  // namespace
}  // namespace apical
