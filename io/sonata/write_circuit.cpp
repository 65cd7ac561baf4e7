// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/write_circuit.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "core/error.hpp"
#include "engine/contacts.hpp"
#include "engine/place_neurons.hpp"
#include "engine/prepare_learning.hpp"
#include "engine/release_catalogue.hpp"
#include "io/sonata/allen_export.hpp"
#include "io/sonata/own_components.hpp"
#include "io/sonata/own_extension.hpp"
#include "io/sonata/write.hpp"
#include "io/spikes.hpp"
#include "morphology/swc.hpp"

namespace apical {
namespace {

namespace fs = std::filesystem;
using cells = std::vector<std::optional<std::string>>;

/// A name that files and groups may have, another for each.
class file_names {
public:
    std::string of(const std::string& name) {
        auto stem = name;
        for (char& c : stem)
            if (!std::isalnum(static_cast<unsigned char>(c)) && c != '_' && c != '-') c = '_';
        auto unique = stem;
        for (int n = 2; !taken_.insert(unique).second; ++n) unique = fmt::format("{}_{}", stem, n);
        return unique;
    }

private:
    std::set<std::string> taken_;
};

bool same_shape(const morphology& shape, const std::string& swc) {
    try {
        return read_swc(swc, "morphology").shape == shape;
    } catch (const error&) {
        return false;
    }
}

/// Whether the simulators of SONATA know the synapse: one that learns, or is modulated, would be another one there.
bool is_known(const circuit& c, const projection& p, bool onto_points) {
    const auto changes = [&](const modulator& m) { return std::ranges::find(m.effects, p.name, &modulator_effect::projection) != m.effects.end(); };
    return !onto_points && !p.short_term && !p.learns && std::ranges::none_of(c.modulators, changes) && p.spontaneous.coherent() == 0 && (p.receptor == "exp2syn" || p.receptor == "expsyn");
}

/// Whether each contact has parameters of release of its own.
bool lists_release(const projection& p) {
    const auto* list = std::get_if<contact_list>(&p.rule);
    return list && list->releases && p.short_term;
}

void check(const cell::painting& painting, const std::string& population, findings& found) {
    const auto where = [&](const char* what, std::string_view name) { return fmt::format("population '{}' / region '{}' / {} '{}'", population, painting.region, what, name); };
    if (const auto* m = std::get_if<mechanism>(&painting.what); m && m->imported)
        found.add(where("mechanism", m->name), "was read from NMODL, which the files cannot carry", "export the cell without it");
    if (const auto* s = std::get_if<ion_setting>(&painting.what); s && !s->name.empty())
        found.add(where("ion", s->name), "only mechanisms read from NMODL know it, which the files cannot carry", "export the cell without it");
}

/// The circuit, if nothing in it was read from NMODL; throws unsupported with each that was.
const circuit& without_imported(const circuit& c) {
    findings found;
    for (const auto& p : c.populations)
        for (const auto& painting : p.cell.paintings()) check(painting, p.name, found);
    for (const auto& r : c.receptors)
        if (r.imported) found.add(fmt::format("receptor '{}'", r.label), fmt::format("'{}' was read from NMODL, which the files cannot carry", r.name), "export the circuit without it");
    found.throw_if_any<unsupported>();
    return c;
}

class circuit_writer {
public:
    circuit_writer(const circuit& c, fs::path folder, const sonata_export& how)
        : model_(without_imported(c)), folder_(std::move(folder)), how_(how), survey_(c, how.run) {
        how_.run.ranks = nullptr;
        check();
        name_groups();
        find_forms();
    }

