// SPDX-License-Identifier: BSD-3-Clause
#include "io/report.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

#include "io/hdf5.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/sample_circuit.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using testing::message_of, testing::says, testing::temporary_folder;

TEST(section_ids, are_sonatas_soma_axon_basal_apical) {
    EXPECT_EQ(sonata_section_ids(testing::small_shape()), (std::vector<std::uint32_t>{0, 3, 2, 1}));
}

TEST(report_files, hold_the_columns_sorted_by_cell_and_section) {
    const temporary_folder folder;
    write_report(folder / "v.h5", testing::scattered_recording(), testing::two_populations());
    const auto all = read_report(folder / "v.h5");
    ASSERT_EQ(all.size(), 1u);
    const auto& r = all[0];
    EXPECT_EQ(r.population, "left");
    EXPECT_EQ(r.unit, "mV");
    EXPECT_EQ(r.start, 5);
    EXPECT_EQ(r.interval, 0.1);
    EXPECT_EQ(r.rows, 3u);
    EXPECT_EQ(r.cells, (std::vector<std::uint64_t>{0, 2}));
    EXPECT_EQ(r.first, (std::vector<std::uint64_t>{0, 1, 4}));
    EXPECT_EQ(r.sections, (std::vector<std::uint32_t>{0, 1, 3, 3}));
    EXPECT_EQ(r.positions, (std::vector<float>{0.5f, 0.5f, 0.25f, 0.75f}));
    // the recording's columns were 1, 2, 3, 0 in this order
    EXPECT_EQ(r.data, (std::vector<double>{-64.9f, -64.8f, -64.7f, -65.0f, -54.9f, -54.8f, -54.7f, -55.0f, -44.9f, -44.8f, -44.7f, -45.0f}));
}

TEST(report_files, time_is_half_open_and_sections_have_names) {
    const temporary_folder folder;
    write_report(folder / "v.h5", testing::scattered_recording(), testing::two_populations());
    const auto mapping = hdf5::file_reader(folder / "v.h5").root().open("report").open("left").open("mapping");
    const auto time = mapping.read<double>("time");
    ASSERT_EQ(time.size(), 3u);
    EXPECT_DOUBLE_EQ(time[1], 5.3);
    EXPECT_EQ(mapping.text_attribute("time", "units"), "ms");
    EXPECT_EQ(mapping.read_texts("section_names"), (std::vector<std::string>{"soma[0]", "axon[0]", "dend[0]", "apic[0]"}));
}

TEST(report_files, some_of_the_samples_may_be_written_in_full_precision) {
    const temporary_folder folder;
    write_report(folder / "r.h5", testing::scattered_recording(), testing::two_populations(), report_options{.every = 2, .data = report_options::precision::bits_64});
    const auto all = read_report(folder / "r.h5").at(0);
    EXPECT_EQ(all.rows, 2u);
    EXPECT_EQ(all.start, 5);
    EXPECT_EQ(all.interval, 0.2);
    const auto root = hdf5::file_reader(folder / "r.h5").root();
    EXPECT_EQ(root.open("report").open("left").read<double>("data")[4], testing::scattered_recording().samples[2*4 + 1]) << "not rounded to 32 bits";
    EXPECT_EQ(root.open("report").open("left").open("mapping").read<std::uint64_t>("index_pointer"), all.first) << "BMTK's name";
    EXPECT_THROW(write_report(folder / "no.h5", testing::scattered_recording(), testing::two_populations(), report_options{.every = 0}), invalid_input);
}

TEST(report_files, long_recordings_are_written_in_blocks) {
    const temporary_folder folder;
    recording r{.label = "v", .variable = "v", .unit = "mV", .start = 0, .interval = 0.025, .places = {{1, 0, {0, 0.5}, "soma[0](0.5)"}}, .samples = {}};
    for (int i = 0; i < 2345; ++i) r.samples.push_back(i);
    write_report(folder / "v.h5", r, testing::two_populations());
    const auto back = read_report(folder / "v.h5").front();
    EXPECT_EQ(back.population, "right, too");
    ASSERT_EQ(back.data.size(), r.samples.size());
    for (std::size_t i = 0; i < r.samples.size(); ++i) ASSERT_EQ(back.data[i], static_cast<float>(i));
}

