// SPDX-License-Identifier: BSD-3-Clause
// Spoilt overrides, NWB files, folders of mechanisms and activity: each is refused with its file and place, or does something finite.
#include <functional>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "core/random.hpp"
#include "engine/simulation.hpp"
#include "io/hdf5.hpp"
#include "io/sonata/mechanism_library.hpp"
#include "io/sonata/nwb_spikes.hpp"
#include "tests/core/processor_time.hpp"
#include "tests/io/expect_error.hpp"
#include "tests/io/temporary_folder.hpp"
#include "tests/sonata/bbp_circuit.hpp"
#include "tests/sonata/malformed_files.hpp"

namespace apical {
namespace {

using namespace units;
using testing::bbp_circuit, testing::fractions, testing::temporary_folder, testing::whole_numbers;

int cases = 0;   // of this program, told at the end

double resident_mb() {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    return static_cast<double>(use.ru_maxrss)/1024;
}

/// What reading, building and a millisecond of running say; empty if they find nothing wrong. Takes no more than a few seconds and no more memory than that.
std::string outcome_of(const std::filesystem::path& config) {
    ++cases;
    const double before = resident_mb();
    const testing::processor_watch watch;
    std::string told;
    try {
        sonata::findings found;
        const auto files = std::make_shared<const sonata::circuit_files>(sonata::read_circuit(config, found));
        if (!found.has_errors()) {
            const auto built = sonata::build_circuit(files, {}, found);
            if (!found.has_errors()) {
                simulation s(built.model, built.run);
                s.run(std::min(built.until, built.run.dt*40));
            }
        }
        for (const auto& f : found.all())
            if (f.is_error()) told += f.about.text() + '\n';
    } catch (const error& e) {
        told += "thrown: " + std::string(e.what());
    } catch (const std::exception& e) {
        ADD_FAILURE() << "an exception of another kind: " << e.what();
        told += "thrown";
    }
    EXPECT_LT(watch.seconds(), 10);
    EXPECT_LT(resident_mb() - before, 1000) << "MB";
    return told;
}

void expect_told(const std::string& told, std::initializer_list<std::string_view> what, const std::string& how) {
    EXPECT_FALSE(told.starts_with("thrown")) << how << ": " << told;
    for (const auto word : what) EXPECT_NE(told.find(word), told.npos) << how << ": expected '" << word << "' in: " << (told.empty() ? "nothing" : told.substr(0, 400));
}

// ---- connection_overrides

std::string with_override(const std::string& members) {
    const temporary_folder folder;
    bbp_circuit files;
    files.overrides = members;
    files.write(folder.path());
    return outcome_of(folder/"simulation_config.json");
}
std::string one(const std::string& members) { return with_override(R"({"name": "a", "source": "Drive", "target": "Mosaic", )" + members + "}"); }

TEST(malformed_overrides, members_that_are_wrong_are_refused_with_their_place) {
    expect_told(one(R"("weight": 1)"), {}, "nothing is wrong");
    for (const char* member : {"weight", "spont_minis", "synapse_delay_override", "delay"})
        for (const char* bad : {"-1", "\"1\"", "[]", "{}", "true", "[1]", "\"\"", "-1e308", "1e400"})
            expect_told(one(fmt::format("\"{}\": {}", member, bad)), {"simulation_config.json", std::string_view(bad) == "1e400" ? "" : fmt::format("/connection_overrides/0/{}", member)}, fmt::format("{} {}", member, bad));
    for (const char* member : {"weight", "spont_minis", "synapse_delay_override"})
        expect_told(one(fmt::format("\"{}\": 1e300", member)), {"simulation_config.json", fmt::format("/connection_overrides/0/{}", member)}, member);
    EXPECT_EQ(one(R"("weight": 2, "delay": 1e300)"), "") << "it never comes";
    for (const char* member : {"source", "target"})
        for (const char* bad : {"3", "null", "true", "\"nowhere\"", "{\"population\": \"nowhere\"}", "{\"node_id\": [-1]}", "[\"Mosaic\", \"nowhere\"]"}) {
            const auto other = std::string_view(member) == "source" ? R"("target": "Mosaic")" : R"("source": "Drive")";
            const auto told = with_override(fmt::format(R"({{"name": "a", {}, "{}": {}, "weight": 2}})", other, member, bad));
            if (std::string_view(bad) != "null") expect_told(told, {"simulation_config.json", "/connection_overrides/0"}, fmt::format("{} {}", member, bad));
        }
    for (const char* all : {"3", "null, 3", "[]", "[[]]", "\"a\"", "{}", "{\"source\": \"Drive\"}", "{\"target\": \"Mosaic\"}"})
        expect_told(with_override(all), {"simulation_config.json", "/connection_overrides/"}, all);
    for (const char* member : {"modoverride", "neuromodulation_dtc", "neuromodulation_strength"})
        for (const char* value : {"1", "\"x\"", "{}"}) expect_told(one(fmt::format("\"{}\": {}", member, value)), {"simulation_config.json", fmt::format("/connection_overrides/0/{}", member)}, member);
}

TEST(malformed_overrides, programs_and_values_out_of_range_are_refused_with_their_place) {
    EXPECT_EQ(one(R"("synapse_configure": "%s.Use *= 0.5 %s.Dep = 40")"), "");
    const auto refused = [&](const std::string& program) {
        expect_told(one("\"synapse_configure\": " + program), {"simulation_config.json", "/connection_overrides/0/synapse_configure"}, program);
    };
    for (const char* text : {"3", "[]", "{}", "true", "\"x\"", "\"%s\"", "\"%s.\"", "\"%s.Use\"", "\"%s.Use =\"", "\"%s.Use = %s.Dep\"", "\"%s.Use == 1\"", "\"%s.Use = 1 %s.Dep\"", "\"for i=0,1 {}\"", "\"%s.Use = 1 + 1\"",
                             "\"%s.Use = (1)\"", "\"%d.Use = 1\"", "\"%s.Use = 1e\"", "\"%s.Use ^= 2\"", "\"%s.Use = 0x10\"", "\"%s.Use = 1,5\"", "\"= = =\"", "\"%s.Use = 1e400\"", "\"%s.Used = 1\"", "\"%s.Use = 1; quit()\""})
        refused(text);
    for (const char* name : {"Use", "Dep", "Fac", "Nrrp", "u0", "NMDA_ratio", "tau_r_AMPA", "tau_d_AMPA", "tau_r_NMDA", "tau_d_NMDA", "mg", "e"})
        for (const char* value : {"nan", "inf", "-inf", "1e300", "-1e300"}) refused(fmt::format("\"%s.{} = {}\"", name, value));
    for (const char* name : {"Nrrp", "tau_d_AMPA", "tau_r_NMDA"}) refused(fmt::format("\"%s.{} = 0\"", name)), refused(fmt::format("\"%s.{} = -1\"", name)), refused(fmt::format("\"%s.{} *= -1\"", name)), refused(fmt::format("\"%s.{} /= 0\"", name));
    refused("\"%s.NMDA_ratio /= 0\""), refused("\"%s.u0 = 2\""), refused("\"%s.Nrrp = 1e6\""), refused("\"%s.Nrrp += 1e6\"");
    std::string many;
    for (int k = 0; k < 20000; ++k) many += "%s.Use *= 1 ";
    EXPECT_EQ(one("\"synapse_configure\": \"" + many + "\""), "");
    refused("\"" + std::string(1000000, '%') + "\""), refused("\"" + std::string(1000000, '=') + "\"");
}

TEST(malformed_overrides, parameters_of_models_out_of_range_are_refused_with_their_place) {
    const auto with = [&](const std::string& mechanisms) {
        const temporary_folder folder;
        bbp_circuit files;
        files.conditions += ", \"mechanisms\": " + mechanisms;
        files.write(folder.path());
        return outcome_of(folder/"simulation_config.json");
    };
    EXPECT_EQ(with(R"({"ProbAMPANMDA_EMS": {"init_depleted": true}})"), "");
    for (const char* bad : {"3", "[]", "\"x\"", "{\"Unknown\": {}}", "{\"ProbAMPANMDA_EMS\": 3}", "{\"ProbAMPANMDA_EMS\": {\"tau_d_AMPAA\": 1}}", "{\"ProbAMPANMDA_EMS\": {\"tau_d_AMPA\": \"1\"}}",
                            "{\"ProbAMPANMDA_EMS\": {\"tau_d_AMPA\": 0}}", "{\"ProbAMPANMDA_EMS\": {\"tau_d_AMPA\": -3}}", "{\"ProbAMPANMDA_EMS\": {\"mg\": -1}}", "{\"ProbAMPANMDA_EMS\": {\"Nrrp\": 0}}",
                            "{\"ProbGABAAB_EMS\": {\"tau_d_GABAA\": 1e300}}", "{\"ProbGABAAB_EMS\": {\"e_GABAA\": 1e9}}", "{\"ProbGABAAB_EMS\": {\"u0\": -1}}", "{\"ProbGABAAB_EMS\": {\"minis_single_vesicle\": 1}}",
                            "{\"ProbGABAAB_EMS\": {\"Use\": -0.5}}", "{\"ProbGABAAB_EMS\": [1]}", "{\"ProbGABAAB_EMS\": {\"GABAB_ratio\": [1]}}"})
        expect_told(with(bad), {"simulation_config.json", "/conditions/mechanisms"}, bad);
}

TEST(malformed_overrides, columns_out_of_range_are_refused_with_their_place) {
    const auto with = [&](const char* name, double value) {
        const temporary_folder folder;
        bbp_circuit files;
        for (auto& c : files.columns)
            if (c.name == name) c.values = std::vector<double>{value, value, value, value};
        if (std::string_view(name) == "spont_minis") files.columns.push_back({name, std::vector<double>{value, value, value, value}});
        if (std::string_view(name).ends_with("_mini_frequency")) files.nodes.push_back({name, std::vector<double>{value, value}});
        files.write(folder.path());
        return outcome_of(folder/"simulation_config.json");
    };
    const double nan = testing::not_a_number, endless = testing::infinite;
    for (const char* name : {"conductance", "delay", "syn_type_id", "afferent_section_id", "afferent_section_pos"})
        for (const double bad : {nan, endless, -endless}) expect_told(with(name, bad), {"edges.h5", name}, fmt::format("{} {}", name, bad));
    for (const char* name : {"u_syn", "depression_time", "facilitation_time", "n_rrp_vesicles", "decay_time", "spont_minis"})
        for (const double bad : {endless, -1.0, -1e300}) expect_told(with(name, bad), {"edges.h5", name}, fmt::format("{} {}", name, bad));
    for (const char* name : {"spont_minis", "n_rrp_vesicles"}) expect_told(with(name, 1e12), {"edges.h5", name}, name);
    for (const double bad : {endless, -1.0, 1e12, 1e300}) {
        expect_told(with("exc_mini_frequency", bad), {"nodes.h5", "exc_mini_frequency"}, "nodes' rate");
        expect_told(with("inh_mini_frequency", bad), {"nodes.h5", "inh_mini_frequency"}, "nodes' rate");
    }
    expect_told(with("afferent_section_id", 7), {"edges.h5", "afferent_section_id"}, "a section that is not there");
    // there is room for what is under way
    for (const double large : {2e4, 9e5, 1e12, 1e300}) expect_told(with("delay", large), {"edges.h5", "delay"}, "a long delay");
    for (const double large : {1e12, 1e300}) with("conductance", large);
}

// ---- NWB

std::string nwb(const testing::sample_hdf5& sets, const std::string& trial = "") {
    ++cases;
    const temporary_folder folder;
    testing::sample_files files;
    files.hdf5["x.nwb"] = sets;
    files.write(folder.path());
    try {
        sonata::read_nwb_spikes(folder/"x.nwb", trial);
        return "";
    } catch (const invalid_input& e) {
        return e.what();
    }
}

TEST(malformed_nwb, sets_that_are_wrong_are_refused_with_their_place) {
    const testing::sample_set times{fractions{0.001, 0.002, 0.003}}, ends{whole_numbers{1, 3}}, ids{whole_numbers{0, 1}};
    const testing::sample_hdf5 right{{"units/spike_times", times}, {"units/spike_times_index", ends}, {"units/id", ids}};
    EXPECT_EQ(nwb(right), "");
    const auto with = [&](const char* name, testing::sample_set set) {
        auto all = right;
        all[std::string("units/") + name] = std::move(set);
        return nwb(all);
    };
    for (const char* name : {"spike_times", "spike_times_index", "id"}) {
        auto all = right;
        all.erase(std::string("units/") + name);
        expect_told(nwb(all), {"x.nwb", "units"}, name);
        all[std::string("units/") + name + "/x"] = times;
        expect_told(nwb(all), {"x.nwb", name}, "a folder");
        expect_told(with(name, {std::vector<std::string>{"1", "2"}}), {"x.nwb", name}, "texts");
        testing::sample_set declared{fractions{}, {testing::far_too_many}};
        declared.is_only_declared = true;
        expect_told(with(name, declared), {"x.nwb", name}, "declared");
    }
    for (const double bad : {testing::not_a_number, testing::infinite, -testing::infinite, 1e306}) expect_told(with("spike_times", {fractions{0.001, bad, 1}}), {"x.nwb", "spike_times"}, fmt::format("{}", bad));
    const auto limit = std::numeric_limits<std::int64_t>::max();
    for (const whole_numbers& bad : {whole_numbers{-1, 3}, {3, 1}, {1, 4}, {1, limit}, {-limit, 3}, {1}, {1, 2, 3}, {}}) expect_told(with("spike_times_index", {bad}), {"x.nwb", "units"}, fmt::format("{} ends", bad.size()));
    for (const whole_numbers& bad : {whole_numbers{-1, 0}, {-limit, 0}, {0}, {0, 1, 2}, {}}) expect_told(with("id", {bad}), {"x.nwb", "units"}, fmt::format("{} ids", bad.size()));
    expect_told(with("id", {fractions{0.5, 1}}), {"x.nwb", "units/id"}, "fractions");
    expect_told(nwb({{"units", times}}), {"x.nwb"}, "units are a set");
    expect_told(nwb({{"processing", times}}), {"x.nwb"}, "processing is a set");
    expect_told(nwb({{"processing/", {}}}), {"x.nwb", "processing"}, "no trial");
    expect_told(nwb({{"processing/t", times}}), {"x.nwb", "processing"}, "a trial is a set");
    expect_told(nwb({{"processing/t/spike_train", times}}), {"x.nwb", "processing/t"}, "trains are a set");
    expect_told(nwb({{"processing/t/spike_train/3", times}}), {"x.nwb", "spike_train"}, "a train is a set");
    expect_told(nwb({{"processing/t/spike_train/3/daten", times}}), {"x.nwb", "spike_train/3"}, "no data");
    for (const char* name : {"x", "-1", "1.5", "0x1", "99999999999999999999", " 1", "1 "}) expect_told(nwb({{fmt::format("processing/t/spike_train/{}/data", name), times}}), {"x.nwb", "spike_train"}, name);
    for (const char* trial : {"x", "..", "/", "t/spike_train", "t/spike_train/3/data", "/units"}) {
        const auto told = nwb({{"processing/t/spike_train/3/data", times}}, trial);
        EXPECT_NE(told.find("x.nwb"), told.npos) << trial << ": " << told;
    }
    for (const double bad : {testing::not_a_number, testing::infinite}) expect_told(nwb({{"processing/t/spike_train/3/data", {fractions{1, bad}}}}), {"x.nwb", "spike_train/3/data"}, "a time");
}

TEST(malformed_nwb, files_with_changed_bytes_are_refused_or_read) {
    const temporary_folder folder;
    testing::sample_files files;
    files.hdf5["x.nwb"] = {{"units/spike_times", {fractions{0.001, 0.002, 0.003}}}, {"units/spike_times_index", {whole_numbers{1, 3}}}, {"units/id", {whole_numbers{0, 1}}}};
    files.write(folder.path());
    const auto whole = read_text(folder/"x.nwb");
    for (std::uint64_t seed = 0; seed < 120; ++seed) {
        ++cases;
        random_stream random(seed, identity("malformed nwb"));
        auto bytes = whole;
        if (seed % 3 == 0) bytes.resize(random.below(bytes.size()));
        else for (std::uint64_t k = 0; k <= random.below(8); ++k) bytes[random.below(bytes.size())] = static_cast<char>(random.below(256));
        write_text(folder/"y.nwb", bytes, overwrite::yes);
        try {
            sonata::read_nwb_spikes(folder/"y.nwb", "");
        } catch (const invalid_input& e) {
            EXPECT_NE(std::string(e.what()).find("y.nwb"), std::string::npos) << e.what();
        }
    }
}

TEST(malformed_nwb, nodes_that_are_not_there_are_refused_with_the_input) {
    const temporary_folder folder;
    for (const auto& [ids, place] : {std::pair(whole_numbers{0, 3}, "/inputs/drive"), std::pair(whole_numbers{0, 1000000000000}, "/inputs/drive")}) {
        bbp_circuit files;
        files.write(folder.path());
        testing::sample_files more;
        more.hdf5["x.nwb"] = {{"units/spike_times", {fractions{0.001, 0.002, 0.003}}}, {"units/spike_times_index", {whole_numbers{1, 3}}}, {"units/id", {ids}}};
        more.write(folder.path());
        auto config = read_text(folder/"simulation_config.json");
        const std::string from = R"("module": "synapse_replay", "input_type": "spikes", "delay": 0, "duration": 1000, "spike_file": "./spikes.h5", "source": "Drive", "node_set": "Mosaic")";
        config.replace(config.find(from), from.size(), R"("module": "nwb", "input_type": "spikes", "input_file": "./x.nwb", "node_set": "Drive")");
        write_text(folder/"simulation_config.json", config, overwrite::yes);
        expect_told(outcome_of(folder/"simulation_config.json"), {"x.nwb"}, place);
    }
}

// ---- mechanisms_dir

TEST(malformed_mechanisms, folders_with_anything_in_them_are_searched_and_not_waited_for) {
    const temporary_folder folder;
    create_folder(folder/"m/modfiles"), create_folder(folder/"m/folder.mod");
    const auto put = [&](const char* name, const std::string& text) { write_text(folder/"m"/name, text, overwrite::yes); };
    const std::string right = "NEURON { SUFFIX wanted NONSPECIFIC_CURRENT i }\nASSIGNED { v (mV) i (mA/cm2) }\nBREAKPOINT { i = 1e-6*(v + 70) }\n";
    put("empty.mod", ""), put("binary.mod", std::string("\x7f" "ELF\0\0\x01\xff\xfe", 9)), put("text.mod", "Dear reader,"), put("brackets.mod", std::string(100000, '{')), put("open.mod", "NEURON { SUFFIX open");
    put("itself.mod", "INCLUDE \"itself.mod\"\n"), put("comment.mod", "COMMENT " + std::string(100000, 'x')), put("deep.mod", "NEURON { SUFFIX deep }\nPROCEDURE p() { LOCAL x x = " + std::string(20000, '(') + "1" + std::string(20000, ')') + " }\n");
    put("long.mod", "NEURON { SUFFIX " + std::string(1000000, 'a') + " }\n"), put("verbatim.mod", "NEURON { SUFFIX verbatim }\nVERBATIM\nwhile (1) fork();\nENDVERBATIM\n"), put("misnamed.mod", right);
    put("loop.mod", "NEURON { SUFFIX loop }\nPROCEDURE a() { b() }\nPROCEDURE b() { a() }\nBREAKPOINT { a() }\n");
    ASSERT_EQ(mkfifo((folder/"m/pipe.mod").c_str(), 0600), 0);
    std::filesystem::create_symlink("nowhere.mod", folder/"m/dangling.mod"), std::filesystem::create_symlink("round.mod", folder/"m/round.mod");
    const testing::processor_watch watch;
    for (const char* name : {"wanted", "nothing", "misnamed", "..", "../m/wanted", "pipe", "folder", "dangling"}) {
        ++cases;
        sonata::mechanism_library library{folder/"m"};
        const auto found = library.find(name);
        EXPECT_EQ(found != nullptr, std::string_view(name) == "wanted") << name;
    }
    for (const char* broken : {"empty", "binary", "text", "brackets", "open", "itself", "comment", "deep", "loop"}) {
        ++cases;
        sonata::mechanism_library library{folder/"m"};
        try {
            EXPECT_EQ(library.find(broken), nullptr) << broken;
        } catch (const invalid_input& e) {
            EXPECT_NE(std::string(e.what()).find(fmt::format("{}.mod", broken)), std::string::npos) << broken << ": " << std::string(e.what()).substr(0, 300);
        }
    }
    EXPECT_LT(watch.seconds(), 60);
    for (const char* nowhere : {"nothing", "m/text.mod"}) EXPECT_EQ(sonata::mechanism_library{folder/nowhere}.find("wanted"), nullptr) << nowhere;
}

// ---- syn_activity

TEST(malformed_activity, members_that_are_wrong_are_refused_with_their_place) {
    const auto with = [&](const std::string& members) {
        const temporary_folder folder;
        bbp_circuit files;
        files.inputs = R"("act": {"input_type": "syn_activity", "module": "syn_activity", "node_set": "Mosaic", )" + members + "}";
        files.write(folder.path());
        return outcome_of(folder/"simulation_config.json");
    };
    EXPECT_EQ(with(R"("precell_filter": {"population": "drive"}, "timestamps": [1, 2])"), "");
    for (const char* bad : {"null", "\"x\"", "true", "[]", "{}", "[\"1\"]", "[null]", "[[1]]", "[-1]", "[1, -1e300]", "[{}]"})
        expect_told(with(fmt::format(R"("precell_filter": {{"population": "drive"}}, "timestamps": {})", bad)), {"simulation_config.json", "/inputs/act"}, bad);
    for (const char* bad : {"true", "\"nowhere\"", "[\"nowhere\"]", "{\"population\": \"nowhere\"}", "{\"nothing\": 1}", "{\"node_id\": \"a\"}", "{\"population\": 3}", "[1000000]", "[-1]"})
        expect_told(with(fmt::format(R"("precell_filter": {}, "timestamps": [1])", bad)), {"simulation_config.json", "/inputs/act"}, bad);
    expect_told(with(R"("timestamps": [1])"), {"/inputs/act"}, "no filter");
    expect_told(with(R"("precell_filter": {"population": "drive"})"), {"/inputs/act"}, "no times");
    EXPECT_EQ(with(R"("precell_filter": {"population": "drive"}, "timestamps": [1e300, 1, 1, 0])"), "");
    std::string many = "0";
    for (int k = 1; k < 100000; ++k) many += fmt::format(", {}", k*1e-5);
    EXPECT_EQ(with(R"("precell_filter": {"population": "drive"}, "timestamps": [)" + many + "]"), "");
}

TEST(malformed_everything, three_hundred_cases_and_more) {
    RecordProperty("cases", cases);
    std::printf("%d cases\n", cases);
}

}  // namespace
}  // namespace apical
