// SPDX-License-Identifier: BSD-3-Clause
// Circuits with the BlueBrain Project's columns, overrides and inputs.
#include <cmath>
#include <cstdlib>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "channels/families/double_exponential.hpp"
#include "engine/contacts.hpp"
#include "engine/simulation.hpp"
#include "io/sonata/soma_currents.hpp"
#include "io/sonata/write_circuit.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/sonata/bbp_circuit.hpp"

namespace apical {
namespace {

using testing::bbp_circuit, testing::message_of, testing::says, testing::temporary_folder;

/// All contacts of a circuit by projection.
std::map<std::string, std::vector<placed_contact>> contacts_of(const sonata::built_circuit& built) {
    const contact_survey survey(built.model, built.run);
    std::map<std::string, std::vector<placed_contact>> all;
    for (std::size_t p = 0; p < built.model.projections.size(); ++p)
        for (int cell = 0; cell < 2; ++cell) survey.onto(p, cell, all[built.model.projections[p].name]);
    return all;
}
const projection& onto(const sonata::built_circuit& b, const std::string& receptor, double decay) {
    for (const auto& p : b.model.projections)
        if (p.receptor == receptor && p.parameters.at(receptor == "gaba_ab" ? "gaba_a_decay" : "ampa_decay").value == decay) return p;
    throw std::logic_error("no such projection");
}

TEST(sonata_bbp, edges_become_receptors_with_release_of_their_own) {
    const temporary_folder folder;
    bbp_circuit files;
    files.column<double>("u_syn") = {0.5, 0.25, 0.4, 0.3};
    files.column<double>("depression_time") = {500, 700, 600, 10}, files.column<double>("facilitation_time") = {17, 20, 0, 300};
    const auto built = files.built(folder);
    EXPECT_EQ(built.model.detectors.front().threshold.coherent(), -30) << "BBP's own threshold";
    ASSERT_EQ(built.model.projections.size(), 3u) << "two edges are of one kind";
    const auto& fast = onto(built, "ampa_nmda", 1.7);
    EXPECT_EQ(fast.parameters.at("nmda_ratio").value, 0.7);
    EXPECT_EQ(fast.parameters.at("nmda_decay").value, 43);
    EXPECT_EQ(fast.spontaneous.coherent(), 0);
    EXPECT_EQ(onto(built, "gaba_ab", 8.5).parameters.at("gaba_b_ratio").value, 0.4);
    const auto all = contacts_of(built);
    const auto& two = all.at(fast.name);
    ASSERT_EQ(two.size(), 2u);
    EXPECT_NEAR(two[0].weight, 1.5e-3, 1e-18);
    EXPECT_EQ(two[0].release, (std::vector<double>{0.5, 500, 17, 1, 0, 1}));
    EXPECT_EQ(two[1].release, (std::vector<double>{0.4, 600, 0, 1, 0, 1}));
    EXPECT_EQ(two[1].delay, 0.5);
    EXPECT_EQ(all.at(onto(built, "ampa_nmda", 2.5).name).front().release, (std::vector<double>{0.3, 10, 300, 3, 0, 1}));
}

TEST(sonata_bbp, calcium_scales_what_is_released) {
    const temporary_folder folder;
    bbp_circuit files;
    files.column<double>("u_syn") = {0.5, 0.25, 0.4, 0.3};
    const auto use_at = [&](const std::string& calcium) {
        files.conditions = R"("celsius": 34, "v_init": -70, "extracellular_calcium": )" + calcium;
        const auto built = files.built(folder);
        return contacts_of(built).at(onto(built, "ampa_nmda", 1.7).name).front().release.front();
    };
    EXPECT_NEAR(use_at("2.0"), 0.5, 1e-15) << "as it was measured";
    const double k = std::pow(2.8, 4), c = std::pow(1.2, 4);
    EXPECT_NEAR(use_at("1.2"), 0.5*(k + 16)/16*c/(k + c), 1e-15);
    EXPECT_EQ(use_at("5.0"), 1) << "no more than all";
}

TEST(sonata_bbp, overrides_hold_in_their_order) {
    const temporary_folder folder;
    bbp_circuit files;
    files.overrides = R"({"name": "all", "source": "Drive", "target": "Mosaic", "weight": 0.5, "spont_minis": 2.0, "synapse_configure": "%s.Dep = 100; %s.Fac=30 %s.Use *= 0.5"},
                         {"name": "one", "source": "zero", "target": "Mosaic", "weight": 3, "synapse_delay_override": 4.5, "synapse_configure": "%s.NMDA_ratio = 0.3 %s.mg = 1.2e0"})";
    const auto built = files.built(folder);
    const auto all = contacts_of(built);
    const auto& inhibitory = all.at(onto(built, "gaba_ab", 8.5).name).front();
    EXPECT_NEAR(inhibitory.weight, 0.4e-3, 1e-18);
    EXPECT_EQ(inhibitory.release, (std::vector<double>{0.5, 100, 30, 2, 0, 1}));
    EXPECT_EQ(onto(built, "gaba_ab", 8.5).spontaneous.coherent(), 2e-3);
    EXPECT_TRUE(onto(built, "gaba_ab", 8.5).spontaneous_depletes);
    const auto& slow = onto(built, "ampa_nmda", 2.5);
    EXPECT_EQ(slow.parameters.at("nmda_ratio").value, 0.3);
    EXPECT_EQ(slow.parameters.at("mg").value, 1.2);
    EXPECT_NEAR(all.at(slow.name).front().weight, 3e-3, 1e-18) << "the later factor, not the product";
    EXPECT_EQ(all.at(slow.name).front().delay, 4.5);
    EXPECT_EQ(slow.spontaneous.coherent(), 2e-3) << "what the later one does not say stays";
}

/// Soma voltages of the first cell, every step.
std::vector<double> voltages(const sonata::built_circuit& built, int threads = 1) {
    auto run = built.run;
    run.threads = threads;
    simulation s(built.model, run);
    s.run(built.until);
    return s[built.reports.front().probes.front()].samples;
}

TEST(sonata_bbp, delayed_weights_hold_from_their_time_on) {
    const temporary_folder folder;
    bbp_circuit files;
    const auto with = [&](std::vector<std::pair<double, std::uint64_t>> spikes, const std::string& overrides) {
        files.spikes = std::move(spikes), files.overrides = overrides;
        return voltages(files.built(folder));
    };
    const auto weights = [](const char* first, const char* then) {
        return fmt::format(R"({{"name": "a", "source": "Drive", "target": "Mosaic", "weight": {}}}, {{"name": "b", "source": "Drive", "target": "Mosaic", "weight": {}, "delay": 20}})", first, then);
    };
    const auto expect_same = [](const std::vector<double>& a, const std::vector<double>& b, std::size_t rows) {
        double largest = 0;
        for (std::size_t k = 0; k < std::min(rows*2, a.size()); ++k) largest = std::max(largest, std::abs(a[k] - b[k]));
        EXPECT_LT(largest, 1e-6);
    };
    constexpr std::size_t all = 100000, until_20 = 800;
    expect_same(with({{5, 0}, {30, 0}}, weights("0", "1")), with({{30, 0}}, ""), all);
    expect_same(with({{5, 0}, {30, 0}}, weights("1", "0")), with({{5, 0}}, ""), all);
    const auto half = with({{5, 0}, {30, 0}}, weights("0.5", "1")), always = with({{5, 0}, {30, 0}}, R"({"name": "a", "source": "Drive", "target": "Mosaic", "weight": 0.5})");
    expect_same(half, always, until_20);
    EXPECT_GT(half[2*1320], always[2*1320] + 1) << "33 ms";
}

TEST(sonata_bbp, chance_is_the_same_for_any_number_of_threads_and_another_with_another_seed) {
    const temporary_folder folder;
    bbp_circuit files;
    files.column<double>("u_syn") = {0.5, 0.4, 0.5, 0.5};
    files.overrides = R"({"name": "minis", "source": "Drive", "target": "Mosaic", "spont_minis": 200})";
    const auto one = voltages(files.built(folder));
    EXPECT_EQ(one, voltages(files.built(folder), 3));
    files.run = R"("tstop": 60, "dt": 0.025, "random_seed": 8)";
    EXPECT_NE(one, voltages(files.built(folder)));
}

/// Holds the first cell where its leak rests, so that the clamp carries what the synapses do.
void clamp_first(sonata::built_circuit& built, duration from) {
    built.model.clamps.push_back({.on = {"cells", "soma(0.5)", {0}}, .levels = {{0*units::ms, -70*units::mV}}});
    built.model.probes.push_back({"i", {"cells", "soma(0.5)", {0}}, "i_clamp", 0*units::ms, from});
}

/// Many synapses of one cell that one spike reaches: what arrives has the mean and the variance of independent vesicles.
TEST(sonata_bbp, what_many_synapses_release_has_the_expected_mean_and_variance) {
    const temporary_folder folder;
    constexpr std::size_t count = 6000;
    constexpr double use = 0.3, recovery = 50;
    constexpr int vesicles = 2;
    bbp_circuit files;
    files.sources.assign(count, 0), files.targets.assign(count, 0);
    const std::map<std::string, double> values{{"conductance", 1e-3}, {"delay", 1}, {"u_syn", use}, {"depression_time", recovery}, {"facilitation_time", 0}, {"decay_time", 1.7}, {"conductance_scale_factor", 0},
                                               {"u_hill_coefficient", 2}, {"afferent_section_pos", 0.5}};
    for (auto& c : files.columns) {
        if (auto* x = std::get_if<std::vector<double>>(&c.values)) x->assign(count, values.at(c.name));
        else std::get<std::vector<std::int64_t>>(c.values).assign(count, c.name == "n_rrp_vesicles" ? vesicles : c.name == "syn_type_id" ? 120 : 0);
    }
    files.spikes = {{2, 0}, {27, 0}};
    auto built = files.built(folder);
    clamp_first(built, 0*units::ms);
    simulation s(built.model, built.run);
    s.run(40*units::ms);
    const auto& i = s["i"];
    const double first = use, second = use*(1 - use*std::exp(-25/recovery));      // of each vesicle
    const double jump = 1e-6*channels::double_exponential::unit_jump(0.2, 1.7);
    // synapses at -70 mV, 1 ms after the events: they are late by their delay and by the step to which a current belongs
    const auto arrived = [&](double t) {
        const double current = std::abs(i.samples[static_cast<std::size_t>(std::lround((t + 2)/0.025))] - i.samples[static_cast<std::size_t>(std::lround((t + 0.9)/0.025))]);
        return current/(70*jump*(std::exp(-1/1.7) - std::exp(-1/0.2)));
    };
    for (const auto& [t, p] : {std::pair(2.0, first), {27.0, second}})
        EXPECT_NEAR(arrived(t), count*p, 5*std::sqrt(count*p*(1 - p)/vesicles)) << t;
}

/// Spontaneous events deplete as spikes do: after many, a terminal is as full as one that is driven at random at their rate, r, on average:
/// x = 1/(1 + U r D).
TEST(sonata_bbp, spontaneous_events_deplete_the_terminals) {
    const temporary_folder folder;
    constexpr std::size_t count = 400;
    constexpr double use = 0.5, recovery = 100, rate = 40;
    bbp_circuit files;
    files.sources.assign(count, 0), files.targets.assign(count, 0);
    const std::map<std::string, double> values{{"conductance", 1e-3}, {"delay", 1}, {"u_syn", use}, {"depression_time", recovery}, {"facilitation_time", 0}, {"decay_time", 1.7}, {"conductance_scale_factor", 0},
                                               {"u_hill_coefficient", 2}, {"afferent_section_pos", 0.5}};
    for (auto& c : files.columns) {
        if (auto* x = std::get_if<std::vector<double>>(&c.values)) x->assign(count, values.at(c.name));
        else std::get<std::vector<std::int64_t>>(c.values).assign(count, c.name == "n_rrp_vesicles" ? 1 : c.name == "syn_type_id" ? 120 : 0);
    }
    files.overrides = fmt::format(R"({{"name": "minis", "source": "Drive", "target": "Mosaic", "spont_minis": {}}})", rate);
    files.spikes = {{1999, 0}}, files.run = R"("tstop": 1500, "dt": 0.1, "random_seed": 7)";
    auto built = files.built(folder);
    clamp_first(built, 500*units::ms);
    simulation s(built.model, built.run);
    s.run(built.until);
    const double charge = 70*1e-6*channels::double_exponential::unit_jump(0.2, 1.7)*(1.7 - 0.2);     // of one event [pC]
    double events = 0;
    for (const double current : s["i"].samples) events += std::abs(current)*0.1/charge;
    const double expected = count*rate*1*use/(1 + use*rate*1e-3*recovery);       // in 1 s
    EXPECT_NEAR(events, expected, 5*std::sqrt(expected));
}

TEST(sonata_bbp, currents_are_relative_to_those_of_the_nodes) {
    const temporary_folder folder;
    bbp_circuit files;
    files.inputs = R"("hold": {"module": "hyperpolarizing", "input_type": "current_clamp", "node_set": "Mosaic", "delay": 0, "duration": 60},
        "ramp": {"module": "relative_linear", "input_type": "current_clamp", "node_set": "Mosaic", "delay": 10, "duration": 20, "percent_start": 50, "percent_end": 150},
        "below": {"module": "subthreshold", "input_type": "current_clamp", "node_set": "first", "delay": 10, "duration": 20, "percent_less": 20},
        "clamp": {"module": "seclamp", "input_type": "voltage_clamp", "node_set": "first", "delay": 40, "duration": 10, "voltage": -60})";
    const auto built = files.built(folder);
    ASSERT_EQ(built.model.injections.size(), 5u);
    const auto ramp = [&](std::size_t k) { return std::get<ramp_current>(built.model.injections[k].source); };
    EXPECT_NEAR(ramp(0).from.coherent(), -0.01, 1e-15);
    EXPECT_NEAR(ramp(1).to.coherent(), -0.005, 1e-15);
    EXPECT_NEAR(ramp(2).from.coherent(), 0.01, 1e-15);
    EXPECT_NEAR(ramp(3).to.coherent(), 0.045, 1e-15);
    EXPECT_NEAR(ramp(4).from.coherent(), 0.016, 1e-15);
    EXPECT_EQ(built.model.injections[3].on.cells, std::vector<int>{1});
    ASSERT_EQ(built.model.clamps.size(), 1u);
    EXPECT_EQ(built.model.clamps[0].series.coherent(), 0.01);
    files.nodes.clear();
    says(message_of<invalid_input>([&] { files.built(folder); }), "has no dynamics_params/holding_current");
}

