// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/write_circuit.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "engine/contacts.hpp"
#include "engine/plan.hpp"
#include "io/hdf5.hpp"
#include "io/json.hpp"
#include "io/sonata/build_circuit.hpp"
#include "io/sonata/own_components.hpp"
#include "models/cells/ball_and_stick.hpp"
#include "models/circuit_model.hpp"
#include "tests/engine/imported.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using namespace units;
using testing::message_of, testing::says, testing::temporary_folder;

sonata::built_circuit read_back(const std::filesystem::path& folder) {
    sonata::findings found;
    const auto files = std::make_shared<const sonata::circuit_files>(sonata::read_circuit(folder / "simulation_config.json", found));
    auto built = sonata::build_circuit(files, {}, found);
    for (const auto& f : found.all()) ADD_FAILURE() << f.about.text();
    return built;
}

std::vector<spike> spikes_of(const circuit& c, const run_options& o, duration until) {
    simulation s(c, o);
    s.run(until);
    return {s.spikes().begin(), s.spikes().end()};
}

/// Writes, reads, runs both; returns how many spikes there are.
std::size_t expect_the_same(const circuit& c, const run_options& o, duration until) {
    const temporary_folder folder;
    write_sonata(c, folder / "written", {o, until});
    const auto built = read_back(folder / "written");
    EXPECT_EQ(built.until, until);
    const auto expected = spikes_of(c, o, until), got = spikes_of(built.model, built.run, built.until);
    EXPECT_EQ(got, expected);
    return expected.size();
}

circuit ready(const char* name, const models::option_values& options) { return models::build_circuit(name, options); }

TEST(sonata_export, rings_come_back_with_the_same_spikes) {
    EXPECT_GT(expect_the_same(ready("ring", {{"rings", "2"}, {"cells", "4"}, {"fan_in", "3"}}), {.seed = 3}, 60*ms), 10u);
}
TEST(sonata_export, brunels_network_comes_back_with_the_same_spikes) {
    EXPECT_GT(expect_the_same(ready("brunel", {{"scale", "0.125"}}), {.dt = 0.1*ms, .seed = 3}, 30*ms), 100u);
}
TEST(sonata_export, the_column_comes_back_with_the_same_spikes) {
    EXPECT_GT(expect_the_same(ready("potjans_diesmann", {{"scale", "0.02"}}), {.dt = 0.1*ms, .seed = 3}, 60*ms), 20u);
}
TEST(sonata_export, the_microcircuit_comes_back_with_the_same_spikes) {
    EXPECT_GT(expect_the_same(ready("l5_microcircuit", {{"cells", "12"}, {"background_rate", "8"}}), {.dt = 0.05*ms, .temperature = celsius(34), .seed = 5}, 60*ms), 10u);
}