    std::vector<fs::path> write() {
        for (const auto* sub : {"network", "inputs", "components/morphologies", "components/neurons", "components/synapses"}) create_folder(folder_/sub);
        for (std::size_t i = 0; i < model_.populations.size(); ++i) write_population(i);
        for (std::size_t i = 0; i < model_.spike_sources.size(); ++i) write_source(i);
        for (std::size_t i = 0; i < model_.projections.size(); ++i) write_projection(i);
        write_configuration();
        return std::move(files_);
    }

private:
    /// What cannot be written is told before anything is.
    void check() const {
        findings found;
        const auto name = [&](const std::string& what, const std::string& n) {
            if (n.empty() || n == ".") found.add(fmt::format("{} '{}'", what, n), "cannot be the name of an HDF5 group", "use another name");
        };
        for (const auto& p : model_.populations) name("population", p.name);
        for (const auto& s : model_.spike_sources) name("spike source", s.name);
        for (const auto& p : model_.projections) {
            const auto& target = target_of(p);
            if (target.cell.point() && target.cell.shape().size() > 1 && (p.at.starts_with("in ") || std::holds_alternative<contact_list>(p.rule)))
                found.add(fmt::format("projection '{}' / at", p.name), "contacts in a region, or listed places, of a few-compartment neuron", "give the projection one place");
        }
        found.throw_if_any<unsupported>();
        std::error_code ignored;
        if (how_.mode == overwrite::no && fs::exists(folder_, ignored) && !fs::is_empty(folder_, ignored))
            throw invalid_input(folder_.string(), "is there already and not empty", "choose another folder, or allow overwriting");
    }

    /// Names that HDF5 cannot have, of which '/' is part, have another in the files; the types say what it is here.
    void name_groups() {
        std::set<std::string> taken;
        for (const auto& p : model_.populations) taken.insert(p.name);
        for (const auto& s : model_.spike_sources) taken.insert(s.name);
        const auto give = [&](const std::string& name) {
            if (name.find('/') == name.npos) return;
            auto flat = name;
            std::ranges::replace(flat, '/', '_');
            auto unique = flat;
            for (int n = 2; !taken.insert(unique).second; ++n) unique = fmt::format("{}_{}", flat, n);
            groups_[name] = unique;
        };
        for (const auto& p : model_.populations) give(p.name);
        for (const auto& s : model_.spike_sources) give(s.name);
    }
    const std::string& group_of(const std::string& name) const {
        const auto other = groups_.find(name);
        return other == groups_.end() ? name : other->second;
    }

    const population& target_of(const projection& p) const { return *std::ranges::find(model_.populations, p.target, &population::name); }
    std::size_t index_of(const population& p) const { return static_cast<std::size_t>(&p - model_.populations.data()); }

    fs::path put(const fs::path& inside, const std::function<void(const fs::path&)>& write) {
        const auto path = folder_/inside;
        write(path);
        files_.push_back(path);
        return path;
    }
    void put_text(const fs::path& inside, const std::string& text) {
        put(inside, [&](const fs::path& p) { write_text(p, text, how_.mode); });
    }

    void add_nodes(const std::string& original, const std::string& stem, sonata::node_values nodes, cells type, const char* kind, std::optional<std::string> processing = {}) {
        std::vector<std::string> columns{"population", "model_type", "model_template", "morphology", "dynamics_params"};
        const auto& name = group_of(original);
        nodes.name = name, type.front() = name;
        if (name != original) columns.emplace_back(sonata::own_population), type.emplace_back(original);
        if (processing) columns.emplace_back("model_processing"), type.push_back(std::move(processing));
        sonata::nodes_entry entry;
        entry.nodes = put("network/" + stem + "_nodes.h5", [&](const fs::path& p) { sonata::write_nodes(p, std::span(&nodes, 1), how_.mode); });
        entry.types = put("network/" + stem + "_node_types.csv", [&](const fs::path& p) {
            sonata::write_types(p, "node_type_id", {std::move(columns), {{next_type_, std::move(type)}}}, how_.mode);
        });
        entry.populations[name] = {}, entry.population_types[name] = kind;
        config_.nodes.push_back(std::move(entry));
        ++next_type_;
    }

