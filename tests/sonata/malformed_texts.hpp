// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/sonata/malformed_files.hpp"

/// Ways to spoil the configurations and tables of the sample circuit.
namespace apical::testing {

/// Replacements in one file, each with the place that a finding must name.
class text_spoiler {
public:
    text_spoiler(spoilings& all, std::string file) : all_(all), file_(std::move(file)) {}
    text_spoiler& operator()(const std::string& from, const std::string& to, const std::string& place) {
        all_.push_back({file_ + ": " + from + " -> " + (to.size() > 60 ? to.substr(0, 60) + "..." : to), file_, place,
                        [file = file_, from, to](sample_files& s) { s.replace(file, from, to); }});
        return *this;
    }
    text_spoiler& whole(const std::string& name, const std::string& text, const std::string& place = "") {
        all_.push_back({file_ + ": " + name, file_, place, [file = file_, text](sample_files& s) { s.texts[file] = text; }});
        return *this;
    }

private:
    spoilings& all_;
    std::string file_;
};

inline void malformed_tables(spoilings& all) {
    for (const std::string what : {"node", "edge"}) {
        const auto file = what + "_types.csv", id = what + "_type_id";
        text_spoiler t(all, file);
        const std::string row = what == "node" ? "101 biophysical i \"basket cell\"" : "8 Exp2Syn b.json 50";
        t(id, "type_id", ":1")(id, what + " type id", ":1")(row, row + " more", file)(row, "101", file)(row, row + "\n" + row, file)(row, "\"" + row, file)
         (row, row + " \"", file)(row, "x" + row, file)(row, "1.5" + row.substr(row.find(' ')), file)(row, "99999999999999999999" + row.substr(row.find(' ')), file)
         (row, "NULL" + row.substr(row.find(' ')), file)(id, id + " a a", ":1")(id + " ", id + " \"\" ", ":1")(row, row + "\n\"open", file)(row, std::string(1, '\0'), file);
        t.whole("empty", "").whole("blank", "\n \n").whole("binary", std::string("\x89HDF\r\n\x1a\n\0\0", 10)).whole("another table", "a,b,c\n1,2,3\n", ":1");
        const auto base = what == "node" ? "nodes.h5" : "edges.h5";
        t.whole("no rows", id + " a\n");
        all.back().file = base;
        all.back().place = "_type_id[0]";
        all.push_back({file + ": a folder", file, "circuit_config.json", [=](sample_files& s) { s.folders[file] = true; }});
        all.push_back({file + ": missing", file, "circuit_config.json", [=](sample_files& s) { s.texts.erase(file); }});
    }
    text_spoiler(all, "edge_types.csv").whole("a delay that is none", "edge_type_id nsyns\n7 some\n8 1\n", ":2");
    all.back().apply = [](sample_files& s) {
        s.texts["edge_types.csv"] = "edge_type_id nsyns\n7 some\n8 1\n";
        s.hdf5["edges.h5"].erase("edges/drive_to_cells/0/nsyns");
    };
    text_spoiler(all, "edge_types.csv").whole("a negative delay", "", ":3");
    all.back().apply = [](sample_files& s) {
        s.texts["edge_types.csv"] = "edge_type_id delay\n7 1\n8 -1\n";
        s.hdf5["edges.h5"].erase("edges/drive_to_cells/0/delay");
    };
    text_spoiler c(all, "spikes.csv");
    c("timestamps", "time", ":1")("node_ids", "nodes", ":1")("1.5 drive 0", "1.5 drive", ":2")("1.5 drive 0", "1.5 drive 0 0", ":2")("1.5", "soon", ":2")("1.5", "nan", ":2")
     ("drive 0", "drive -1", ":2")("drive 0", "drive 0.5", ":2")("drive 0", "drive x", ":2")("drive 0", "drive 3", "spikes.csv")("drive 0", "\"drive 0", ":2").whole("empty", "").whole("commas", "timestamps,node_ids\n1,2\n", ":1");
}

inline void malformed_circuit(spoilings& all) {
    text_spoiler c(all, "circuit_config.json");
    for (const auto* to : {"\"$BASE/\"", "\"$$\"", "\"${BASE\"", "\"$\"", "\"$NOWHERE\"", "3", "null", "[]", "\"$FILES\"", "\"${FILES}\"", "\"$date\""})
        c("\"${FILES}\": \"$BASE\"", std::string("\"${FILES}\": ") + to, std::string(to) == "\"$BASE/\"" ? "" : "/manifest/${FILES}");
    all.erase(all.end() - 11);        // "$BASE/" is a folder like any other
    c("\"$BASE\": \".\"", "\"$BASE\": \"$FILES\"", "/manifest")("\"$BASE\": \".\"", "\"$BASE\": \"$A\", \"A\": \"$B\", \"B\": \"$C/x\", \"C\": \"${BASE}\"", "/manifest")
     ("\"$BASE\": \".\"", "\"$BASE\": \".\", \"a b\": \".\"", "/manifest/a b")("\"$BASE\": \".\"", "\"$BASE\": \".\", \"$\": \".\"", "/manifest/$");
    std::string bomb = "\"$BASE\": \".\", \"X0\": \"0123456789\"";
    for (int i = 1; i < 60; ++i) bomb += ", \"X" + std::to_string(i) + "\": \"$X" + std::to_string(i - 1) + "$X" + std::to_string(i - 1) + "\"";
    c("\"$BASE\": \".\"", bomb, "/manifest/X");
    c("\"manifest\": {", "\"manifest\": [{", "circuit_config.json");
    for (const auto* to : {"3", "null", "[]", "{}", "true", "\"\"", "\"$UNKNOWN/nodes.h5\"", "\"nowhere.h5\"", "\".\""})
        for (const auto& [from, place] : {std::pair<std::string, std::string>{"\"$FILES/nodes.h5\"", "/networks/nodes/0"}, {"\"$FILES/edges.h5\"", "/networks/edges/0"}}) c(from, to, place);
    for (const auto* to : {"3", "[]", "{}", "true", "\"nowhere.csv\"", "\".\""}) c("\"$FILES/node_types.csv\"", to, "/networks/nodes/0/node_types_file")("\"$FILES/edge_types.csv\"", to, "/networks/edges/0/edge_types_file");
    for (const auto* to : {"3", "{}", "\"x\"", "[3]", "[null]", "[[]]", "[{}]"})
        c("[{\"nodes_file\": \"$FILES/nodes.h5\", \"node_types_file\": \"$FILES/node_types.csv\"}]", to, "/networks/nodes")("[{\"edges_file\": \"$FILES/edges.h5\", \"edge_types_file\": \"$FILES/edge_types.csv\"}]", to, "/networks/edges");
    c("\"nodes\": [", "\"knots\": [", "/networks")("\"edges_file\"", "\"enabled\": 3, \"edges_file\"", "/networks/edges/0/enabled");
    c("\"networks\"", "\"network_s\"", "/networks");
    all.back().file = "config.json";
    for (const auto* to : {"3", "null", "[]"}) c("\"${FILES}/morphologies\"", to, std::string(to) == "null" ? "" : "/components/morphologies_dir");
    all.erase(all.end() - 2);         // null: there are none
    for (const auto* file : {"config.json", "circuit_config.json", "simulation_config.json", "node_sets.json"}) {
        text_spoiler t(all, file);
        t.whole("empty", "").whole("blank", " \n").whole("a number", "3").whole("a list", "[]").whole("no end", "{\"a\": 1").whole("UTF-16", std::string("\xFF\xFE{\0}\0", 6))
         .whole("deep", std::string(100000, '[')).whole("binary", std::string("\x89HDF\r\n\x1a\n\0\0", 10)).whole("twice", "{\"a\": {}, \"a\": {}}", "/a").whole("a comma too many", "{\"a\": 1,}");
        all.push_back({std::string(file) + ": a folder", file, "", [=](sample_files& s) { s.folders[file] = true; }});
        all.push_back({std::string(file) + ": missing", file, "", [=](sample_files& s) { s.texts.erase(file); }});
    }
    text_spoiler(all, "config.json")("./circuit_config.json", "./config.json", "/network")("\"./circuit_config.json\"", "3", "/network")("\"./simulation_config.json\"", "[]", "/simulation")("./simulation_config.json", "$X", "/simulation");
}

inline void malformed_simulation(spoilings& all) {
    text_spoiler c(all, "simulation_config.json");
    for (const auto* to : {"\"100\"", "null", "[]", "{}", "true", "0", "-1", "1e999"}) {
        c("\"tstop\": 100.0", std::string("\"tstop\": ") + to, std::string(to) == "1e999" ? "" : "/run/tstop")("\"dt\": 0.1", std::string("\"dt\": ") + to, std::string(to) == "1e999" ? "" : "/run/dt");
        c("\"dL\": 20.0", std::string("\"dL\": ") + to, std::string(to) == "1e999" ? "" : "/run/dL");
    }
    c("\"tstop\"", "\"t_stop\"", "/run")("\"dt\"", "\"Dt\"", "/run")("\"run\": {", "\"run\": [], \"walk\": {", "/run")("-15", "\"-15\"", "/run/spike_threshold")("\"dL\"", "\"tstart\": 5, \"dL\"", "/run/tstart");
    c("34.0", "\"warm\"", "/conditions/celsius")("34.0", "-300", "/conditions/celsius")("34.0", "340", "/conditions/celsius")("-80", "-80000", "/conditions/v_init")("-80", "[]", "/conditions/v_init");
    c("\"celsius\"", "\"extracellular_calcium\": -1.2, \"celsius\"", "/conditions/extracellular_calcium")("\"celsius\"", "\"mechanisms\": {\"a\": 1}, \"celsius\"", "/conditions/mechanisms");
    c("$BASE/node_sets.json", "$BASE/nowhere.json", "/node_sets_file")("\"$BASE/node_sets.json\"", "7", "/node_sets_file")("\"node_sets_file\": \"$BASE/node_sets.json\"", "\"node_sets\": \"$BASE/node_sets.json\"", "/node_sets");
    c("\"target_simulator\"", "\"connection_overrides\": [{\"source\": \"a\"}], \"target_simulator\"", "/connection_overrides")("\"target_simulator\"", "\"node_set\": \"deep\", \"target_simulator\"", "/node_set");
    const std::string i = "/inputs/clamp";
    for (const auto* to : {"\"0.15\"", "null", "{}", "true", "[\"a\"]"}) c("\"amp\": 0.15", std::string("\"amp\": ") + to, i + "/amp")("\"delay\": 5.0", std::string("\"delay\": ") + to, i + "/delay");
    c("\"delay\": 5.0", "\"delay\": -5.0", i + "/delay")("\"duration\": 50.0", "\"duration\": -1", i + "/duration")("\"amp\": 0.15", "\"amp\": [1, 2], \"gap\": [1, 2, 3]", "");
    all.erase(all.end() - 1);
    c("\"amp\": 0.15, \"delay\": 5.0", "\"amp\": [1, 2], \"delay\": [1, 2, 3]", i)("\"amp\"", "\"ampere\"", i)("\"duration\"", "\"length\"", i)("\"delay\": 5.0", "\"delay\": 5.0, \"section_dist\": 2", i + "/section_dist")
     ("\"delay\": 5.0", "\"delay\": 5.0, \"section_index\": -1", i + "/section_index")("\"delay\": 5.0", "\"delay\": 5.0, \"section_name\": 3", i + "/section_name")("\"current_clamp\"", "\"current_lamp\"", i)
     ("\"IClamp\"", "\"seclamp\"", i)("\"IClamp\"", "\"noise\"", i)("\"IClamp\"", "\"ornstein_uhlenbeck\"", i)("\"IClamp\"", "7", i)("\"IClamp\"", "\"linear\"", i)("\"excitatory\"", "\"exitatory\"", i)("\"excitatory\"", "3", i)
     ("\"excitatory\"", "{\"population\": \"nowhere\"}", i)("\"excitatory\"", "{\"gids\": [0]}", i)("\"excitatory\"", "[100]", i)("\"excitatory\"", "[\"deep\", 1]", i)("\"excitatory\"", "{\"node_id\": -1}", i)("\"excitatory\"", "[\"nobody\"]", i)
     ("\"input_type\": \"current_clamp\", ", "", i)("\"inputs\": {", "\"inputs\": [], \"in_puts\": {", "/inputs")("\"clamp\": {", "\"clamp\": 3, \"other\": {", i)("\"module\": \"h5\"", "\"module\": \"nwbs\"", "/inputs/drive")
     ("\"module\": \"h5\", \"input_file\": \"$BASE/old", "\"module\": \"h6\", \"input_file\": \"$BASE/old", "/inputs/old")("$BASE/spikes.h5", "$BASE/nowhere.h5", "/inputs/drive")("\"$BASE/spikes.h5\"", "9", "/inputs/drive")("$BASE/spikes.h5", "$BASE/.", "/inputs/drive")
     ("\"input_file\": \"$BASE/spikes.h5\", ", "", "/inputs/drive")("\"input_file\": \"$BASE/old_spikes.h5\", \"node_set\": \"drive\"", "\"input_file\": \"$BASE/old_spikes.h5\", \"node_set\": \"all\"", "/inputs/old")
     ("\"node_set\": \"excitatory\"", "\"enabled\": 1, \"node_set\": \"excitatory\"", i + "/enabled");
    const std::string r = "/reports/v";
    c("\"reports\": {", "\"reports\": 3, \"rep\": {", "/reports")("\"v\": {\"module\"", "\"v\": [], \"w\": {\"module\"", r)("\"variable_name\": \"v\", ", "", r)("\"variable_name\": \"v\"", "\"variable_name\": 3", r)("\"variable_name\": \"v\"", "\"variable_name\": [\"v\", \"cai\"]", r)
     ("\"sections\": \"soma\"", "\"sections\": \"tail\"", r)("\"sections\": \"soma\"", "\"sections\": [\"soma\", 3]", r)("\"sections\": \"soma\"", "\"dt\": 0", r)("\"sections\": \"soma\"", "\"dt\": \"1\"", r)("\"sections\": \"soma\"", "\"start_time\": -1", r)
     ("\"sections\": \"soma\"", "\"start_time\": 5, \"end_time\": 5", r)("\"cells\": \"deep\"", "\"cells\": \"steep\"", r)("\"sections\": \"soma\"}", "\"file_name\": \"a\"}, \"w\": {\"variable_name\": \"v\", \"file_name\": \"a.h5\"}", "/reports/w");
    c("\"spikes_sort_order\": \"time\"", "\"spikes_sort_order\": \"size\"", "/output/spikes_sort_order")("\"output\": {", "\"output\": [], \"out\": {", "/output")("\"$BASE/output\"", "4", "/output/output_dir");
}

inline void malformed_sets(spoilings& all) {
    text_spoiler n(all, "node_sets.json");
    const std::string e = "/excitatory", d = "/deep";
    for (const auto* to : {"3", "null", "true", "\"cells\""}) n("{\"population\": \"cells\", \"ei\": \"e\"}", to, e);
    n("\"cells\"", "\"cell\"", e)("\"cells\"", "3", e)("\"cells\"", "{\"$regex\": \"c\"}", e)("\"ei\"", "\"ie\"", e)("\"ei\": \"e\"", "\"node_id\": [0, 1.5]", e)("\"ei\": \"e\"", "\"node_id\": [\"a\"]", e)("\"ei\": \"e\"", "\"node_id\": -1", e)
     ("\"ei\": \"e\"", "\"ei\": null", e)("\"ei\": \"e\"", "\"ei\": [[]]", e)("{\"population\": \"cells\", \"ei\": \"e\"}", "[\"excitatory\"]", e)("{\"population\": \"cells\", \"ei\": \"e\"}", "[\"both\"]", "")("{\"population\": \"cells\", \"ei\": \"e\"}", "[\"nobody\"]", e)
     ("{\"population\": \"cells\", \"ei\": \"e\"}", "[-1]", e)("{\"population\": \"cells\", \"ei\": \"e\"}", "[0.5]", e)("{\"population\": \"cells\", \"ei\": \"e\"}", "[9]", e)("{\"population\": \"cells\", \"ei\": \"e\"}", "[{}]", e);
    for (const auto* to : {"{}", "{\"$regex\": \"(\"}", "{\"$regex\": 3}", "{\"$regex\": \"a\", \"$gt\": 1}", "{\"$gt\": \"a\"}", "{\"$near\": 1}", "{\"gt\": 1}", "{\"$in\": []}"}) n("[\"L5\", \"L6\"]", to, d);
    n("[\"L5\", \"L6\"]", "{\"$regex\": \"" + std::string(100000, '(') + "\"}", d)("[\"L5\", \"L6\"]", "{\"$regex\": \"((((a{99}){99}){99}){99}){99}\"}", d);
    std::string chain = "\"deep\": [\"c0\"]";
    for (int i = 0; i < 20000; ++i) chain += ", \"c" + std::to_string(i) + "\": [\"c" + std::to_string(i + 1) + "\"]";
    n("\"deep\": {\"layer\": [\"L5\", \"L6\"]}", chain, "/c");
}

inline spoilings malformed_texts() {
    spoilings all;
    malformed_tables(all);
    malformed_circuit(all);
    malformed_simulation(all);
    malformed_sets(all);
    return all;
}

}  // namespace apical::testing