/// Everything that a circuit may hold.
circuit motley() {
    circuit c;
    auto cell = models::ball_and_stick();
    cell.paint("basal", mechanism{"pas", {{"g", spatial_value::function([](const place& p) { return 1e-6*(1 + p.distance/200); })}}});
    cell.paint("soma", mechanism{"ih", {{"g_max", "1e-5 S/cm2*(1 + diameter/(20 um))"}}});
    c.populations.push_back({"e", cell, 4, {{0, 0, 0}, {10, 0, 0.1}, {20, 0, 0}, {30, 0, 0}}});
    c.populations.push_back({"p", apical::cell(neuron{"lif", {}}), 3});
    c.populations.back().start = random_value::normal({-60, dimensions::voltage}, {3, dimensions::voltage});
    c.populations.push_back({"few", apical::cell(neuron{"soma_trunk_tuft", {}}, 3), 2});
    c.spike_sources.push_back({.name = "s", .size = 20, .spikes = {{3, 1.5}, {0, 7.25}}, .rate = 80*Hz});
    c.injections = {{{"e", "soma(0.5)", {0, 2}}, step_current{5*ms, 20*ms, 0.35*nA}}, {{"e", "dend[0](0.3)", {1}}, ramp_current{3*ms, 20*ms, 0.1*nA, 0.5*nA}},
                    {{"e"}, noise_current{0*ms, 50*ms, 0.02*nA, 0.03*nA, 3*ms, 7}}, {{"e"}, waveform_current{{1, 10, 30}, {0, 0.123456789, 0}}}, {{"e"}, epsp_current{12*ms, 0.5*ms, 5*ms, 0.4*nA}},
                    {{"few"}, step_current{5*ms, 30*ms, 0.5*nA}}};
    c.clamps.push_back({{"e", "soma(0.5)", {3}}, {{10*ms, -70*mV}, {20*ms, -40*mV}}, 30*ms, 0.1*Mohm});
    c.receptors.push_back({"onto", {"e", "dend[0](0.7)"}, "gaba_b", {}});
    c.spike_trains.push_back({"onto", {3, 9.3, 11}, 2*nS, 1*ms});
    c.receptors.push_back({"noise", {"e"}, "expsyn", {{"tau", {2.5, dimensions::time}}}});
    c.poisson_trains.push_back({"noise", 900*Hz, 1*nS, 2*ms});
    const short_term_plasticity depressing{random_value::uniform(any_quantity{0.3, {}}, any_quantity{0.7, {}}), 120*ms, 10*ms, 3};
    c.projections = {
        {.name = "s e", .source = "s", .target = "e", .rule = fixed_indegree{6}, .receptor = "ampa_nmda", .weight = random_value::lognormal({2e-3, dimensions::conductance}, {1e-3, dimensions::conductance}),
         .delay = random_value::uniform({1, dimensions::time}, {2, dimensions::time}), .at = "in basal", .contacts = 2, .short_term = depressing, .spontaneous = 5*Hz},
        {.name = "e/e?", .source = "e", .target = "e", .rule = all_to_all{}, .receptor = "exp2syn", .parameters = {{"tau_decay", {3.3, dimensions::time}}}, .weight = 3*nS, .delay = 1*ms, .velocity = 300*um/ms},
        {.name = "e p", .source = "e", .target = "p", .rule = pairwise_probability{0.8}, .receptor = "psc_exp", .weight = any_quantity{0.3, dimensions::current}, .delay = 1.5*ms},
        {.name = "p few", .source = "p", .target = "few", .rule = all_to_all{}, .receptor = "expsyn", .weight = 1*nS, .delay = 1.5*ms, .at = "apic[0](0.5)"},
        {.name = "s p", .source = "s", .target = "p", .rule = fixed_total{40}, .receptor = "psc_exp", .weight = any_quantity{0.2, dimensions::current}, .delay = 1*ms},
    };
    c.projections[1].name = "e e";
    c.gap_junctions.push_back({{"e", 0}, {"e", 1, "dend[0](0.5)"}, 0.7*nS});
    c.probes.push_back({"v", {"e", "soma(0.5)", {0, 1}}, "v", 0.5*ms});
    c.detectors = {{{"e"}, -25*mV}, {{"few"}, -20*mV}, {{"p"}}};
    c.meters.push_back({.label = "m", .population = "e", .start = 1*ms, .stop = 20*ms});
    return c;
}

void run_alike(simulation& first, simulation& second) {
    first.run(40*ms), second.run(40*ms);
    EXPECT_GT(first.spikes().size(), 10u);
    EXPECT_EQ(std::vector(first.spikes().begin(), first.spikes().end()), std::vector(second.spikes().begin(), second.spikes().end()));
    EXPECT_EQ(first["v"].samples, second["v"].samples);
}

TEST(sonata_export, all_a_circuit_may_hold_comes_back) {
    const temporary_folder folder;
    const auto c = motley();
    const run_options o{.dt = 0.05*ms, .temperature = celsius(21.3), .seed = 11};
    write_sonata(c, folder / "w", {o, 40*ms});
    const auto built = read_back(folder / "w");
    simulation first(c, o), second(built.model, built.run);
    run_alike(first, second);
    EXPECT_EQ(built.model.gap_junctions, c.gap_junctions);
    EXPECT_EQ(built.model.meters.size(), 1u);
    EXPECT_EQ(built.model.injections.size(), c.injections.size());
    auto other = o;
    other.seed = 12;
    EXPECT_NE(spikes_of(c, other, 40*ms), std::vector(first.spikes().begin(), first.spikes().end())) << "the comparison would see a difference";
}

