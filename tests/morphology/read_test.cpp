// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/read.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

constexpr auto swc = "1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 60 0 0 1 2\n";
constexpr auto asc = "\n; V3\n(\"CellBody\" (-9 -9 0 1) (9 -9 0 1) (9 9 0 1) (-9 9 0 1))\n((Axon) (0 0 0 1) (50 0 0 1))\n";

/// A file that is there for one test.
class temporary {
public:
    temporary(const std::string& name, std::string_view text) : path_(folder_ / name) { std::ofstream(path_, std::ios::binary) << text; }
    const std::filesystem::path& path() const { return path_; }

private:
    testing::temporary_folder folder_;
    std::filesystem::path path_;
};

TEST(read_morphology, goes_by_the_extension) {
    for (auto name : {"a.swc", "b.SWC"}) EXPECT_EQ(read_morphology(temporary(name, swc).path()).shape.name(1), "dend[0]") << name;
    for (auto name : {"a.asc", "b.Asc"}) EXPECT_EQ(read_morphology(temporary(name, asc).path()).shape.name(1), "axon[0]") << name;
}

TEST(read_morphology, looks_inside_where_the_extension_says_nothing) {
    EXPECT_EQ(read_morphology(temporary("cell.txt", swc).path()).shape.name(1), "dend[0]");
    EXPECT_EQ(read_morphology(temporary("cell", asc).path()).shape.name(1), "axon[0]");
}

TEST(read_morphology, names_the_file_and_the_line) {
    try {
        read_morphology(temporary("bad.swc", "1 1 0 0 0 10 -1\n2 3 x 0 0 1 1\n").path());
        ADD_FAILURE();
    } catch (const invalid_input& e) {
        EXPECT_EQ(e.where(), "bad.swc:2");
    }
}

TEST(read_morphology, says_what_it_cannot_open) {
    for (const std::string path : {"/nonexistent/cell.swc", "/"}) {
        try {
            read_morphology(path);
            ADD_FAILURE() << path;
        } catch (const invalid_input& e) {
            EXPECT_EQ(e.where(), path);
        }
    }
}

}  // namespace
}  // namespace apical