/// Campbell's theorem both ways, and the trains themselves.
TEST(sonata_bbp, random_currents_have_their_means_and_spreads) {
    const double rise = 0.4, decay = 4;
    const auto s = sonata::shots_for(0.2, 0.05, 0.6, rise, decay);
    const double peak = sonata::shot_peak(rise, decay), area = (decay - rise)/peak, square = (decay - rise)*(decay - rise)/(2*(decay + rise))/(peak*peak);
    EXPECT_NEAR(s.rate*s.mean*area, 0.2, 1e-12);
    EXPECT_NEAR(std::sqrt(s.rate*(s.mean*s.mean + s.variance)*square), 0.05, 1e-12);
    const auto moments = [](const sonata::random_current& c, double from) {
        const auto made = sonata::injections_of(c, {"cells", {0}, 100}, random_stream(3, 4), 5);
        const auto& w = std::get<waveform_current>(made.at(0).source);
        double sum = 0, squares = 0, n = 0;
        for (std::size_t k = 0; k + 2 < w.times_ms.size(); ++k)
            if (w.times_ms[k] > from) sum += w.values_nA[k], squares += w.values_nA[k]*w.values_nA[k], ++n;
        EXPECT_TRUE(std::ranges::is_sorted(w.times_ms));
        return std::pair(sum/n, std::sqrt(squares/n - sum/n*sum/n));
    };
    const auto [mean, sd] = moments({.of = sonata::random_current::kind::shot_noise, .delay = 10, .duration = 50000, .interval = 0.25, .mean = 0.2, .spread = 0.05, .rise = rise, .decay = decay, .shot_cv = 0.6}, 60);
    EXPECT_NEAR(mean, 0.2, 5*0.05*std::sqrt(2*(rise + decay)/50000));
    EXPECT_NEAR(sd, 0.05, 0.003);
    const auto [flat, spread] = moments({.of = sonata::random_current::kind::noise, .delay = 10, .duration = 10000, .interval = 0.5, .mean = -0.1, .spread = 0.0004}, 10);
    EXPECT_NEAR(flat, -0.1, 5*0.02/std::sqrt(20000));
    EXPECT_NEAR(spread, 0.02, 5*0.02/std::sqrt(40000));
    const auto shots = [&] { return moments({.of = sonata::random_current::kind::shot_noise, .delay = 0, .duration = 20000, .interval = 0.25, .rise = rise, .decay = decay, .rate = 500, .shot_mean = -0.02, .shot_variance = 1e-4}, 50); }();
    EXPECT_NEAR(shots.first, -0.02*0.5*area, 0.0015);
}