/// Cells that learn, and what modulates them.
circuit taught() {
    auto c = motley();
    auto& e = c.projections[1];
    e.learns = learning{.rule = "pair_stdp", .published = {}, .parameters = {}, .region = "here"};
    e.learns->high = 3;
    auto& drive = c.projections[0];
    drive.learns = learning{.rule = "pair_stdp", .unit = any_quantity{4e-3, dimensions::conductance}, .low = 0.1, .start = 2*ms, .stop = 30*ms, .total = 9.5, .total_interval = 5*ms};
    drive.short_term.reset(), drive.spontaneous = {};
    c.modulators.push_back({.name = "dopamine", .region = "here", .tau = 20*ms, .baseline = 0.1, .releases = {{3, 0.5}, {12.5, 0.25}}, .sources = {{"p", 0.01, 1*ms}},
                            .effects = {{.projection = "p few", .parameter = "weight", .scale = 0.7, .half = 0.2, .hill = 2, .tau_on = 3*ms, .tau_off = 5*ms, .interval = 0.5*ms},
                                        {.population = "e", .at = "soma", .mechanism = "ih", .parameter = "g_max", .scale = -0.5}}});
    c.weight_probes.push_back({.label = "w", .projection = "s e", .interval = 4*ms, .start = 1*ms});
    return c;
}

TEST(sonata_export, circuits_that_learn_and_are_modulated_come_back) {
    const temporary_folder folder;
    const auto c = taught();
    const run_options o{.dt = 0.05*ms, .temperature = celsius(21.3), .seed = 11};
    write_sonata(c, folder / "w", {o, 40*ms});
    const auto built = read_back(folder / "w");
    simulation first(c, o), second(built.model, built.run);
    run_alike(first, second);
    ASSERT_EQ(second.weight_recordings().size(), 1u);
    EXPECT_EQ(first.weight_recordings()[0].samples, second.weight_recordings()[0].samples);
    EXPECT_EQ(first.learning_projections(), second.learning_projections());
    for (const char* name : {"s e", "e e"}) EXPECT_EQ(first.weights(name).weight, second.weights(name).weight) << name;
    auto still = c;
    still.projections[0].learns.reset(), still.weight_probes.clear();
    simulation other(still, o);
    other.run(40*ms);
    EXPECT_NE(first["v"].samples, other["v"].samples) << "the comparison would see a difference";
    still = c, still.modulators[0].releases.clear();
    simulation calm(still, o);
    calm.run(40*ms);
    EXPECT_NE(first["v"].samples, calm["v"].samples) << "and one of modulators";
}

/// Another simulator would run them without.
TEST(sonata_export, synapses_that_learn_or_are_modulated_are_apicals_own) {
    const temporary_folder folder;
    const auto template_of = [&](const char* where, const circuit& c) {
        write_sonata(c, folder / where, {{}, 1*ms});
        return read_text(folder / where / "network/e_e_edge_types.csv");
    };
    auto c = motley();
    says(template_of("a", c), " exp2syn ");
    c.projections[1].learns = learning{.rule = "pair_stdp"};
    says(template_of("b", c), " apical:exp2syn ");
    c.projections[1].learns.reset();
    c.modulators.push_back({.name = "m", .effects = {{.projection = "e e", .parameter = "weight", .scale = 1}}});
    says(template_of("c", c), " apical:exp2syn ");
}

