// SPDX-License-Identifier: BSD-3-Clause
#include "io/experiment.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "io/output_file.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/sample_experiment.hpp"
#include "tests/io/temporary_folder.hpp"

namespace apical {
namespace {

using namespace units;
using testing::message_of, testing::sample_experiment, testing::says, testing::temporary_folder;

experiment read(std::string_view text, std::vector<setting> settings = {}) { return parse_experiment(text, "a.json", ".", settings); }
std::string refusal(std::string_view text, std::vector<setting> settings = {}) {
    return message_of<invalid_input>([&] { read(text, settings); });
}

/// The sample with the first occurrence of a piece replaced.
std::string altered(std::string_view piece, std::string_view by) {
    auto text = sample_experiment();
    const auto at = text.find(piece);
    EXPECT_NE(at, text.npos) << piece;
    return at == text.npos ? text : text.replace(at, piece.size(), by);
}
std::string refusal_with(std::string_view piece, std::string_view by) { return refusal(altered(piece, by)); }

TEST(experiment, every_kind_of_object_becomes_what_it_says) {
    const auto e = read(sample_experiment());
    EXPECT_EQ(e.title, "everything");
    const auto& m = e.model;
    ASSERT_EQ(m.populations.size(), 2u);
    EXPECT_EQ(m.populations[0].size, 3);
    EXPECT_EQ(m.populations[0].cell.v_init(), -70*mV);
    EXPECT_NEAR(m.populations[0].cell.shape().length(1), 400, 1e-9);
    EXPECT_EQ(m.populations[1].cell.rule(), compartment_rule(max_length{40}));
    EXPECT_EQ(m.populations[1].cell.paintings().size(), 4u);

    ASSERT_EQ(m.injections.size(), 5u);
    EXPECT_EQ(m.injections[0].on.cells, (std::vector<int>{0, 2}));
    EXPECT_EQ(std::get<step_current>(m.injections[0].source).amplitude, 0.3*nA);
    EXPECT_EQ(std::get<ramp_current>(m.injections[1].source).duration, 100*ms);
    EXPECT_EQ(m.injections[1].on.at, "dend[0](1)");
    EXPECT_EQ(std::get<noise_current>(m.injections[2].source).stream, 18446744073709551615u);
    EXPECT_EQ(std::get<waveform_current>(m.injections[3].source).values_nA, (std::vector<double>{0, 1}));
    EXPECT_EQ(std::get<epsp_current>(m.injections[4].source).tau_decay, 5*ms) << "default";
    ASSERT_EQ(m.clamps.size(), 1u);
    EXPECT_EQ(m.clamps[0].levels[1], std::pair(5*ms, 0*mV));
    EXPECT_EQ(m.clamps[0].series, 1*Mohm);

    EXPECT_EQ(m.receptors.at(0).parameters.at("tau_rise").value, 0.5);
    EXPECT_EQ(m.spike_trains.at(0).times_ms, (std::vector<double>{20, 30})) << "sorted";
    EXPECT_DOUBLE_EQ(m.spike_trains[0].weight.coherent(), 2e-3);
    EXPECT_EQ(m.probes.at(1).variable, "wb_na.h");
    EXPECT_EQ(m.detectors.at(0).threshold, -10*mV);
    EXPECT_EQ(m.detectors.at(1).threshold, -20*mV);

    EXPECT_EQ(e.until, 100*ms);
    EXPECT_EQ(e.run.scheme, scheme::backward_euler);
    EXPECT_DOUBLE_EQ(in_celsius(e.run.temperature), 34);
    EXPECT_EQ(e.run.constants, physical_constants::legacy);
    EXPECT_EQ(e.run.seed, 7u);
    EXPECT_EQ(e.run.threads, 2);
    EXPECT_EQ(e.output.folder, "results");
    EXPECT_FALSE(e.output.traces);
    EXPECT_TRUE(e.output.csv);
    EXPECT_EQ(e.output.spike_time, spike_time::on_step);
}

TEST(experiment, a_few_lines_suffice) {
    const auto e = read(R"({"cells": {"c": {"model": "ball_and_stick"}}, "probes": [{"label": "v"}], "run": {"until": "1 ms"}})");
    ASSERT_EQ(e.model.populations.size(), 1u);
    EXPECT_EQ(e.model.populations[0].name, "c");
    EXPECT_EQ(e.model.probes.at(0).on.population, "c");
    EXPECT_EQ(e.run.dt, 0.025*ms);
    EXPECT_EQ(e.output.folder, "out");
}

TEST(experiment, a_protocol_brings_its_cell_stimuli_probes_and_duration) {
    const auto e = read(R"({"protocol": "bac"})");
    EXPECT_EQ(e.model.injections.size(), 2u);
    EXPECT_EQ(e.model.probes.size(), 2u);
    EXPECT_EQ(e.model.detectors.size(), 1u);
    EXPECT_EQ(e.until, 600*ms);
    const auto own = read(R"j({"protocol": {"name": "bap", "amplitude": "1.6 nA", "trunk": "apic[0](0.5)"}, "probes": [{"label": "more"}], "run": {"until": "300 ms"}})j");
    EXPECT_EQ(std::get<step_current>(own.model.injections.at(0).source).amplitude, 1.6*nA);
    EXPECT_EQ(own.model.probes.at(1).on.at, "apic[0](0.5)");
    EXPECT_EQ(own.model.probes.at(2).label, "more");
    EXPECT_EQ(own.until, 300*ms);
    says(refusal(R"({"protocol": "back"})"), "a.json:1 /protocol: no protocol 'back'; did you mean 'bac'?");
    says(refusal(R"({"protocol": {"name": "epsp", "frequency": "5 Hz"}})"), "the protocol epsp has no 'frequency'; critical_frequency has");
}

TEST(experiment, files_are_found_beside_it) {
    const temporary_folder folder;
    write_text(folder / "cell.swc", "1 1 0 0 0 10 -1\n2 3 10 0 0 1 1\n3 3 90 0 0 1 2\n");
    write_text(folder / "i.csv", "time [s], current [pA]\r\n0.001, 0\r\n0.002, 100\r\n");
    write_text(folder / "a.json", R"({"cells": {"c": {"morphology": "cell.swc"}}, "stimuli": [{"type": "waveform", "file": "i.csv"}], "run": {"until": "1 ms"}})");
    const auto e = read_experiment(folder / "a.json");
    EXPECT_EQ(e.model.populations.at(0).cell.shape().size(), 2);
    const auto& w = std::get<waveform_current>(e.model.injections.at(0).source);
    EXPECT_EQ(w.times_ms, (std::vector<double>{1, 2}));
    EXPECT_DOUBLE_EQ(w.values_nA[1], 0.1);
    says(message_of<invalid_input>([&] { read_experiment(folder / "b.json"); }), "b.json: cannot be opened");
}

TEST(experiment, repairs_of_a_morphology_are_told_with_the_place_that_names_it) {
    const temporary_folder folder;
    const std::string shape = "1 1 0 0 0 10 -1\n2 4 10 0 0 1 1\n3 4 90 0 0 ";
    write_text(folder / "whole.swc", shape + "1 2\n");
    write_text(folder / "bare.swc", shape + "0 2\n");
    const auto warnings = [&](const std::string& cell) {
        return parse_experiment("{\"cells\":\n{\"c\": {" + cell + "}}, \"run\": {\"until\": \"1 ms\"}}", "a.json", folder.path()).warnings;
    };
    EXPECT_TRUE(warnings(R"("morphology": "whole.swc")").empty());
    EXPECT_TRUE(warnings(R"("model": "l5pc", "morphology": "whole.swc")").empty());
    for (const auto* cell : {R"("morphology": "bare.swc")", R"("model": "l5pc", "morphology": "bare.swc")"}) {
        const auto all = warnings(cell);
        ASSERT_EQ(all.size(), 1u) << cell;
        EXPECT_EQ(all[0].where, "a.json:2 /cells/c/morphology");
        says(all[0].what, "bare.swc:3: a radius that is not positive");
    }
    const auto option = warnings("\"model\": \"l5pc\", \"options\": {\"morphology\": \"" + (folder / "bare.swc").string() + "\"}");
    ASSERT_EQ(option.size(), 1u);
    EXPECT_EQ(option[0].where, "a.json:2 /cells/c/model");
}

TEST(experiment, a_faulty_waveform_file_is_told_with_its_line) {
    const temporary_folder folder;
    write_text(folder / "a.json", R"({"cells": {"c": {"model": "ball_and_stick"}}, "stimuli": [{"type": "waveform", "file": "i.csv"}], "run": {"until": "1 ms"}})");
    const auto with = [&](const std::string& csv) {
        write_text(folder / "i.csv", csv, overwrite::yes);
        const auto message = message_of<invalid_input>([&] { read_experiment(folder / "a.json"); });
        says(message, "a.json:1 /stimuli/0/file: ");
        return message;
    };
    says(with("t,i\n0,1\n"), "i.csv:1: the heading 't' has no unit");
    says(with("time [ms],current [mV]\n0,1\n"), "i.csv:1: expected a quantity in [nA]");
    says(with("time [ms],current [nA]\n0,1\n1,x\n"), "i.csv:3: 'x' is not a finite number");
    says(with("time [ms],current [nA]\n0,1\n0,2\n"), "i.csv:3: is not later");
    says(with("time [ms],current [nA]\n0,1,2\n"), "i.csv:2: does not have two columns");
    says(with("time [ms],current [nA]\n0,nan\n"), "i.csv:2: 'nan' is not a finite number");
    says(with("time [ms],current [GA]\n0,1e300\n"), "i.csv:2: '1e300' is not a finite number");
    says(with(""), "needs a heading and two points");
}

TEST(experiment, spikes_may_come_from_a_file) {
    const temporary_folder folder;
    write_spikes(folder / "s.h5", std::vector<population_spikes>{{"lgn", {1, 2, 3}, {0, 4, 4}, spike_order::by_time}});
    const auto with = [&](const std::string& source) {
        return parse_experiment(R"({"cells": {"c": {"model": "ball_and_stick"}}, "receptors": [{"label": "r", "receptor": "exp2syn"}], "run": {"until": "1 ms"},
            "spike_trains": [{"onto": "r", "weight": "1 nS", "source": )" + source + "}]}", "a.json", folder.path());
    };
    EXPECT_EQ(with(R"({"file": "s.h5", "cell": 4})").model.spike_trains.at(0).times_ms, (std::vector<double>{2, 3}));
    says(message_of<invalid_input>([&] { with(R"({"file": "s.h5", "population": "lgm"})"); }), "has no population 'lgm'; did you mean 'lgn'?");
}

// ---- what is wrong is told with its line

TEST(experiment, bare_numbers_and_wrong_units_are_refused) {
    says(refusal_with("\"dt\": \"0.05 ms\"", "\"dt\": 0.05"), "a.json:29 /run/dt: expected a quantity with its unit, got the bare number 0.05; did you mean \"0.05 ms\"?");
    says(refusal_with("\"dt\": \"0.05 ms\"", "\"dt\": \"0.05 mV\""), "a.json:29 /run/dt: expected a quantity in [ms], got 0.05 mV");
    says(refusal_with("\"34 degC\"", "34"), "a.json:29 /run/temperature: expected a quantity with its unit, got the bare number 34; did you mean \"34 degC\"?");
    says(refusal_with("\"0.035 S/cm2\"", "\"0.035 S\""), "a.json:9 /cells/made/paint/2/g_max: ");
    says(refusal_with("\"tau_rise\": \"0.5 ms\"", "\"tau_rise\": \"0.5 mV\""), "a.json:22 /receptors/0/tau_rise: ");
}

TEST(experiment, unknown_keys_and_names_come_with_a_suggestion) {
    says(refusal_with("\"dt\":", "\"dT\":"), "a.json:29 /run/dT: is not known here; did you mean 'dt'?");
    says(refusal_with("\"WB_Na\"", "\"wb_nq\""), "a.json:9 /cells/made/paint/2/mechanism: no mechanism 'wb_nq'; did you mean 'wb_na'?");
    says(refusal_with("\"g_max\"", "\"gmax\""), "a.json:9 /cells/made/paint/2/gmax: the channel 'wb_na' has no such parameter; did you mean 'g_max'?");
    says(refusal_with("\"type\": \"ramp\"", "\"type\": \"rampe\""), "a.json:16 /stimuli/1/type: 'rampe' is not known here; did you mean 'ramp'?");
    says(refusal_with("\"scheme\": \"backward_euler\"", "\"scheme\": \"backwards_euler\""), "a.json:29 /run/scheme: 'backwards_euler' is not one of its values; did you mean 'backward_euler'?");
    says(refusal_with("\"population\": \"a\", \"cells\"", "\"population\": \"aa\", \"cells\""), "a.json:15 /stimuli/0/population: no population 'aa'; did you mean 'a'?");
    says(refusal_with("\"cell\": \"made\"", "\"cell\": \"mode\""), "a.json:13 /populations/1/cell: no cell 'mode'; did you mean 'made'?");
    says(refusal_with("\"onto\": \"syn\"", "\"onto\": \"sin\""), "a.json:23 /spike_trains/0/onto: no receptor is labelled 'sin'; did you mean 'syn'?");
    says(refusal_with("\"pv_basket\"", "\"pv_baskets\""), "did you mean 'pv_basket'?");
    says(refusal_with("\"model\": \"ball_and_stick\"", "\"model\": \"ball_and_stik\""), "a.json:4 /cells/ball/model: ");
    says(refusal_with("\"dendrite\": \"400 um\"", "\"dendrit\": \"400 um\""), "a.json:4 /cells/ball/options/dendrit: ");
    says(refusal_with("\"exp2syn\"", "\"pas\""), "a.json:22 /receptors/0/receptor: no receptor 'pas'");
    says(refusal_with("\"mechanism\": \"pas\", \"g\": \"1e-4 S/cm2 * exp(-distance/100 um)\", \"e_rev\": \"-70 mV\"", "\"mechanism\": \"exp2syn\""), "is a receptor, which cannot be painted");
    says(refusal_with("\"ion\": \"k\"", "\"ion\": \"kk\""), "a.json:10 /cells/made/paint/3/ion: no ion 'kk'; did you mean 'k'?");
}

TEST(experiment, wrong_places_are_refused) {
    says(refusal_with("\"at\": \"dend[0](1)\"", "\"at\": \"dend[0](2)\""), "a.json:16 /stimuli/1/at: ");
    says(refusal_with("\"at\": \"dend[0](1)\"", "\"at\": \"dend[9](1)\""), "a.json:16 /stimuli/1/at: ");
    says(refusal_with("\"region\": \"soma and distance < 100 um\"", "\"region\": \"soma and distance < 100 mV\""), "a.json:10 /cells/made/paint/3/region: ");
    says(refusal_with("[0, 2]", "[0, 3]"), "a.json:15 /stimuli/0/cells: population 'a' has no cell 3; it has cells 0 to 2");
    says(refusal_with("[0, 2]", "[0, -1]"), "a.json:15 /stimuli/0/cells/1: is -1; it must be at least 0");
    says(refusal_with("\"max_length(40 um)\"", "\"max_length(40)\""), "a.json:5 /cells/made/compartments: ");
}

TEST(experiment, what_is_missing_or_contradictory_is_told) {
    says(refusal_with("\"delay\": \"10 ms\", ", ""), "a.json:15 /stimuli/0: needs a 'delay'");
    says(refusal_with("\"type\": \"step\", ", ""), "a.json:15 /stimuli/0: needs a 'type'");
    says(refusal_with("\"population\": \"a\", \"cells\": [0, 2], ", ""), "a.json:15 /stimuli/0: needs a 'population'; there are several");
    says(refusal_with("\"until\": \"100 ms\", ", ""), "a.json:29 /run: needs the simulated time");
    says(refusal("{}"), "a.json:1 /: needs 'cells' or a 'protocol'");
    says(refusal(R"({"cells": {"c": {}}, "run": {"until": "1 ms"}})"), "a.json:1 /cells/c: needs a 'model' or a 'morphology'");
    says(refusal("[]"), "a.json:1 /: expected an object, got an array");
    says(refusal_with("\"time\": \"2 ms\"", "\"time\": \"1 ms\""), "a.json:18 /stimuli/3: its points are not in order of time");
    says(refusal_with("\"from\": \"5 ms\"", "\"from\": \"0 ms\""), "a.json:20 /stimuli/5: its levels are not in order of time");
    says(refusal_with("\"label\": \"m\"", "\"label\": \"va\""), "a.json:26 /probes/1/label: another probe is called 'va'");
    says(refusal_with("\"label\": \"m\"", "\"label\": \"../m\""), "a.json:26 /probes/1/label: '../m' cannot be the name of a file");
    says(refusal_with("\"name\": \"b\"", "\"name\": \"a\""), "a.json:13 /populations/1/name: another population is called 'a'");
}

TEST(experiment, numbers_out_of_range_are_refused) {
    says(refusal_with("\"dt\": \"0.05 ms\"", "\"dt\": \"0 ms\""), "a.json:29 /run/dt: is 0 ms; it must be above 0 ms");
    says(refusal_with("\"size\": 3", "\"size\": 0"), "a.json:13 /populations/0/size: is 0; it must be at least 1");
    says(refusal_with("\"size\": 3", "\"size\": 2.5"), "a.json:13 /populations/0/size: is 2.5; a whole number is expected");
    says(refusal_with("\"threads\": 2", "\"threads\": 99999999999"), "a.json:29 /run/threads: ");
    says(refusal_with("\"seed\": 7", "\"seed\": -7"), "a.json:29 /run/seed: is -7; a whole number is expected");
    says(refusal_with("\"duration\": \"50 ms\"", "\"duration\": \"-50 ms\""), "a.json:15 /stimuli/0/duration: is -50 ms; it must be at least 0 ms");
    says(refusal_with("\"amplitude\": \"0.3 nA\"", "\"amplitude\": \"1e308 MA\""), "a.json:15 /stimuli/0/amplitude: ");
    says(refusal_with("\"amplitude\": \"0.3 nA\"", "\"amplitude\": \"nan nA\""), "a.json:15 /stimuli/0/amplitude: ");
}

TEST(experiment, all_problems_are_told_at_once) {
    auto text = altered("\"dt\": \"0.05 ms\"", "\"dt\": 0.05");
    text.replace(text.find("\"0.3 nA\""), 8, "\"0.3 ms\"");
    text.replace(text.find("\"WB_Na\""), 7, "\"WB_No\"");
    const auto message = refusal(text);
    says(message, "/run/dt");
    says(message, "/stimuli/0/amplitude");
    says(message, "/cells/made/paint/2/mechanism");
    EXPECT_EQ(std::ranges::count(message, '\n'), 2) << message;
}

TEST(experiment, a_cell_that_cannot_be_built_is_the_only_complaint) {
    const auto message = refusal_with("\"pv_basket\"", "\"pv_basked\"");
    EXPECT_EQ(std::ranges::count(message, '\n'), 0) << message;
}

TEST(experiment, settings_take_the_place_of_values) {
    const auto e = read(sample_experiment(), {{"/run/dt", "0.1 ms"}, {"/run/seed", "3"}, {"/output/csv", "false"}, {"/stimuli/0/amplitude", "\"1 nA\""}});
    EXPECT_EQ(e.run.dt, 0.1*ms);
    EXPECT_EQ(e.run.seed, 3u);
    EXPECT_FALSE(e.output.csv);
    EXPECT_EQ(std::get<step_current>(e.model.injections[0].source).amplitude, 1*nA);
    says(refusal(sample_experiment(), {{"/run/dt", "0.1"}}), "--set /run/dt: expected a quantity with its unit");
    says(refusal(sample_experiment(), {{"/run/dtt", "1 ms"}}), "--set /run/dtt: is not known here; did you mean 'dt'?");
    says(refusal(sample_experiment(), {{"/stimuli/9/delay", "1 ms"}}), "'9' is not an item of this array of 6");
}

}  // namespace
}  // namespace apical
