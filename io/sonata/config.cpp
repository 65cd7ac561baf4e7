// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/config.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "io/sonata/config_parts.hpp"
#include "io/sonata/document.hpp"

namespace apical::sonata {
namespace {

namespace fs = std::filesystem;

/// Members that change what is computed, and that Apical does not compute.
void refuse(const field& f, std::initializer_list<const char*> names) {
    for (const auto* name : names)
        if (const auto m = f.member(name); m && !m.is_null()) m.unsupported(fmt::format("'{}' is not supported", name));
}

void read_run(const field& f, config& to) {
    if (!f || !f.is(json::kind::object)) return;
    auto& r = to.run;
    to.has_run = true;
    r.where = f.where();
    const auto need = [&](const char* name, double& value) {
        const auto m = f.member(name);
        if (!m) f.invalid(fmt::format("needs '{}'", name), "in ms");
        else value = m.number_above(0).value_or(value);
    };
    need("tstop", r.tstop);
    need("dt", r.dt);
    if (const auto m = f.member("dL")) r.segment_length = m.number_above(0).value_or(r.segment_length);
    if (f.member("random_seed")) r.spike_threshold = -30;        // BBP's, who ask for a seed
    if (const auto m = f.member("spike_threshold")) r.spike_threshold = m.number().value_or(r.spike_threshold);
    if (const auto m = f.member("random_seed"))
        if (const auto n = m.whole_number()) {
            if (*n < 0) m.invalid(fmt::format("is {}, expected 0 or more", *n));
            else r.seed = static_cast<std::uint64_t>(*n);
        }
    if (const auto m = f.member("use_old_import3d"); m && !m.is_null()) r.use_old_import = m.truth();
    if (const auto m = f.member("tstart"); m && m.number().value_or(0) != 0) m.unsupported("a run begins at 0 ms", "leave out 'tstart'");
    if (const auto m = f.member("integration_method"); m && m.at->text != "0" && m.at->text != "euler" && m.at->text != "1" && m.at->text != "crank_nicolson" &&
                                                       m.at->text != "2" && m.at->text != "crank_nicolson_ion")
        m.invalid("is not one of euler, crank_nicolson and crank_nicolson_ion");
    f.know_only({{"tstop", "dt", "dL", "spike_threshold", "random_seed", "tstart", "integration_method", "use_old_import3d"},
                 {"nsteps_block", "overwrite_output_dir", "duration", "stimulus_seed", "ionchannel_seed", "minis_seed", "synapse_seed", "electrodes_file"}});
}

void read_conditions(const field& f, config& to) {
    if (!f || !f.is(json::kind::object)) return;
    to.conditions.where = f.where();
    if (const auto m = f.member("celsius")) {
        to.conditions.celsius = m.number_above(-273.15);
        if (to.conditions.celsius && *to.conditions.celsius > 100) m.invalid(fmt::format("is {} degC", *to.conditions.celsius), "at most 100 is expected");
    }
    if (const auto m = f.member("v_init")) {
        to.conditions.v_init = m.number();
        if (to.conditions.v_init && std::abs(*to.conditions.v_init) > 1000) m.invalid(fmt::format("is {} mV", *to.conditions.v_init), "at most 1000 is expected");
    }
    if (const auto m = f.member("spike_location"); m && m.text().value_or("soma") != "soma") m.unsupported("spikes are detected in the soma");
    if (const auto m = f.member("randomize_gaba_rise_time"); m && m.truth().value_or(false)) m.unsupported("rise times are those of the types");
    if (const auto m = f.member("extracellular_calcium"); m && !m.is_null()) to.conditions.extracellular_calcium = m.number_not_below(0);
    if (const auto m = f.member("mechanisms")) read_mechanisms(m, to);
    if (const auto m = f.member("modifications")) read_modifications(m, to);
    refuse(f, {"synapses_init_depleted", "minis_single_vesicle"});
    if (const auto m = f.member("other"); m) m.ignored("is not known here");
    f.know_only({{"celsius", "v_init", "spike_location", "randomize_gaba_rise_time", "extracellular_calcium", "mechanisms", "modifications",
                  "synapses_init_depleted", "minis_single_vesicle", "other"}});
}

void read_output(const field& f, config& to) {
    auto& o = to.output;
    o.folder = f.from->folder / "output";
    if (!f || !f.is(json::kind::object)) return;
    if (const auto m = f.member("output_dir")) o.folder = m.path().value_or(o.folder);
    const auto file = [&](const char* name, fs::path& to_path) {
        const auto m = f.member(name);
        if (!m || m.is_null()) return;
        const auto t = m.text();
        if (!t || t->empty()) return;
        to_path = in_output_folder(o, *f.from, *t);
    };
    file("spikes_file", o.spikes);
    file("spikes_file_csv", o.spikes_csv);
    if (o.spikes.empty()) o.spikes = o.folder / "spikes.h5";
    if (const auto m = f.member("spikes_sort_order"); m && !m.is_null()) {
        const auto t = m.text().value_or("time");
        if (t == "none") o.spike_order = "none";
        else if (t == "id" || t == "by_id" || t == "gid" || t == "by_gid") o.spike_order = "id";
        else if (t != "time" && t != "by_time") m.invalid(fmt::format("'{}' is no order of spikes", t), "by_time, by_id and none are known");
    }
    f.know_only({{"output_dir", "log_file", "log_level", "spikes_file", "spikes_file_csv", "spikes_sort_order", "compression", "overwrite_output_dir",
                  "log_to_console", "quiet_simulator", "spikes_file_nwb", "sort_spikes"}});
    if (const auto m = f.member("spikes_file_nwb"); m && !m.is_null()) m.unsupported("spikes are written as HDF5 or CSV");
}

void read_simulator(const document& d, config& to, findings& found) {
    for (const auto* name : {"simulator", "target_simulator"})
        if (const auto m = d.member(name, found); m && !m.is_null()) to.simulator = m.text().value_or(to.simulator);
}

void read_sets(const document& d, config& to, findings& found) {
    const auto file = d.member("node_sets_file", found), inline_sets = d.member("node_sets", found);
    if (file && !file.is_null())
        if (const auto path = file.path()) {
            std::error_code ignored;
            if (!fs::exists(*path, ignored)) file.invalid(fmt::format("names the file '{}', which does not exist", path->string()));
            else if (!fs::is_regular_file(*path, ignored)) file.invalid(fmt::format("names '{}', which is no file", path->string()));
            else to.sets.read(*path, found);
        }
    // those in the configuration itself win, as in BMTK
    if (inline_sets && inline_sets.at->type == json::kind::text) inline_sets.invalid("is a text", "the member 'node_sets_file' names a file");
    else if (inline_sets) to.sets.add(inline_sets);
}

void note_others(const document& d, findings& found) {
    const std::vector<std::string> known{"run", "conditions", "components", "networks", "inputs", "output", "reports", "node_sets", "node_sets_file",
                                         "target_simulator", "simulator", "version", "metadata", "beta_features", "node_set", "connection_overrides",
                                         "config_path", "config_dir", "name", "description", "apical"};
    for (const auto& name : d.names())
        if (std::ranges::find(known, name) == known.end()) d.member(name, found).ignored(fmt::format("'{}' is not known here", name), suggestion(name, known));
    if (const auto m = d.member("node_set", found); m && !m.is_null())
        m.unsupported("a part of a circuit cannot be run by itself", "leave out 'node_set' to run all of it");
    if (const auto m = d.member("beta_features", found); m && !m.at->members.empty()) m.ignored("features that are being tried out elsewhere");
}

}  // namespace

component_folders read_components(const field& f) {
    component_folders c;
    if (!f || !f.is(json::kind::object)) return c;
    const auto folder = [&](const char* name, fs::path& to) {
        if (const auto m = f.member(name); m && !m.is_null()) to = m.path().value_or(to);
    };
    folder("morphologies_dir", c.morphologies);
    if (const auto m = f.member("alternate_morphologies"); m && m.is(json::kind::object))
        for (const auto& [name, value] : m.at->members) {
            if (name == "neurolucida-asc") c.neurolucida = m.member(name).path().value_or(fs::path{});
            else if (name != "h5v1") m.member(name).ignored("is no form of morphologies that is known here", "neurolucida-asc");
        }
    folder("biophysical_neuron_templates_dir", c.biophysical_neuron_models);
    folder("biophysical_neuron_models_dir", c.biophysical_neuron_models);
    folder("point_neuron_models_dir", c.point_neuron_models);
    folder("synaptic_models_dir", c.synaptic_models);
    folder("filter_models_dir", c.filter_models);
    folder("templates_dir", c.templates);
    folder("mechanisms_dir", c.mechanisms);
    return c;
}

component_folders merged(const component_folders& own, component_folders all) {
    const auto take = [](const fs::path& from, fs::path& to) { if (!from.empty()) to = from; };
    if (!own.morphologies.empty() || !own.neurolucida.empty()) all.morphologies = own.morphologies, all.neurolucida = own.neurolucida;
    take(own.biophysical_neuron_models, all.biophysical_neuron_models), take(own.point_neuron_models, all.point_neuron_models);
    take(own.templates, all.templates), take(own.mechanisms, all.mechanisms);
    return all;
}

component_folders config::folders_of(const std::string& population) const {
    for (const auto& entry : nodes)
        if (const auto own = entry.populations.find(population); own != entry.populations.end()) return merged(own->second, components);
    return components;
}

fs::path in_output_folder(const output_settings& o, const origin& from, const fs::path& path) {
    const auto whole = (from.folder / path).lexically_normal();
    const auto inside = whole.lexically_relative(o.folder);
    return !inside.empty() && *inside.begin() != ".." ? whole : (o.folder / path).lexically_normal();
}

std::string read_node_set(const field& f, config& to, std::string otherwise) {
    if (f.is_null()) return otherwise;
    if (f.at->type == json::kind::text) return f.at->text;
    if (f.at->type == json::kind::object || f.at->type == json::kind::array) return to.sets.add_nameless(f);
    f.invalid(fmt::format("expected the name of a node set, or one, got {}", json::name_of(f.at->type)));
    return otherwise;
}

config read_config(const fs::path& path, findings& found) {
    config c;
    c.file = path.string();
    const auto d = document::read(path, found);
    if (d.names().empty()) {
        if (!found.has_errors()) found.invalid(c.file, "says nothing", "networks, run, inputs and output are expected");
        return c;
    }
    const auto components = d.member("components", found);
    c.components = read_components(components);
    components.know_only({{"morphologies_dir", "biophysical_neuron_models_dir", "biophysical_neuron_templates_dir", "point_neuron_models_dir", "synaptic_models_dir", "filter_models_dir",
                           "templates_dir", "mechanisms_dir", "mechanisms", "provenance", "end_feet_area", "microdomains_file", "vasculature_file",
                           "vasculature_mesh", "alternate_morphologies", "spike_weights_dir", "spatial_synapse_index_dir", "electrodes_dir",
                           "templates", "custom_neuron_models", "stimuli_dir", "replay_spikes", "recXelectrodes", "recXelectrodes_dir"}});
    const auto networks = d.member("networks", found);
    if (networks) read_networks(networks, c);
    else networks.invalid("there is no 'networks'", "the configuration of a circuit lists its nodes and edges there");
    read_sets(d, c, found);
    read_run(d.member("run", found), c);
    read_conditions(d.member("conditions", found), c);
    read_output(d.member("output", found), c);
    read_simulator(d, c, found);
    read_inputs(d.member("inputs", found), c);
    read_reports(d.member("reports", found), c);
    read_overrides(d.member("connection_overrides", found), c);
    if (const auto own = d.member("apical", found)) c.apical = own.path().value_or(fs::path{});
    note_others(d, found);
    if (!c.has_run && (!c.inputs.empty() || !c.reports.empty())) d.member("run", found).invalid("there is no 'run'", "tstop and dt are needed");
    return c;
}

}  // namespace apical::sonata