TEST(sonata_export, mechanisms_read_from_nmodl_are_refused_before_anything_is_written) {
    const temporary_folder folder;
    auto c = motley();
    c.populations[0].cell.paint("soma", mechanism{"leaky", {}, test::imported("NEURON { SUFFIX leaky NONSPECIFIC_CURRENT i }\nASSIGNED { v (mV) i (mA/cm2) }\nBREAKPOINT { i = 1e-6*(v + 70) }")});
    c.receptors.push_back({"own", {"e"}, "spark", {}, test::imported("NEURON { POINT_PROCESS spark NONSPECIFIC_CURRENT i }\nASSIGNED { v (mV) i (nA) }\nBREAKPOINT { i = 0 }\nNET_RECEIVE(w) { }")});
    const auto told = message_of<unsupported>([&] { write_sonata(c, folder / "x", {{}, 10*ms}); });
    says(told, "population 'e' / region 'soma' / mechanism 'leaky'"), says(told, "receptor 'own'");
    EXPECT_FALSE(std::filesystem::exists(folder / "x"));
}

/// As node types of files become populations: HDF5 would take it for a path.
TEST(sonata_export, names_with_a_slash_come_back) {
    const temporary_folder folder;
    circuit c;
    c.populations.push_back({"net/100", apical::cell(neuron{"lif", {}}), 3});
    c.populations.back().start = random_value::normal({-60, dimensions::voltage}, {3, dimensions::voltage});
    c.populations.push_back({"net_100", apical::cell(neuron{"lif", {}}), 2});
    c.spike_sources.push_back({.name = "in/put", .size = 5, .rate = 300*Hz});
    c.injections.push_back({{"net/100"}, noise_current{0*ms, 50*ms, 0.2*nA, 0.1*nA, 3*ms, 7}});
    c.projections = {{.name = "a/b", .source = "in/put", .target = "net/100", .rule = all_to_all{}, .receptor = "psc_exp", .weight = any_quantity{2, dimensions::current}, .delay = 1*ms,
                      .short_term = short_term_plasticity{.use = any_quantity{0.4, {}}, .model = "tsodyks_uziel_markram", .parameters = {{"tau_active", random_value(5*ms)}}}},
                     {.name = "c", .source = "net/100", .target = "net_100", .rule = all_to_all{}, .receptor = "psc_exp", .weight = any_quantity{2, dimensions::current}, .delay = 1.5*ms,
                      .short_term = short_term_plasticity{.vesicles = 2}, .spontaneous = 40*Hz, .spontaneous_depletes = true}};
    c.probes.push_back({"v", {"net_100"}});
    const run_options o{.dt = 0.1*ms, .seed = 3};
    write_sonata(c, folder/"w", {o, 80*ms});
    const auto built = read_back(folder/"w");
    EXPECT_EQ(built.files->nodes.front().name(), "net_100_2") << "the plain name is another's";
    EXPECT_EQ(built.model.populations.front().name, "net/100");
    simulation first(c, o), second(built.model, built.run);
    first.run(80*ms), second.run(80*ms);
    EXPECT_GT(first.spikes().size(), 5u);
    EXPECT_EQ(std::vector(first.spikes().begin(), first.spikes().end()), std::vector(second.spikes().begin(), second.spikes().end()));
    EXPECT_EQ(first["v"].samples, second["v"].samples);
}

TEST(sonata_export, synapses_that_others_know_are_written_their_way) {
    const temporary_folder folder;
    write_sonata(motley(), folder / "w", {{}, 10*ms});
    const auto synapse = read_text(folder / "w/components/synapses/e_e.json");
    says(synapse, "\"tau2\": 3.3");
    says(read_text(folder / "w/network/e_e_edge_types.csv"), "exp2syn e_e.json 0.003");
    says(read_text(folder / "w/network/s_e_edge_types.csv"), "apical:ampa_nmda");
    const hdf5::file_reader file(folder / "w/network/e_e_edges.h5");
    const auto edges = file.root().open("edges").open("e_e");
    EXPECT_EQ(edges.read<std::uint64_t>("target_node_id"), (std::vector<std::uint64_t>{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3}));
    EXPECT_TRUE(edges.open("indices").contains_group("source_to_target"));
}

TEST(sonata_export, a_shape_that_swc_loses_is_kept) {
    const temporary_folder folder;
    const auto ring = ready("ring", {{"rings", "1"}, {"cells", "2"}});
    write_sonata(ring, folder / "w", {{}, 10*ms});
    EXPECT_NE(read_text(folder / "w/components/neurons/cells.json").find("\"sections\""), std::string::npos);
    EXPECT_EQ(read_back(folder / "w").model.populations[0].cell.shape(), ring.populations[0].cell.shape());
}