TEST(sonata_bbp, random_inputs_are_built_cell_by_cell) {
    const temporary_folder folder;
    bbp_circuit files;
    files.inputs = R"("n": {"module": "noise", "input_type": "current_clamp", "node_set": "Mosaic", "delay": 5, "duration": 20, "mean_percent": 80, "variance": 0.1},
        "s": {"module": "absolute_shot_noise", "input_type": "current_clamp", "node_set": "Mosaic", "delay": 5, "duration": 20, "mean": 0.01, "sigma": 0.005, "amp_cv": 0.5, "rise_time": 0.4, "decay_time": 4, "dt": 0.1},
        "o": {"module": "relative_ornstein_uhlenbeck", "input_type": "current_clamp", "node_set": "Mosaic", "delay": 5, "duration": 20, "mean_percent": 50, "sd_percent": 10, "tau": 3})";
    const auto built = files.built(folder);
    ASSERT_EQ(built.model.injections.size(), 6u);
    EXPECT_NE(std::get<waveform_current>(built.model.injections[0].source).values_nA, std::get<waveform_current>(built.model.injections[1].source).values_nA);
    EXPECT_NEAR(std::get<noise_current>(built.model.injections[5].source).mean.coherent(), 0.015, 1e-15);
    EXPECT_NEAR(std::get<noise_current>(built.model.injections[5].source).sd.coherent(), 0.003, 1e-15);
    EXPECT_EQ(voltages(built), voltages(files.built(folder)));
}

