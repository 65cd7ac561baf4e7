// SPDX-License-Identifier: BSD-3-Clause
#include "io/spikes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>

#include "io/hdf5.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/sample_circuit.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using testing::message_of, testing::says, testing::temporary_folder;

const std::vector<spike> some_spikes{{1, 0, 3.25, 3.3}, {0, 2, 1.125, 1.2}, {0, 1, 1.125, 1.2}, {0, 2, 0.5, 0.6}};

TEST(spikes, are_sorted_by_population_time_and_cell) {
    const auto all = by_population(some_spikes, testing::two_populations());
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].population, "left");
    EXPECT_EQ(all[0].times, (std::vector<double>{0.5, 1.125, 1.125}));
    EXPECT_EQ(all[0].cells, (std::vector<std::uint64_t>{2, 1, 2}));
    EXPECT_EQ(all[1].times, std::vector<double>{3.25});
}

TEST(spikes, either_time_may_be_kept) {
    const auto all = by_population(some_spikes, testing::two_populations(), spike_time::on_step);
    EXPECT_EQ(all[0].times, (std::vector<double>{0.6, 1.2, 1.2}));
}

TEST(spikes, silent_populations_have_an_entry) {
    const auto all = by_population({}, testing::two_populations());
    ASSERT_EQ(all.size(), 2u);
    EXPECT_TRUE(all[1].times.empty());
}

TEST(spike_files, come_back_as_they_were) {
    const temporary_folder folder;
    auto all = by_population(some_spikes, testing::two_populations());
    all.push_back({"silent", {}, {}, spike_order::none});
    all.push_back({"by cell", {9, 3}, {0, 5}, spike_order::by_id});
    write_spikes(folder / "spikes.h5", all);
    auto back = read_spikes(folder / "spikes.h5");
    std::ranges::sort(all, {}, &population_spikes::population);
    std::ranges::sort(back, {}, &population_spikes::population);
    EXPECT_EQ(back, all);
}

TEST(spike_files, carry_the_marks_of_the_format) {
    const temporary_folder folder;
    write_spikes(folder / "spikes.h5", by_population(some_spikes, testing::two_populations()));
    const auto g = hdf5::file_reader(folder / "spikes.h5").root().open("spikes").open("left");
    EXPECT_EQ(g.text_attribute("timestamps", "units"), "ms");
    EXPECT_EQ(g.text_attribute(".", "sorting"), "by_time");
}

TEST(spike_files, an_order_that_is_not_kept_is_refused) {
    const temporary_folder folder;
    const std::vector<population_spikes> unsorted{{"a", {2, 1}, {0, 0}, spike_order::by_time}};
    says(message_of<invalid_input>([&] { write_spikes(folder / "a.h5", unsorted); }), "a.h5:/spikes/a: is said to be sorted by_time but is not");
    EXPECT_EQ(folder.entries(), 0);
    const std::vector<population_spikes> uneven{{"a", {1, 2}, {0}, spike_order::none}};
    says(message_of<invalid_input>([&] { write_spikes(folder / "a.h5", uneven); }), "2 times for 1 cells");
}

/// A file of one population as `fill` makes it.
template <class Fill> std::vector<population_spikes> read_made(const Fill& fill) {
    const temporary_folder folder;
    {
        hdf5::file_writer file(folder / "a.h5");
        {
            auto spikes = file.root().create("spikes");
            fill(spikes);
        }
        file.commit();
    }
    return read_spikes(folder / "a.h5");
}

TEST(spike_files, the_old_layout_without_a_population_is_read) {
    const auto all = read_made([](hdf5::group& g) {
        g.write<double>("timestamps", std::vector<double>{1, 2});
        g.write<std::uint64_t>("gids", std::vector<std::uint64_t>{7, 3});
        g.set_attribute(".", "sorting", "time");
    });
    EXPECT_EQ(all, (std::vector<population_spikes>{{"", {1, 2}, {7, 3}, spike_order::by_time}}));
}

TEST(spike_files, damaged_columns_are_refused_by_name) {
    const auto with = [](std::vector<double> times, std::vector<std::int64_t> cells, std::string_view sorting) {
        return message_of<invalid_input>([&] {
            read_made([&](hdf5::group& g) {
                auto p = g.create("p");
                p.write<double>("timestamps", times);
                p.write<std::int64_t>("node_ids", cells);
                p.set_attribute(".", "sorting", sorting);
            });
        });
    };
    says(with({1, 2}, {0}, "none"), "/spikes/p: has 2 times for 1 cell numbers");
    says(with({1, std::nan("")}, {0, 0}, "none"), "holds the spike time nan");
    says(with({1}, {-4}, "none"), "holds the cell number -4");
    says(with({2, 1}, {0, 0}, "by_time"), "is said to be sorted by_time but is not");
    says(with({1}, {0}, "by_tim"), "unknown sorting 'by_tim'; did you mean 'by_time'?");
}

TEST(spike_files, csv_is_sonatas_with_quoted_names) {
    const temporary_folder folder;
    const std::vector<population_spikes> all{{"a b", {0.1, 2}, {3, 4}, spike_order::by_time}, {"c", {1}, {0}, spike_order::by_time}};
    write_spikes_csv(folder / "spikes.csv", all);
    EXPECT_EQ(read_text(folder / "spikes.csv"), "timestamps population node_ids\n0.1 \"a b\" 3\n1 c 0\n2 \"a b\" 4\n");
}

TEST(spike_files, published_files_are_read) {
    const char* named = std::getenv("APICAL_DATA");
    const auto data = named ? std::filesystem::path(named) : std::filesystem::path(APICAL_SOURCE_DIR) / "../shared/data";
    const auto file = data / "sonata/examples/9_cells/output/spikes.h5";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "SKIPPED: no SONATA examples at " << data << "; set APICAL_DATA";
    const auto all = read_spikes(file);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].times.size(), 78u);
    EXPECT_EQ(std::ranges::count(all[0].cells, 2u), 15);
}

}  // namespace
}  // namespace apical
