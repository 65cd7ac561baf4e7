// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/node_places.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "io/sonata/own_components.hpp"

namespace apical::sonata {
namespace {

/// What makes nodes of one kind.
struct node_kind {
    std::string type, model_template, processing, morphology, dynamics;
    std::map<std::string, double> own = {};        ///< parameters of single nodes
    std::vector<std::size_t> modifications = {};   ///< of the configuration's
    auto operator<=>(const node_kind&) const = default;
};

constexpr std::size_t most_kinds = 1000;   ///< each becomes a population, and pairs of them projections

class node_builder {
public:
    node_builder(const circuit_files& files, std::optional<import_rounding> rounding, findings& found) : files_(files), rounding_(rounding), found_(found) {}

    built_nodes build() {
        std::uint64_t gid = 0;
        for (std::size_t p = 0; p < files_.nodes.size(); ++p) {
            out_.first_gid.push_back(gid), gid += files_.nodes[p].size();
            add(p);
        }
        for (std::size_t i = 0; i < files_.settings.inputs.size(); ++i) add_replays(i);
        // sources count after all populations
        const int populations = static_cast<int>(out_.populations.size());
        for (auto& [which, source] : out_.replays) source += populations;
        for (auto& list : out_.places)
            for (auto& at : list)
                if (at.population < -1) at.population = populations - 2 - at.population;
        out_.origins.insert(out_.origins.end(), of_sources_.begin(), of_sources_.end());
        return std::move(out_);
    }

private:
    void add(std::size_t p) {
        const auto& nodes = files_.nodes[p];
        std::map<node_kind, std::vector<std::uint64_t>> kinds;
        std::vector<node_kind> order;
        const auto modified = modified_nodes(p);
        for (std::uint64_t i = 0; i < nodes.size(); ++i) {
            const auto text = [&](std::string_view attribute) { return nodes.text(i, attribute).value_or(""); };
            node_kind k{text("model_type"), text("model_template"), text("model_processing"), text("morphology"), text("dynamics_params")};
            if (k.type == "point_process") k.type = "point_neuron";
            k.own = own_parameters(nodes, i, k);
            for (std::size_t m = 0; m < modified.size(); ++m)
                if (std::ranges::binary_search(modified[m], i)) k.modifications.push_back(m);
            auto& list = kinds[k];
            if (list.empty()) order.push_back(k);
            list.push_back(i);
        }
        if (kinds.size() > most_kinds) found_.unsupported(nodes.where(0, "dynamics_params"), fmt::format("{} sorts of nodes in one population", kinds.size()), fmt::format("{} at most", most_kinds));
        out_.places.emplace_back(nodes.size());
        for (const auto& k : order) {
            const auto& members = kinds[k];
            const auto where = nodes.where(members.front(), "model_type");
            const auto own = nodes.text(members.front(), own_population);
            const auto name = own ? *own : order.size() == 1 ? nodes.name() : fmt::format("{}/{}", nodes.name(), nodes.type_ids()[members.front()] >= 0 ? fmt::format("{}", nodes.type_ids()[members.front()]) : fmt::format("kind {}", &k - order.data()));
            if (k.type == "virtual") add_source(p, name, members);
            else found_.guard([&] { add_cells(p, k, unique(name), members, where); });
        }
    }

    /// The nodes of this population that each modification is of.
    std::vector<std::vector<std::uint64_t>> modified_nodes(std::size_t p) {
        std::vector<std::vector<std::uint64_t>> all;
        for (const auto& m : files_.settings.conditions.modifications) {
            auto& list = all.emplace_back();
            for (const auto& chosen : files_.settings.sets.select(m.node_set, files_.nodes, m.where, found_))
                if (chosen.population == p) list.assign(chosen.nodes.begin(), chosen.nodes.end());
            std::ranges::sort(list);
        }
        return all;
    }

    /// Parameters that a node has in its group, of which only point neurons of other programs have a meaning here, and those that inputs ask for.
    std::map<std::string, double> own_parameters(const node_population& nodes, std::uint64_t node, const node_kind& k) {
        std::map<std::string, double> own;
        for (const auto& name : nodes.dynamics(node)) {
            const auto attribute = "dynamics_params/" + name;
            const auto x = nodes.number(node, attribute);
            if (k.type == "point_neuron" && !k.model_template.starts_with(own_prefix) && x) own[name] = *x;
            else if (k.type != "virtual" && !(x && is_for_inputs(name)) && told_.insert(nodes.name() + "/" + name).second) found_.unsupported(nodes.where(node, attribute), x ? "parameters of single nodes that are not point neurons" : "a parameter of single nodes that is no number", "give each its own node type");
        }
        return own;
    }

    static bool is_for_inputs(std::string_view name) { return name == "threshold_current" || name == "holding_current" || name == "input_resistance"; }

    /// Nodes that are simulated, or whose connections an input brings along, have sources for their recorded spikes.
    void add_replays(std::size_t i) {
        const auto& from = files_.settings.inputs[i];
        const auto* what = std::get_if<spike_replay>(&from.what);
        if (!what || (what->edges.empty() && from.module != "synapse_replay" && !what->is_alone)) return;
        findings unused;   // told where spikes are read
        for (const auto& chosen : files_.settings.sets.select(from.node_set, files_.nodes, from.where, unused)) {
            const auto& places = out_.places[chosen.population];
            const bool is_simulated = std::ranges::any_of(places, [](const node_place& at) { return at.population >= 0; });
            if (what->edges.empty() && !is_simulated) continue;
            out_.replays[{i, chosen.population}] = static_cast<int>(out_.sources.size());
            out_.sources.push_back({.name = unique(fmt::format("{} of {}", from.name, files_.nodes[chosen.population].name())), .size = static_cast<int>(places.size())});
            of_sources_.push_back({chosen.population, {}});
        }
    }

