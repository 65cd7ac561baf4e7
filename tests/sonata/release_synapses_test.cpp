// SPDX-License-Identifier: BSD-3-Clause
// Synapses with release of the Allen Institute's and NEST's files, and inputs that replay: NWB files, activity of chosen synapses.
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "engine/simulation.hpp"
#include "io/sonata/nwb_spikes.hpp"
#include "io/sonata/synapse_kinds.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/sonata/bbp_circuit.hpp"
#include "tests/sonata/sample_files.hpp"

namespace apical {
namespace {

using testing::message_of, testing::says, testing::temporary_folder;

/// The kind of a synapse whose file has this text.
sonata::synapse_kind kind_of(const temporary_folder& folder, const std::string& model, const std::string& text, const sonata::point_model* onto = nullptr) {
    write_text(folder/"s.json", text, overwrite::yes);
    sonata::synapse_kinds kinds(folder.path());
    sonata::findings found;
    const int k = onto ? kinds.on_point(model, "s.json", 0, *onto, true, "here", found) : kinds.on_cell(model, "s.json", "here", found);
    found.throw_if_errors();
    return kinds[k];
}
double value(const sonata::synapse_kind& k, const std::string& parameter) { return k.short_term->parameters.at(parameter).mean.value; }

TEST(sonata_synapses, the_allen_institutes_have_hennigs_release) {
    const temporary_folder folder;
    const auto two = kind_of(folder, "stp2syn", R"({"erev": 0, "p0": 0.4, "tau_r0": 900, "tau_FDR": 1500, "tau_1": 4})");
    EXPECT_EQ(two.receptor, "expsyn");
    EXPECT_EQ(two.parameters.at("tau").value, 4);
    EXPECT_EQ(two.short_term->model, "hennig");
    EXPECT_EQ(two.short_term->use.mean.value, 0.4);
    EXPECT_EQ(value(two, "tau_speed"), 1500);
    EXPECT_EQ(value(two, "speeding"), 0.5) << "as BMTK leaves it";
    const auto three = kind_of(folder, "stp3syn", R"({"erev": -70})");
    EXPECT_EQ(three.short_term->tau_recovery.mean.value, 200);
    EXPECT_EQ(value(three, "tau_receptors"), 500);
    const std::string all = R"({"erev": -70, "tau_1": 6, "tau_r0": 300, "tau_FDR": 400, "a_FDR": 0.3, "a_D": 0.2, "a_i": 0.1, "a_f": 0.6, "pbtilde": 0.7})";
    const auto five = kind_of(folder, "stp5syn", all);
    EXPECT_EQ(value(five, "facilitation"), 0.6);
    EXPECT_EQ(value(five, "lowering"), 0.1);
    EXPECT_EQ(five.short_term->tau_facilitation.mean.value, 10);
    const auto current = kind_of(folder, "stp5isyn", all);
    EXPECT_EQ(current.receptor, "psc_exp");
    EXPECT_EQ(current.weight_unit.value, 70) << "1 uS at -70 mV, into the cell";
    EXPECT_EQ(kind_of(folder, "exp1isyn", R"({"erev": 10, "tau_1": 2})").weight_unit.value, -10);
    says(message_of<invalid_input>([&] { kind_of(folder, "stp5syn", R"({"erev": -70, "tau_1": 6})"); }), "has no 'pbtilde'");
    says(message_of<invalid_input>([&] { kind_of(folder, "stp6syn", R"({"erev": -70})"); }), "tmgsyn are known");
}

TEST(sonata_synapses, tmgsyn_has_three_states) {
    const temporary_folder folder;
    const auto k = kind_of(folder, "tmgsyn", R"({"erev": 0, "tau_1": 3, "tau_rec": 800, "tau_facil": 0, "U": 0.5, "u0": 0})");
    EXPECT_EQ(k.short_term->model, "tsodyks_uziel_markram");
    EXPECT_EQ(k.short_term->tau_recovery.mean.value, 800);
    EXPECT_EQ(value(k, "tau_active"), 3);
    says(message_of<invalid_input>([&] { kind_of(folder, "tmgsyn", R"({"erev": 0, "tau_1": 3})"); }), "has no '");
}

TEST(sonata_synapses, nests_have_their_defaults) {
    const temporary_folder folder;
    const sonata::point_model neuron = sonata::read_point_model("nest:iaf_psc_exp", {}, "here");
    const auto states = kind_of(folder, "tsodyks_synapse", R"({"U": 0.3, "tau_psc": 2, "x": 0.9})", &neuron);
    EXPECT_EQ(states.receptor, "psc_exp");
    EXPECT_EQ(states.short_term->model, "tsodyks_uziel_markram");
    EXPECT_EQ(states.short_term->tau_recovery.mean.value, 800);
    EXPECT_EQ(value(states, "x_start"), 0.9);
    const auto second = kind_of(folder, "tsodyks2_synapse", R"({"U": 0.4, "u": 0.4})", &neuron);
    EXPECT_EQ(second.short_term->model, "tsodyks_markram");
    EXPECT_NEAR(value(second, "x_start"), 0.6, 1e-15) << "as after a spike at 0 ms";
    const auto quantal = kind_of(folder, "quantal_stp_synapse", R"({"n": 5, "a": 4})", &neuron);
    EXPECT_EQ(quantal.short_term->vesicles, 5);
    EXPECT_EQ(value(quantal, "x_start"), 0.8);
    EXPECT_NEAR(quantal.weight_unit.value, 5e-3, 1e-18) << "five times one site's pA";
    says(message_of<invalid_input>([&] { kind_of(folder, "tsodyks_synapse", R"({"tau_record": 3})", &neuron); }), "'tau_record' of a tsodyks_synapse");
    says(message_of<invalid_input>([&] { kind_of(folder, "quantal_stp_synapse", R"({"n": 0})", &neuron); }), "release sites");
    says(message_of<invalid_input>([&] { kind_of(folder, "stdp_synapse", "{}", &neuron); }), "tsodyks2_synapse and quantal_stp_synapse are known");
}

/// The same network of point neurons with this synapse; the second neuron's voltage [mV] at the end.
double driven(const temporary_folder& folder, const std::string& model, const std::string& text) {
    const std::vector<sonata::node_values> nodes{{"net", {100, 100}, {}}, {"drive", {200}, {}}};
    const sonata::edge_values edges{.name = "e", .source = "drive", .target = "net", .sources = 1, .targets = 2, .source_ids = {0}, .target_ids = {1}, .types = {7}, .attributes = {}};
    const population_spikes spikes{"drive", {10, 20, 30, 40}, {0, 0, 0, 0}};
    sonata::write_nodes(folder/"nodes.h5", nodes, overwrite::yes);
    sonata::write_types(folder/"types.csv", "node_type_id", {{"model_type", "model_template"}, {{100, {"point_neuron", "nest:iaf_psc_exp"}}, {200, {"virtual", {}}}}}, overwrite::yes);
    sonata::write_edges(folder/"edges.h5", std::span(&edges, 1), overwrite::yes);
    sonata::write_types(folder/"edge_types.csv", "edge_type_id", {{"model_template", "syn_weight", "delay", "dynamics_params"}, {{7, {model, "400", "1.5", "s.json"}}}}, overwrite::yes);
    write_text(folder/"s.json", text, overwrite::yes);
    write_spikes(folder/"spikes.h5", std::span(&spikes, 1), overwrite::yes);
    write_text(folder/"config.json", R"({"run": {"tstop": 45, "dt": 0.1}, "components": {"synaptic_models_dir": "."}, "networks": {"nodes": [{"nodes_file": "nodes.h5", "node_types_file": "types.csv"}],
        "edges": [{"edges_file": "edges.h5", "edge_types_file": "edge_types.csv"}]}, "inputs": {"r": {"input_type": "spikes", "module": "sonata", "input_file": "spikes.h5", "node_set": "drive"}}})", overwrite::yes);
    sonata::findings found;
    const auto files = std::make_shared<const sonata::circuit_files>(sonata::read_circuit(folder/"config.json", found));
    const auto built = sonata::build_circuit(files, {}, found);
    found.throw_if_errors();
    simulation s(built.model, built.run);
    s.run(built.until);
    return s.voltage("net", 1) - s.voltage("net", 0);
}