/// A spherical soma with channels of the Allen Institute's set, two dendrites, one of which branches, and a stub for an axon.
cell allen_like(bool all_active) {
    morphology shape;
    const double d = 14;
    shape.add({section_type::soma, -1, 1, {{-d/2, 0, 0, d}, {0, 0, 0, d}, {d/2, 0, 0, d}}});
    shape.add({section_type::basal, 0, 0.5, {{0, 7, 0, 2}, {0, 90, 0, 1.5}, {0, 130, 5, 1.25}}});
    shape.add({section_type::basal, 1, 1, {{0, 130, 5, 1.25}, {40, 190, 0, 0.75}}});
    shape.add({section_type::basal, 1, 1, {{0, 130, 5, 1.25}, {-60, 200, 0, 1}}});
    shape.add({section_type::apical, 0, 0.5, {{0, -7, 0, 3}, {0, -200, 0, 2}}});
    const double first = all_active ? 1.5 : 1, last = all_active ? 0.75 : 1;
    shape.add({section_type::axon, 0, all_active ? 1 : 0.5, {{0, 0, 0, first}, {0, -30, 0, first}}});
    shape.add({section_type::axon, 5, 1, {{0, -30, 0, last}, {0, -60, 0, last}}});
    cell c(std::move(shape), per_length{40});
    c.paint("all", cable{1*uF/cm2, 120*ohm*cm}).paint("basal", cable{2*uF/cm2, 120*ohm*cm}).paint("apical", cable{2.1*uF/cm2, 90*ohm*cm});
    c.paint("all", mechanism{"pas", {{"g", 4e-5*S/cm2}, {"e_rev", -85*mV}}}).paint("apical", mechanism{"pas", {{"e_rev", -82*mV}}});
    for (const auto& [name, g] : {std::pair("allen_nats", 0.9), {"allen_k_p", 0.1}, {"allen_k_t", 0.02}, {"skv3_1", 0.3}, {"ca_hva", 1e-4}, {"allen_ca_lva", 3e-3}, {"sk_e2", 1e-3}, {"ih", 2e-4}})
        c.paint("soma", mechanism{name, {{"g_max", g*S/cm2}}});
    c.paint("soma", mechanism{"cadynamics_e2", {{"gamma", 0.002}, {"decay", 300*ms}}});
    for (const auto& [which, e] : {std::pair(ion::na, 53*mV), {ion::k, -107*mV}}) {
        auto setting = default_ion(which);
        setting.e_rev = e;
        c.paint("soma", setting);
    }
    auto calcium = default_ion(ion::ca);
    calcium.c_in = 1e-4*mM;
    c.paint("soma", calcium);
    return c.start_at(-82*mV);
}
circuit allen_pair(bool all_active) {
    circuit c;
    c.populations.push_back({"n", allen_like(all_active), 2});
    c.injections.push_back({{"n", "soma(0.5)", {0}}, step_current{10*ms, 150*ms, 0.3*nA}});
    c.projections.push_back({.name = "n n", .source = "n", .target = "n", .rule = contact_list::of({0}, {1}), .receptor = "exp2syn", .weight = 6*nS, .delay = 2*ms, .at = "dend[2](0.3)"});
    c.projections.push_back({.name = "axon", .source = "n", .target = "n", .rule = contact_list::of({0}, {1}), .receptor = "expsyn", .weight = 1*nS, .delay = 2*ms, .at = "axon[1](0.5)"});
    c.detectors.push_back({{"n"}, -15*mV});
    c.probes.push_back({"v", {"n", "soma(0.5)", {}}, "v", 0.1*ms});
    return c;
}

