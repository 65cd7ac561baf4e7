// SPDX-License-Identifier: BSD-3-Clause
#include <fmt/format.h>

#include "io/json.hpp"
#include "io/sonata/write.hpp"

namespace apical::sonata {
namespace {

namespace fs = std::filesystem;

/// Puts the parts of a configuration into words.
class config_writer {
public:
    explicit config_writer(const fs::path& file) : folder_(fs::absolute(file).lexically_normal().parent_path()) {}

    json::value whole(const config& c) const {
        auto root = json::object({});
        if (!c.simulator.empty()) put(root, "target_simulator", json::text(c.simulator));
        if (c.has_run) put(root, "run", run(c.run));
        put(root, "conditions", conditions(c.conditions));
        put(root, "components", components(c.components));
        put(root, "networks", json::object({{"nodes", nodes(c)}, {"edges", edges(c)}}));
        if (!c.sets.names().empty()) put(root, "node_sets", c.sets.to_json());
        auto inputs = json::object({}), reports = json::object({});
        for (const auto& i : c.inputs) put(inputs, i.name, input_of(i));
        for (const auto& r : c.reports) put(reports, r.name, report_of(r));
        if (!c.inputs.empty()) put(root, "inputs", std::move(inputs));
        if (!c.reports.empty()) put(root, "reports", std::move(reports));
        put(root, "output", output(c.output));
        put_path(root, "apical", c.apical);
        return root;
    }

private:
    static void put(json::value& object, std::string_view name, json::value v) { object.members.emplace_back(name, std::move(v)); }
    static void put_number(json::value& object, std::string_view name, const std::optional<double>& x) {
        if (x) put(object, name, json::number(*x));
    }
    static json::value numbers(const std::vector<double>& all) {
        json::value list{.type = json::kind::array};
        for (const auto x : all) list.items.push_back(json::number(x));
        return all.size() == 1 ? list.items.front() : list;
    }
    /// Below the folder of the file as a path that starts there.
    json::value path(const fs::path& p) const {
        const auto inside = fs::absolute(p).lexically_normal().lexically_relative(folder_);
        return json::text(!inside.empty() && *inside.begin() != ".." ? "./" + inside.string() : p.string());
    }
    void put_path(json::value& object, std::string_view name, const fs::path& p) const {
        if (!p.empty()) put(object, name, path(p));
    }

    static json::value run(const run_settings& r) {
        auto o = json::object({{"tstop", json::number(r.tstop)}, {"dt", json::number(r.dt)}, {"dL", json::number(r.segment_length)},
                               {"spike_threshold", json::number(r.spike_threshold)}});
        if (r.seed) put(o, "random_seed", json::number(static_cast<double>(*r.seed)));
        return o;
    }
    static json::value conditions(const run_conditions& c) {
        auto o = json::object({});
        put_number(o, "celsius", c.celsius);
        put_number(o, "v_init", c.v_init);
        return o;
    }
    json::value components(const component_folders& c) const {
        auto o = json::object({});
        put_path(o, "morphologies_dir", c.morphologies);
        put_path(o, "biophysical_neuron_models_dir", c.biophysical_neuron_models);
        put_path(o, "point_neuron_models_dir", c.point_neuron_models);
        put_path(o, "synaptic_models_dir", c.synaptic_models);
        put_path(o, "filter_models_dir", c.filter_models);
        put_path(o, "templates_dir", c.templates);
        put_path(o, "mechanisms_dir", c.mechanisms);
        return o;
    }
    json::value nodes(const config& c) const {
        json::value list{.type = json::kind::array};
        for (const auto& e : c.nodes) {
            auto o = json::object({{"nodes_file", path(e.nodes)}, {"node_types_file", e.types.empty() ? json::value{} : path(e.types)}});
            auto populations = json::object({});
            for (const auto& [name, folders] : e.populations) {
                auto p = components(folders);
                if (const auto type = e.population_types.find(name); type != e.population_types.end()) put(p, "type", json::text(type->second));
                put(populations, name, std::move(p));
            }
            if (!populations.members.empty()) put(o, "populations", std::move(populations));
            list.items.push_back(std::move(o));
        }
        return list;
    }
    json::value edges(const config& c) const {
        json::value list{.type = json::kind::array};
        for (const auto& e : c.edges) {
            auto o = json::object({{"edges_file", path(e.edges)}, {"edge_types_file", e.types.empty() ? json::value{} : path(e.types)}});
            if (!e.is_enabled) put(o, "enabled", json::boolean(false));
            auto populations = json::object({});
            for (const auto& [name, type] : e.population_types) put(populations, name, json::object({{"type", json::text(type)}}));
            if (!populations.members.empty()) put(o, "populations", std::move(populations));
            list.items.push_back(std::move(o));
        }
        return list;
    }

