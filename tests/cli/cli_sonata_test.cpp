// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>

#include <gtest/gtest.h>

#include "io/json.hpp"
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

}  // namespace
}  // namespace apical
