// SPDX-License-Identifier: BSD-3-Clause
// "apical run --energy" as people run it: what it prints, what it writes, what it refuses.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include <gtest/gtest.h>

#include "io/json.hpp"
#include "io/output_file.hpp"
#include "tests/cli/program.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using testing::says, testing::small_experiment, testing::temporary_folder;

/// The small experiment with "energy" in it.
std::string metered(const std::string& meters) {
    auto text = small_experiment();
    const std::string before = "\"detectors\": [{}],";
    return text.insert(text.find(before) + before.size(), "\n  \"energy\": " + meters + ",");
}
constexpr auto one_meter = R"([{"label": "spikes", "population": "ball", "start": "5 ms", "stop": "40 ms", "rest": "5 ms", "interval": "0 ms"}])";

/// A run in a folder of its own.
class cli_energy : public ::testing::Test {
protected:
    temporary_folder folder;

    std::vector<std::string> call(const std::string& experiment, std::vector<std::string> more) const {
        write_text(folder / "a.json", experiment, overwrite::yes);
        more.insert(more.begin(), {"run", (folder / "a.json").string(), "--out", (folder / "out").string()});
        return more;
    }
    json::value result(const std::string& experiment, std::vector<std::string> more = {}) const {
        more.push_back("--json");
        const auto o = testing::apical(call(experiment, more));
        EXPECT_EQ(o.code, 0) << o.err;
        return json::parse(o.out, "stdout");
    }
    std::string csv() const { return read_text(folder / "out/energy.csv"); }
};

double number(const json::value& v, std::string_view name) { return v.find(name) ? v.find(name)->number : std::nan(""); }
bool is_null(const json::value& v, std::string_view name) { return v.find(name) && v.find(name)->type == json::kind::null; }

std::vector<std::vector<std::string>> table(const std::string& csv) {
    std::vector<std::vector<std::string>> rows;
    std::istringstream lines(csv);
    for (std::string line; std::getline(lines, line);) {
        auto& row = rows.emplace_back();
        std::istringstream words(line);
        for (std::string word; std::getline(words, word, ',');) row.push_back(word);
    }
    return rows;
}

TEST_F(cli_energy, counts_the_whole_run_of_every_population_unless_told_otherwise) {
    const auto r = result(small_experiment(), {"--energy"});
    ASSERT_EQ(r.find("energy")->items.size(), 1u);
    const auto& e = r.find("energy")->items[0];
    EXPECT_EQ(e.find("meter")->text, "ball");
    EXPECT_EQ(e.find("population")->text, "ball");
    EXPECT_EQ(number(e, "cell"), 0);
    EXPECT_EQ(number(e, "duration_ms"), 40);
    EXPECT_EQ(number(e, "spikes"), number(r.find("populations")->items.at(0), "spikes"));
    EXPECT_GT(number(e, "spikes"), 0);
    EXPECT_GT(number(e, "atp"), 1e5);
    EXPECT_NEAR(number(e, "atp"), number(e, "atp_sodium") + number(e, "atp_calcium") + number(e, "atp_chloride"), 1e-6*number(e, "atp")) << "there are no synapses";
    EXPECT_LT(std::abs(number(e, "residual")), 1e-2);
    EXPECT_NEAR(number(e, "housekeeping_atp_per_s"), number(e, "atp")/0.040/2, 1e-6*number(e, "atp")/0.040);
    for (const auto* unknown : {"rest_atp_per_s", "atp_above_rest", "atp_per_spike", "excess_ratio"}) EXPECT_TRUE(is_null(e, unknown)) << unknown << " without a time at rest";
}

TEST_F(cli_energy, a_meter_of_the_file_needs_no_flag_and_knows_its_rest) {
    const auto r = result(metered(one_meter));
    const auto& e = r.find("energy")->items.at(0);
    EXPECT_EQ(e.find("meter")->text, "spikes");
    EXPECT_EQ(number(e, "duration_ms"), 35);
    EXPECT_LT(std::abs(number(e, "residual")), 1e-11) << "it reads in every step";
    EXPECT_GT(number(e, "rest_atp_per_s"), 0);
    EXPECT_NEAR(number(e, "atp_above_rest"), number(e, "atp") - 0.035*number(e, "rest_atp_per_s"), 1e-6*number(e, "atp"));
    EXPECT_NEAR(number(e, "atp_per_spike"), number(e, "atp_above_rest")/number(e, "spikes"), 1e-6*number(e, "atp"));
    EXPECT_GT(number(e, "excess_ratio"), 1) << "no spike costs less than charging the membrane";
    EXPECT_GT(number(e, "separability"), 0);
    EXPECT_LT(number(e, "separability"), 1);
}