    void write_population(std::size_t i) {
        const auto& p = model_.populations[i];
        const auto stem = names_.of(p.name);
        sonata::node_values nodes{p.name, std::vector<std::int64_t>(static_cast<std::size_t>(p.size), next_type_), {}};
        if (!p.positions.empty()) {
            std::vector<double> x, y, z;
            for (const auto& at : p.positions) x.push_back(at.x), y.push_back(at.y), z.push_back(at.z);
            nodes.attributes = {{"x", std::move(x)}, {"y", std::move(y)}, {"z", std::move(z)}};
        }
        if (const auto* point = p.cell.point()) {
            put_text("components/neurons/" + stem + ".json", json::to_text(sonata::neuron_component(p)));
            return add_nodes(p.name, stem, std::move(nodes), {p.name, "point_neuron", std::string(sonata::own_prefix) + point->name, std::nullopt, stem + ".json"}, "point_neuron");
        }
        const auto& allen = forms_[i];
        const auto swc = swc_of(allen ? allen->shape : p.cell.shape());
        put_text("components/morphologies/" + stem + ".swc", swc);
        auto own = sonata::cell_component(p.cell, survey_.tree(i), same_shape(p.cell.shape(), swc));
        auto component = allen ? allen->fit : own;
        if (allen) component.members.emplace_back("apical", std::move(own));   // others read the fit, and Apical the cell as it is
        put_text("components/neurons/" + stem + ".json", json::to_text(component));
        add_nodes(p.name, stem, std::move(nodes), {p.name, "biophysical", allen ? sonata::allen_template : std::string(sonata::own_prefix) + "cell", stem + ".swc", stem + ".json"},
                  "biophysical", allen ? std::optional(allen->processing) : std::nullopt);
    }

    static std::string swc_of(const morphology& shape) {
        std::ostringstream swc;
        write_swc(shape, swc);
        return swc.str();
    }

    /// Which populations can be written so that BMTK runs them. It has one potential to start at and one length of compartments for all.
    void find_forms() {
        const population* first = nullptr;
        for (const auto& p : model_.populations) {
            auto form = sonata::allen_form_of(p.cell);
            if (form && first && (p.cell.v_init().coherent() != first->cell.v_init().coherent() || form->segment_length != config_.run.segment_length)) form.reset();
            if (form && !sonata::makes_shape(swc_of(form->shape), form->processing, p.cell.shape())) form.reset();
            if (form && !first) first = &p, config_.run.segment_length = form->segment_length, config_.conditions.v_init = p.cell.v_init().coherent();
            forms_.push_back(std::move(form));
        }
    }

    void write_source(std::size_t i) {
        const auto& s = model_.spike_sources[i];
        const auto stem = names_.of(s.name);
        add_nodes(s.name, stem, {s.name, std::vector<std::int64_t>(static_cast<std::size_t>(s.size), next_type_), {}}, {s.name, "virtual", std::nullopt, std::nullopt, std::nullopt}, "virtual");
        auto trains = survey_.random_spikes(i, how_.until.coherent());
        trains.insert(trains.end(), s.spikes.begin(), s.spikes.end());
        std::ranges::stable_sort(trains, {}, [](const auto& x) { return std::pair(x.second, x.first); });
        population_spikes spikes{group_of(s.name), {}, {}};
        for (const auto& [source, time] : trains) spikes.times.push_back(time), spikes.cells.push_back(static_cast<std::uint64_t>(source));
        sonata::input in{.name = s.name, .type = "spikes", .module = "sonata", .node_set = group_of(s.name), .what = {}};
        in.what = sonata::spike_replay{put("inputs/" + stem + "_spikes.h5", [&](const fs::path& p) { write_spikes(p, std::span(&spikes, 1), how_.mode); }), {}};
        config_.inputs.push_back(std::move(in));
    }

    /// The component of a projection. Where other simulators know the synapse, it begins with what they read.
    json::value synapse(const projection& p, std::size_t order, bool onto_points) const {
        sonata::projection_component own{.projection = p.name, .order = static_cast<int>(order), .receptor = p.receptor, .parameters = p.parameters};
        const auto& schema = catalogue_.at(p.receptor, fmt::format("projection '{}'", p.name)).schema;
        own.weight_unit = {survey_.weight_unit(order), parse_unit(schema.weight_unit).dimension};
        own.short_term = p.short_term, own.spontaneous = p.spontaneous, own.spontaneous_depletes = p.spontaneous_depletes, own.lists_release = lists_release(p), own.learns = p.learns;
        if (own.learns && !own.learns->unit) own.learns->unit = learning_unit(p);   // the files have no mean weight
        if (onto_points && target_of(p).cell.shape().size() > 1) own.at = p.at;
        if (!is_known(model_, p, onto_points)) return sonata::to_component(own);
        const auto values = receptor_values(schema, p.parameters, p.name);
        auto o = json::object({{"level_of_detail", json::text(p.receptor)}});
        const std::map<std::string_view, const char*> names{{"tau_rise", "tau1"}, {"tau_decay", "tau2"}, {"tau", "tau1"}, {"e_rev", "erev"}};
        for (std::size_t k = 0; k < values.size(); ++k)
            if (const auto known = names.find(schema.parameters[k].name); known != names.end()) o.members.emplace_back(known->second, json::number(values[k]));
        o.members.emplace_back("apical", sonata::to_component(own));
        return o;
    }

