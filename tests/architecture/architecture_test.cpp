// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "tests/architecture/document_rules.hpp"
#include "tests/architecture/include_rules.hpp"
#include "tests/architecture/source_tree.hpp"
#include "tests/architecture/text_rules.hpp"

/// The rules of the house, applied to the repository. Each has a twin in rules_test.cpp that shows it failing.
namespace apical::architecture {
namespace {

const source_tree& repository() {
    static const source_tree tree = read_source_tree(APICAL_SOURCE_DIR);
    return tree;
}

void expect_none(const breaches& found) {
    EXPECT_TRUE(found.empty());
    for (const auto& b : found) ADD_FAILURE() << b.text();
}

TEST(architecture, the_tree_is_there) {
    int headers = 0;
    for (const auto& file : repository()) headers += file.is_library() && file.is_header();
    EXPECT_GT(headers, 10) << "the walk found too little to mean anything";
}
TEST(architecture, includes_point_down) { expect_none(check_folder_order(repository())); }
TEST(architecture, includes_are_paths_from_the_root) { expect_none(check_includes_exist(repository())); }
TEST(architecture, third_party_headers_keep_to_their_place) { expect_none(check_third_party(repository())); }
TEST(architecture, no_two_folders_include_each_other) { expect_none(check_mutual_folders(repository())); }
TEST(architecture, no_file_includes_itself) { expect_none(check_cycles(repository())); }
TEST(architecture, every_source_names_its_licence) { expect_none(check_licence_lines(repository())); }
TEST(architecture, files_are_short) { expect_none(check_file_lengths(repository())); }
TEST(architecture, functions_are_short) { expect_none(check_function_lengths(repository())); }
TEST(architecture, headers_define_no_macros) { expect_none(check_header_preprocessing(repository())); }
TEST(architecture, the_library_is_silent) { expect_none(check_silence(repository())); }
TEST(architecture, the_library_has_no_global_state) { expect_none(check_global_state(repository())); }
TEST(architecture, headers_are_documented) { expect_none(check_documented(repository())); }
TEST(architecture, nothing_is_left_unfinished) { expect_none(check_finished(repository())); }

bool is_in_repository(const std::string& path) { return std::filesystem::exists(std::filesystem::path(APICAL_SOURCE_DIR)/path); }

TEST(documents, links_lead_somewhere) { expect_none(check_links(read_documents(APICAL_SOURCE_DIR), is_in_repository)); }
TEST(documents, files_they_name_are_there) { expect_none(check_file_names(read_documents(APICAL_SOURCE_DIR), is_in_repository)); }

}  // namespace
}  // namespace apical::architecture