/// What is written is read as the same circuit, release of single contacts and delayed weights included.
TEST(sonata_bbp, is_written_and_read_with_the_same_voltages) {
    const temporary_folder folder;
    bbp_circuit files;
    files.spikes = {{5, 0}, {30, 0}};
    files.column<double>("u_syn") = {0.5, 0.4, 0.5, 0.5}, files.column<double>("depression_time") = {100, 200, 300, 50};
    files.overrides = R"({"name": "minis", "source": "Drive", "target": "Mosaic", "spont_minis": 50},
        {"name": "a", "source": "Drive", "target": "Mosaic", "weight": 0.5}, {"name": "b", "source": "Drive", "target": "Mosaic", "weight": 2, "delay": 20})";
    const auto once = files.built(folder);
    const temporary_folder other;
    write_sonata(once.model, other/"again", {once.run, once.until, overwrite::no});
    sonata::findings found;
    const auto read = std::make_shared<const sonata::circuit_files>(sonata::read_circuit(other/"again/simulation_config.json", found));
    const auto again = sonata::build_circuit(read, {}, found);
    found.throw_if_errors();
    EXPECT_FALSE(once.model.modulators.empty());
    EXPECT_EQ(again.model.modulators.size(), once.model.modulators.size());
    simulation a(once.model, once.run), b(again.model, again.run);
    a.run(once.until), b.run(once.until);
    EXPECT_EQ(a[once.model.probes.front().label].samples, b[once.model.probes.front().label].samples);
}

