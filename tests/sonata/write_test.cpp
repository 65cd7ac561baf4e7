// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/write.hpp"

#include <gtest/gtest.h>

#include "io/hdf5.hpp"
#include "io/sonata/circuit_files.hpp"
#include "io/sonata/edge_index.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/sonata/written_circuit.hpp"

namespace apical::sonata {
namespace {

using testing::message_of, testing::says, testing::temporary_folder;
using ids = std::vector<std::uint64_t>;

TEST(sonata_write, what_was_written_is_read) {
    const temporary_folder folder;
    testing::write_circuit(folder.path());
    findings found;
    const auto files = read_circuit(folder / "circuit_config.json", found);
    check(files, found);
    for (const auto& f : found.all()) ADD_FAILURE() << f.about.text();
    ASSERT_EQ(files.nodes.size(), 2u);
    const auto& drive = files.nodes[0];
    const auto& left = files.nodes[1];
    EXPECT_EQ(drive.size(), 2u);
    EXPECT_EQ(left.numbers("x"), (std::vector<double>{0.5, 1.5, 2.5}));
    EXPECT_EQ(left.number(1, "layer"), 5);
    EXPECT_EQ(left.text(1, "layer"), "5");
    EXPECT_EQ(left.text(2, "mtype"), "L6_TPC");
    EXPECT_EQ(left.text(0, "label"), "a cell \"with\" blanks");
    EXPECT_EQ(left.text(1, "label"), std::nullopt);
    EXPECT_EQ(left.dynamics(2), (std::vector<std::string>{"gain"}));
    EXPECT_EQ(left.number(2, "dynamics_params/gain"), 3);
    ASSERT_EQ(files.edges.size(), 1u);
    const auto& e = files.edges[0];
    const auto all = e.of_targets(0, 3);
    EXPECT_EQ(all.target, (ids{0, 0, 2, 2})) << "sorted by target";
    EXPECT_EQ(all.source, (ids{1, 0, 0, 1})) << "otherwise as given";
    EXPECT_EQ(e.numbers(all, "syn_weight"), (std::vector<double>{0.2, 0.4, 0.1, 0.3}));
    EXPECT_EQ(e.texts(all, "model_template"), (std::vector<std::string>{"exp2syn", "expsyn", "exp2syn", "expsyn"}));
    EXPECT_EQ(e.of_targets(1, 2).size(), 0u);
    EXPECT_EQ(e.numbers(e.of_targets(2, 3), "sec_id"), (std::vector<double>{1, 3})) << "by the name of old files";
}

TEST(sonata_write, what_does_not_fit_is_refused_and_leaves_no_file) {
    const temporary_folder folder;
    auto nodes = testing::written_nodes();
    std::get<0>(nodes[0].attributes[0].values).pop_back();
    says(message_of<invalid_input>([&] { write_nodes(folder / "a.h5", nodes); }), "a.h5:/nodes/left/0/x: has 2 values, 3 are expected");
    auto edges = testing::written_edges();
    edges[0].source_ids[1] = 2;
    says(message_of<invalid_input>([&] { write_edges(folder / "a.h5", edges); }), "edge 1 leads from 2 to 0, of 2 and 3 nodes");
    says(message_of<invalid_input>([&] { write_types(folder / "a.csv", "node_type_id", {{"a", "b"}, {{1, {"x"}}}}); }), "type 1 has 1 cells for 2 columns");
    EXPECT_EQ(folder.entries(), 0);
}

/// Target t has the edges of sources 0 to t - 1.
edge_stream triangle() {
    return {.name = "e", .source = "a", .target = "b", .sources = 3, .targets = 4, .type = 7, .attributes = {{"syn_weight"}, {"afferent_section_id", true}},
            .onto = [](std::uint64_t t, edge_stream::batch& to) {
                for (std::uint64_t s = 0; s < t; ++s) to.sources.push_back(s), to.values[0].push_back(0.1*static_cast<double>(t)), to.values[1].push_back(static_cast<double>(s));
            }};
}

TEST(sonata_write, edges_are_streamed_target_by_target) {
    const temporary_folder folder;
    EXPECT_EQ(write_edges(folder / "e.h5", triangle()), 6u);
    const hdf5::file_reader file(folder / "e.h5");
    const auto e = file.root().open("edges").open("e");
    EXPECT_EQ(e.read<std::uint64_t>("target_node_id"), (ids{1, 2, 2, 3, 3, 3}));
    EXPECT_EQ(e.read<std::uint64_t>("source_node_id"), (ids{0, 0, 1, 0, 1, 2}));
    EXPECT_EQ(e.read<std::int64_t>("edge_type_id"), (std::vector<std::int64_t>(6, 7)));
    EXPECT_EQ(e.open("0").content_of("afferent_section_id"), hdf5::content::whole_numbers);
    EXPECT_EQ(e.open("0").read<double>("syn_weight")[5], 0.1*3.0);
    const auto index = edge_index::read(e.open("indices").open("target_to_source"), 4, 6);
    EXPECT_EQ(index.edges_of(2, 3), (row_ranges{{1, 3}}));
    EXPECT_TRUE(index.edges_of(0, 1).empty());
    EXPECT_EQ(edge_index::read(e.open("indices").open("source_to_target"), 3, 6).edges_of(2, 3), (row_ranges{{5, 6}}));
    auto big = triangle();
    big.most_indexed_by_source = 5;
    write_edges(folder / "big.h5", big);
    EXPECT_FALSE(hdf5::file_reader(folder / "big.h5").root().open("edges").open("e").open("indices").contains_group("source_to_target"));
}

TEST(sonata_write, streams_that_contradict_themselves_leave_no_file) {
    const temporary_folder folder;
    auto e = triangle();
    e.sources = 2;
    says(message_of<invalid_input>([&] { write_edges(folder / "e.h5", e); }), "an edge leads from 2 to 3, of 2 and 4 nodes");
    e = triangle();
    e.onto = [](std::uint64_t, edge_stream::batch& to) { to.sources.push_back(0); };
    says(message_of<invalid_input>([&] { write_edges(folder / "e.h5", e); }), "target 0 has 0 values for 1 edges");
    e = triangle();
    int calls = 0;
    e.attributes.clear();
    e.onto = [&](std::uint64_t, edge_stream::batch& to) { to.sources.assign(++calls > 4 ? 1 : 2, 0); };
    says(message_of<invalid_input>([&] { write_edges(folder / "e.h5", e); }), "target 0 has other edges when it is asked again");
    EXPECT_EQ(folder.entries(), 0);
}

TEST(sonata_write, a_configuration_means_the_same_after_a_round) {
    const temporary_folder folder;
    testing::write_circuit(folder.path());
    write_text(folder / "spikes.h5", "");
    config c;
    c.has_run = true;
    c.run = {.tstop = 100, .dt = 0.1, .segment_length = 40, .spike_threshold = -10, .seed = 7};
    c.conditions = {.celsius = 34, .v_init = -80};
    c.components.morphologies = folder / "morphologies";
    c.nodes.push_back({.nodes = folder / "nodes.h5", .types = folder / "node_types.csv", .populations = {{"left", {}}}, .population_types = {{"left", "biophysical"}}});
    c.edges.push_back({.edges = folder / "edges.h5"});
    c.inputs.push_back({.name = "z", .type = "current_clamp", .module = "IClamp", .node_set = "left", .what = current_clamp{{1, 2}, {3, 4}, {5, 6}, "dend", 2, 0.25}});
    c.inputs.push_back({.name = "a", .type = "spikes", .module = "h5", .node_set = "drive", .what = spike_replay{folder / "spikes.h5"}});
    c.inputs.push_back({.name = "p", .type = "current_clamp", .module = "pulse", .node_set = "left", .what = soma_current{0.1, 0.1, 5, 50, 20, 2}});
    c.reports.push_back({.name = "v", .node_set = "left", .variable = "v", .sections = "soma,apical", .dt = 1.0, .start = 5, .stop = 50, .file = folder / "output/v.h5"});
    c.output = {.folder = folder / "output", .spikes = folder / "output/s.h5", .spike_order = "id"};
    c.simulator = "NEURON";
    write_config(folder / "once.json", c);
    findings found;
    const auto once = read_config(folder / "once.json", found);
    for (const auto& f : found.all()) ADD_FAILURE() << f.about.text();
    EXPECT_EQ(once.run.seed, 7u);
    EXPECT_EQ(once.inputs[0].name, "z") << "the order is that of the file";
    EXPECT_EQ(std::get<current_clamp>(once.inputs[0].what).section_position, 0.25);
    EXPECT_EQ(std::get<soma_current>(once.inputs[2].what).frequency, 20);
    EXPECT_EQ(once.reports[0].sections, "soma,apical");
    EXPECT_EQ(once.reports[0].file, folder / "output/v.h5");
    EXPECT_EQ(once.nodes[0].population_types.at("left"), "biophysical");
    write_config(folder / "twice.json", once);
    EXPECT_EQ(read_text(folder / "once.json"), read_text(folder / "twice.json"));
}

}  // namespace
}  // namespace apical::sonata
