// SPDX-License-Identifier: BSD-3-Clause
// Electrodes of BMTK's configurations, and parameters of single nodes.
#include <gtest/gtest.h>

#include "io/sonata/allen_membrane.hpp"
#include "io/sonata/build_circuit.hpp"
#include "io/sonata/current_series.hpp"
#include "io/sonata/write.hpp"
#include "io/spikes.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using testing::message_of, testing::says, testing::temporary_folder;

/// Three integrate-and-fire neurons, of which the files say the membrane capacitance one by one if wanted, and one input.
sonata::built_circuit points(const temporary_folder& folder, const std::string& input, bool own_parameters = false) {
    sonata::node_values nodes{"net", {100, 100, 100}, {}};
    if (own_parameters) nodes.attributes = {{"dynamics_params/C_m", std::vector<double>{250, 125, 250}}};
    sonata::write_nodes(folder / "nodes.h5", std::span(&nodes, 1), overwrite::yes);
    sonata::write_types(folder / "types.csv", "node_type_id", {{"model_type", "model_template"}, {{100, {"point_neuron", "nest:iaf_psc_alpha"}}}}, overwrite::yes);
    write_text(folder / "config.json", R"({"run": {"tstop": 100, "dt": 0.1}, "networks": {"nodes": [{"nodes_file": "nodes.h5", "node_types_file": "types.csv"}]}, "inputs": {)" + input + "}}", overwrite::yes);
    sonata::findings found;
    const auto files = std::make_shared<const sonata::circuit_files>(sonata::read_circuit(folder / "config.json", found));
    auto built = sonata::build_circuit(files, {}, found);
    found.throw_if_errors();
    return built;
}

constexpr auto table_input = R"("steps": {"input_type": "csv", "module": "IClamp", "node_set": "net", "file": "steps.csv")";

TEST(sonata_currents, a_table_holds_each_value_until_the_next) {
    const temporary_folder folder;
    write_text(folder / "steps.csv", "timestamps amps\n10.0 400.0\n20.0 400.0\n30.0 -50.0\n40.0 0.0\n");
    const auto built = points(folder, std::string(table_input) + "}");
    ASSERT_EQ(built.model.injections.size(), 1u);
    const auto& w = std::get<waveform_current>(built.model.injections[0].source);
    const auto at = [&](double t) {
        for (std::size_t k = 1; k < w.times_ms.size(); ++k)
            if (t >= w.times_ms[k - 1] && t < w.times_ms[k]) return w.values_nA[k - 1] + (w.values_nA[k] - w.values_nA[k - 1])*(t - w.times_ms[k - 1])/(w.times_ms[k] - w.times_ms[k - 1]);
        return 0.0;
    };
    for (const auto& [t, pA] : {std::pair(9.95, 0.0), {10.05, 400.0}, {25.0, 400.0}, {29.95, 400.0}, {30.05, -50.0}, {39.95, -50.0}, {40.05, 0.0}, {90.0, 0.0}}) EXPECT_NEAR(at(t), pA*1e-3, 1e-12) << t;
    // the same as the same steps
    simulation table(built.model, built.run);
    table.run(built.until);
    const auto steps = points(folder, R"("s": {"input_type": "current_clamp", "module": "IClamp", "node_set": "net", "amp": [400, -50], "delay": [10, 30], "duration": [20, 10]})");
    simulation clamps(steps.model, steps.run);
    clamps.run(steps.until);
    EXPECT_EQ(table.voltage("net", 0), clamps.voltage("net", 0));
    EXPECT_NE(table.voltage("net", 0), -70);
}
TEST(sonata_currents, a_table_may_have_other_names_and_a_last_value) {
    const temporary_folder folder;
    write_text(folder / "t.csv", "ms,n,nA\n0,1,0.5\n2,1,0.25\n");
    const auto s = sonata::read_current_table({.file = folder / "t.csv", .separator = ',', .times = "ms", .amplitudes = "nA"});
    EXPECT_EQ(s.times, (std::vector<double>{0, 2}));
    EXPECT_EQ(s.values, (std::vector<double>{0.5, 0.25}));
    EXPECT_EQ(s.end, 4);
}
TEST(sonata_currents, what_is_wrong_with_a_table_is_told_with_its_line) {
    const temporary_folder folder;
    const auto told = [&](const std::string& text) {
        write_text(folder / "steps.csv", text, overwrite::yes);
        return message_of<invalid_input>([&] { points(folder, std::string(table_input) + "}"); });
    };
    says(told("timestamps volts\n1 2\n3 4\n"), "steps.csv:1: has no column 'amps'");
    says(told("timestamps amps\n1 2\n3\n"), "steps.csv:3: has 1 cells for 2 columns");
    says(told("timestamps amps\n1 2\n1 3\n"), "steps.csv:3: has the time 1 after 1");
    says(told("timestamps amps\n1 2\n2 x\n"), "steps.csv:3: has the current 'x'");
    says(told("timestamps amps\n-1 2\n2 1\n"), "steps.csv:2: has the time '-1'");
    says(told("timestamps amps\n1 2\n"), "fewer than two currents");
    says(told(""), "fewer than two currents");
    std::filesystem::remove(folder / "steps.csv");
    says(message_of<invalid_input>([&] { points(folder, std::string(table_input) + "}"); }), "does not exist");
}
TEST(sonata_currents, point_neurons_have_no_voltage_clamp) {
    const temporary_folder folder;
    says(message_of<unsupported>([&] { points(folder, R"("c": {"input_type": "voltage_clamp", "module": "SEClamp", "node_set": "net", "amp": -60, "delay": 1, "duration": 5})"); }),
         "a voltage clamp of the point neurons 'net'");
    says(message_of<invalid_input>([&] { points(folder, R"("c": {"input_type": "voltage_clamp", "module": "SEClamp", "node_set": "net", "amp": -60, "delay": 1})"); }), "needs 'duration'");
}