    void write_projection(std::size_t i) {
        const auto& p = model_.projections[i];
        const auto& target = target_of(p);
        const bool onto_points = target.cell.point() != nullptr, is_list = std::holds_alternative<contact_list>(p.rule);
        const bool has_weights = is_list || p.weight.of != random_value::kind::constant, has_delays = is_list || p.delay.of != random_value::kind::constant || p.velocity;
        const auto stem = names_.of(p.name);
        std::vector<double> number_of(static_cast<std::size_t>(target.cell.shape().size()));
        const auto sections = sonata::section_numbers(target.cell.shape(), forms_[index_of(target)] ? sonata::axon_place::last : sonata::axon_place::second);
        for (std::size_t n = 0; n < sections.size(); ++n) number_of[static_cast<std::size_t>(sections[n])] = static_cast<double>(n);
        sonata::edge_stream edges{.name = stem, .source = group_of(p.source), .target = group_of(p.target), .sources = size_of(p.source), .targets = static_cast<std::uint64_t>(target.size),
                                  .type = static_cast<std::int64_t>(i)};
        if (has_weights) edges.attributes.push_back({"syn_weight"});
        if (has_delays) edges.attributes.push_back({"delay"});
        if (!onto_points) edges.attributes.insert(edges.attributes.end(), {{"afferent_section_id", true}, {"afferent_section_pos"}});
        const std::size_t releases = lists_release(p) ? release_model_at(p.short_term->model, p.name).schema.parameters.size() : 0;
        for (std::size_t k = 0; k < releases; ++k) edges.attributes.push_back({sonata::release_column(k)});
        std::vector<placed_contact> contacts;
        edges.onto = [&](std::uint64_t t, sonata::edge_stream::batch& to) {
            contacts.clear();
            survey_.onto(i, static_cast<int>(t), contacts);
            for (const auto& c : contacts) {
                std::size_t column = 0;
                to.sources.push_back(static_cast<std::uint64_t>(c.source));
                if (has_weights) to.values[column++].push_back(c.weight);
                if (has_delays) to.values[column++].push_back(c.delay);
                if (!onto_points) to.values[column++].push_back(number_of[static_cast<std::size_t>(c.where.section)]), to.values[column++].push_back(c.where.x);
                for (std::size_t k = 0; k < releases; ++k) to.values[column++].push_back(c.release[k]);
            }
        };
        sonata::edges_entry entry;
        entry.edges = put("network/" + stem + "_edges.h5", [&](const fs::path& f) { sonata::write_edges(f, edges, how_.mode); });
        entry.types = put("network/" + stem + "_edge_types.csv", [&](const fs::path& f) { sonata::write_types(f, "edge_type_id", edge_types(p, i, stem, onto_points, has_weights, has_delays), how_.mode); });
        entry.population_types[stem] = "chemical";
        config_.edges.push_back(std::move(entry));
        put_text("components/synapses/" + stem + ".json", json::to_text(synapse(p, i, onto_points)));
    }

    std::uint64_t size_of(const std::string& source) const {
        const auto cells_there = std::ranges::find(model_.populations, source, &population::name);
        if (cells_there != model_.populations.end()) return static_cast<std::uint64_t>(cells_there->size);
        return static_cast<std::uint64_t>(std::ranges::find(model_.spike_sources, source, &spike_source::name)->size);
    }

