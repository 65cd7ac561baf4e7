// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "io/report.hpp"
#include "io/sonata/build_circuit.hpp"
#include "io/spikes.hpp"
#include "io/hdf5.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/sonata/example_files.hpp"

namespace apical {
namespace {

/// A folder of the examples; empty if they are not here.
std::filesystem::path example_folder(const std::string& name) {
    const auto folder = testing::sonata_examples()/name;
    return std::filesystem::exists(folder) ? folder : std::filesystem::path();
}

/// The columns of a report by node, in 64 bits.
std::map<std::uint64_t, std::vector<double>> read_report_exactly(const std::filesystem::path& path) {
    const hdf5::file_reader file(path);
    const auto reports = file.root().open("report");
    const auto g = reports.open(reports.names().front());
    const auto shape = g.shape_of("data");
    const auto data = g.read<double>("data");
    const auto nodes = g.open("mapping").read<std::uint64_t>("node_ids");
    std::map<std::uint64_t, std::vector<double>> columns;
    for (std::size_t k = 0; k < nodes.size(); ++k)
        for (std::size_t row = 0; row < shape[0]; ++row) columns[nodes[k]].push_back(data[row*shape[1] + k]);
    return columns;
}

/// A circuit of the examples, run as it was published.
struct published_run {
    sonata::built_circuit built;
    std::optional<simulation> sim;
    std::vector<std::pair<double, std::uint64_t>> spikes;        // time of the step, node

    published_run(const std::filesystem::path& config, const sonata::build_options& how) {
        sonata::findings found;
        const auto files = std::make_shared<const sonata::circuit_files>(sonata::read_circuit(config, found));
        built = sonata::build_circuit(files, how, found);
        found.throw_if_errors();
        sim.emplace(built.model, built.run);
        sim->run(built.until);
        for (const auto& s : sim->spikes()) spikes.emplace_back(s.step_time, built.nodes->origins[static_cast<std::size_t>(s.population)].nodes[static_cast<std::size_t>(s.cell)]);
        std::ranges::sort(spikes);
    }

    /// All spikes are those of a published file, to a millionth of a millisecond.
    void expect_spikes(const std::filesystem::path& file, const std::string& population) const {
        std::vector<std::pair<double, std::uint64_t>> expected;
        for (const auto& p : read_spikes(file))
            if (p.population == population)
                for (std::size_t i = 0; i < p.times.size(); ++i) expected.emplace_back(p.times[i], p.cells[i]);
        // ties in any order
        const auto rounded = [](auto list) {
            for (auto& [t, n] : list) t = std::round(t*1e5)/1e5;
            std::ranges::sort(list);
            return list;
        };
        const auto a = rounded(spikes), b = rounded(expected);
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            EXPECT_EQ(a[i].second, b[i].second);
            EXPECT_NEAR(a[i].first, b[i].first, 1e-6);
        }
    }