/// NEURON's hh, as the simulator tests of the SONATA repository have it.
TEST(sonata_nml, hh_is_three_channels) {
    const temporary_folder folder;
    const auto read = [&](const std::string& channels) {
        write_text(folder / "c.nml", "<neuroml><cell id=\"c\"><biophysicalProperties id=\"b\"><membraneProperties>" + channels + "</membraneProperties></biophysicalProperties></cell></neuroml>", overwrite::yes);
        sonata::allen_membranes all;
        sonata::read_cell_nml(folder / "c.nml", all);
        return all[section_type::soma];
    };
    const auto m = read(R"(<channelDensity id="gnabar_hh" segmentGroup="soma" ion="na" ionChannel="hh" erev="50 mV" condDensity="0.1 S_per_cm2"/>
        <channelDensity id="gl_hh" segmentGroup="soma" ion="non_specific" ionChannel="hh" erev="-80 mV" condDensity="0.005 S_per_cm2"/>
        <channelDensity id="el_hh" segmentGroup="soma" ion="non_specific" ionChannel="hh" erev="-80 mV" condDensity="-80"/>)");
    const auto one = parse_unit("S/cm2").value;
    EXPECT_EQ(m.mechanisms.size(), 3u);
    EXPECT_NEAR(m.mechanisms.at("hh_na").at("g_max").value, 0.1*one, 1e-12*one);
    EXPECT_TRUE(m.mechanisms.at("hh_k").empty()) << "as NEURON has it";
    EXPECT_NEAR(m.mechanisms.at("hh_leak").at("g").value, 0.005*one, 1e-12*one);
    EXPECT_EQ(m.mechanisms.at("hh_leak").at("e_rev").value, -80);
    EXPECT_EQ(m.ena->value, 50);
    EXPECT_FALSE(m.ek);
    says(message_of<invalid_input>([&] { read(R"(<channelDensity id="gca_hh" segmentGroup="soma" ion="ca" ionChannel="hh" erev="50 mV" condDensity="0.1 S_per_cm2"/>)"); }), "is no parameter of hh");
}