    template <class Clamp> static void put_place(json::value& o, const Clamp& c) {
        put(o, "section_name", json::text(c.section_name));
        put(o, "section_index", json::number(c.section_index));
        put(o, "section_dist", json::number(c.section_position));
    }
    json::value input_of(const input& i) const {
        auto o = json::object({{"input_type", json::text(i.type)}, {"module", json::text(i.module)}, {"node_set", json::text(i.node_set)}});
        if (const auto* c = std::get_if<current_clamp>(&i.what)) {
            put(o, "amp", numbers(c->amplitude));
            put(o, "delay", numbers(c->delay));
            put(o, "duration", numbers(c->duration));
            put_place(o, *c);
        } else if (const auto* t = std::get_if<current_table>(&i.what)) {
            put_path(o, "file", t->file);
            put(o, "separator", json::text(std::string(1, t->separator)));
            put(o, "timestamps_column", json::text(t->times));
            put(o, "amplitudes_column", json::text(t->amplitudes));
            put_place(o, *t);
        } else if (const auto* v = std::get_if<voltage_step>(&i.what)) {
            const bool is_bbp = i.module == "seclamp";
            put(o, is_bbp ? "voltage" : "amp", json::number(v->voltage));
            put(o, "delay", json::number(v->delay));
            put(o, "duration", json::number(v->duration));
            put(o, is_bbp ? "series_resistance" : "resistance", json::number(v->resistance));
            if (!is_bbp) put_place(o, *v);
        } else if (const auto* s = std::get_if<spike_replay>(&i.what)) {
            if (s->is_alone) return activity(std::move(o), *s, i.node_set);
            put_path(o, s->edges.empty() ? "input_file" : "spikes_file", s->file);
            if (!s->trial.empty()) put(o, "trial", json::text(s->trial));
            if (s->from > 0) put(o, "delay", json::number(s->from));
            if (!s->edges.empty()) {
                put(o, "edges", json::object({{"edges_file", path(s->edges)}, {"edge_types_file", s->edge_types.empty() ? json::value{} : path(s->edge_types)}}));
                put(o, "source_node_set", json::text(i.node_set)), put(o, "target_node_set", json::text(s->targets));
            } else if (!s->targets.empty()) {
                put(o, "source", json::text(i.node_set));
                for (auto& [name, value] : o.members)
                    if (name == "node_set") value = json::text(s->targets);
            }
        } else if (const auto* r = std::get_if<soma_current>(&i.what)) {
            put(o, "delay", json::number(r->delay));
            put(o, "duration", json::number(r->duration));
            if (i.module == "subthreshold") put(o, "percent_less", json::number(100 - r->amplitude_start));
            else if (i.module != "hyperpolarizing") {
                const bool is_relative = !r->relative_to.empty();
                put(o, is_relative ? "percent_start" : "amp_start", json::number(r->amplitude_start));
                put(o, is_relative ? "percent_end" : "amp_end", json::number(r->amplitude_end));
            }
            if (i.module == "pulse") put_number(o, "frequency", r->frequency), put_number(o, "width", r->width);
        } else if (const auto* n = std::get_if<random_current>(&i.what)) {
            put_random(o, *n);
        }
        return o;
    }
    static void put_random(json::value& o, const random_current& c) {
        using enum random_current::kind;
        const auto number = [&](const char* name, double x) { put(o, name, json::number(x)); };
        const bool is_relative = !c.relative_to.empty();
        number("delay", c.delay), number("duration", c.duration), number("dt", c.interval);
        if (c.of == ornstein_uhlenbeck) number("tau", c.tau);
        if (c.of == shot_noise) number("rise_time", c.rise), number("decay_time", c.decay);
        if (c.of == shot_noise && c.shot_cv == 0) return number("rate", c.rate), number("amp_mean", c.shot_mean), number("amp_var", c.shot_variance);
        if (c.of == shot_noise) number("amp_cv", c.shot_cv);
        number(is_relative ? "mean_percent" : "mean", c.mean);
        number(c.of == noise ? "variance" : is_relative ? "sd_percent" : "sigma", c.spread);
    }
    static json::value activity(json::value o, const spike_replay& s, const std::string& sources) {
        json::value times{.type = json::kind::array};
        for (const double t : s.times) times.items.push_back(json::number(t));
        for (auto& [name, value] : o.members)
            if (name == "node_set") value = json::text(s.targets);
        put(o, "precell_filter", json::text(sources)), put(o, "timestamps", std::move(times));
        return o;
    }
    json::value report_of(const report_request& r) const {
        json::value sections{.type = json::kind::array};
        for (std::string_view rest = r.sections; !rest.empty();) {
            sections.items.push_back(json::text(rest.substr(0, rest.find(','))));
            rest.remove_prefix(std::min(rest.find(','), rest.size() - 1) + 1);
        }
        auto o = json::object({{"module", json::text("membrane_report")}, {"cells", json::text(r.node_set)}, {"variable_name", json::text(r.variable)},
                               {"sections", sections.items.size() == 1 ? sections.items.front() : sections}});
        if (r.at_centres) put(o, "compartments", json::text("center"));
        put_number(o, "dt", r.dt);
        if (r.start > 0) put(o, "start_time", json::number(r.start));
        put_number(o, "end_time", r.stop);
        if (!r.unit.empty()) put(o, "unit", json::text(r.unit));
        put_path(o, "file_name", r.file);
        return o;
    }
    json::value output(const output_settings& s) const {
        auto o = json::object({{"output_dir", path(s.folder)}, {"spikes_sort_order", json::text(s.spike_order == "none" ? "none" : "by_" + s.spike_order)}});
        put_path(o, "spikes_file", s.spikes);
        put_path(o, "spikes_file_csv", s.spikes_csv);
        return o;
    }

    fs::path folder_;
};

}  // namespace

void write_config(const fs::path& path, const config& c, overwrite mode) {
    write_text(path, json::to_text(config_writer(path).whole(c)), mode);
}

}  // namespace apical::sonata
