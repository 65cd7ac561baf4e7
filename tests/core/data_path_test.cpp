// SPDX-License-Identifier: BSD-3-Clause
#include "core/data_path.hpp"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

/// A folder with one file in it, named by APICAL_DATA_DIR for as long as the test runs.
class data_path : public ::testing::Test {
protected:
    data_path() {
        std::filesystem::create_directories(folder_/"morphologies");
        std::ofstream(folder_/"morphologies/mine.swc") << "1 1 0 0 0 5 -1\n";
        setenv("APICAL_DATA_DIR", folder_.path().c_str(), 1);
    }
    ~data_path() override { unsetenv("APICAL_DATA_DIR"); }
    const testing::temporary_folder folder_;
};

TEST_F(data_path, prefers_the_folder_the_environment_names) {
    EXPECT_EQ(data_folders().front(), folder_.path());
    EXPECT_EQ(data_file("morphologies/mine.swc"), folder_/"morphologies/mine.swc");
}

TEST_F(data_path, says_where_it_looked) {
    try {
        (void)data_file("morphologies/nobodys.swc");
        FAIL() << "found a file that is not there";
    } catch (const invalid_input& e) {
        EXPECT_EQ(e.where(), "morphologies/nobodys.swc");
        EXPECT_NE(std::string(e.what()).find(folder_.path().string()), std::string::npos) << e.what();
        EXPECT_NE(std::string(e.what()).find("APICAL_DATA_DIR"), std::string::npos) << e.what();
    }
}

TEST(data_path_of_a_build, ends_with_its_source_tree) {
    ASSERT_FALSE(data_folders().empty());
    EXPECT_EQ(data_folders().back(), std::filesystem::path(APICAL_SOURCE_DIR)/"models");
}

}  // namespace
}  // namespace apical
