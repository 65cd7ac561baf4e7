// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "tests/sonata/sample_files.hpp"

/// Ways to spoil the HDF5 files of the sample circuit.
namespace apical::testing {

/// One way, and what a finding about it must name: the file, and the place in it.
struct spoiling {
    std::string name, file, place;
    std::function<void(sample_files&)> apply;
};
using spoilings = std::vector<spoiling>;

inline const double not_a_number = std::numeric_limits<double>::quiet_NaN();
inline const double infinite = std::numeric_limits<double>::infinity();
inline constexpr std::uint64_t far_too_many = std::uint64_t{1} << 40;

/// What no set of ids may be.
inline void spoil_ids(spoilings& all, const std::string& file, const std::string& path, bool is_needed) {
    const auto add = [&](const std::string& how, auto change) {
        all.push_back({path + ": " + how, file, path.substr(path.rfind('/') + 1), [=](sample_files& s) { change(s.set(file, path)); }});
    };
    if (is_needed) all.push_back({path + ": missing", file, path.substr(0, path.rfind('/')), [=](sample_files& s) { s.hdf5.at(file).erase(path); }});
    add("fractions", [](sample_set& x) { x.values = fractions(std::get<1>(x.values).size(), 0.0); });
    add("texts", [](sample_set& x) { x.values = std::vector<std::string>(std::get<1>(x.values).size(), "1"); });
    add("two dimensions", [](sample_set& x) { x.shape = {std::get<1>(x.values).size(), 1}; });
    add("too short", [](sample_set& x) { std::get<1>(x.values).pop_back(); });
    add("too long", [](sample_set& x) { std::get<1>(x.values).push_back(0); });
    add("empty", [](sample_set& x) { std::get<1>(x.values).clear(); });
    add("declared and never written", [](sample_set& x) { x.shape = {far_too_many}, x.is_only_declared = true; });
    for (const auto bad : {std::int64_t{-7}, std::int64_t{1000000}, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()})
        add("names " + std::to_string(bad), [bad](sample_set& x) { std::get<1>(x.values)[2] = bad; });
    all.push_back({path + ": a folder", file, path.substr(path.rfind('/') + 1), [=](sample_files& s) {
        s.hdf5.at(file).erase(path);
        s.hdf5.at(file)[path + "/"] = {whole_numbers{}};
    }});
}

/// What no attribute of single nodes or edges may be.
inline void spoil_attribute(spoilings& all, const std::string& file, const std::string& path) {
    const auto last = path.substr(path.rfind('/') + 1);
    const auto add = [&](const std::string& how, auto change) {
        all.push_back({path + ": " + how, file, path.substr(path.find('/') + 1), [=](sample_files& s) { change(s.set(file, path)); }});
    };
    const auto each = [](sample_set& x, const auto& f) {
        if (auto* n = std::get_if<0>(&x.values)) f(*n);
        else f(std::get<1>(x.values));
    };
    add("two dimensions", [=](sample_set& x) { each(x, [&](auto& v) { x.shape = {v.size(), 1}; }); });
    add("declared and never written", [](sample_set& x) { x.shape = {far_too_many}, x.is_only_declared = true; });
    all.push_back({path + ": ragged", file, path.substr(0, path.find('/', path.find('/') + 1)), [=](sample_files& s) {
        each(s.set(file, path), [](auto& v) { v.pop_back(); });
    }});
    all.push_back({path + ": ragged, longer", file, path.substr(0, path.find('/', path.find('/') + 1)), [=](sample_files& s) {
        each(s.set(file, path), [](auto& v) { v.insert(v.end(), 3, 0); });
    }});
}

inline void spoil_value(spoilings& all, const std::string& path, double value) {
    all.push_back({path + ": " + std::to_string(value), "edges.h5", path.substr(path.find('/') + 1) + "[3]", [=](sample_files& s) {
        auto& x = s.set("edges.h5", path);
        if (auto* whole = std::get_if<1>(&x.values)) x.values = fractions(whole->begin(), whole->end());
        std::get<0>(x.values)[3] = value;
    }});
}

/// What no index may be.
inline void spoil_index(spoilings& all, const std::string& path) {
    const auto add = [&](const std::string& how, auto change) {
        all.push_back({path + ": " + how, "edges.h5", path.substr(path.find("indices")).substr(0, path.substr(path.find("indices")).rfind('/')),
                       [=](sample_files& s) { change(s.set("edges.h5", path)); }});
    };
    const auto bounds = [](sample_set& x) -> whole_numbers& { return std::get<1>(x.values); };
    all.push_back({path + ": missing", "edges.h5", path.substr(path.find("indices"), path.substr(path.find("indices")).rfind('/')), [=](sample_files& s) { s.hdf5.at("edges.h5").erase(path); }});
    add("one dimension", [=](sample_set& x) { x.shape = {bounds(x).size()}; });
    add("four columns", [=](sample_set& x) { x.shape = {bounds(x).size()/4, 4}; bounds(x).resize(x.shape[0]*4); });
    add("fractions", [=](sample_set& x) { x.values = fractions(bounds(x).begin(), bounds(x).end()); });
    add("reversed", [=](sample_set& x) { std::swap(bounds(x)[2], bounds(x)[3]); });
    add("negative", [=](sample_set& x) { bounds(x)[2] = -5; });
    add("negative end", [=](sample_set& x) { bounds(x)[3] = -5; });
    add("beyond the last", [=](sample_set& x) { bounds(x)[3] = 1000; });
    add("overlapping", [=](sample_set& x) { bounds(x)[2] = 0; });
    add("repeated", [=](sample_set& x) { bounds(x)[2] = bounds(x)[0], bounds(x)[3] = bounds(x)[1]; });
    add("a gap", [=](sample_set& x) { bounds(x)[2] = bounds(x)[3]; });
    add("too short", [=](sample_set& x) { x.shape[0] -= 1; bounds(x).resize(x.shape[0]*2); });
    add("empty", [=](sample_set& x) { x.shape[0] = 0; bounds(x).clear(); });
    add("declared and never written", [=](sample_set& x) { x.shape = {far_too_many, 2}; x.is_only_declared = true; });
}

inline void spoil_spikes(spoilings& all, const std::string& file, const std::string& folder, const std::string& ids) {
    const auto times = folder + "/timestamps", nodes = folder + "/" + ids;
    const auto add = [&](const std::string& how, auto change) { all.push_back({file + ": " + how, file, folder, [=](sample_files& s) { change(s); }}); };
    add("no times", [=](sample_files& s) { s.hdf5.at(file).erase(times); });
    add("no nodes", [=](sample_files& s) { s.hdf5.at(file).erase(nodes); });
    add("fewer times", [=](sample_files& s) { s.numbers(file, times).pop_back(); });
    add("fewer nodes", [=](sample_files& s) { s.whole(file, nodes).pop_back(); });
    add("a time that is no number", [=](sample_files& s) { s.numbers(file, times)[1] = not_a_number; });
    add("an endless time", [=](sample_files& s) { s.numbers(file, times)[1] = infinite; });
    add("a negative node", [=](sample_files& s) { s.whole(file, nodes)[1] = -1; });
    add("a node too far", [=](sample_files& s) { s.whole(file, nodes)[1] = 3; });
    add("a node far too far", [=](sample_files& s) { s.whole(file, nodes)[1] = std::numeric_limits<std::int64_t>::max(); });
    add("times as texts", [=](sample_files& s) { s.set(file, times).values = std::vector<std::string>(4, "1"); });
    add("nodes as texts", [=](sample_files& s) { s.set(file, nodes).values = std::vector<std::string>(4, "1"); });
    add("nodes as fractions", [=](sample_files& s) { s.set(file, nodes).values = fractions(4, 1); });
    add("times never written", [=](sample_files& s) { s.set(file, times).shape = {far_too_many}, s.set(file, times).is_only_declared = true; });
    add("nodes never written", [=](sample_files& s) { s.set(file, nodes).shape = {far_too_many}, s.set(file, nodes).is_only_declared = true; });
}

inline spoilings malformed_hdf5() {
    spoilings all;
    const std::string cells = "nodes/cells/", edges = "edges/drive_to_cells/";
    spoil_ids(all, "nodes.h5", cells + "node_type_id", true);
    spoil_ids(all, "nodes.h5", cells + "node_id", false);
    spoil_ids(all, "nodes.h5", cells + "node_group_id", true);
    spoil_ids(all, "nodes.h5", cells + "node_group_index", true);
    for (const auto* set : {"source_node_id", "target_node_id", "edge_type_id", "edge_group_id", "edge_group_index"}) spoil_ids(all, "edges.h5", edges + set, true);
    for (const auto* set : {"0/x", "0/dynamics_params/gain"}) spoil_attribute(all, "nodes.h5", cells + set);
    for (const auto* set : {"0/syn_weight", "0/delay", "0/nsyns", "0/afferent_section_id", "0/afferent_section_pos"}) {
        spoil_attribute(all, "edges.h5", edges + set);
        spoil_value(all, edges + set, not_a_number);
        spoil_value(all, edges + set, infinite);
        if (std::string(set) != "0/syn_weight") spoil_value(all, edges + set, -1);
    }
    spoil_value(all, edges + "0/afferent_section_pos", 1.5);
    for (const auto* direction : {"target_to_source", "source_to_target"})
        for (const auto* set : {"node_id_to_range", "range_to_edge_id"}) spoil_index(all, edges + "indices/" + direction + "/" + set);
    spoil_spikes(all, "spikes.h5", "spikes/drive", "node_ids");
    spoil_spikes(all, "old_spikes.h5", "spikes", "gids");
    const auto add = [&](const std::string& name, const std::string& file, const std::string& place, auto change) { all.push_back({name, file, place, change}); };
    add("a gain that is no number", "nodes.h5", "/nodes/cells/0/dynamics_params/gain[1]", [=](sample_files& s) { s.numbers("nodes.h5", cells + "0/dynamics_params/gain")[1] = not_a_number; });
    add("a node twice", "nodes.h5", "/nodes/cells/node_id[3]", [=](sample_files& s) { s.whole("nodes.h5", cells + "node_id")[3] = 1; });
    add("a group that is missing", "nodes.h5", "/nodes/cells/node_group_id[4]", [=](sample_files& s) { s.hdf5["nodes.h5"].erase(cells + "1/x"); });
    add("a weight as text", "edges.h5", "0/syn_weight[0]", [=](sample_files& s) { s.set("edges.h5", edges + "0/syn_weight").values = std::vector<std::string>(8, "strong"); });
    add("an index of other edges", "edges.h5", "target_node_id", [=](sample_files& s) { std::swap(s.whole("edges.h5", edges + "target_node_id")[0], s.whole("edges.h5", edges + "target_node_id")[7]); });
    add("a source elsewhere", "edges.h5", "source_node_id@node_population", [=](sample_files& s) { s.set("edges.h5", edges + "source_node_id").attributes["node_population"] = "dive"; });
    add("a source nowhere", "edges.h5", "source_node_id@node_population", [=](sample_files& s) { s.set("edges.h5", edges + "source_node_id").attributes.clear(); });
    add("a target elsewhere", "edges.h5", "target_node_id@node_population", [=](sample_files& s) { s.set("edges.h5", edges + "target_node_id").attributes["node_population"] = "cell"; });
    add("populations that are a set", "nodes.h5", ":/nodes", [](sample_files& s) { s.hdf5["nodes.h5"] = {{"nodes", {whole_numbers{1}}}}; });
    add("edges that are a set", "edges.h5", ":/edges", [](sample_files& s) { s.hdf5["edges.h5"] = {{"edges", {whole_numbers{1}}}}; });
    add("no population of nodes", "nodes.h5", ":/nodes", [](sample_files& s) { s.hdf5["nodes.h5"] = {{"nodes/", {whole_numbers{}}}}; });
    add("no population of edges", "edges.h5", ":/edges", [](sample_files& s) { s.hdf5["edges.h5"] = {{"edges/", {whole_numbers{}}}}; });
    add("nodes that are edges", "nodes.h5", ":/: has no 'nodes'", [](sample_files& s) { s.hdf5["nodes.h5"] = sample_edges(); });
    add("edges that are nodes", "edges.h5", ":/: has no 'edges'", [](sample_files& s) { s.hdf5["edges.h5"] = sample_nodes(); });
    add("a population that is a set", "nodes.h5", ":/nodes/more", [](sample_files& s) { s.hdf5["nodes.h5"]["nodes/more"] = {whole_numbers{1}}; });
    add("a group that is a set", "nodes.h5", ":/nodes/cells/2", [](sample_files& s) { s.hdf5["nodes.h5"]["nodes/cells/2"] = {whole_numbers{1}}; });
    add("spikes in another order", "spikes.h5", "/spikes/drive", [](sample_files& s) {
        s.numbers("spikes.h5", "spikes/drive/timestamps")[0] = 9;
        s.hdf5["spikes.h5"]["spikes/drive/"] = {whole_numbers{}, {}, {{"sorting", "by_time"}}};
    });
    add("spikes in no order that is known", "spikes.h5", "/spikes/drive", [](sample_files& s) { s.hdf5["spikes.h5"]["spikes/drive/"] = {whole_numbers{}, {}, {{"sorting", "by_size"}}}; });
    add("spikes of others", "spikes.h5", "drive", [](sample_files& s) { s.hdf5["spikes.h5"] = {{"spikes/cells/timestamps", {fractions{1}}}, {"spikes/cells/node_ids", {whole_numbers{0}}}}; });
    add("no spikes at all", "spikes.h5", ":/: has no 'spikes'", [](sample_files& s) { s.hdf5["spikes.h5"] = sample_nodes(); });
    for (const auto* file : {"nodes.h5", "edges.h5", "spikes.h5", "old_spikes.h5"}) {
        for (const std::size_t bytes : {0, 1, 7, 8, 40, 96, 200, 500, 800, 1500})
            add(std::string(file) + " cut to " + std::to_string(bytes) + " bytes", file, "", [=](sample_files& s) { s.cut[file] = bytes; });
        add(std::string(file) + " as text", file, "", [=](sample_files& s) { s.hdf5.erase(file), s.texts[file] = "no HDF5 at all"; });
        add(std::string(file) + " a folder", file, "", [=](sample_files& s) { s.folders[file] = true; });
        add(std::string(file) + " missing", file, "", [=](sample_files& s) { s.hdf5.erase(file); });
    }
    return all;
}

}  // namespace apical::testing