TEST(sonata_export, cells_of_the_allen_institutes_sort_are_written_for_bmtk) {
    for (const bool all_active : {false, true}) {
        const temporary_folder folder;
        const auto c = allen_pair(all_active);
        const run_options o{.dt = 0.05*ms, .scheme = scheme::backward_euler, .temperature = celsius(34)};
        write_sonata(c, folder / "w", {o, 180*ms});
        const auto types = read_text(folder / "w/network/n_node_types.csv");
        says(types, "ctdb:Biophys1.hoc");
        says(types, all_active ? "aibs_allactive" : "aibs_perisomatic");
        simulation first(c, o);
        first.run(180*ms);
        ASSERT_GT(first.spikes().size(), 6u);
        // as it was, to the bit
        const auto built = read_back(folder / "w");
        simulation same(built.model, built.run);
        same.run(180*ms);
        EXPECT_TRUE(std::ranges::equal(same.spikes(), first.spikes()));
        EXPECT_EQ(same["v"].samples, first["v"].samples);
        // as others read it: what is Apical's own is taken out
        const auto path = folder / "w/components/neurons/n.json";
        auto fit = json::parse(read_text(path), "n.json");
        EXPECT_EQ(std::erase_if(fit.members, [](const auto& m) { return m.first == "apical"; }), 1u);
        write_text(path, json::to_text(fit), overwrite::yes);
        const auto theirs = read_back(folder / "w");
        EXPECT_EQ(theirs.model.populations[0].cell.shape().size(), c.populations[0].cell.shape().size());
        simulation other(theirs.model, theirs.run);
        other.run(180*ms);
        ASSERT_EQ(other.spikes().size(), first.spikes().size());
        const auto &a = other["v"].samples, &b = first["v"].samples;
        ASSERT_EQ(a.size(), b.size());
        double most = 0;
        for (std::size_t k = 0; k < a.size(); ++k) most = std::max(most, std::abs(a[k] - b[k]));
        EXPECT_LT(most, 1e-3) << (all_active ? "all active" : "perisomatic") << ": coordinates have six digits";
    }
}
TEST(sonata_export, cells_that_no_fit_can_say_are_apicals_own) {
    const auto template_of = [](const cell& made) {
        const temporary_folder folder;
        circuit c;
        c.populations.push_back({"n", made, 1});
        write_sonata(c, folder / "w", {{}, 1*ms});
        return read_text(folder / "w/network/n_node_types.csv");
    };
    says(template_of(allen_like(false)), "ctdb:Biophys1.hoc");
    says(template_of(allen_like(false).paint("soma", mechanism{"nap_et2", {}})), "apical:cell");
    says(template_of(allen_like(false).paint("basal", mechanism{"pas", {{"g", "1e-5 S/cm2*(1 + distance/(100 um))"}}})), "apical:cell");
    says(template_of(allen_like(false).paint("dend[1]", mechanism{"pas", {{"g", 1e-5*S/cm2}}})), "apical:cell");
    says(template_of(allen_like(false).paint("soma", mechanism{"ih", {{"e_rev", -40*mV}}})), "apical:cell");
    says(template_of(models::ball_and_stick()), "apical:cell");
}

TEST(sonata_export, what_no_file_can_hold_is_refused_and_named) {
    const temporary_folder folder;
    auto c = motley();
    c.populations[0].name = ".";
    for (auto& p : c.projections) p.source = p.source == "e" ? "." : p.source, p.target = p.target == "e" ? "." : p.target;
    says(message_of<unsupported>([&] { write_sonata(c, folder / "x", {{}, 10*ms}); }), "population '.': cannot be the name of an HDF5 group");
    c = motley();
    c.projections[3].at = "in all";
    says(message_of<unsupported>([&] { write_sonata(c, folder / "y", {{}, 10*ms}); }), "projection 'p few' / at");
    write_sonata(ready("ring", {{"rings", "1"}}), folder / "z", {{}, 10*ms});
    says(message_of<invalid_input>([&] { write_sonata(motley(), folder / "z", {{}, 10*ms}); }), "is there already and not empty");
}