/// Currents and potentials add up, so that what a run ends with is the sum of single spikes' ends, each weighed by its release.
TEST(sonata_synapses, a_depressing_synapse_of_nest_sends_what_it_releases) {
    const temporary_folder folder;
    const double all = driven(folder, "tsodyks_synapse", R"({"U": 1, "tau_rec": 1e-6, "tau_psc": 1e-6})"), plain = driven(folder, "static_synapse", "{}");
    EXPECT_NEAR(all, plain, 1e-9) << "what releases all each time is no other";
    const double depressed = driven(folder, "tsodyks_synapse", R"({"U": 0.5, "tau_rec": 800, "tau_psc": 3})");
    EXPECT_GT(depressed, 0.02*plain);
    EXPECT_LT(depressed, 0.25*plain);
    EXPECT_NEAR(driven(folder, "quantal_stp_synapse", R"({"U": 1, "u": 1, "tau_rec": 1e-6, "n": 3})"), 3*plain, 1e-9);
    EXPECT_GT(driven(folder, "tsodyks2_synapse", R"({"U": 0.5})"), 0);
}

// ---- NWB

void write_nwb(const std::filesystem::path& file, const testing::sample_hdf5& sets) {
    testing::sample_files s;
    s.hdf5[file.filename().string()] = sets;
    s.write(file.parent_path());
}
using testing::whole_numbers, testing::fractions;

