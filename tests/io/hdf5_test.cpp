// SPDX-License-Identifier: BSD-3-Clause
#include "io/hdf5.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <thread>

#include <gtest/gtest.h>

#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical::hdf5 {
namespace {

using apical::testing::message_of, apical::testing::says, apical::testing::temporary_folder;

/// Writes a file by `fill(root)`.
template <class Fill> void write_file(const std::filesystem::path& path, const Fill& fill) {
    file_writer file(path);
    {
        auto root = file.root();
        fill(root);
    }
    file.commit();
}

template <class T> std::vector<T> round_trip(const std::vector<T>& data) {
    const temporary_folder folder;
    write_file(folder / "a.h5", [&](group& root) { root.write<T>("x", data); });
    return file_reader(folder / "a.h5").root().read<T>("x");
}

template <class T> class hdf5_numbers : public ::testing::Test {};
using number_types = ::testing::Types<double, float, std::uint64_t, std::int64_t, std::uint32_t, std::int32_t, std::uint8_t>;
TYPED_TEST_SUITE(hdf5_numbers, number_types);

TYPED_TEST(hdf5_numbers, come_back_as_they_were) {
    const std::vector<TypeParam> data{std::numeric_limits<TypeParam>::lowest(), 0, 1, std::numeric_limits<TypeParam>::max()};
    EXPECT_EQ(round_trip(data), data);
    EXPECT_EQ(round_trip(std::vector<TypeParam>{}), std::vector<TypeParam>{});
}

TEST(hdf5, the_same_data_are_the_same_file_at_any_time) {
    const temporary_folder folder;
    const auto fill = [](group& root) { root.write<double>("x", std::vector<double>{1, 2}), root.write("names", std::vector<std::string>{"a"}); };
    write_file(folder / "a.h5", fill);
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));   // HDF5 counts seconds
    write_file(folder / "b.h5", fill);
    EXPECT_TRUE(read_text(folder / "a.h5") == read_text(folder / "b.h5"));
}

TEST(hdf5, texts_come_back_as_they_were) {
    const temporary_folder folder;
    const std::vector<std::string> texts{"soma[0]", "", "\xC2\xB5m", std::string(1000, 'x')};
    write_file(folder / "a.h5", [&](group& root) { root.write("names", texts); });
    EXPECT_EQ(file_reader(folder / "a.h5").root().read_texts("names"), texts);
}

TEST(hdf5, rows_may_be_written_in_pieces_and_chunks) {
    const temporary_folder folder;
    std::vector<float> all(7*3);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<float>(i);
    write_file(folder / "a.h5", [&](group& root) {
        auto set = root.create<float>("x", {7, 3}, {2, 3});
        set.write_rows(0, std::span<const float>(all).first(4*3));
        set.write_rows(4, std::span<const float>(all).subspan(4*3));
    });
    const auto root = file_reader(folder / "a.h5").root();
    EXPECT_EQ(root.shape_of("x"), (shape{7, 3}));
    EXPECT_EQ(root.read<float>("x"), all);
}

TEST(hdf5, attributes_are_read_as_text_or_enumeration) {
    const temporary_folder folder;
    const std::array<std::string, 3> names{"none", "by_id", "by_time"};
    write_file(folder / "a.h5", [&](group& root) {
        auto g = root.create("g");
        g.set_attribute(".", "units", "mV");
        g.set_enumeration(".", "sorting", names, 2);
    });
    const auto g = file_reader(folder / "a.h5").root().open("g");
    EXPECT_EQ(g.text_attribute(".", "units"), "mV");
    EXPECT_EQ(g.text_attribute(".", "sorting"), "by_time");
    EXPECT_EQ(g.text_attribute(".", "none", "otherwise"), "otherwise");
}

TEST(hdf5, what_is_not_there_is_named_with_a_suggestion) {
    const temporary_folder folder;
    write_file(folder / "a.h5", [](group& root) { root.create("spikes").write<double>("timestamps", {}); });
    const auto root = file_reader(folder / "a.h5").root();
    says(message_of<invalid_input>([&] { root.open("spike"); }), "a.h5:/: has no 'spike'; did you mean 'spikes'?");
    says(message_of<invalid_input>([&] { root.open("spikes").read<double>("gids"); }), "a.h5:/spikes: has no 'gids'");
    says(message_of<invalid_input>([&] { root.open("spikes").open("timestamps"); }), "a.h5:/spikes/timestamps: is not a group");
    says(message_of<invalid_input>([&] { root.read<double>("spikes"); }), "a.h5:/spikes: is not a data set");
}

TEST(hdf5, kinds_are_checked) {
    const temporary_folder folder;
    write_file(folder / "a.h5", [](group& root) {
        root.write<double>("fractions", std::vector<double>{0.5});
        root.write("names", std::vector<std::string>{"a"});
    });
    const auto root = file_reader(folder / "a.h5").root();
    says(message_of<invalid_input>([&] { root.read<std::int64_t>("fractions"); }), "expected whole numbers");
    says(message_of<invalid_input>([&] { root.read<double>("names"); }), "does not hold numbers");
    says(message_of<invalid_input>([&] { root.read_texts("fractions"); }), "does not hold text");
}

TEST(hdf5, a_set_that_was_never_written_is_not_trusted) {
    const temporary_folder folder;
    write_file(folder / "a.h5", [](group& root) { root.create<double>("x", {std::uint64_t{1} << 40}, {1 << 10}); });
    const auto root = file_reader(folder / "a.h5").root();
    says(message_of<invalid_input>([&] { root.read<double>("x"); }), "the file is damaged");
}

TEST(hdf5, names_with_slashes_are_refused) {
    const temporary_folder folder;
    file_writer file(folder / "a.h5");
    auto root = file.root();
    says(message_of<invalid_input>([&] { root.create("a/b"); }), "'a/b' cannot be a name");
    says(message_of<invalid_input>([&] { root.create(""); }), "cannot be a name");
}

TEST(hdf5, other_files_are_refused) {
    const temporary_folder folder;
    says(message_of<invalid_input>([&] { file_reader(folder / "none.h5"); }), "none.h5: does not exist");
    says(message_of<invalid_input>([&] { const file_reader f(folder.path()); }), "is a folder");
    write_text(folder / "text.h5", "this is no HDF5");
    says(message_of<invalid_input>([&] { file_reader(folder / "text.h5"); }), "is not a readable HDF5 file");
}

TEST(hdf5, truncated_files_are_refused_or_read_in_part_but_never_crash) {
    const temporary_folder folder;
    write_file(folder / "a.h5", [](group& root) {
        auto g = root.create("spikes").create("cell");
        g.write<double>("timestamps", std::vector<double>(500, 1.0));
        g.write<std::uint64_t>("node_ids", std::vector<std::uint64_t>(500, 1));
    });
    const auto whole = read_text(folder / "a.h5");
    int refused = 0, tried = 0;
    for (std::size_t n = 0; n < whole.size(); n += 97, ++tried) {
        write_text(folder / "cut.h5", whole.substr(0, n), overwrite::yes);
        try {
            const auto g = file_reader(folder / "cut.h5").root().open("spikes").open("cell");
            g.read<double>("timestamps");
            g.read<std::uint64_t>("node_ids");
        } catch (const invalid_input&) {
            ++refused;
        }
    }
    EXPECT_EQ(refused, tried);
}

}  // namespace
}  // namespace apical::hdf5
