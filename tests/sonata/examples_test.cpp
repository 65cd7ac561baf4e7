// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "io/report.hpp"
#include "io/sonata/circuit_files.hpp"
#include "io/sonata/spike_trains.hpp"
#include "tests/sonata/example_files.hpp"

/// The circuits that the authors of the format give away; the numbers are those of their README and of their configuration files.
namespace apical::sonata {
namespace {

using testing::example_config;

class sonata_examples : public ::testing::TestWithParam<const char*> {
protected:
    void SetUp() override {
        config_ = example_config(GetParam());
        if (config_.empty()) GTEST_SKIP() << "SKIPPED: no " << GetParam() << " in " << testing::sonata_examples() << "; set APICAL_DATA";
        files_ = read_circuit(config_, found_);
        for (const auto& f : found_.all()) EXPECT_FALSE(f.is_error()) << f.about.text();
    }
    std::filesystem::path config_;
    findings found_;
    circuit_files files_;
};

TEST_P(sonata_examples, have_no_errors_and_say_what_they_say) {
    check(files_, found_);
    for (const auto& f : found_.all()) EXPECT_FALSE(f.is_error()) << f.about.text();
    for (const auto& e : files_.edges) {
        std::uint64_t total = 0;
        for (std::uint64_t t = 0; t < e.targets(); ++t) total += e.of_targets(t, t + 1).size();
        EXPECT_EQ(total, e.size()) << e.name();
        EXPECT_EQ(e.of_targets(0, e.targets()).size(), e.size());
    }
}
INSTANTIATE_TEST_SUITE_P(all, sonata_examples, ::testing::Values("5_cells_iclamp", "9_cells", "300_pointneurons"));

#define APICAL_EXAMPLE(name) \
    findings found; \
    if (example_config(name).empty()) GTEST_SKIP() << "SKIPPED: no " << name << "; set APICAL_DATA"; \
    const auto files = read_circuit(example_config(name), found); \
    const auto& c = files.settings

TEST(sonata_example, five_cells) {
    APICAL_EXAMPLE("5_cells_iclamp");
    EXPECT_EQ(c.run.tstop, 4000);
    EXPECT_EQ(c.run.dt, 0.1);
    EXPECT_EQ(c.run.spike_threshold, -15);
    EXPECT_EQ(c.conditions.celsius, 34);
    EXPECT_EQ(c.conditions.v_init, -80);
    EXPECT_EQ(c.simulator, "NEURON");
    ASSERT_EQ(c.inputs.size(), 3u);
    const auto& clamp = std::get<current_clamp>(c.inputs[2].what);
    EXPECT_EQ(clamp.amplitude, (std::vector<double>{0.2}));
    EXPECT_EQ(clamp.delay, (std::vector<double>{2500}));
    ASSERT_EQ(c.reports.size(), 2u) << "that of extracellular potentials is not supported";
    EXPECT_EQ(c.reports[0].variable, "cai");
    EXPECT_TRUE(std::filesystem::exists(c.components.morphologies / "Scnn1a_473845048_m.swc"));
    EXPECT_EQ(c.output.spikes.filename(), "spikes.h5");
    ASSERT_EQ(files.nodes.size(), 1u);
    const auto& n = files.nodes[0];
    ASSERT_EQ(n.size(), 5u);
    EXPECT_EQ(n.text(3, "model_name"), "PV1");
    EXPECT_EQ(n.text(4, "morphology"), "Pvalb_469628681_m") << "the types stand in another order than their ids";
    const auto all = c.sets.select("biophys_cells", files.nodes, "", found);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].nodes, (std::vector<std::uint64_t>{0, 1, 2, 3, 4}));
}

