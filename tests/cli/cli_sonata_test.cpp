// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>

#include <gtest/gtest.h>

#include "io/json.hpp"
#include "io/output_file.hpp"
#include "tests/cli/program.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/sonata/example_files.hpp"
#include "tests/sonata/sample_files.hpp"

namespace apical {
namespace {

using testing::says, testing::temporary_folder;

TEST(cli_sonata, shows_what_is_in_the_files) {
    const temporary_folder folder;
    testing::sample_circuit().write(folder.path());
    const auto o = testing::apical({"sonata", "show", (folder / "config.json").string()});
    EXPECT_EQ(o.code, 0) << o.err;
    says(o.out, "cells           6  6 biophysical");
    says(o.out, "drive_to_cells      8  drive  cells");
    says(o.out, "0.15 nA from 5 ms for 50 ms");
    const auto document = json::parse(testing::apical({"sonata", "show", (folder / "config.json").string(), "--json"}).out, "out");
    EXPECT_EQ(document.find("edges")->items[0].find("to")->text, "cells");
}

TEST(cli_sonata, check_exits_with_1_and_tells_every_error) {
    const temporary_folder folder;
    auto files = testing::sample_circuit();
    files.write(folder.path());
    const auto models = testing::apical({"sonata", "check", (folder / "config.json").string()});
    EXPECT_EQ(models.code, 1) << "the files fit together, and the models that they name are not there";
    says(models.out, "parameters of single nodes");
    files.replace("simulation_config.json", "\"dt\": 0.1", "\"dt\": -1").replace("node_sets.json", "\"ei\"", "\"eye\"").write(folder.path());
    const auto o = testing::apical({"sonata", "check", (folder / "config.json").string()});
    EXPECT_EQ(o.code, 1);
    says(o.out, "/run/dt: is -1, expected more than 0");
    says(o.out, "/excitatory/eye: no population of this set has the attribute 'eye'");
    says(o.out, "2 errors");
    EXPECT_EQ(testing::apical({"sonata", "chek", "config.json"}).code, 2);
}

TEST(cli_sonata, plan_tells_what_a_run_needs) {
    const auto example = testing::sonata_examples() / "9_cells";
    if (!std::filesystem::exists(example)) GTEST_SKIP() << "the SONATA examples are not here";
    const auto o = testing::apical({"plan", (example / "config.json").string(), "--ranks", "1,2", "--json"});
    ASSERT_EQ(o.code, 0) << o.err;
    const auto document = json::parse(o.out, "out");
    const auto& whole = document.find("runs")->items.at(0);
    EXPECT_EQ(whole.find("cells")->number, 9);
    EXPECT_GT(whole.find("connections")->number, 0);
    EXPECT_GT(whole.find("seconds_per_second")->number, 0);
}

TEST(cli_sonata, run_writes_what_the_configuration_asks_for) {
    const auto example = testing::sonata_examples() / "9_cells";
    if (!std::filesystem::exists(example)) GTEST_SKIP() << "the SONATA examples are not here";
    const temporary_folder folder;
    std::filesystem::copy(example.parent_path() / "shared_components", folder / "shared_components", std::filesystem::copy_options::recursive);
    std::filesystem::copy(example, folder / "9_cells", std::filesystem::copy_options::recursive);
    const auto config = (folder / "9_cells/config.json").string();
    const auto refused = testing::apical({"sonata", "run", config});
    EXPECT_NE(refused.code, 0);
    says(refused.err, "already exists");
    const auto o = testing::apical({"sonata", "run", config, "--constants", "legacy", "--overwrite"});
    EXPECT_EQ(o.code, 0) << o.err;
    says(o.out, "78 spikes in 3000 ms");
    EXPECT_NE(testing::apical({"sonata", "run", config, "--scheme", "euler"}).code, 0);
}

TEST(cli_sonata, a_ready_circuit_is_exported_checked_and_run) {
    const temporary_folder folder;
    const auto files = (folder / "ring").string(), config = files + "/simulation_config.json";
    const std::vector<std::string> ring{"circuit", "ring", "--set", "rings=1", "--set", "cells=4", "--time", "60 ms", "--seed", "2"};
    const auto with = [&](std::vector<std::string> more) {
        auto all = ring;
        all.insert(all.end(), more.begin(), more.end());
        return testing::apical(all);
    };
    const auto exported = with({"--export", files});
    EXPECT_EQ(exported.code, 0) << exported.err;
    says(exported.out, "ring/simulation_config.json");
    const auto again = with({"--export", files});
    EXPECT_EQ(again.code, 1);
    says(again.err, "is there already and not empty");
    EXPECT_EQ(testing::apical({"sonata", "check", config}).out, "no errors\n");
    const auto here = json::parse(with({"--json"}).out, "out"), there = json::parse(testing::apical({"sonata", "run", config, "--json"}).out, "out");
    EXPECT_GT(there.find("spikes")->number, 5);
    EXPECT_EQ(there.find("spikes")->number, here.find("populations")->items[0].find("spikes")->number);
}

TEST(cli_circuit, films_a_cell) {
    const temporary_folder folder;
    const std::vector<std::string> ring{"circuit", "ring", "--set", "rings=1", "--set", "cells=2", "--time", "20 ms", "--film"};
    const auto with = [&](std::vector<std::string> more) {
        auto all = ring;
        all.insert(all.end(), more.begin(), more.end());
        return testing::apical(all);
    };
    EXPECT_EQ(with({"cells:1", "--out", (folder / "r").string()}).code, 0);
    const auto page = read_text(folder / "r/report.html");
    says(page, "class=\"stage film\"");
    says(page, "cells[1] around");
    EXPECT_TRUE(std::filesystem::exists(folder / "r/film.h5"));
    says(with({"cell"}).err, "no population 'cell'");
    says(with({"cells:2"}).err, "'2' is no cell of 'cells'");
    says(testing::apical({"circuit", "brunel", "--set", "scale=0.125", "--film", "excitatory"}).err, "point neurons");
}

}  // namespace
}  // namespace apical
