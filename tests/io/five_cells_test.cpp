// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "engine/simulation.hpp"
#include "io/hdf5.hpp"
#include "io/spikes.hpp"
#include "tests/io/allen_cells.hpp"

/// The circuit 5_cells_iclamp of the SONATA repository against the output that is published with it, which BMTK and NEURON 7 computed.
namespace apical {
namespace {

using namespace units;
using testing::allen_cells;

constexpr double dt = 0.1;   ///< [ms]

circuit five_cells() {
    circuit c;
    for (const auto& a : allen_cells) {
        c.populations.push_back({.name = a.name, .cell = sonata::make_cell(testing::with_nml(a)).cell});
        c.injections.push_back({{a.name}, step_current{500*ms, 500*ms, 0.15*nA}});
        c.injections.push_back({{a.name}, step_current{1500*ms, 500*ms, 0.175*nA}});
        c.injections.push_back({{a.name}, step_current{2500*ms, 500*ms, 0.2*nA}});
        c.probes.push_back({.label = std::string(a.name) + " v", .on = {a.name}});
        c.probes.push_back({.label = std::string(a.name) + " cai", .on = {a.name}, .variable = "ca.c_in"});
        c.detectors.push_back({.on = {a.name}, .threshold = -15*mV});
    }
    return c;
}

/// [rows x 5] of a report; row k is at the end of step k + 1.
std::vector<double> published(const std::string& file) {
    const hdf5::file_reader reader(testing::sonata_example("5_cells_iclamp/output/" + file));
    auto report = reader.root().open("report");
    return report.open(report.names().front()).read<double>("data");
}

/// Largest difference from a report, relative to it if asked, over the rows from `first` to `last`.
double largest(const simulation& s, const char* variable, const std::vector<double>& report, std::size_t first, std::size_t last, bool relative) {
    double most = 0;
    for (std::size_t cell = 0; cell < allen_cells.size(); ++cell) {
        const auto& samples = s[std::string(allen_cells[cell].name) + " " + variable].samples;
        for (std::size_t row = first; row < last; ++row) {
            const double theirs = report[row*allen_cells.size() + cell], off = std::abs(samples[row + 1] - theirs)/(relative ? theirs : 1);
            if (!(off <= most)) most = off;
        }
    }
    return most;
}

TEST(five_cells_iclamp, is_what_is_published) {
    const auto output = testing::sonata_example("5_cells_iclamp/output/spikes.h5");
    if (!std::filesystem::exists(output)) GTEST_SKIP() << "SKIPPED: " << testing::missing(output);
    simulation s(five_cells(), {.dt = dt*ms, .scheme = scheme::backward_euler, .temperature = celsius(34), .constants = physical_constants::legacy});
    s.run(4000*ms);

    std::map<int, std::vector<double>> ours, theirs;
    for (const auto& spike : s.spikes()) ours[spike.population].push_back(spike.step_time);
    const auto file = read_spikes(output);
    for (const auto& p : file)
        for (std::size_t i = 0; i < p.times.size(); ++i) theirs[static_cast<int>(p.cells[i])].push_back(p.times[i]);
    std::size_t spikes = 0;
    for (auto& [cell, times] : theirs) {
        std::ranges::sort(times);
        const auto& mine = ours[cell];
        ASSERT_EQ(mine.size(), times.size()) << allen_cells[static_cast<std::size_t>(cell)].name;
        for (std::size_t i = 0; i < times.size(); ++i) EXPECT_NEAR(mine[i], times[i], 1e-6) << allen_cells[static_cast<std::size_t>(cell)].name;
        spikes += times.size();
    }
    EXPECT_EQ(spikes, 124u);

    const auto v = published("membrane_potential.h5"), cai = published("calcium_concentration.h5");
    const auto rows = v.size()/allen_cells.size();
    EXPECT_EQ(rows, 40000u);
    const double at_rest = largest(s, "v", v, 0, 4999, false), anywhere = largest(s, "v", v, 0, rows, false), calcium = largest(s, "cai", cai, 0, rows, true);
    EXPECT_LT(at_rest, 1e-10);
    EXPECT_LT(anywhere, 1e-5);
    EXPECT_LT(calcium, 1e-9);
    RecordProperty("v_at_rest_mV", std::to_string(at_rest*1e12) + "e-12"), RecordProperty("v_mV", std::to_string(anywhere*1e9) + "e-9"), RecordProperty("cai", std::to_string(calcium*1e12) + "e-12");
}

}  // namespace
}  // namespace apical
