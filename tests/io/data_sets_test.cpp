// SPDX-License-Identifier: BSD-3-Clause
#include "io/data_sets.hpp"

#include <string>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "io/learning.hpp"
#include "io/output_file.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using testing::temporary_folder;

std::string complaint(const auto& work) {
    try {
        work();
        return "accepted";
    } catch (const error& e) {
        return e.what();
    }
}
bool says(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

std::string digit(int grey, const std::string& label) {
    std::string line;
    for (int k = 0; k < 64; ++k) line += std::to_string(grey) + ",";
    return line + label + "\n";
}
std::string number(std::uint32_t x) { return {static_cast<char>(x >> 24), static_cast<char>(x >> 16), static_cast<char>(x >> 8), static_cast<char>(x)}; }

TEST(data_sets, digits_are_rows_of_grey_levels_and_a_label) {
    const temporary_folder folder;
    write_text(folder / "d.csv", digit(16, "3") + digit(4, "0"));
    const auto d = read_digits(folder / "d.csv");
    ASSERT_EQ(d.size(), 2u);
    EXPECT_EQ(d.label(0), 3u);
    EXPECT_EQ(d.label(1), 0u);
    EXPECT_EQ(d.input(0)[5], 1);
    EXPECT_EQ(d.input(1)[5], 0.25);
}
TEST(data_sets, digits_that_are_none_are_told_with_their_line) {
    const temporary_folder folder;
    const auto of = [&](const std::string& text) {
        write_text(folder / "d.csv", text, overwrite::yes);
        return complaint([&] { read_digits(folder / "d.csv"); });
    };
    EXPECT_TRUE(says(of(digit(1, "3") + "1,2,3\n"), "d.csv:2: 3 numbers; 64 grey levels and a label"));
    EXPECT_TRUE(says(of(digit(17, "3")), "d.csv:1: a grey level of 17; 0 to 16"));
    EXPECT_TRUE(says(of(digit(1, "10")), "d.csv:1: the label '10'"));
    EXPECT_TRUE(says(of(digit(1, "1.5")), "the label '1.5'"));
    EXPECT_TRUE(says(of(digit(1, "x")), "'x' is not a finite number"));
    EXPECT_TRUE(says(of(""), "has no digits in it"));
    EXPECT_TRUE(says(complaint([&] { read_digits(folder / "none.csv"); }), "there is no such file"));
}
TEST(data_sets, idx_files_are_pairs_that_fit) {
    const temporary_folder folder;
    const auto images = number(0x803) + number(2) + number(1) + number(2) + std::string("\x00\xff\x33\x00", 4), labels = number(0x801) + number(2) + std::string("\x07\x01", 2);
    const auto of = [&](const std::string& pictures, const std::string& names) {
        write_text(folder / "i", pictures, overwrite::yes), write_text(folder / "l", names, overwrite::yes);
        return complaint([&] { read_idx(folder / "i", folder / "l"); });
    };
    EXPECT_EQ(of(images, labels), "accepted");
    const auto d = read_idx(folder / "i", folder / "l");
    EXPECT_EQ(d.x, (std::vector<double>{0, 1, 0.2, 0}));
    EXPECT_EQ(d.label(0), 7u);
    EXPECT_TRUE(says(of(images.substr(0, 18), labels), "has 2 bytes after its header, not 4"));
    EXPECT_TRUE(says(of(images, number(0x801) + number(1) + "\x07"), "has 1 labels for 2 pictures"));
    EXPECT_TRUE(says(of(images, number(0x801) + number(2) + "\x07\x0b"), "label 11 of picture 1"));
    EXPECT_TRUE(says(of(labels, labels), "is not an IDX file of bytes"));
    EXPECT_TRUE(says(of("", labels), "is not an IDX file of bytes"));
    EXPECT_TRUE(says(of(number(0x803) + number(0xffffffff) + number(1) + number(2), labels), "of dimension 1"));
}
TEST(data_sets, a_broken_off_archive_is_told) {
    const auto path = find_data_set("digits");
    if (!path) GTEST_SKIP() << "scripts/setup data";
    const auto d = read_digits(*path);
    EXPECT_EQ(d.size(), 1797u);
    const temporary_folder folder;
    write_text(folder / "d.csv.gz", read_text(*path).substr(0, 20000));
    EXPECT_TRUE(says(complaint([&] { read_digits(folder / "d.csv.gz"); }), "damaged"));
}

TEST(training_files, go_on_and_refuse_what_they_are_not) {
    const temporary_folder folder;
    const auto setup = set_up({.task = "parity", .hidden = {4}});
    auto a = setup.begin(), b = setup.begin();
    a.epoch();
    write_training(folder / "t.h5", a, setup.identity, {1, 2});
    EXPECT_EQ(read_training(folder / "t.h5", b, setup.identity), (std::vector<double>{1, 2}));
    EXPECT_EQ(b.weights("forward", 0), a.weights("forward", 0));
    EXPECT_TRUE(says(complaint([&] { read_training(folder / "t.h5", b, "task of another kind"); }), "is of another training"));
    auto bytes = read_text(folder / "t.h5");
    const double w = a.weights("forward", 0)[0];
    const auto at = bytes.find(std::string(reinterpret_cast<const char*>(&w), sizeof w));
    ASSERT_NE(at, std::string::npos);
    bytes[at] ^= 1;
    write_text(folder / "u.h5", bytes);
    EXPECT_TRUE(says(complaint([&] { read_training(folder / "u.h5", b, setup.identity); }), "is damaged"));
    write_text(folder / "notes.txt", "mine");
    EXPECT_TRUE(says(complaint([&] { write_training(folder / "notes.txt", a, setup.identity, {}); }), "no checkpoint of a training"));
    EXPECT_EQ(read_text(folder / "notes.txt"), "mine");
}

}  // namespace
}  // namespace apical