/// Edges from node 0 to nodes 1 and 2, in the circuit or only where an input names them, and a spike of 0 at 10 ms.
sonata::built_circuit replayed(const temporary_folder& folder, bool in_circuit, const std::string& input) {
    const sonata::node_values nodes{"net", {100, 100, 100}, {}};
    const sonata::edge_values edges{.name = "net_net", .source = "net", .target = "net", .sources = 3, .targets = 3, .source_ids = {0, 0}, .target_ids = {1, 2}, .types = {7, 7}, .attributes = {}};
    const population_spikes spikes{"net", {10}, {0}};
    sonata::write_nodes(folder / "nodes.h5", std::span(&nodes, 1), overwrite::yes);
    sonata::write_types(folder / "types.csv", "node_type_id", {{"model_type", "model_template"}, {{100, {"point_neuron", "nest:iaf_psc_exp"}}}}, overwrite::yes);
    sonata::write_edges(folder / "edges.h5", std::span(&edges, 1), overwrite::yes);
    sonata::write_types(folder / "edge_types.csv", "edge_type_id", {{"model_template", "syn_weight", "delay"}, {{7, {"static_synapse", "300", "1.5"}}}}, overwrite::yes);
    write_spikes(folder / "spikes.h5", std::span(&spikes, 1), overwrite::yes);
    const std::string files = R"("edges_file": "edges.h5", "edge_types_file": "edge_types.csv")";
    write_text(folder / "config.json", R"({"run": {"tstop": 20, "dt": 0.1}, "node_sets": {"one": {"population": "net", "node_id": [1]}}, "networks": {"nodes": [{"nodes_file": "nodes.h5", "node_types_file": "types.csv"}])" +
               (in_circuit ? R"(, "edges": [{)" + files + "}]" : "") + R"(}, "inputs": {"r": {)" + input + (in_circuit ? "" : R"(, "edges": {)" + files + "}") + "}}}", overwrite::yes);
    sonata::findings found;
    const auto read = std::make_shared<const sonata::circuit_files>(sonata::read_circuit(folder / "config.json", found));
    auto built = sonata::build_circuit(read, {}, found);
    found.throw_if_errors();
    return built;
}
TEST(sonata_replay, recorded_spikes_of_simulated_nodes_go_through_their_edges) {
    const temporary_folder folder;
    for (const bool in_circuit : {true, false}) {
        const auto built = replayed(folder, in_circuit, in_circuit ? R"("input_type": "spikes", "module": "synapse_replay", "spike_file": "spikes.h5", "source": "net", "node_set": "one")"
                                                                  : R"("input_type": "replay_spikes", "module": "replay", "spikes_file": "spikes.h5", "source_node_set": {"population": "net"}, "target_node_set": "one")");
        ASSERT_EQ(built.model.spike_sources.size(), 1u);
        EXPECT_EQ(built.model.spike_sources[0].size, 3);
        simulation s(built.model, built.run);
        s.run(11*units::ms);
        EXPECT_EQ(s.voltage("net", 1), s.voltage("net", 0)) << "the spike is under way";
        s.run(14*units::ms);
        EXPECT_GT(s.voltage("net", 1), s.voltage("net", 0) + 0.5);
        EXPECT_EQ(s.voltage("net", 2), s.voltage("net", 0)) << "not of the target set";
        EXPECT_TRUE(s.spikes().empty());
    }
}
TEST(sonata_replay, plain_spikes_are_those_of_virtual_nodes) {
    const temporary_folder folder;
    says(message_of<unsupported>([&] { replayed(folder, true, R"("input_type": "spikes", "module": "sonata", "input_file": "spikes.h5", "node_set": {"population": "net"})"); }), "which are simulated themselves");
    says(message_of<invalid_input>([&] { replayed(folder, true, R"("input_type": "replay_spikes", "module": "replay", "spikes_file": "spikes.h5")"); }), "needs 'edges'");
}

TEST(sonata_nodes, parameters_of_single_nodes_are_theirs) {
    const temporary_folder folder;
    const std::string clamp = R"("s": {"input_type": "current_clamp", "module": "IClamp", "node_set": "net", "amp": 100, "delay": 10, "duration": 80})";
    const auto built = points(folder, clamp, true);
    ASSERT_EQ(built.model.populations.size(), 2u) << "those that are alike are one population";
    EXPECT_EQ(built.nodes->places[0][1].population, 1);
    EXPECT_EQ(built.nodes->places[0][2].population, 0);
    EXPECT_EQ(built.nodes->places[0][2].cell, 1);
    EXPECT_NEAR(built.model.populations[1].cell.point()->parameters.at("c_m").value, 0.125, 1e-15);
    EXPECT_NEAR(built.model.populations[0].cell.point()->parameters.at("c_m").value, 0.25, 1e-15);
}

}  // namespace
}  // namespace apical
