// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/random.hpp"
#include "io/sonata/circuit_files.hpp"
#include "io/sonata/document.hpp"
#include "io/sonata/spike_trains.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/sonata/sample_files.hpp"

namespace apical::sonata {
namespace {

using testing::fractions, testing::message_of, testing::sample_circuit, testing::sample_files, testing::says, testing::temporary_folder, testing::whole_numbers;
using ids = std::vector<std::uint64_t>;

/// A circuit read from the sample after a change of it.
struct read_sample {
    template <class Change> explicit read_sample(const Change& change) {
        auto s = sample_circuit();
        change(s);
        s.write(folder.path());
        files = read_circuit(folder / "config.json", found);
        check(files, found);
    }
    read_sample() : read_sample([](sample_files&) {}) {}
    ids chosen(const std::string& set, std::size_t population = 0) {
        for (const auto& s : files.settings.sets.select(set, files.nodes, "test", found))
            if (s.population == population) return s.nodes;
        return {};
    }
    std::string told() const {
        std::string all;
        for (const auto& f : found.all()) all += std::string(name_of(f.kind)) + ": " + f.about.text() + "\n";
        return all;
    }
    temporary_folder folder;
    findings found;
    circuit_files files;
};

TEST(sonata_nodes, an_attribute_is_that_of_the_group_else_that_of_the_type) {
    const read_sample s;
    ASSERT_EQ(s.files.nodes.size(), 2u) << s.told();
    const auto& cells = s.files.nodes[0];
    EXPECT_EQ(cells.number(5, "x"), 5.5) << "row 1 of group 1";
    EXPECT_EQ(cells.text(2, "layer"), "L5");
    EXPECT_EQ(cells.text(4, "layer"), std::nullopt) << "group 1 has none, nor has the type";
    EXPECT_EQ(cells.text(2, "ei"), "i");
    EXPECT_EQ(cells.text(2, "label"), "basket cell");
    EXPECT_EQ(cells.text(0, "label"), std::nullopt) << "NONE is no value";
    EXPECT_EQ(cells.where(3, "x").substr(cells.where(3, "x").rfind('/')), "/x[3]");
    EXPECT_TRUE(cells.where(3, "ei").ends_with("node_types.csv:3"));
    EXPECT_TRUE(cells.dynamics(5).empty());
    EXPECT_TRUE(std::isnan(cells.numbers("dynamics_params/gain")[5]));
}

TEST(sonata_nodes, rows_are_sorted_by_their_ids) {
    const read_sample s([](sample_files& f) { f.whole("nodes.h5", "nodes/cells/node_id") = {5, 4, 3, 2, 1, 0}; });
    EXPECT_EQ(s.files.nodes.at(0).numbers("x"), (fractions{5.5, 4.5, 3.5, 2.5, 1.5, 0.5}));
    EXPECT_EQ(s.files.nodes[0].type_ids(), (whole_numbers{101, 100, 101, 101, 100, 100}));
}

TEST(sonata_nodes, of_the_bluebrain_project_have_no_types_and_texts_by_code) {
    const read_sample s([](sample_files& f) {
        auto& n = f.hdf5["nodes.h5"];
        n["nodes/drive/node_type_id"] = {whole_numbers{-1, -1, -1}};
        n.erase("nodes/drive/node_group_id"), n.erase("nodes/drive/node_group_index"), n.erase("nodes/drive/0/");
        n["nodes/drive/0/mtype"] = {whole_numbers{1, 0, 1}};
        n["nodes/drive/0/@library/mtype"] = {std::vector<std::string>{"L5_TPC", "L1_DAC"}};
        n["nodes/drive/0/orientation_w"] = {fractions{1, 1, 1}};
    });
    EXPECT_TRUE(s.found.all().empty()) << s.told();
    const auto& drive = s.files.nodes.at(1);
    EXPECT_EQ(drive.text(0, "mtype"), "L1_DAC");
    EXPECT_EQ(drive.text(1, "mtype"), "L5_TPC");
    EXPECT_EQ(drive.number(2, "orientation_w"), 1);
    const read_sample beyond([](sample_files& f) {
        f.hdf5["nodes.h5"]["nodes/drive/0/mtype"] = {whole_numbers{1, 0, 2}};
        f.hdf5["nodes.h5"]["nodes/drive/0/@library/mtype"] = {std::vector<std::string>{"a", "b"}};
        f.hdf5["nodes.h5"].erase("nodes/drive/0/");
    });
    says(beyond.told(), "/nodes/drive/0/mtype[2]: is the code 2, the @library has 2 texts");
}

TEST(sonata_types, of_another_population_are_left_out) {
    const auto t = types_table::parse("population edge_type_id w\na 1 x\nb 1 y\n", "t.csv", "edge_type_id", "b");
    EXPECT_EQ(*t.text(1, "w"), "y");
    EXPECT_EQ(t.where(1), "t.csv:3");
    EXPECT_EQ(t.number(1, "w"), std::nullopt);
    says(message_of<invalid_input>([] { types_table::parse("edge_type_id w\n1 x\n1 y\n2\n", "t.csv", "edge_type_id"); }), "t.csv:3: has the edge_type_id 1 a second time\nt.csv:4: has 1 cells for 2 columns");
}

TEST(sonata_edges, are_the_same_with_either_spelling_of_the_index_and_without_one) {
    const read_sample with, other([](sample_files& f) {
        auto& e = f.hdf5["edges.h5"];
        for (const std::string set : {"node_id_to_range", "range_to_edge_id"}) {
            e["edges/drive_to_cells/indicies/target_to_source/" + set + (set == "node_id_to_range" ? "s" : "")] = e.at("edges/drive_to_cells/indices/target_to_source/" + set);
            e.erase("edges/drive_to_cells/indices/target_to_source/" + set);
            e.erase("edges/drive_to_cells/indices/source_to_target/" + set);
        }
    }), without([](sample_files& f) { std::erase_if(f.hdf5["edges.h5"], [](const auto& s) { return s.first.find("indices") != std::string::npos; }); });
    for (const auto* s : {&with, &other, &without}) {
        ASSERT_EQ(s->files.edges.size(), 1u) << s->told();
        const auto& e = s->files.edges[0];
        EXPECT_EQ(e.of_targets(2, 3).id, (ids{3, 4}));
        EXPECT_EQ(e.of_targets(3, 6).id, (ids{5, 6, 7}));
        EXPECT_EQ(e.of_targets(4, 5).size(), 0u);
        EXPECT_EQ(e.of_targets(2, 3).source, (ids{0, 1}));
        EXPECT_EQ(e.numbers(e.of_targets(3, 6), "delay"), (fractions{2, 2, 2}));
    }
}

TEST(sonata_edges, a_first_row_of_minus_one_means_none) {
    const read_sample s([](sample_files& f) { f.whole("edges.h5", "edges/drive_to_cells/indices/target_to_source/node_id_to_range")[8] = -1; });
    EXPECT_TRUE(s.found.all().empty()) << s.told();
    EXPECT_EQ(s.files.edges.at(0).of_targets(4, 5).size(), 0u);
}

TEST(sonata_edges, in_any_order_and_in_groups_are_found_by_target) {
    // 4000 edges in random order, of two groups whose rows run backwards
    constexpr std::int64_t n = 4000;
    random_stream random(1, identity("edges"));
    whole_numbers source, target, group, row;
    for (std::int64_t i = 0; i < n; ++i) {
        source.push_back(static_cast<std::int64_t>(random.below(3)));
        target.push_back(static_cast<std::int64_t>(random.below(6)));
        group.push_back(i % 2);
        row.push_back(n/2 - 1 - i/2);
    }
    fractions even(n/2), odd(n/2);
    for (std::size_t i = 0; i < n; ++i) (i % 2 ? odd : even)[static_cast<std::size_t>(row[i])] = static_cast<double>(i);
    const read_sample s([&](sample_files& f) {
        const std::string p = "edges/drive_to_cells/";
        f.hdf5["edges.h5"] = {{p + "source_node_id", {source, {}, {{"node_population", "drive"}}}}, {p + "target_node_id", {target, {}, {{"node_population", "cells"}}}},
                              {p + "edge_type_id", {whole_numbers(n, 8)}}, {p + "edge_group_id", {group}}, {p + "edge_group_index", {row}},
                              {p + "0/number", {even}}, {p + "1/number", {odd}}, {p + "1/syn_weight", {fractions(n/2, 0.5)}}};
    });
    ASSERT_FALSE(s.found.has_errors()) << s.told();
    const auto& e = s.files.edges[0];
    for (std::uint64_t t = 0; t < 6; ++t) {
        const auto r = e.of_targets(t, t + 1);
        EXPECT_EQ(r.size(), static_cast<std::size_t>(std::ranges::count(target, static_cast<std::int64_t>(t))));
        EXPECT_TRUE(std::ranges::is_sorted(r.id));
        const auto numbers = e.numbers(r, "number"), weights = e.numbers(r, "syn_weight"), sigma = e.numbers(r, "weight_sigma");
        for (std::size_t i = 0; i < r.size(); ++i) {
            EXPECT_EQ(numbers[i], static_cast<double>(r.id[i]));
            EXPECT_EQ(std::isnan(weights[i]), r.id[i] % 2 == 0);
            EXPECT_EQ(sigma[i], 50);
        }
    }
}

TEST(sonata_edges, have_the_names_of_old_files_too) {
    const read_sample s([](sample_files& f) {
        auto& e = f.hdf5["edges.h5"];
        e["edges/drive_to_cells/0/sec_id"] = e.at("edges/drive_to_cells/0/afferent_section_id");
        e.erase("edges/drive_to_cells/0/afferent_section_id");
    });
    const auto& e = s.files.edges.at(0);
    EXPECT_TRUE(e.has("afferent_section_id"));
    EXPECT_EQ(e.numbers(e.rows(0, 4), "afferent_section_id"), (fractions{0, 1, 2, 3}));
    EXPECT_TRUE(std::ranges::count(e.attributes(), "sec_id") == 0);
}

TEST(sonata_node_sets, of_all_dialects) {
    read_sample s([](sample_files& f) {
        f.replace("node_sets.json", "{\n", R"({"ids": {"population": "cells", "node_id": [5, 0, 99]}, "none": {"ei": []}, "global": [5, 1, 2], "range": {"x": {"$gte": 1.5, "$lt": 4.5}},
            "either": {"population": ["cells", "drive"], "ei": "e"}, "plural": {"populations": "drive", "node_ids": 2}, "nested": ["both", "ids"], "number": {"x": 2.5}, )");
    });
    EXPECT_EQ(s.chosen("excitatory"), (ids{0, 1, 4}));
    EXPECT_EQ(s.chosen("deep"), (ids{1, 2, 3}));
    EXPECT_EQ(s.chosen("near"), (ids{0, 1}));
    EXPECT_EQ(s.chosen("range"), (ids{1, 2, 3}));
    EXPECT_EQ(s.chosen("both"), (ids{0, 1, 2, 3, 4}));
    EXPECT_EQ(s.chosen("nested"), (ids{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(s.chosen("fitting"), (ids{1, 2, 3}));
    EXPECT_EQ(s.chosen("ids"), (ids{0, 5})) << "ids that are not there select nothing";
    EXPECT_EQ(s.chosen("none"), (ids{}));
    EXPECT_EQ(s.chosen("global"), (ids{1, 2, 5}));
    EXPECT_EQ(s.chosen("global", 1), (ids{1, 2})) << "each population has nodes of these ids, and none has more than it has";
    EXPECT_EQ(s.chosen("either", 1), (ids{0, 1, 2}));
    EXPECT_EQ(s.chosen("plural", 1), (ids{2}));
    EXPECT_EQ(s.chosen("number"), (ids{2}));
    EXPECT_EQ(s.chosen("cells"), (ids{0, 1, 2, 3, 4, 5})) << "a population is a set";
    EXPECT_EQ(s.chosen("all", 1), (ids{0, 1, 2}));
    EXPECT_TRUE(s.found.all().empty()) << s.told();
    s.chosen("excitatry");
    says(s.told(), "test: there is no node set 'excitatry'; did you mean 'excitatory'?");
}

TEST(sonata_node_sets, a_pattern_does_not_take_forever) {
    read_sample s([](sample_files& f) {
        std::get<2>(f.set("nodes.h5", "nodes/cells/0/layer").values)[0] = std::string(40, 'a') + "b";
        f.replace("node_sets.json", "\"^L[56]\"", "\"^(a+)+$\"");
    });
    EXPECT_EQ(s.chosen("fitting"), (ids{}));
}

TEST(sonata_config, a_set_may_stand_where_it_is_used) {
    read_sample s([](sample_files& f) { f.replace("simulation_config.json", "\"node_set\": \"excitatory\"", R"("node_set": {"population": "cells", "node_id": [3]})"); });
    EXPECT_TRUE(s.found.all().empty()) << s.told();
    EXPECT_EQ(s.chosen(s.files.settings.inputs[0].node_set), (ids{3}));
}

TEST(sonata_config, pipes_are_refused_and_not_waited_for) {
    for (const std::string name : {"config.json", "circuit_config.json", "node_sets.json", "node_types.csv", "nodes.h5", "edges.h5", "spikes.h5", "spikes.csv"}) {
        const temporary_folder folder;
        sample_circuit().write(folder.path());
        std::filesystem::remove(folder / name);
        ASSERT_EQ(mkfifo((folder / name).c_str(), 0600), 0);
        std::string all;
        for (const auto& f : check(folder / "config.json")) all += f.about.text() + "\n";
        says(all, name);
        says(all, "is no file");
    }
}

TEST(sonata_config, may_be_one_file_or_nested_and_keeps_the_order_of_inputs) {
    const read_sample s([](sample_files& f) {
        f.texts["config.json"] = "{\"network\": " + f.texts["circuit_config.json"] + ", \"simulation\": " + f.texts["simulation_config.json"] + "}";
        f.texts.erase("circuit_config.json"), f.texts.erase("simulation_config.json");
    });
    EXPECT_TRUE(s.found.all().empty()) << s.told();
    std::vector<std::string> names;
    for (const auto& i : s.files.settings.inputs) names.push_back(i.name);
    EXPECT_EQ(names, (std::vector<std::string>{"clamp", "drive", "old", "text"}));
    EXPECT_EQ(s.files.settings.components.synaptic_models, s.folder / "synapses");
    EXPECT_EQ(s.files.settings.output.spikes, s.folder / "output/spikes.h5");
}

TEST(sonata_config, what_is_not_enabled_is_not_looked_at) {
    const read_sample s([](sample_files& f) {
        f.replace("simulation_config.json", "\"input_type\": \"current_clamp\"", "\"enabled\": false, \"input_type\": \"unheard_of\"");
        f.replace("circuit_config.json", "\"edges_file\": \"$FILES/edges.h5\"", "\"enabled\": false, \"edges_file\": \"$FILES/nowhere.h5\"");
    });
    EXPECT_TRUE(s.found.all().empty()) << s.told();
    EXPECT_EQ(s.files.settings.inputs.size(), 3u);
    EXPECT_TRUE(s.files.edges.empty());
}

TEST(sonata_config, all_findings_are_told_at_once) {
    const read_sample s([](sample_files& f) {
        f.replace("simulation_config.json", "\"tstop\": 100.0", "\"tstop\": \"long\"").replace("simulation_config.json", "\"IClamp\"", "\"sinusoidal\"").replace("simulation_config.json", "\"log_file\"", "\"lock_file\"");
        f.numbers("edges.h5", "edges/drive_to_cells/0/delay")[6] = -0.5;
    });
    says(s.told(), "invalid: " + (s.folder / "simulation_config.json").string() + ":3 /run/tstop: expected a number, got a text");
    says(s.told(), "unsupported: ");
    says(s.told(), "'lock_file' is not known here; did you mean 'log_file'?");
    says(s.told(), "/edges/drive_to_cells/0/delay[6]: the delay is -0.5; 0 to 10000 is expected");
    EXPECT_THROW(s.found.throw_if_errors(), invalid_input);
}

TEST(sonata_config, of_the_bluebrain_project) {
    const read_sample s([](sample_files& f) {
        f.texts["config.json"] = R"({"version": 2.3, "manifest": {"$CIRCUIT": "."}, "network": "$CIRCUIT/circuit_config.json", "simulator": "CORENEURON",
            "run": {"tstop": 10, "dt": 0.025, "random_seed": 5, "integration_method": "2"}, "conditions": {"v_init": -75, "celsius": 34, "spike_location": "soma"},
            "inputs": {"ramp": {"input_type": "current_clamp", "module": "linear", "node_set": "cells", "amp_start": 0.1, "amp_end": 0.3, "delay": 1, "duration": 5},
                       "train": {"input_type": "spikes", "module": "synapse_replay", "delay": 0, "duration": 9, "node_set": "cells", "spike_file": "spikes.h5"}},
            "reports": {"soma": {"cells": "cells", "type": "compartment", "sections": "soma", "compartments": "center", "variable_name": "v", "unit": "mV", "dt": 0.1, "start_time": 0, "end_time": 10}},
            "output": {"output_dir": "out", "spikes_sort_order": "by_time"}})";
        f.replace("circuit_config.json", "\"node_types_file\": \"$FILES/node_types.csv\"", R"("node_types_file": "$FILES/node_types.csv", "populations": {"cells": {"type": "biophysical", "morphologies_dir": "./m"}})");
    });
    EXPECT_TRUE(s.found.all().empty()) << s.told();
    const auto& c = s.files.settings;
    EXPECT_EQ(c.run.seed, 5u);
    EXPECT_EQ(std::get<soma_current>(c.inputs.at(0).what).amplitude_end, 0.3);
    EXPECT_EQ(std::get<spike_replay>(c.inputs.at(1).what).targets, "cells");
    EXPECT_EQ(c.inputs[1].node_set, "all");
    EXPECT_TRUE(c.reports.at(0).at_centres);
    EXPECT_EQ(c.nodes.at(0).populations.at("cells").morphologies, s.folder / "m");
}

TEST(sonata_spikes, are_read_from_every_form) {
    const read_sample s;
    const auto& inputs = s.files.settings.inputs;
    findings found;
    const auto new_layout = read_replay(inputs[1], s.files, found), old_layout = read_replay(inputs[2], s.files, found), text = read_replay(inputs[3], s.files, found);
    ASSERT_TRUE(found.all().empty());
    EXPECT_EQ(new_layout.at(0).nodes, (ids{0, 1, 2, 0}));
    EXPECT_EQ(old_layout.at(0).times, (fractions{1, 2, 3})) << "sorted in time";
    EXPECT_EQ(old_layout.at(0).nodes, (ids{1, 2, 0}));
    EXPECT_EQ(text.at(0).times, (fractions{1.5, 2.5}));
    EXPECT_EQ(text.at(0).population, 1u);
}

}  // namespace
}  // namespace apical::sonata
