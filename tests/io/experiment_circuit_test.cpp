// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "engine/simulation.hpp"
#include "io/experiment.hpp"
#include "io/output_file.hpp"
#include "io/spikes.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/sample_experiment.hpp"
#include "tests/io/temporary_folder.hpp"

/// What makes cells into a network, as experiment files say it.
namespace apical {
namespace {

using namespace units;
using testing::message_of, testing::sample_experiment, testing::says, testing::temporary_folder;

/// Two populations, "e" of 20 cells on a disc and "i" of 5, and what else is given.
std::string file(const std::string& more) {
    return R"({"cells": {"ball": {"model": "ball_and_stick"}, "point": {"model": "adex"}},
"populations": [{"name": "e", "cell": "ball", "size": 20, "positions": {"type": "disc", "radius": "100 um"}}, {"name": "i", "cell": "point", "size": 5}],
"spike_sources": [{"name": "s", "size": 10, "rate": "20 Hz"}],
"run": {"until": "10 ms"}, )" + more + "}";
}
std::string projection(const std::string& rule, const std::string& more = R"(, "weight": "1 nS")", const std::string& ends = R"("source": "e", "target": "e")") {
    return file(R"("projections": [{"name": "p", )" + ends + R"(, "receptor": "exp2syn", "rule": )" + rule + more + "}]");
}
experiment read(const std::string& text, const std::filesystem::path& folder = ".") { return parse_experiment(text, "a.json", folder); }
std::string refusal(const std::string& text, const std::filesystem::path& folder = ".") {
    return message_of<invalid_input>([&] { read(text, folder); });
}

TEST(experiment_circuit, every_object_becomes_what_it_says) {
    const auto m = read(sample_experiment()).model;
    ASSERT_EQ(m.populations[0].positions.size(), 3u);
    for (const auto& p : m.populations[0].positions) EXPECT_TRUE(std::hypot(p.x, p.y) <= 50 && std::abs(p.z) <= 5);
    ASSERT_EQ(m.spike_sources.size(), 1u);
    EXPECT_EQ(m.spike_sources[0].spikes, (std::vector<std::pair<int, double>>{{1, 5}, {1, 7}}));
    EXPECT_EQ(m.spike_sources[0].rate, 10*Hz);
    EXPECT_EQ(m.spike_sources[0].length, 50*ms);
    ASSERT_EQ(m.projections.size(), 3u);
    const auto& drive = m.projections[0];
    EXPECT_EQ(std::get<fixed_indegree>(drive.rule).sources, 2);
    EXPECT_EQ(drive.weight, random_value::normal(parse_quantity("4 nS"), parse_quantity("1 nS")).within(parse_quantity("0 nS"), parse_quantity("8 nS")));
    EXPECT_EQ(drive.parameters.at("tau_decay"), parse_quantity("3 ms"));
    EXPECT_EQ(drive.at, "in basal");
    EXPECT_EQ(drive.contacts, 2);
    EXPECT_EQ(drive.spontaneous, 1*Hz);
    EXPECT_EQ(drive.short_term->use.mean.value, 0.4);
    EXPECT_EQ(drive.short_term->tau_recovery.of, random_value::kind::lognormal);
    EXPECT_EQ(drive.short_term->vesicles, 3);
    std::vector<contact> listed;
    std::get<contact_list>(m.projections[1].rule).onto(2, listed);
    ASSERT_EQ(listed.size(), 1u);
    EXPECT_DOUBLE_EQ(listed[0].weight, 3e-3);
    EXPECT_EQ(listed[0].delay, 2);
    EXPECT_EQ(listed[0].where.x, 0.5);
    const auto* profile = std::get<spatial_probability>(m.projections[2].rule).p.target<distance_profile>();
    ASSERT_TRUE(profile);
    EXPECT_EQ(profile->length_um, 100);
    EXPECT_EQ(m.projections[2].delay.of, random_value::kind::uniform);
    EXPECT_DOUBLE_EQ(m.projections[2].velocity->coherent(), 300);
    ASSERT_EQ(m.gap_junctions.size(), 4u) << "one by hand, and three pairs";
    EXPECT_EQ(m.gap_junctions[0].b.at, "dend[0](1)");
    EXPECT_EQ(m.gap_junctions[1].conductance, 0.5*nS);
}