    /// One type; what all edges share is here. Short-term plasticity has the names of the BlueBrain Project.
    sonata::type_values edge_types(const projection& p, std::size_t i, const std::string& stem, bool onto_points, bool has_weights, bool has_delays) const {
        const auto shared = [](const random_value& v) { return v.of == random_value::kind::constant ? std::optional(fmt::format("{}", v.mean.value)) : std::nullopt; };
        sonata::type_values t{{"population", "model_template", "dynamics_params"}, {{static_cast<std::int64_t>(i), {}}}};
        auto& row = t.rows.front().second;
        row = {stem, is_known(model_, p, onto_points) ? p.receptor : std::string(sonata::own_prefix) + p.receptor, stem + ".json"};
        const auto add = [&](const char* column, std::optional<std::string> value) { t.columns.emplace_back(column), row.push_back(std::move(value)); };
        if (!has_weights) add("syn_weight", shared(p.weight));
        if (!has_delays) add("delay", shared(p.delay));
        if (p.short_term) {
            add("u_syn", shared(p.short_term->use)), add("depression_time", shared(p.short_term->tau_recovery)), add("facilitation_time", shared(p.short_term->tau_facilitation));
            add("n_rrp_vesicles", fmt::format("{}", p.short_term->vesicles));
        }
        return t;
    }

    /// Steps into somata that come before anything that SONATA has no words for become inputs; returns how many, so that the order of
    /// all currents stays.
    std::size_t add_clamps() {
        std::size_t n = 0;
        for (; n < model_.injections.size(); ++n) {
            const auto& i = model_.injections[n];
            const auto* step = std::get_if<step_current>(&i.source);
            const auto whose = std::ranges::find(model_.populations, i.on.population, &population::name);
            if (!step || i.on.at != "soma(0.5)" || whose->cell.point() || !std::ranges::is_sorted(i.on.cells)) break;
            auto set = group_of(i.on.population);
            if (!i.on.cells.empty()) {
                set = fmt::format("clamped {}", n);
                config_.sets.add(set, group_of(i.on.population), std::vector<std::uint64_t>(i.on.cells.begin(), i.on.cells.end()));
            }
            config_.inputs.push_back({.name = fmt::format("clamp {}", n), .type = "current_clamp", .module = "IClamp", .node_set = set,
                                      .what = sonata::current_clamp{{step->amplitude.coherent()}, {step->delay.coherent()}, {step->duration.coherent()}}});
        }
        return n;
    }

    void write_configuration() {
        auto& c = config_;
        c.components.morphologies = folder_/"components/morphologies", c.components.synaptic_models = folder_/"components/synapses";
        c.components.biophysical_neuron_models = c.components.point_neuron_models = folder_/"components/neurons";
        c.output.folder = folder_/"output";
        put("circuit_config.json", [&](const fs::path& p) {
            auto network = c;
            network.inputs.clear();
            sonata::write_config(p, network, how_.mode);
        });
        const auto clamps = static_cast<std::ptrdiff_t>(add_clamps());
        auto rest = model_;
        rest.injections.erase(rest.injections.begin(), rest.injections.begin() + clamps);
        put_text("apical.json", json::to_text(sonata::extension_of(rest, how_.run, how_.until)));
        c.has_run = true, c.apical = folder_/"apical.json";
        c.run.tstop = how_.until.coherent(), c.run.dt = how_.run.dt.coherent(), c.run.seed = how_.run.seed;
        c.run.spike_threshold = (model_.detectors.empty() ? spike_detector{} : model_.detectors.front()).threshold.coherent();
        c.conditions.celsius = in_celsius(how_.run.temperature);
        put("simulation_config.json", [&](const fs::path& p) { sonata::write_config(p, c, how_.mode); });
    }

    const circuit& model_;
    fs::path folder_;
    sonata_export how_;
    contact_survey survey_;
    catalogue catalogue_ = catalogue::built_in();
    file_names names_;
    std::map<std::string, std::string> groups_;    // names in the files of populations and sources, where they differ
    sonata::config config_;
    std::vector<std::optional<sonata::allen_form>> forms_;   // [populations]
    std::int64_t next_type_ = 0;
    std::vector<fs::path> files_;
};

}  // namespace

std::vector<fs::path> write_sonata(const circuit& c, const fs::path& folder, const sonata_export& how) { return circuit_writer(c, fs::absolute(folder).lexically_normal(), how).write(); }

}  // namespace apical