TEST(sonata_example, nine_cells) {
    APICAL_EXAMPLE("9_cells");
    ASSERT_EQ(files.nodes.size(), 3u);
    EXPECT_EQ(files.nodes[0].text(8, "model_name"), "Nr5a1");
    EXPECT_EQ(files.nodes[1].size(), 10u);
    ASSERT_EQ(files.edges.size(), 2u);
    const auto& exc = files.edges[0];
    const std::vector<std::size_t> per_target{83, 75, 79, 64, 88, 73, 53, 69, 75};
    for (std::uint64_t t = 0; t < 9; ++t) EXPECT_EQ(exc.of_targets(t, t + 1).size(), per_target[t]);
    const auto all = exc.of_targets(0, 9);
    for (const auto w : exc.numbers(all, "syn_weight")) EXPECT_EQ(w, 3.4e-4);
    for (const auto d : exc.numbers(all, "delay")) EXPECT_EQ(d, 2.0) << "which is that of the type";
    for (const auto x : exc.numbers(all, "afferent_section_pos")) EXPECT_EQ(x, 0.5) << "which the file calls sec_x";
    const auto sections = exc.numbers(all, "afferent_section_id");
    EXPECT_GE(std::ranges::min(sections), 3);
    EXPECT_LE(std::ranges::max(sections), 119);
    EXPECT_EQ(exc.texts(all, "model_template").front(), "Exp2Syn");
    for (const auto w : files.edges[1].numbers(files.edges[1].of_targets(4, 6), "syn_weight")) EXPECT_EQ(w, 2.6e-4);
    EXPECT_TRUE(std::isnan(exc.numbers(all, "nsyns").front()));
    const auto spikes = read_replay(c.inputs[0], files, found);
    ASSERT_EQ(spikes.size(), 1u);
    EXPECT_EQ(files.nodes[spikes[0].population].name(), "excvirt");
    EXPECT_EQ(spikes[0].times.size(), 312u);
    EXPECT_NEAR(spikes[0].times.front(), 1.18, 0.01);
    EXPECT_EQ(read_replay(c.inputs[1], files, found).at(0).times.size(), 285u);
}

TEST(sonata_example, three_hundred_point_neurons) {
    APICAL_EXAMPLE("300_pointneurons");
    ASSERT_EQ(files.nodes.size(), 2u);
    EXPECT_EQ(files.nodes[0].size(), 300u);
    EXPECT_EQ(files.nodes[0].text(299, "model_name"), "PV2");
    const auto& recurrent = files.edges[0];
    std::map<std::pair<double, std::int64_t>, int> count;
    const auto all = recurrent.rows(0, recurrent.size());
    const auto weights = recurrent.numbers(all, "syn_weight");
    for (std::size_t i = 0; i < all.size(); ++i) ++count[{weights[i], all.type[i]}];
    EXPECT_EQ(count, (decltype(count){{{2.5, 100}, 11428}, {{7.0, 101}, 7188}, {{-7.5, 102}, 7171}, {{-3.0, 103}, 1801}}));
    EXPECT_FALSE(files.edges[1].has("delay")) << "NEST's default then";
    EXPECT_EQ(read_replay(c.inputs[0], files, found).at(0).times.size(), 4334u) << "of the old layout, without a population";
    const auto recorded = c.sets.select("recorded_cells", files.nodes, "", found);
    ASSERT_EQ(recorded.size(), 1u);
    EXPECT_EQ(recorded[0].nodes, (std::vector<std::uint64_t>{0, 80, 160, 240, 270}));
}

TEST(sonata_example, published_reports_and_spikes_are_read) {
    if (example_config("9_cells").empty()) GTEST_SKIP() << "SKIPPED: no 9_cells; set APICAL_DATA";
    const auto folder = testing::sonata_examples() / "9_cells/output";
    const auto spikes = read_spikes(folder / "spikes.h5");
    ASSERT_EQ(spikes.size(), 1u);
    EXPECT_EQ(spikes[0].times.size(), 78u);
    const auto v = read_report(folder / "membrane_potential.h5");
    ASSERT_EQ(v.size(), 1u);
    EXPECT_EQ(v[0].rows, 30000u);
    EXPECT_EQ(v[0].cells, (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
    EXPECT_EQ(v[0].interval, 0.1);
}

}  // namespace
}  // namespace apical::sonata