TEST(experiment_circuit, every_rule_is_read_and_runs) {
    const std::string rules[] = {R"({"type": "all_to_all", "self": true})", R"({"type": "one_to_one"})", R"({"type": "pairwise_probability", "p": 0.2})",
                                 R"({"type": "fixed_indegree", "sources": 30, "distinct": false})", R"({"type": "fixed_outdegree", "targets": 5})",
                                 R"({"type": "fixed_total", "connections": 100})", R"({"type": "gaussian", "p0": 0.4, "sigma": "50 um"})",
                                 R"({"type": "exponential", "p0": 0.4, "lambda": "50 um", "reach": 2})",
                                 R"({"type": "list", "contacts": [{"source": 1, "target": 2}, {"source": 0, "target": 19, "weight": "1 nS"}]})"};
    std::size_t kind = 0;
    for (const auto& rule : rules) {
        const auto e = read(projection(rule));
        EXPECT_EQ(e.model.projections.at(0).rule.index(), kind < 7 ? kind : kind - 1) << rule;
        simulation s(e.model, e.run);
        s.run(1*ms);
        ++kind;
    }
}

TEST(experiment_circuit, every_layout_is_read) {
    const auto of = [](const std::string& layout) {
        return read(R"({"cells": {"c": {"model": "adex"}}, "populations": [{"name": "e", "cell": "c", "size": 4, "positions": )" + layout + R"(}], "run": {"until": "1 ms"}})").model.populations[0].positions;
    };
    for (const auto& p : of(R"({"type": "box", "from": ["0 um", "0 um", "0 um"], "to": ["1 mm", "10 um", "0 um"]})")) EXPECT_TRUE(p.x <= 1000 && p.y <= 10 && p.z == 0);
    EXPECT_EQ(of(R"({"type": "grid", "spacing": ["10 um", "20 um", "0 um"], "columns": 2})")[3], (position{10, 20, 0}));
    EXPECT_EQ(of(R"({"type": "points", "points": [["1 um", "2 um", "3 um"], ["1 um", "2 um", "3 um"], ["1 um", "2 um", "3 um"], ["4 um", "5 um", "6 um"]]})")[3], (position{4, 5, 6}));
    EXPECT_EQ(of(R"({"type": "disc", "radius": "10 um"})"), of(R"({"type": "disc", "radius": "10 um", "centre": ["0 um", "0 um", "0 um"]})"));
}

TEST(experiment_circuit, lists_may_come_from_files) {
    const temporary_folder folder;
    write_text(folder / "c.csv", "target, source ,weight [nS],delay [us],section,x\n3,1,2,1500,1,0.5\n\n0,2,4,2000,0,0.5\n");
    const auto e = read(projection(R"({"type": "list", "file": "c.csv"})", ""), folder.path());
    std::vector<contact> onto;
    std::get<contact_list>(e.model.projections.at(0).rule).onto(3, onto);
    ASSERT_EQ(onto.size(), 1u);
    EXPECT_EQ(onto[0].source, 1);
    EXPECT_DOUBLE_EQ(onto[0].weight, 2e-3);
    EXPECT_DOUBLE_EQ(onto[0].delay, 1.5);
    EXPECT_EQ(onto[0].where, (location{1, 0.5}));
    const auto with = [&](const std::string& csv) {
        write_text(folder / "c.csv", csv, overwrite::yes);
        const auto message = refusal(projection(R"({"type": "list", "file": "c.csv"})"), folder.path());
        says(message, "a.json:4 /projections/0/rule/file: ");
        return message;
    };
    says(with("source,target\n20,1\n"), "no source 20; there are 0 to 19");
    says(with("source,target\n0.5,1\n"), "no source 0.5");
    says(with("source\n1\n"), "has no column 'target'");
    says(with("source,targets\n1,1\n"), "no column is called 'targets'; did you mean 'target'?");
    says(with("source,target,weight\n1,1,1\n"), "c.csv:1: the heading 'weight' has no unit; write it as weight [");
    says(with("source,target\n1,1,1\n"), "c.csv:2: has 3 words, not 2");
    says(with("source,target,section\n1,1,1\n"), "a place needs both");
    says(with(""), "needs a heading");
    write_text(folder / "p.csv", "x [um],y [mm],z [um]\n1,2,3\n");
    const auto positions = read(R"({"cells": {"c": {"model": "adex"}}, "populations": [{"name": "e", "cell": "c", "positions": {"type": "points", "file": "p.csv"}}], "run": {"until": "1 ms"}})", folder.path());
    EXPECT_EQ(positions.model.populations[0].positions[0], (position{1, 2000, 3}));
    write_spikes(folder / "s.h5", std::vector<population_spikes>{{"lgn", {1, 2, 3}, {0, 4, 4}, spike_order::by_time}});
    const auto sources = [&](int size) {
        return R"({"cells": {"c": {"model": "adex"}}, "spike_sources": [{"name": "s", "size": )" + std::to_string(size) + R"(, "file": {"file": "s.h5"}}], "run": {"until": "1 ms"}})";
    };
    EXPECT_EQ(read(sources(5), folder.path()).model.spike_sources[0].spikes, (std::vector<std::pair<int, double>>{{0, 1}, {4, 2}, {4, 3}}));
    says(refusal(sources(4), folder.path()), "a.json:1 /spike_sources/0/file: ");
}

