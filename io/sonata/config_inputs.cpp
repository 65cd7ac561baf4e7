// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "io/sonata/config_parts.hpp"

namespace apical::sonata {
namespace {

namespace fs = std::filesystem;

/// A file that must be there.
fs::path file_of(const field& owner, const char* name) {
    const auto m = owner.member(name);
    if (!m) {
        owner.invalid(fmt::format("needs '{}'", name));
        return {};
    }
    const auto path = m.path();
    if (!path) return {};
    std::error_code ignored;
    if (fs::is_directory(*path, ignored)) m.invalid(fmt::format("names '{}', which is a folder", path->string()), "a file is expected");
    else if (!fs::exists(*path, ignored)) m.invalid(fmt::format("names '{}', which does not exist", path->string()));
    else if (!fs::is_regular_file(*path, ignored)) m.invalid(fmt::format("names '{}', which is no file", path->string()));    // a pipe would be waited for
    else return *path;
    return {};
}

/// The type is a path, or null, NULL, NONE or "" for none.
fs::path types_of(const field& owner, const char* name) {
    const auto m = owner.member(name);
    if (m.is_null() || (m.at->type == json::kind::text && (m.at->text.empty() || m.at->text == "NULL" || m.at->text == "NONE"))) return {};
    return file_of(owner, name);
}

void read_nodes_entry(const field& f, config& to) {
    if (!f.is(json::kind::object)) return;
    nodes_entry e{.where = f.where()};
    e.nodes = file_of(f, "nodes_file");
    e.types = types_of(f, "node_types_file");
    if (const auto populations = f.member("populations"); populations && populations.is(json::kind::object))
        for (const auto& [name, value] : populations.at->members) {
            const auto p = populations.member(name);
            if (!p.is(json::kind::object)) continue;
            e.populations[name] = read_components(p);
            if (const auto type = p.member("type")) e.population_types[name] = type.text().value_or("");
        }
    f.know_only({{"nodes_file", "node_types_file", "populations", "enabled"}});
    if (f.member("enabled") && !f.member("enabled").truth().value_or(true)) return;
    if (!e.nodes.empty()) to.nodes.push_back(std::move(e));
}

void read_edges_entry(const field& f, config& to) {
    if (!f.is(json::kind::object)) return;
    edges_entry e{.where = f.where()};
    if (const auto m = f.member("enabled")) e.is_enabled = m.truth().value_or(true);
    e.edges = e.is_enabled ? file_of(f, "edges_file") : f.member("edges_file").path().value_or(fs::path{});
    e.types = e.is_enabled ? types_of(f, "edge_types_file") : fs::path{};
    if (const auto populations = f.member("populations"); populations && populations.is(json::kind::object))
        for (const auto& [name, value] : populations.at->members)
            if (const auto type = populations.member(name).member("type")) e.population_types[name] = type.text().value_or("");
    f.know_only({{"edges_file", "edge_types_file", "populations", "enabled", "node_populations", "source", "target"}});
    if (!e.edges.empty()) to.edges.push_back(std::move(e));
}

template <class Read> void for_each_item(const field& list, const Read& read, config& to) {
    if (!list || !list.is(json::kind::array)) return;
    for (std::size_t i = 0; i < list.items(); ++i) read(list.item(i), to);
}

/// A number, or several in a list.
std::vector<double> numbers(const field& owner, const char* name, double low) {
    const auto m = owner.member(name);
    std::vector<double> all;
    if (!m) {
        owner.invalid(fmt::format("needs '{}'", name));
        return all;
    }
    const auto take = [&](const field& one) {
        if (const auto x = one.number_not_below(low)) all.push_back(*x);
    };
    if (m.at->type != json::kind::array) take(m);
    else for (std::size_t i = 0; i < m.items(); ++i) take(m.item(i));
    return all;
}

constexpr double any = -1e300;

/// The place of an electrode: false if it is one that cannot be read here.
template <class Clamp> bool read_place(const field& f, Clamp& c) {
    for (const auto* name : {"section_name", "section_index"})
        if (const auto m = f.member(name); m && m.at->type == json::kind::array) {
            m.unsupported(fmt::format("a choice of places by '{}'", name), "name one section");
            return false;
        }
    if (const auto m = f.member("section_name")) c.section_name = m.text().value_or(c.section_name);
    if (const auto m = f.member("section_index"))
        if (const auto n = m.whole_number()) {
            if (*n < 0 || *n > 1000000) m.invalid(fmt::format("is {}", *n), "sections count from 0");
            else c.section_index = static_cast<int>(*n);
        }
    if (const auto m = f.member("section_dist")) {
        c.section_position = m.number_not_below(0).value_or(0.5);
        if (c.section_position > 1) m.invalid(fmt::format("is {}, places of a section are 0 to 1", c.section_position));
    }
    return true;
}
const std::vector<std::string_view> place_members{"section_name", "section_index", "section_dist"};

void read_clamp(const field& f, input& to) {
    for (const auto* name : {"amps_file", "csv_file", "input_file", "file"})
        if (const auto m = f.member(name); m && !m.is_null()) return m.unsupported("currents from files as a 'current_clamp'", "\"input_type\": \"csv\", or give 'amp', 'delay' and 'duration'");
    current_clamp c{numbers(f, "amp", any), numbers(f, "delay", 0), numbers(f, "duration", 0)};
    const auto most = std::max({c.amplitude.size(), c.delay.size(), c.duration.size()});
    for (auto* list : {&c.amplitude, &c.delay, &c.duration}) {
        if (list->size() == 1 && most > 1) list->resize(most, list->front());
        if (list->size() != most) {
            f.invalid(fmt::format("has {} amplitudes, {} delays and {} durations", c.amplitude.size(), c.delay.size(), c.duration.size()), "lists of one length are expected");
            break;
        }
    }
    if (!read_place(f, c)) return;
    f.know_only({{"input_type", "module", "node_set", "enabled", "amp", "delay", "duration", "gids"}, place_members});
    to.what = std::move(c);
}

void read_table(const field& f, input& to) {
    current_table c{.file = file_of(f, "file")};
    if (const auto m = f.member("separator")) {
        const auto text = m.text().value_or(" ");
        if (text.size() != 1) m.invalid(fmt::format("is '{}', expected one character", text));
        else c.separator = text.front();
    }
    if (const auto m = f.member("timestamps_column")) c.times = m.text().value_or(c.times);
    if (const auto m = f.member("amplitudes_column")) c.amplitudes = m.text().value_or(c.amplitudes);
    if (!read_place(f, c)) return;
    f.know_only({{"input_type", "module", "node_set", "enabled", "file", "separator", "timestamps_column", "amplitudes_column", "gids"}, place_members});
    if (!c.file.empty()) to.what = std::move(c);
}

void read_voltage_step(const field& f, input& to) {
    const auto one = [&](const char* name, double low) {
        const auto m = f.member(name);
        if (!m) f.invalid(fmt::format("needs '{}'", name));
        return m ? m.number_not_below(low).value_or(0) : 0;
    };
    voltage_step c{one("amp", any), one("delay", 0), one("duration", 0)};
    if (const auto m = f.member("resistance")) c.resistance = m.number_above(0).value_or(1);
    if (!read_place(f, c)) return;
    f.know_only({{"input_type", "module", "node_set", "enabled", "amp", "delay", "duration", "resistance", "gids"}, place_members});
    to.what = std::move(c);
}

void read_spikes(const field& f, input& to) {
    spike_replay r{.file = f.member("input_file") ? file_of(f, "input_file") : file_of(f, "spike_file"), .is_nwb = to.module == "nwb"};
    if (const auto m = f.member("trial"); m && !m.is_null()) {
        if (r.is_nwb) r.trial = m.text().value_or("");
        else m.ignored("belongs to NWB files");
    }
    if (const auto m = f.member("delay"); m && to.module == "synapse_replay") r.from = m.number_not_below(0).value_or(0);
    f.know_only({{"input_type", "module", "node_set", "enabled", "input_file", "spike_file", "trial", "source", "delay", "duration"}});
    if (!r.file.empty()) to.what = std::move(r);
}

/// BMTK's "syn_activity": at the same times at all synapses that some nodes have.
void read_activity(const field& f, input& to, config& all) {
    spike_replay r{.targets = to.node_set, .times = numbers(f, "timestamps", 0), .is_alone = true};
    const auto filter = f.member("precell_filter");
    if (!filter) return f.invalid("needs 'precell_filter'", "an object of attributes of the nodes whose synapses are active");
    to.node_set = read_node_set(filter, all, "all");
    f.know_only({{"input_type", "module", "node_set", "enabled", "precell_filter", "timestamps"}});
    if (!r.times.empty()) to.what = std::move(r);
}

/// BMTK's "replay": recorded spikes of nodes that need not be connected, through edges that stand here.
void read_recorded(const field& f, input& to, config& all) {
    spike_replay r{.file = file_of(f, "spikes_file")};
    const auto edges = f.member("edges");
    if (!edges) return f.invalid("needs 'edges'", "an object with edges_file and edge_types_file");
    if (!edges.is(json::kind::object)) return;
    r.edges = file_of(edges, "edges_file"), r.edge_types = types_of(edges, "edge_types_file");
    edges.know_only({{"edges_file", "edge_types_file"}});
    to.node_set = read_node_set(f.member("source_node_set"), all, "all"), r.targets = read_node_set(f.member("target_node_set"), all, "all");
    f.know_only({{"input_type", "module", "node_set", "enabled", "spikes_file", "edges", "source_node_set", "target_node_set"}});
    if (!r.file.empty() && !r.edges.empty()) to.what = std::move(r);
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) { return std::ranges::find(names, name) != names.end(); }

void read_input(const field& f, input& to, config& all) {
    const auto lower = [](std::string s) {
        std::ranges::transform(s, s.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        return s;
    };
    const auto type = lower(to.type), module = lower(to.module);
    if (type == "current_clamp" && (module == "iclamp" || module.empty())) return read_clamp(f, to);
    if (is_one_of(module, {"replay", "disconnected"}) && f.member("spikes_file")) return read_recorded(f, to, all);
    if (is_one_of(type, {"csv", "file"}) && module == "iclamp") return read_table(f, to);
    if (to.module == "SEClamp") return read_voltage_step(f, to);       // BMTK's, whatever the type; BBP's is written small
    if (type == "spikes" && is_one_of(module, {"h5", "sonata", "hdf5", "csv", "synapse_replay", "nwb"})) return read_spikes(f, to);
    if (type == "syn_activity") return read_activity(f, to, all);
    if (is_one_of(type, {"current_clamp", "voltage_clamp", "conductance"}) && read_soma_input(f, to)) return;
    const bool is_known = is_one_of(module, {"replay", "function", "xstim",
                                             "comsol", "ecephys_probe", "spatially_uniform_e_field", "sinusoidal", "csv", "nwb", "allen"}) ||
                          is_one_of(type, {"replay_spikes", "extracellular", "extracellular_stimulation", "voltage_clamp", "movie", "file", "csv", "nwb", "allen",
                                     "conductance"});
    const auto what = fmt::format("input of type '{}' by module '{}'", to.type, to.module);
    const char* hint = "currents by IClamp, csv and BBP's modules, voltage_clamp by SEClamp or seclamp, and spikes by h5, sonata, csv, nwb or synapse_replay are supported";
    if (is_known) f.unsupported(what, hint);
    else f.invalid(what + " is not known", hint);
}

/// Types of sections as BMTK and BBP call them.
constexpr std::array section_names{"soma", "somatic", "axon", "axonal", "basal", "dend", "dendrite", "dendritic", "apical", "apic", "all"};

std::string read_sections(const field& m) {
    if (m.is_null()) return "soma";
    std::string all;
    const auto take = [&](const field& one) {
        const auto t = one.text();
        if (!t) return;
        if (*t != "multimeter_report" && std::ranges::find(section_names, *t) == section_names.end())
            one.invalid(fmt::format("'{}' is no type of sections", *t), "soma, axon, basal, apical and all are known");
        all += (all.empty() ? "" : ",") + (*t == "multimeter_report" ? "soma" : *t);
    };
    if (m.at->type != json::kind::array) take(m);
    else for (std::size_t i = 0; i < m.items(); ++i) take(m.item(i));
    return all.empty() ? "soma" : all;
}

void read_times(const field& f, report_request& to) {
    if (const auto m = f.member("dt"); m && !m.is_null()) to.dt = m.number_above(0);
    if (const auto m = f.member("start_time"); m && !m.is_null()) to.start = m.number_not_below(0).value_or(0);
    if (const auto m = f.member("end_time"); m && !m.is_null()) to.stop = m.number_not_below(0);
    if (to.stop && *to.stop <= to.start) f.member("end_time").invalid(fmt::format("is {} ms, not after the start at {} ms", *to.stop, to.start));
}

void read_report(const field& f, const std::string& name, config& to) {
    report_request r{.name = name, .where = f.where()};
    const auto module = f.member("module"), type = f.member("type");
    const auto kind = module ? module.text().value_or("") : type ? type.text().value_or("") : std::string("membrane_report");
    if (!is_one_of(kind, {"membrane_report", "multimeter_report", "compartment", "compartment_report"}))
        return (module ? module : type).ignored(fmt::format("reports of kind '{}' are not written", kind), "membrane_report and compartment are supported");
    r.node_set = read_node_set(f.member("cells"), to, "all");
    r.is_after_steps = kind != "compartment" && kind != "compartment_report";
    if (const auto m = f.member("variable_name")) {
        if (m.at->type == json::kind::array && m.items() == 1) r.variable = m.item(0).text().value_or("");
        else if (m.at->type == json::kind::array) return m.unsupported("several variables in one report", "write a report for each");
        else r.variable = m.text().value_or("");
    } else f.invalid("needs 'variable_name'", "v and cai are common");
    r.sections = read_sections(f.member("sections"));
    if (const auto m = f.member("compartments")) r.at_centres = m.text().value_or("") == "center";
    if (const auto m = f.member("unit")) r.unit = m.text().value_or("");
    read_times(f, r);
    const auto file = f.member("file_name");
    auto path = fs::path(file && !file.is_null() ? file.text().value_or(name) : name);
    if (path.extension().empty()) path += ".h5";
    r.file = in_output_folder(to.output, *f.from, path);
    f.know_only({{"module", "type", "cells", "variable_name", "sections", "section_index", "compartments", "unit", "dt", "start_time", "end_time", "file_name",
                  "enabled", "scaling", "transform", "buffer_size"}});
    if (const auto m = f.member("transform"); m && !m.is_null()) m.unsupported("a transform of what is reported");
    to.reports.push_back(std::move(r));
}

}  // namespace

void read_networks(const field& f, config& to) {
    if (!f.is(json::kind::object)) return;
    const auto nodes = f.member("nodes");
    for_each_item(nodes, read_nodes_entry, to);
    for_each_item(f.member("edges"), read_edges_entry, to);
    f.know_only({{"nodes", "edges"}});
    if (!nodes || (nodes.at->type == json::kind::array && nodes.items() == 0)) f.invalid("lists no nodes", "networks.nodes lists files of nodes");
}

void read_inputs(const field& f, config& to) {
    if (!f || !f.is(json::kind::object)) return;
    for (const auto& [name, value] : f.at->members) {
        const auto m = f.member(name);
        if (!m.is(json::kind::object)) continue;
        if (const auto enabled = m.member("enabled"); enabled && !enabled.truth().value_or(true)) continue;
        input i{.name = name, .where = m.where()};
        const auto type = m.member("input_type"), module = m.member("module");
        if (!type) m.invalid("needs 'input_type'", "current_clamp and spikes are supported");
        else i.type = type.text().value_or("");
        if (module) i.module = module.text().value_or("");
        if (!m.member("node_set") && m.member("gids")) m.member("gids").unsupported("'gids'", "name the nodes by 'node_set'");
        i.node_set = read_node_set(m.member("node_set"), to, "all");
        if (type) read_input(m, i, to);
        // BBP names the nodes that the spikes reach; those that emit them are the file's
        if (auto* replay = std::get_if<spike_replay>(&i.what); replay && i.module == "synapse_replay") {
            replay->targets = i.node_set;
            i.node_set = read_node_set(m.member("source"), to, "all");
        }
        to.inputs.push_back(std::move(i));
    }
}

void read_reports(const field& f, config& to) {
    if (!f || !f.is(json::kind::object)) return;
    std::set<fs::path> files;
    for (const auto& [name, value] : f.at->members) {
        const auto m = f.member(name);
        if (!m.is(json::kind::object)) continue;
        if (const auto enabled = m.member("enabled"); enabled && !enabled.truth().value_or(true)) continue;
        const auto before = to.reports.size();
        read_report(m, name, to);
        if (to.reports.size() > before && !files.insert(to.reports.back().file).second) m.invalid(fmt::format("writes '{}', which another report writes too", to.reports.back().file.string()));
    }
}

}  // namespace apical::sonata