TEST(report_files, a_recording_without_places_or_across_populations_is_refused) {
    const temporary_folder folder;
    auto r = testing::scattered_recording();
    r.places[1].population = 1;
    says(message_of<invalid_input>([&] { write_report(folder / "v.h5", r, testing::two_populations()); }), "spans populations");
    r.places.clear();
    says(message_of<invalid_input>([&] { write_report(folder / "v.h5", r, testing::two_populations()); }), "has no places");
    EXPECT_EQ(folder.entries(), 0);
}

TEST(report_files, inconsistent_mappings_are_refused) {
    const auto with = [](std::vector<std::uint64_t> first, std::vector<double> time, std::vector<std::uint32_t> elements) {
        return message_of<invalid_input>([&] {
            const temporary_folder folder;
            {
                hdf5::file_writer file(folder / "a.h5");
                {
                    auto g = file.root().create("report").create("p");
                    g.create<float>("data", {2, 3}).write_rows(0, std::span<const float>(std::vector<float>(6, 1.f)));
                    auto m = g.create("mapping");
                    m.write<double>("time", time);
                    m.write<std::uint64_t>("node_ids", std::vector<std::uint64_t>{0, 1});
                    m.write<std::uint64_t>("index_pointers", first);
                    m.write<std::uint32_t>("element_ids", elements);
                }
                file.commit();
            }
            read_report(folder / "a.h5");
        });
    };
    says(with({0, 1, 2}, {0, 1, 0.5}, {0, 0, 0}), "do not run from 0 to the 3 columns");
    says(with({0, 2, 1}, {0, 1, 0.5}, {0, 0, 0}), "do not run from 0");
    says(with({0, 1, 3, 3}, {0, 1, 0.5}, {0, 0, 0}), "4 index pointers for 2 cells");
    says(with({0, 1, 3}, {0, 1, 0}, {0, 0, 0}), "/report/p/mapping/time: is not start, stop, step");
    says(with({0, 1, 3}, {0, 1, 0.5}, {0, 0}), "describes 2 elements for 3 columns");
}

TEST(recording_csv, has_a_heading_with_units_and_exact_numbers) {
    const temporary_folder folder;
    auto r = testing::scattered_recording();
    write_recording_csv(folder / "v.csv", r, testing::two_populations());
    const auto text = read_text(folder / "v.csv");
    EXPECT_EQ(text.substr(0, text.find('\n')),
              "time [ms],left[2] apic[0](0.75) [mV],left[0] soma[0](0.5) [mV],left[2] axon[0](0.5) [mV],left[2] apic[0](0.25) [mV]");
    says(text, "\n5,-65,-64.9,-64.8,-64.7\n");
    for (auto& p : r.places) p.population = 1;
    write_recording_csv(folder / "v.csv", r, testing::two_populations(), overwrite::yes);
    says(read_text(folder / "v.csv"), "\"right, too[2] apic[0](0.75) [mV]\"");
}

TEST(report_files, published_files_are_read) {
    const char* named = std::getenv("APICAL_DATA");
    const auto data = named ? std::filesystem::path(named) : std::filesystem::path(APICAL_SOURCE_DIR) / "../shared/data";
    const auto file = data / "sonata/examples/9_cells/output/membrane_potential.h5";
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "SKIPPED: no SONATA examples at " << data << "; set APICAL_DATA";
    const auto all = read_report(file);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].cells.size(), 9u);
    EXPECT_EQ(all[0].rows, 30000u);
    EXPECT_NEAR(all[0].data.front(), -80, 5);
}

}  // namespace
}  // namespace apical