TEST(experiment_circuit, what_is_wrong_is_told_with_its_place) {
    const std::string some = R"({"type": "pairwise_probability", "p": 0.2})", weight = R"(, "weight": "1 nS")";
    const std::string at = "a.json:4 /projections/0";
    says(refusal(projection(some, weight, R"("source": "x", "target": "e")")), at + "/source: no population or spike source 'x'");
    says(refusal(projection(some, weight, R"("source": "e", "target": "ee")")), at + "/target: no population 'ee'; did you mean 'e'?");
    says(refusal(projection(some, "")), at + ": needs a 'weight'");
    says(refusal(projection(some, R"(, "weight": "1 mV")")), at + "/weight: ");
    says(refusal(projection(some, R"(, "weight": 3)")), at + "/weight: ");
    says(refusal(projection(some, R"(, "weight": {"normal": ["1 nS"]})")), at + "/weight: 'normal' has 1 values; two are expected");
    says(refusal(projection(some, R"(, "weight": {"within": ["1 nS", "2 nS"]})")), at + "/weight: is no distribution");
    says(refusal(projection(some, R"(, "weight": {"uniform": ["1 nS", "2 nS"], "within": ["3 nS", "4 nS"]})")), at + "/weight: no value lies within its bounds");
    says(refusal(projection(some, R"(, "weight": {"lognormal": ["-1 nS", "2 nS"]})")), at + "/weight: the mean of a lognormal value must be positive");
    says(refusal(projection(some, weight + R"(, "delay": "0.01 ms")")), at + "/delay: 0.01 ms is shorter than a step of 0.025 ms");
    says(refusal(projection(some, weight + R"(, "delay": "1 mV")")), at + "/delay: ");
    says(refusal(projection(some, weight + R"(, "at": "in distance > 9 m", "contacts": 0)")), at + "/contacts: is 0; it must be at least 1");
    says(refusal(projection(some, weight + R"j(, "at": "dend[7](0.5)")j")), at + "/at: ");
    says(refusal(projection(some, weight + R"j(, "at": "tips(all), soma(0.5)")j")), at + "/at: 'tips(all), soma(0.5)' is ");
    says(refusal(projection(some, weight + R"(, "parameters": {"tau": "1 ms"})")), at + "/parameters/tau: the receptor 'exp2syn' has no such parameter");
    says(refusal(projection(some, weight + R"(, "short_term": {"use": "1 ms"})")), at + "/short_term/use: ");
    says(refusal(projection(some, weight + R"(, "short_term": {"model": "henning"})")), "no model of release 'henning'");
    says(refusal(projection(some, weight + R"(, "short_term": {"model": "hennig", "parameters": {"speed": 1}})")), at + "/short_term/parameters/speed: 'hennig' has no such parameter");
    says(refusal(projection(R"({"type": "pairwise_probability", "p": 1.2})")), at + "/rule/p: is 1.2; it must be at most 1");
    says(refusal(projection(R"({"type": "pairwise_probabilty"})")), at + "/rule/type: 'pairwise_probabilty' is not known here; did you mean 'pairwise_probability'?");
    says(refusal(projection(R"({"type": "fixed_indegree", "sources": 20})")), at + "/rule: 20 of 19 cells");
    says(refusal(projection(R"({"type": "fixed_outdegree", "targets": 20})")), at + "/rule: 20 of 19 cells");
    says(refusal(projection(R"({"type": "one_to_one"})", weight, R"("source": "e", "target": "i")")), at + "/rule: one to one, but 20 sources and 5 targets");
    says(refusal(projection(R"({"type": "gaussian", "p0": 0.5, "sigma": "10 um"})", weight, R"("source": "e", "target": "i")")), at + ": needs positions of 'e' and 'i'");
    says(refusal(projection(R"({"type": "list", "contacts": [{"source": 20, "target": 0}]})")), at + "/rule/contacts/0/source: no source 20; there are 0 to 19");
    says(refusal(projection(R"j({"type": "list", "contacts": [{"source": 0, "target": 0, "at": "tips(all), soma(0.5)"}]})j")), at + "/rule/contacts/0/at: ");
    says(refusal(projection(R"({"type": "list"})")), at + "/rule: needs either 'contacts' or a 'file'");
    says(refusal(file(R"("projections": [{"name": "p", "source": "e", "target": "e", "receptor": "gaba_b", "weight": "1 nS", "rule": )" + some + "}]")), at + "/receptor: 'gaba_b' keeps states for each contact");
    says(refusal(file(R"("spike_sources2": 3)")), "did you mean 'spike_sources'?");
}