TEST(sonata_nwb, both_versions_are_read) {
    const temporary_folder folder;
    write_nwb(folder/"two.nwb", {{"units/spike_times", {fractions{0.001, 0.0025, 0.004}}}, {"units/spike_times_index", {whole_numbers{2, 2, 3}}}, {"units/id", {whole_numbers{4, 5, 0}}}});
    const auto two = sonata::read_nwb_spikes(folder/"two.nwb", "");
    ASSERT_EQ(two.size(), 1u);
    EXPECT_EQ(two[0].times, (std::vector<double>{1, 2.5, 4}));
    EXPECT_EQ(two[0].cells, (std::vector<std::uint64_t>{4, 4, 0}));
    write_nwb(folder/"one.nwb", {{"processing/trial_0/spike_train/3/data", {fractions{1.5, 7}}}, {"processing/trial_0/spike_train/12/data", {fractions{2}}},
                                 {"processing/trial_1/spike_train/3/data", {fractions{9}}}});
    const auto one = sonata::read_nwb_spikes(folder/"one.nwb", "trial_0");
    EXPECT_EQ(one[0].cells, (std::vector<std::uint64_t>{12, 3, 3}));
    EXPECT_EQ(sonata::read_nwb_spikes(folder/"one.nwb", "trial_1")[0].times, std::vector<double>{9});
    says(message_of<invalid_input>([&] { sonata::read_nwb_spikes(folder/"one.nwb", ""); }), "has 2 trials");
    says(message_of<invalid_input>([&] { sonata::read_nwb_spikes(folder/"one.nwb", "trial_7"); }), "has no trial 'trial_7'");
}
TEST(sonata_nwb, what_is_wrong_is_told_with_its_place) {
    const temporary_folder folder;
    const auto told = [&](const testing::sample_hdf5& sets) {
        write_nwb(folder/"x.nwb", sets);
        return message_of<invalid_input>([&] { sonata::read_nwb_spikes(folder/"x.nwb", ""); });
    };
    const testing::sample_set times{fractions{1, 2}}, ids{whole_numbers{0, 1}};
    says(told({{"units/spike_times", times}, {"units/spike_times_index", {whole_numbers{2, 1}}}, {"units/id", ids}}), "units/spike_times_index[1]: is 1");
    says(told({{"units/spike_times", times}, {"units/spike_times_index", {whole_numbers{1, 3}}}, {"units/id", ids}}), "units/spike_times_index[1]: is 3");
    says(told({{"units/spike_times", times}, {"units/spike_times_index", {whole_numbers{2}}}, {"units/id", ids}}), "units/id: has 2 units");
    says(told({{"units/spike_times", {fractions{1, std::nan("")}}}, {"units/spike_times_index", {whole_numbers{1, 2}}}, {"units/id", ids}}), "units/spike_times[1]");
    says(told({{"units/spike_times", times}, {"units/spike_times_index", {whole_numbers{1, 2}}}, {"units/id", {whole_numbers{0, -1}}}}), "is of node -1");
    says(told({{"units/spike_times", times}, {"units/id", ids}}), "spike_times_index");
    says(told({{"processing/t/spike_train/x/data", times}}), "is not the number of a node");
    says(told({{"spikes/a", times}}), "has neither 'units' nor 'processing'");
}