    void add_source(std::size_t p, const std::string& name, const std::vector<std::uint64_t>& members) {
        for (std::size_t c = 0; c < members.size(); ++c)
            out_.places[p][members[c]] = {-2 - static_cast<int>(out_.sources.size()), static_cast<int>(c)};
        out_.sources.push_back({.name = unique(name), .size = static_cast<int>(members.size())});
        of_sources_.push_back({p, members});
    }

    void add_cells(std::size_t p, const node_kind& k, const std::string& name, const std::vector<std::uint64_t>& members, const std::string& where) {
        const auto& nodes = files_.nodes[p];
        std::optional<biophysical_cell> made;
        if (k.type == "biophysical") made = biophysical(k, files_.settings.folders_of(nodes.name()), where);
        else if (k.type != "point_neuron") throw unsupported(where, fmt::format("nodes of model_type '{}'", k.type), "biophysical, point_neuron and virtual are known");
        const auto population = static_cast<int>(out_.populations.size());
        std::optional<point_model> plain;
        std::optional<point_component> own;
        if (!made && k.model_template.starts_with(own_prefix)) own = read_neuron_component(files_.settings.components.point_neuron_models/k.dynamics, k.model_template.substr(own_prefix.size()));
        if (own) plain = point_model{.model = *own->cell.point()};
        else if (!made) plain = point(k, where);
        if (plain && plain->current != 0) out_.currents.push_back({{name, "soma(0.5)", {}}, step_current{0*units::ms, 1e9*units::ms, plain->current*units::nA}});
        out_.populations.push_back({name, made ? made->cell : own ? own->cell : started(*plain), static_cast<int>(members.size())});
        if (own) out_.populations.back().start = own->start;
        out_.points.push_back(std::move(plain));
        out_.cells.push_back(std::move(made));
        out_.origins.push_back({p, members});
        const bool has_positions = nodes.has("x") && nodes.has("y") && nodes.has("z");
        for (std::size_t c = 0; c < members.size(); ++c) {
            out_.places[p][members[c]] = {population, static_cast<int>(c)};
            if (!has_positions) continue;
            const auto at = [&](const char* axis) { return nodes.number(members[c], axis).value_or(0); };
            out_.populations.back().positions.push_back({at("x"), at("y"), at("z")});
        }
    }

    biophysical_cell biophysical(const node_kind& k, const component_folders& folders, const std::string& where) const {
        if (k.morphology.empty()) throw invalid_input(where, "a biophysical node has no morphology");
        if (k.model_template.starts_with(own_prefix)) return read_cell_component(folders.biophysical_neuron_models/k.dynamics, folders.morphologies/k.morphology);
        if (!k.dynamics.empty() && k.model_template.starts_with("ctdb:"))
            if (auto own = read_embedded_cell(folders.biophysical_neuron_models/k.dynamics, folders.morphologies/k.morphology)) return std::move(*own);
        cell_template t;
        t.model_template = k.model_template, t.model_processing = k.processing, t.morphology = morphology_in(folders, k.morphology), t.where = where;
        if (!k.dynamics.empty()) t.dynamics_params = folders.biophysical_neuron_models/k.dynamics;
        t.templates = folders.biophysical_neuron_models, t.mechanisms = folders.mechanisms;
        t.dl = files_.settings.run.segment_length*units::um, t.v_init = files_.settings.conditions.v_init.value_or(-80)*units::mV, t.rounding = rounding_;
        for (const auto m : k.modifications) t.modifications.push_back(files_.settings.conditions.modifications[m]);
        auto made = make_cell(t);
        for (const auto& w : made.warnings) found_.ignored(w.where, w.what, w.hint);
        return made;
    }

    /// SWC where there is such a file, else Neurolucida.
    static std::filesystem::path morphology_in(const component_folders& folders, const std::string& name) {
        const auto neurolucida = folders.neurolucida/(name + ".asc"), swc = folders.morphologies/(name + ".swc");
        const bool only_there = !folders.neurolucida.empty() && !std::filesystem::is_regular_file(swc) && std::filesystem::is_regular_file(neurolucida);
        return only_there ? neurolucida : folders.morphologies/name;
    }

    point_model point(const node_kind& k, const std::string& where) const {
        const auto dynamics = k.dynamics.empty() ? std::filesystem::path{} : files_.settings.components.point_neuron_models/k.dynamics;
        return read_point_model(k.model_template, dynamics, where, k.own);
    }
    static cell started(const point_model& m) {
        cell made(m.model);
        made.start_at(m.v_init*units::mV);
        return made;
    }

    std::string unique(const std::string& name) {
        const int count = ++names_[name];
        return count == 1 ? name : fmt::format("{}#{}", name, count);
    }

    const circuit_files& files_;
    std::optional<import_rounding> rounding_;
    findings& found_;
    built_nodes out_;
    std::vector<built_nodes::origin> of_sources_;
    std::map<std::string, int> names_;
    std::set<std::string> told_;                   // attributes that have been complained of
};

}  // namespace

built_nodes build_nodes(const circuit_files& files, std::optional<import_rounding> rounding, findings& found) {
    return node_builder(files, rounding, found).build();
}

}  // namespace apical::sonata