TEST(experiment_circuit, wrong_sources_and_gap_junctions_are_told_with_their_place) {
    const auto gap = [](const std::string& g) { return refusal(file(R"("gap_junctions": [)" + g + "]")); };
    says(gap(R"({"a": {"population": "e"}, "b": {"population": "e", "cell": 20}, "conductance": "1 nS"})"), "a.json:4 /gap_junctions/0/b/cell: no cell 20; there are 0 to 19");
    says(gap(R"({"a": {"population": "e"}, "b": {"population": "i"}, "conductance": "1 nS"})"), "/gap_junctions/0/b/population: 'i' are point neurons");
    says(gap(R"({"a": {"population": "e"}, "b": {"population": "e"}, "conductance": "1 nS"})"), "/gap_junctions/0: joins a place with itself");
    says(gap(R"({"a": {"population": "e"}, "b": {"population": "e", "cell": 1}, "conductance": "0 nS"})"), "/gap_junctions/0/conductance: is 0 uS; it must be above 0 uS");
    says(gap(R"({"name": "g", "a": "e", "b": "ee", "probability": 0.1, "conductance": "1 nS"})"), "/gap_junctions/0/b: no population 'ee'; did you mean 'e'?");
    says(gap(R"({"name": "g", "a": "e", "b": "e", "probability": 2, "conductance": "1 nS"})"), "/gap_junctions/0/probability: is 2");
    const auto source = [](const std::string& s) { return refusal(R"({"cells": {"c": {"model": "adex"}}, "run": {"until": "1 ms"}, "spike_sources": [)" + s + "]}"); };
    says(source(R"({"name": "c"})"), "/spike_sources/0/name: another population or spike source is called 'c'");
    says(source(R"({"name": "s", "spikes": [{"source": 1, "times": ["1 ms"]}]})"), "/spike_sources/0/spikes/0/source: no source 1; there are 0 to 0");
    says(refusal(R"({"cells": {"c": {"model": "adex"}}, "populations": [{"name": "e", "cell": "c", "size": 2, "positions": {"type": "points", "points": [["1 um", "1 um"]]}}], "run": {"until": "1 ms"}})"),
         "/populations/0/positions/points/0: has 2 lengths; x, y and z are expected");
    says(refusal(R"({"cells": {"c": {"model": "adex"}}, "populations": [{"name": "e", "cell": "c", "size": 2, "positions": {"type": "points", "points": [["1 um", "1 um", "0 um"]]}}], "run": {"until": "1 ms"}})"),
         "/populations/0/positions: has 1 points for 2 cells");
}

}  // namespace
}  // namespace apical