    /// The largest difference from a published report; relative, if asked for.
    double difference(const std::filesystem::path& file, const std::string& report_name, bool relative) const {
        const auto published = read_report_exactly(file);
        double most = 0;
        const auto plan = std::ranges::find(built.reports, report_name, &sonata::report_plan::name);
        for (const auto& label : plan->probes) {
            const auto& r = (*sim)[label];
            for (std::size_t k = 0; k < r.columns(); ++k) {
                const auto node = built.nodes->origins[static_cast<std::size_t>(r.places[k].population)].nodes[static_cast<std::size_t>(r.places[k].cell)];
                const auto& column = published.at(node);
                EXPECT_EQ(column.size(), r.rows());
                for (std::size_t row = 0; row < std::min(column.size(), r.rows()); ++row) {
                    const double mine = r.samples[row*r.columns() + k];
                    most = std::max(most, relative ? std::abs(mine/column[row] - 1) : std::abs(mine - column[row]));
                }
            }
        }
        return most;
    }
};

const sonata::build_options as_published{.constants = physical_constants::legacy};

/// What a published run holds to, and how close.
struct publication {
    const char *example, *population;
    std::size_t spikes;
    double voltage, calcium;                       // largest differences [mV], relative
};

void expect_published(const publication& p) {
    const auto folder = example_folder(p.example);
    if (folder.empty()) GTEST_SKIP() << "the SONATA examples are not here";
    const published_run run(folder/"config.json", as_published);
    EXPECT_EQ(run.spikes.size(), p.spikes);
    run.expect_spikes(folder/"output/spikes.h5", p.population);
    const double v = run.difference(folder/"output/membrane_potential.h5", "membrane_potential", false);
    const double ca = run.difference(folder/"output/calcium_concentration.h5", "calcium_concentration", true);
    ::testing::Test::RecordProperty("largest_difference_pV", std::to_string(v*1e9));
    ::testing::Test::RecordProperty("largest_difference_cai", std::to_string(ca*1e12) + "e-12");
    EXPECT_LT(v, p.voltage);
    EXPECT_LT(ca, p.calcium);
}

TEST(sonata_run, five_cells_are_as_published) { expect_published({"5_cells_iclamp", "biophysical", 124, 1e-5, 1e-9}); }
TEST(sonata_run, nine_cells_are_as_published) { expect_published({"9_cells", "cortex", 78, 1e-7, 1e-10}); }

/// No output of this network was published; an independent computation of NEST's grid gave these rates.
TEST(sonata_run, point_neurons_have_the_computed_rates) {
    const auto folder = example_folder("300_pointneurons");
    if (folder.empty()) GTEST_SKIP() << "the SONATA examples are not here";
    const published_run run(folder/"config.json", {});
    std::map<int, double> rate;
    for (const auto& s : run.sim->spikes()) rate[s.population] += 1/(1.5*run.built.model.populations[static_cast<std::size_t>(s.population)].size);
    const std::map<std::string, double> computed{{"100", 11.27}, {"101", 23.12}, {"102", 64.46}, {"103", 38.56}, {"104", 115.51}};
    for (std::size_t p = 0; p < run.built.model.populations.size(); ++p) {
        const auto& name = run.built.model.populations[p].name;
        const double expected = computed.at(name.substr(name.find('/') + 1));
        EXPECT_NEAR(rate[static_cast<int>(p)], expected, 0.01*expected) << name;
    }
}

TEST(sonata_run, results_are_written_as_they_are_read) {
    const auto folder = example_folder("9_cells");
    if (folder.empty()) GTEST_SKIP() << "the SONATA examples are not here";
    const testing::temporary_folder copy;
    std::filesystem::copy(folder.parent_path()/"shared_components", copy/"shared_components", std::filesystem::copy_options::recursive);
    std::filesystem::copy(folder, copy/"9_cells", std::filesystem::copy_options::recursive);
    std::filesystem::remove_all(copy/"9_cells/output");
    const published_run run(copy/"9_cells/config.json", as_published);
    const auto written = sonata::write_outputs(run.built, *run.sim, overwrite::no);
    EXPECT_EQ(written.size(), 3u);
    const auto spikes = read_spikes(copy/"9_cells/output/spikes.h5");
    ASSERT_EQ(spikes.size(), 1u);
    EXPECT_EQ(spikes[0].population, "cortex");
    EXPECT_EQ(spikes[0].times.size(), 78u);
    const auto report = read_report(copy/"9_cells/output/membrane_potential.h5");
    ASSERT_EQ(report.size(), 1u);
    EXPECT_EQ(report[0].cells.size(), 9u);
    EXPECT_EQ(report[0].rows, 30000u);
}

/// Some nodes' edges without their positions: they are drawn, the same each time.
TEST(sonata_run, threads_change_nothing) {
    const auto folder = example_folder("9_cells");
    if (folder.empty()) GTEST_SKIP() << "the SONATA examples are not here";
    auto how = as_published;
    how.threads = 3;
    const published_run one(folder/"config.json", as_published), three(folder/"config.json", how);
    EXPECT_EQ(one.spikes, three.spikes);
}

}  // namespace
}  // namespace apical