/// Python that has NEURON; without APICAL_PYTHON that of the system.
std::string python() {
    const char* const named = std::getenv("APICAL_PYTHON");
    return named ? named : "python3";
}

/// Where all vesicles are released at each spike and are back at once there is no chance, and NEURON has the same equations.
TEST(sonata_bbp, neuron_has_the_same_voltages) {
    const temporary_folder folder;
    const auto built = bbp_circuit().built(folder);
    const auto v = voltages(built);
    std::string synapses, spikes;
    const bbp_circuit files;
    auto columns = files;
    for (std::size_t i = 0; i < files.sources.size(); ++i)
        synapses += fmt::format(R"({}{{"source": {}, "cell": {}, "weight": {}, "delay": {}, "decay": {}, "ratio": {}, "inhibitory": {}}})", i ? ", " : "", files.sources[i], files.targets[i],
                                1e-3*columns.column<double>("conductance")[i], columns.column<double>("delay")[i], columns.column<double>("decay_time")[i],
                                columns.column<double>("conductance_scale_factor")[i], columns.column<std::int64_t>("syn_type_id")[i] < 100);
    for (const auto& [time, source] : files.spikes) spikes += fmt::format("{}[{}, {}]", spikes.empty() ? "" : ", ", time, source);
    const auto steps = v.size()/2;
    write_text(folder/"synapses.json", fmt::format(R"({{"dt": 0.025, "steps": {}, "synapses": [{}], "spikes": [{}]}})", steps, synapses, spikes));
    const auto command = python() + " " APICAL_SOURCE_DIR "/tests/sonata/bbp_in_neuron.py " + folder.path().string();
    const int status = std::system(command.c_str());
    if (WIFEXITED(status) && (WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 127)) GTEST_SKIP() << "SKIPPED: no NEURON in " << python() << "; set APICAL_PYTHON to a Python that has it";
    ASSERT_EQ(status, 0) << command;
    std::istringstream theirs(read_text(folder/"voltages.txt"));
    double largest = 0, deflection = 0;
    for (const double mine : v) {
        double x = 0;
        ASSERT_TRUE(theirs >> x);
        largest = std::max(largest, std::abs(mine - x)), deflection = std::max(deflection, std::abs(mine + 70));
    }
    RecordProperty("largest_difference_fV", std::to_string(largest*1e12));
    EXPECT_GT(deflection, 1);
    EXPECT_LT(largest, 2e-6);
}

