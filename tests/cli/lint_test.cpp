// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "io/json.hpp"
#include "io/output_file.hpp"
#include "tests/cli/program.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

/// `apical channels lint`.
namespace apical {
namespace {

using testing::says, testing::temporary_folder;

constexpr auto inward = "NEURON { SUFFIX a NONSPECIFIC_CURRENT i }\nUNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }\n"
                        "PARAMETER { g = 1e-3 (S/cm2) e = -70 (mV) }\nASSIGNED { v (mV) i (mA/cm2) }\nBREAKPOINT { i = g*(e - v) }\n";

TEST(cli_lint, tells_place_reason_and_edit) {
    const temporary_folder folder;
    write_text(folder/"a.mod", inward);
    const auto o = testing::apical({"channels", "lint", (folder/"a.mod").string()});
    EXPECT_EQ(o.code, 0) << o.err;   // a warning is no failure
    says(o.out, "a.mod:5:14: warning: i falls with v at all potentials");
    says(o.out, "write g*(v - e) [sign]");
    says(o.out, "1 file, 0 errors, 1 warning\n");
}

TEST(cli_lint, writes_json) {
    const temporary_folder folder;
    write_text(folder/"a.mod", inward);
    const auto o = testing::apical({"channels", "lint", (folder/"a.mod").string(), "--json", "--dt", "0.1", "--celsius", "20"});
    const auto document = json::parse(o.out, "lint");
    const auto& found = document.find("findings")->items;
    ASSERT_EQ(found.size(), 1u) << o.out;
    EXPECT_EQ(found[0].find("rule")->text, "sign");
    EXPECT_EQ(found[0].find("line")->number, 5);
}

TEST(cli_lint, fails_where_a_file_cannot_be_translated) {
    const temporary_folder folder;
    write_text(folder/"a.mod", "NEURON { SUFFIX a }\nBREAKPOINT { i = }\n");
    const auto o = testing::apical({"channels", "lint", (folder/"a.mod").string(), (folder/"b.mod").string()});
    EXPECT_EQ(o.code, 1);
    says(o.out, "a.mod:2:");
    says(o.out, "b.mod:1:1: error: the file cannot be read");
    EXPECT_EQ(testing::apical({"channels", "lint"}).code, 2);
}

TEST(cli_lint, lists_its_rules) {
    const auto o = testing::apical({"channels", "lint", "--rules"});
    EXPECT_EQ(o.code, 0);
    says(o.out, "singularity");
    says(o.out, "stiff");
}

}  // namespace
}  // namespace apical
