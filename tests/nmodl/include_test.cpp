// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/include.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/io/temporary_folder.hpp"
#include "tests/nmodl/reading.hpp"

namespace apical::nmodl {
namespace {

using testing::read;

TEST(nmodl_include, a_file_stands_where_it_is_included) {
    const auto r = read("NEURON { SUFFIX a }\nINCLUDE \"rest.inc\"\nINITIAL { x = N }", {{"rest.inc", "ASSIGNED { x }\nINCLUDE \"deep.inc\""}, {"deep.inc", "DEFINE N 7"}});
    ASSERT_FALSE(r.found.has_errors()) << r.told();
    EXPECT_EQ(r.file.assigned[0].at.in->file, "rest.inc");
    EXPECT_EQ(r.file.routines[0].body[0].value.value, 7);
}

TEST(nmodl_include, what_is_wrong_in_it_is_told_with_its_own_name_and_line) {
    const auto r = read("INCLUDE \"b.inc\"", {{"b.inc", "\nPARAMETER { a = }"}});
    EXPECT_EQ(r.told(), "b.inc:2:17: error: '}' stands where a number for a should be, in PARAMETER\n    PARAMETER { a = }\n                    ^");
}

TEST(nmodl_include, missing_files_and_circles_are_told_at_the_include) {
    EXPECT_EQ(read("\n INCLUDE \"no.inc\"").told(),
              "a.mod:2:10: error: the included file \"no.inc\" is not found; put it beside this file, or name its folder when translating\n     INCLUDE \"no.inc\"\n             ^");
    const auto circle = read("INCLUDE \"b.inc\"", {{"b.inc", "INCLUDE \"c.inc\""}, {"c.inc", "INCLUDE \"b.inc\""}});
    EXPECT_NE(circle.told().find("files include one another: a.mod -> b.inc -> c.inc -> b.inc"), std::string::npos) << circle.told();
    EXPECT_NE(read("INCLUDE b").told().find("INCLUDE needs the name of a file in quotes"), std::string::npos);
}

TEST(nmodl_include, depth_and_number_of_words_have_bounds) {
    diagnostics found;
    int n = 0;
    const auto endless = [&](const std::string&, const source&) { return testing::as_source("INCLUDE \"next\"", std::to_string(++n)); };
    syntax::parse(testing::as_source("INCLUDE \"next\""), endless, found);
    ASSERT_TRUE(found.has_errors());
    EXPECT_NE(found.all()[0].message.find("more than 20 deep"), std::string::npos);
    std::string many = "STATE {";
    for (int i = 0; i < 1'100'000; ++i) many += " a";
    EXPECT_NE(read(many).told().find("more than 1000000 words"), std::string::npos);
    EXPECT_NE(read(std::string(token_stream::max_bytes + 1, ' ')).told().find("bytes"), std::string::npos);
}

TEST(nmodl_include, macros_are_numbers_from_their_line_on) {
    const auto r = read("DEFINE N 3\nDEFINE M N\nASSIGNED { z[M] }\nKINETIC k { ~ N A <-> B (1 (mV), N (ms)) }");
    ASSERT_FALSE(r.found.has_errors()) << r.told();
    EXPECT_EQ(r.file.assigned[0].length, 3);
    EXPECT_EQ(r.file.routines[0].body[0].left[0].coefficient, 3);
    EXPECT_EQ(r.file.routines[0].body[0].second.unit, "ms");
    EXPECT_NE(read("DEFINE N 1.5").told().find("DEFINE N needs an integer"), std::string::npos);
    EXPECT_NE(read("DEFINE 3 N").told().find("DEFINE needs a name"), std::string::npos);
    EXPECT_NE(read("DEFINE N 1\nDEFINE N 2").told().find("N is defined twice"), std::string::npos);
    EXPECT_NE(read("DEFINE N 3\nSTATE { N }").told().find("'N', which DEFINE made 3, stands where a variable's name should be"), std::string::npos);
}

TEST(nmodl_include, files_are_looked_for_beside_the_file_then_in_folders_then_by_their_bare_name) {
    namespace fs = std::filesystem;
    const apical::testing::temporary_folder own;
    const auto& folder = own.path();
    fs::create_directories(folder / "beside");
    fs::create_directories(folder / "given");
    const auto write = [](const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; };
    write(folder / "beside" / "one.inc", "beside");
    write(folder / "given" / "one.inc", "given");
    write(folder / "given" / "two.inc", "two");
    const auto reader = includes_from({(folder / "given").string()});
    const source from{(folder / "beside" / "a.mod").string(), {}};
    EXPECT_EQ(reader("one.inc", from)->text, "beside");
    EXPECT_EQ(reader("two.inc", from)->text, "two");
    EXPECT_EQ(reader("custom/two.inc", from)->text, "two");
    EXPECT_EQ(reader("three.inc", from), nullptr);
    EXPECT_EQ(read_source(folder.string()), nullptr);
}

}  // namespace
}  // namespace apical::nmodl