/// What is found when `from` is `to` in a file of a written circuit, which is mended again.
std::string told_when_spoilt(const std::filesystem::path& circuit, const char* file, const std::string& from, const std::string& to) {
    const auto path = circuit / file;
    const auto was = read_text(path);
    auto text = was;
    const auto at = text.find(from);
    EXPECT_NE(at, text.npos) << from;
    if (at != text.npos) text.replace(at, from.size(), to);
    write_text(path, text, overwrite::yes);
    sonata::findings found;
    const auto files = std::make_shared<const sonata::circuit_files>(sonata::read_circuit(circuit / "simulation_config.json", found));
    sonata::build_circuit(files, {}, found);
    write_text(path, was, overwrite::yes);
    std::string told;
    for (const auto& f : found.all()) told += f.about.text() + '\n';
    return told;
}

TEST(sonata_export, files_that_are_wrong_are_refused_with_their_place) {
    const temporary_folder folder;
    write_sonata(motley(), folder / "w", {{}, 10*ms});
    const auto spoil = [&](const char* file, const std::string& from, const std::string& to) { return told_when_spoilt(folder / "w", file, from, to); };
    says(spoil("components/neurons/e.json", "\"region\"", "\"regoin\""), "/paint/0: needs 'region'");
    says(spoil("components/neurons/p.json", "\"normal\"", "\"gamma\""), "'gamma' is no distribution");
    says(spoil("components/synapses/s_e.json", "\"order\": 0", "\"order\": -1"), "/order: is -1");
    says(spoil("components/synapses/s_e.json", "\"vesicles\": 3", "\"vesicles\": \"x\""), "/short_term/vesicles: is a text");
    says(spoil("apical.json", "\"ramp\"", "\"rump\""), "'rump' is not known here");
    says(spoil("apical.json", "\"run\"", "\"cells\""), "belongs to the files of nodes and edges");
}

TEST(sonata_export, learning_and_modulators_that_are_wrong_are_refused_with_their_place) {
    const temporary_folder folder;
    write_sonata(taught(), folder / "w", {{}, 10*ms});
    const auto spoil = [&](const char* file, const std::string& from, const std::string& to) { return told_when_spoilt(folder / "w", file, from, to); };
    says(spoil("components/synapses/s_e.json", "\"pair_stdp\"", "7"), "/learning/rule: is a number");
    says(spoil("components/synapses/s_e.json", "\"bounds\"", "\"bonds\": 1, \"bounds\": 2, \"x\""), "/learning/bounds: is a number");
    says(spoil("components/synapses/s_e.json", "\"stop\": \"30 ms\"", "\"stop\": \"30 mV\""), "/learning/stop: is 30 mV");
    says(spoil("apical.json", "\"projection\": \"s e\"", "\"projection\": \"s x\""), "no projection 's x' that learns");
    says(spoil("apical.json", "\"projection\": \"p few\"", "\"projection\": \"p fez\""), "no projection 'p fez'");
    says(spoil("apical.json", "\"population\": \"p\"", "\"population\": \"q\""), "no population or spike source 'q'");
}

TEST(exact_text, is_read_as_the_same_number) {
    for (const double x : {0.1, 1.0/3, 307.15, 1e-300, -2.5e17, 0.30000000000000004}) {
        for (const auto d : {dimensions::time, dimensions::conductance, dimensions::current, dimensions::rate, dimensions::conductance_density, dimensions::resistivity, dimensions::none})
            EXPECT_EQ(parse_quantity(sonata::exact_text({x, d})).value, x) << sonata::exact_text({x, d});
    }
}

TEST(contact_survey, finds_the_connections_that_compile_makes) {
    const auto c = motley();
    const run_options o{.seed = 4};
    const contact_survey survey(c, o);
    std::vector<placed_contact> all;
    for (std::size_t p = 0; p < c.projections.size(); ++p)
        for (int t = 0; t < std::ranges::find(c.populations, c.projections[p].target, &population::name)->size; ++t) survey.onto(p, t, all);
    EXPECT_EQ(std::ssize(all), compile(c, o)->network.connections);
    const auto spikes = survey.random_spikes(0, 1000);
    EXPECT_NEAR(static_cast<double>(spikes.size()), 1600, 200);
}

}  // namespace
}  // namespace apical