/// Each column, overrides and inputs, spoilt: told with the place, and never run.
TEST(sonata_bbp, malformed_columns_are_told_with_their_place) {
    const temporary_folder folder;
    const auto told = [&](const auto& spoil) {
        bbp_circuit files;
        spoil(files);
        return message_of<invalid_input>([&] { files.built(folder); });
    };
    for (const auto& [name, value] : std::vector<std::pair<std::string, double>>{{"conductance", std::nan("")}, {"conductance", HUGE_VAL}, {"delay", -1}, {"u_syn", 1.5}, {"u_syn", -0.1}, {"depression_time", -5},
                                                                                  {"facilitation_time", std::nan("")}, {"decay_time", -1}, {"decay_time", 0}, {"conductance_scale_factor", HUGE_VAL},
                                                                                  {"u_hill_coefficient", -1}, {"afferent_section_pos", 1.5}})
        says(told([&](bbp_circuit& f) { f.column<double>(name)[2] = value; }), name + "[2]");
    says(told([](bbp_circuit& f) { f.column<std::int64_t>("n_rrp_vesicles")[1] = 100000; }), "n_rrp_vesicles[1]");
    says(told([](bbp_circuit& f) { f.column<std::int64_t>("syn_type_id")[1] = -3; }), "syn_type_id[1]");
    says(told([](bbp_circuit& f) { f.column<std::int64_t>("afferent_section_id")[1] = 7; }), "there is no section 7");
    for (const auto* needed : {"delay", "afferent_section_id", "afferent_section_pos", "syn_type_id"}) says(told([&](bbp_circuit& f) { f.without(needed); }), needed);
    for (const auto& [wrong, what] : std::vector<std::pair<std::string, std::string>>{
             {R"({"target": "Mosaic"})", "needs 'source'"}, {R"({"source": "Drive", "target": "nobody"})", "nobody"}, {R"({"source": "Drive", "target": "Mosaic", "weight": -1})", "/connection_overrides/0/weight"},
             {R"({"source": "Drive", "target": "Mosaic", "spont_minis": "often"})", "/connection_overrides/0/spont_minis"}, {R"({"source": "Drive", "target": "Mosaic", "synapse_configure": "%s.Usage = 1"})", "no parameter 'Usage'"},
             {R"(3)", "/connection_overrides/0"}})
        says(told([&](bbp_circuit& f) { f.overrides = wrong; }), what);
    const auto refused = [&](const auto& spoil) {
        bbp_circuit files;
        spoil(files);
        return message_of<unsupported>([&] { files.built(folder); });
    };
    for (const auto& [wrong, what] : std::vector<std::pair<std::string, std::string>>{
             {R"("modoverride": "GluSynapse")", "'modoverride'"}, {R"("neuromodulation_dtc": 75)", "'neuromodulation_dtc'"}, {R"("neuromodulation_strength": 3)", "'neuromodulation_strength'"},
             {R"("synapse_configure": "tau_d_NMDA_ProbAMPANMDA_EMS = 70")", "is a program"}, {R"j("synapse_configure": "%s.Use = exp(2)")j", "is a program"}})
        says(refused([&](bbp_circuit& f) { f.overrides = R"({"source": "Drive", "target": "Mosaic", )" + wrong + "}"; }), what);
    says(refused([](bbp_circuit& f) { f.conditions += R"(, "mechanisms": {"GluSynapse": {"a": 1}})"; }), "parameters of 'GluSynapse'");
    says(refused([](bbp_circuit& f) { f.inputs = R"("c": {"module": "ornstein_uhlenbeck", "input_type": "conductance", "node_set": "Mosaic", "delay": 0, "duration": 1, "mean": 1, "sigma": 1, "tau": 1})"; }), "conductances by module");
}

}  // namespace
}  // namespace apical