// ---- replay of chosen synapses

TEST(sonata_activity, only_chosen_synapses_are_active) {
    const temporary_folder folder;
    const std::vector<sonata::node_values> nodes{{"net", {100, 101, 100, 100}, {}}};
    const sonata::edge_values edges{.name = "e", .source = "net", .target = "net", .sources = 4, .targets = 4, .source_ids = {0, 1, 3}, .target_ids = {1, 2, 0}, .types = {7, 7, 7}, .attributes = {}};
    sonata::write_nodes(folder/"nodes.h5", nodes, overwrite::yes);
    sonata::write_types(folder/"types.csv", "node_type_id", {{"model_type", "model_template", "label"}, {{100, {"point_neuron", "nest:iaf_psc_exp", "a"}}, {101, {"point_neuron", "nest:iaf_psc_exp", "b"}}}}, overwrite::yes);
    sonata::write_edges(folder/"edges.h5", std::span(&edges, 1), overwrite::yes);
    sonata::write_types(folder/"edge_types.csv", "edge_type_id", {{"model_template", "syn_weight", "delay"}, {{7, {"static_synapse", "300", "1.5"}}}}, overwrite::yes);
    const auto built_with = [&](const std::string& input) {
        write_text(folder/"config.json", R"({"run": {"tstop": 20, "dt": 0.1}, "node_sets": {"some": {"population": "net", "node_id": [1, 2]}}, "networks": {"nodes": [{"nodes_file": "nodes.h5", "node_types_file": "types.csv"}],
            "edges": [{"edges_file": "edges.h5", "edge_types_file": "edge_types.csv"}]}, "inputs": {"s": {"input_type": "syn_activity", "module": "syn_activity", )" + input + "}}}", overwrite::yes);
        sonata::findings found;
        const auto files = std::make_shared<const sonata::circuit_files>(sonata::read_circuit(folder/"config.json", found));
        auto built = sonata::build_circuit(files, {}, found);
        found.throw_if_errors();
        return built;
    };
    const auto built = built_with(R"("precell_filter": {"label": "a"}, "timestamps": [5, 12], "node_set": "some")");
    ASSERT_EQ(built.model.spike_sources.size(), 1u);
    EXPECT_EQ(built.model.spike_sources[0].spikes.size(), 6u) << "two times, three nodes";
    ASSERT_EQ(built.model.projections.size(), 1u) << "those within the circuit are silent";
    simulation s(built.model, built.run);
    s.run(9*units::ms);
    // 0 -> 1 is active; 1 -> 2 comes from another sort; 3 -> 0 does not end in the set
    EXPECT_GT(s.voltage("net", 1), s.voltage("net", 0) + 0.5);
    EXPECT_EQ(s.voltage("net", 2), s.voltage("net", 3));
    EXPECT_EQ(s.voltage("net", 0), s.voltage("net", 3));
    says(message_of<invalid_input>([&] { built_with(R"("timestamps": [5])"); }), "needs 'precell_filter'");
    says(message_of<invalid_input>([&] { built_with(R"("precell_filter": {"label": "a"})"); }), "needs 'timestamps'");
    says(message_of<invalid_input>([&] { built_with(R"("precell_filter": {"nothing": "a"}, "timestamps": [5])"); }), "nothing");
}

}  // namespace
}  // namespace apical