TEST_F(cli_energy, the_table_adds_up_to_what_is_told) {
    const auto r = result(metered(one_meter));
    const auto rows = table(csv());
    ASSERT_GT(rows.size(), 2u);
    EXPECT_EQ(rows[0], (std::vector<std::string>{"meter", "population", "cell", "section", "mechanism", "ion", "charge [pC]", "events", "ATP", "ATP/s"}));
    double atp = 0, sodium = 0;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        ASSERT_EQ(rows[i].size(), 10u);
        EXPECT_EQ(rows[i][0], "spikes");
        atp += std::stod(rows[i][8]);
        if (rows[i][5] == "na") sodium += std::stod(rows[i][8]);
        EXPECT_NEAR(std::stod(rows[i][9])*0.035, std::stod(rows[i][8]), 1e-6*std::abs(std::stod(rows[i][8])));
    }
    const auto& e = r.find("energy")->items.at(0);
    EXPECT_NEAR(atp, number(e, "atp"), 1e-6*number(e, "atp"));
    EXPECT_NEAR(sodium, number(e, "atp_sodium"), 1e-6*number(e, "atp"));
    const auto is_listed = [&](const json::value& f) { return f.text.ends_with("energy.csv"); };
    EXPECT_EQ(std::ranges::count_if(r.find("files")->items, is_listed), 1);
}

TEST_F(cli_energy, text_has_a_row_for_each_cell_and_the_shares_of_mechanisms) {
    const auto o = testing::apical(call(metered(one_meter), {}));
    EXPECT_EQ(o.code, 0) << o.err;
    for (const auto* word : {"energy meter", "at rest", "ATP/spike", "Na+/minimum", "residual", "hh_na (na)", "energy.csv"}) says(o.out, word);
}

TEST_F(cli_energy, schemes_agree_coupled_ones_too) {
    const auto atp = [&](const char* scheme) { return number(result(metered(one_meter), {"--overwrite", "--scheme", scheme}).find("energy")->items.at(0), "atp"); };
    const double cn = atp("cn");
    EXPECT_NEAR(atp("precise"), cn, 3e-3*cn);
    EXPECT_NEAR(atp("cvode"), cn, 3e-3*cn);
    EXPECT_NEAR(atp("auto"), cn, 1e-2*cn);
    EXPECT_NE(atp("be"), cn) << "the option does something";
}

TEST_F(cli_energy, nothing_of_it_appears_unasked) {
    const auto r = result(small_experiment());
    EXPECT_EQ(r.find("energy"), nullptr);
    EXPECT_FALSE(std::filesystem::exists(folder / "out/energy.csv"));
}

TEST_F(cli_energy, replaces_no_table_unasked_and_says_so_before_it_runs) {
    std::filesystem::create_directories(folder / "out");
    write_text(folder / "out/energy.csv", "mine");
    const auto o = testing::apical(call(small_experiment(), {"--energy"}));
    EXPECT_EQ(o.code, 1);
    says(o.err, "energy.csv: already exists");
    EXPECT_EQ(csv(), "mine");
    EXPECT_FALSE(std::filesystem::exists(folder / "out/spikes.h5"));
    EXPECT_EQ(testing::apical(call(small_experiment(), {"--energy", "--overwrite"})).code, 0);
    EXPECT_NE(csv(), "mine");
}

TEST_F(cli_energy, says_what_is_wrong_with_a_meter) {
    const auto refused = [&](const std::string& meters, const std::string& why) {
        const auto o = testing::apical(call(metered(meters), {"--overwrite"}));
        EXPECT_EQ(o.code, 1) << meters;
        says(o.err, why);
    };
    refused(R"([{"label": "m", "population": "bal", "stop": "10 ms"}])", "did you mean 'ball'");
    refused(R"([{"label": "m", "population": "ball", "start": "10 ms", "stop": "10 ms"}])", "not after 'start'");
    refused(R"([{"label": "m", "population": "ball", "start": "1 ms", "stop": "10 ms", "rest": "2 ms"}])", "longer than there is before 'start'");
    refused(R"([{"label": "m", "population": "ball", "stop": 10}])", "ms");
    refused(R"([{"label": "m", "population": "ball", "stop": "10 ms", "untill": "10 ms"}])", "untill");
}

TEST_F(cli_energy, point_neurons_have_none) {
    const std::string points = R"json({"title": "points", "cells": {"lif": {"model": "lif"}}, "detectors": [{}],
        "run": {"until": "10 ms", "dt": "0.1 ms"}, "output": {"folder": "unused"}})json";
    const auto r = result(points, {"--energy"});
    EXPECT_EQ(r.find("energy"), nullptr);
    EXPECT_FALSE(std::filesystem::exists(folder / "out/energy.csv"));
}

}  // namespace
}  // namespace apical
