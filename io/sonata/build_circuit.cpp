// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/build_circuit.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "engine/release_catalogue.hpp"
#include "io/sonata/current_series.hpp"
#include "io/sonata/incoming_edges.hpp"
#include "morphology/expression.hpp"
#include "io/sonata/own_extension.hpp"
#include "io/sonata/soma_currents.hpp"

namespace apical::sonata {
namespace {

using namespace units;

/// The nodes of a set by the populations of the circuit they became: cells, ascending.
std::map<int, std::vector<int>> cells_of(const circuit_files& files, const built_nodes& nodes, const std::string& set, const std::string& where, findings& found) {
    std::map<int, std::vector<int>> cells;
    for (const auto& chosen : files.settings.sets.select(set, files.nodes, where, found))
        for (const auto n : chosen.nodes)
            if (const auto at = nodes.places[chosen.population][n]; at.population >= 0) cells[at.population].push_back(at.cell);
    for (auto& [population, list] : cells) std::ranges::sort(list);
    return cells;
}

class circuit_builder {
public:
    circuit_builder(std::shared_ptr<const circuit_files> files, const build_options& options, findings& found)
        : files_(std::move(files)), options_(options), found_(found) {}

    built_circuit build() {
        auto nodes = std::make_shared<built_nodes>(build_nodes(*files_, rounding(), found_));
        out_.files = files_, out_.nodes = nodes_ = nodes;
        set_run();
        out_.model.populations = nodes->populations, out_.model.spike_sources = nodes->sources, out_.model.injections = nodes->currents;
        if (out_.model.populations.empty()) found_.invalid(files_->settings.file, "there are no nodes to simulate");
        for (const auto& p : nodes->populations)
            out_.model.detectors.push_back({{p.name, "soma(0.5)", {}}, files_->settings.run.spike_threshold*mV});
        for (const auto& input : files_->settings.inputs) found_.guard([&] { std::visit([&](const auto& what) { add(input, what); }, input.what); });
        connect();
        for (const auto& r : files_->settings.reports) report(r);
        if (const auto& own = files_->settings.apical; !own.empty() && !found_.has_errors()) found_.guard([&] {
            read_extension(own, out_.model, out_.run);
            out_.run.scheme = options_.scheme.value_or(out_.run.scheme), out_.run.constants = options_.constants.value_or(out_.run.constants);
        });
        return std::move(out_);
    }

private:
    std::optional<import_rounding> rounding() const {
        using enum build_options::geometry;
        switch (options_.rounding) {
            case exact: return {};
            case bmtk: return import_rounding::bmtk;
            case neuron8: return import_rounding::neuron8;
            case neuron9: return import_rounding::neuron9_hoc;
            default: return files_->settings.run.use_old_import.value_or(true) ? import_rounding::bmtk : import_rounding::neuron9_hoc;
        }
    }
    void set_run() {
        const auto& s = files_->settings;
        if (!s.has_run || !(s.run.dt > 0) || !(s.run.tstop > 0)) {
            found_.invalid(s.run.where.empty() ? s.file : s.run.where, "does not say how long and in which steps to run", "run: {tstop, dt}");
            return;
        }
        out_.run.dt = s.run.dt*ms, out_.run.scheme = options_.scheme.value_or(scheme::backward_euler), out_.run.threads = options_.threads;
        out_.run.constants = options_.constants.value_or(physical_constants::modern);
        out_.run.temperature = celsius(s.conditions.celsius.value_or(34)), out_.run.seed = s.run.seed.value_or(0);
        out_.until = std::round(s.run.tstop/s.run.dt)*s.run.dt*ms;
    }

    void add(const input& i, const std::monostate&) { found_.unsupported(i.where, fmt::format("inputs of module '{}'", i.module)); }
    /// f(where, whether they are point neurons) for each population of the set that an electrode can reach.
    template <class Clamp, class F> void for_each_place(const input& i, const Clamp& c, const char* what, const F& f) {
        const auto chosen = cells_of(*files_, *nodes_, i.node_set, i.where, found_);
        // others of a set that takes in virtual nodes as well are meant
        if (!chosen.empty() && nodes_->is_virtual(chosen.begin()->first)) found_.invalid(i.where, fmt::format("{} into virtual nodes of '{}'", what, nodes_->name_of(chosen.begin()->first)));
        for (const auto& [population, cells] : chosen) {
            if (nodes_->is_virtual(population)) continue;
            if (!nodes_->has_potential(population)) {
                found_.unsupported(i.where, fmt::format("{} into '{}', neurons that know events only", what, nodes_->name_of(population)));
                continue;
            }
            const bool is_point = !nodes_->cells[static_cast<std::size_t>(population)];
            const auto name = c.section_name == "soma" || c.section_name == "somatic" || is_point ? std::string("soma") : fmt::format("{}[{}]", c.section_name, c.section_index);
            const auto at = fmt::format("{}({})", name, is_point ? 0.5 : c.section_position);
            if (!is_point && !has_place(population, at)) {
                found_.invalid(i.where, fmt::format("'{}' has no section '{}'", nodes_->name_of(population), name), "such as soma, dend or apic with their section_index");
                continue;
            }
            f(target{nodes_->name_of(population), at, cells}, is_point);
        }
    }
    void add(const input& i, const current_clamp& c) {
        for_each_place(i, c, "current", [&](const target& on, bool is_point) {
            const auto unit = is_point ? 1e-3*nA : 1*nA;      // NEST's currents are in pA
            for (std::size_t k = 0; k < c.amplitude.size(); ++k)
                out_.model.injections.push_back({on, step_current{c.delay[k]*ms, c.duration[k]*ms, c.amplitude[k]*unit}});
        });
    }
    /// A staircase: what is linear between points is flat but for a moment before each step, in which no step of the run has its middle.
    void add(const input& i, const current_table& c) {
        const auto series = read_current_table(c);
        const double moment = 1e-6*out_.run.dt.coherent();
        for_each_place(i, c, "current", [&](const target& on, bool is_point) {
            waveform_current w;
            const double unit = is_point ? 1e-3 : 1, end = is_point && series.values.back() != 0 ? 1e9 : series.end;   // NEST's holds the last one
            const auto point = [&](double time, double value) { w.times_ms.push_back(time), w.values_nA.push_back(value*unit); };
            for (std::size_t k = 0; k < series.times.size(); ++k) {
                if (k > 0 && series.values[k] == series.values[k - 1]) continue;
                if (k > 0) point(series.times[k] - moment, series.values[k - 1]);
                point(series.times[k], series.values[k]);
            }
            if (end > w.times_ms.back()) point(end - moment, series.values.back());
            out_.model.injections.push_back({on, std::move(w)});
        });
    }
    void add(const input& i, const voltage_step& c) {
        for_each_place(i, c, "a voltage clamp", [&](const target& on, bool is_point) {
            if (is_point) return found_.unsupported(i.where, fmt::format("a voltage clamp of the point neurons '{}'", on.population));
            out_.model.clamps.push_back({on, {{c.delay*ms, c.voltage*mV}}, (c.delay + c.duration)*ms, c.resistance*Mohm});
        });
    }
    bool has_place(int population, const std::string& at) const {
        try {
            return !parse_locations(at).on(nodes_->cells[static_cast<std::size_t>(population)]->cell.shape()).empty();
        } catch (const error&) {
            return false;
        }
    }
    /// f(place, node, its population of the files) for the cells into whose somata an input of BBP's sends a current: one by one, or those of a
    /// population of the circuit at once.
    template <class F> void for_each_soma(const input& i, const std::string& relative_to, bool one_by_one, const F& f) {
        for (const auto& [population, cells] : cells_of(*files_, *nodes_, i.node_set, i.where, found_)) {
            if (nodes_->is_virtual(population)) continue;
            if (!nodes_->cells[static_cast<std::size_t>(population)]) {
                found_.unsupported(i.where, fmt::format("'{}' into point neurons", i.module), "IClamp");
                continue;
            }
            const auto& origin = nodes_->origins[static_cast<std::size_t>(population)];
            const auto& nodes = files_->nodes[origin.population];
            if (!one_by_one && relative_to.empty()) {
                f(soma_place{nodes_->name_of(population), cells}, origin.nodes.front(), nodes);
                continue;
            }
            for (const int cell : cells) {
                const auto node = origin.nodes[static_cast<std::size_t>(cell)];
                const auto whole = relative_to.empty() ? std::optional(100.0) : nodes.has(relative_to) ? nodes.number(node, relative_to) : std::nullopt;
                if (!whole) return found_.invalid(i.where, fmt::format("node {} of '{}' has no {}", node, nodes.name(), relative_to), "the nodes file has it as @dynamics");
                f(soma_place{nodes_->name_of(population), {cell}, *whole}, node, nodes);
            }
        }
    }
    void inject(std::vector<injection> some) {
        auto& all = out_.model.injections;
        all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    void add(const input& i, const soma_current& c) {
        if (c.frequency > 0 && 1000/c.frequency < out_.run.dt.coherent()) return found_.invalid(i.where, fmt::format("pulses of {} Hz are closer than steps", c.frequency));
        for_each_soma(i, c.relative_to, false, [&](const soma_place& at, std::uint64_t, const node_population&) { inject(injections_of(c, at)); });
    }
    /// Chance belongs to the input's name, the population and the node.
    void add(const input& i, const random_current& c) {
        for_each_soma(i, c.relative_to, c.of != random_current::kind::ornstein_uhlenbeck, [&](const soma_place& at, std::uint64_t node, const node_population& nodes) {
            const auto name = identity(i.name);
            inject(injections_of(c, at, random_stream(out_.run.seed, name, identity(nodes.name()), node), name >> 16));
        });
    }
    void add(const input& i, const spike_replay&) {
        const auto input = static_cast<std::size_t>(&i - files_->settings.inputs.data());
        for (const auto& train : read_replay(i, *files_, found_)) {
            if (const auto own = nodes_->replays.find({input, train.population}); own != nodes_->replays.end()) {
                auto& spikes = out_.model.spike_sources[static_cast<std::size_t>(own->second) - out_.model.populations.size()].spikes;
                for (std::size_t k = 0; k < train.times.size(); ++k) spikes.emplace_back(static_cast<int>(train.nodes[k]), train.times[k]);
                continue;
            }
            for (std::size_t k = 0; k < train.times.size(); ++k) {
                const auto at = nodes_->places[train.population][train.nodes[k]];
                if (at.population < 0) continue;
                if (!nodes_->is_virtual(at.population)) {
                    found_.unsupported(i.where, fmt::format("spikes of nodes of '{}', which are simulated themselves", files_->nodes[train.population].name()), "replay those of virtual nodes, or by synapse_replay or replay");
                    return;
                }
                out_.model.spike_sources[static_cast<std::size_t>(at.population) - out_.model.populations.size()].spikes.emplace_back(at.cell, train.times[k]);
                }
    }
    }

    /// A projection for each kind of synapse between two populations of the circuit.
    void connect() {
        if ((files_->edges.empty() && files_->replays.empty()) || found_.has_errors()) return;
        const auto edges = std::make_shared<incoming_edges>(files_, nodes_);
        auto groups = edges->groups(found_);
        // of circuits that Apical has written, as they were: sums have one order
        std::ranges::stable_sort(groups, {}, [&](const incoming_edges::group& g) { return edges->kinds()[g.kind].own ? edges->kinds()[g.kind].own->order : std::numeric_limits<int>::max(); });
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const auto group = groups[g];
            const auto kind = edges->kinds()[group.kind];
            const auto nodes = nodes_;
            const contact_list list{[edges, nodes, group, kind](int target, std::vector<contact>& to) {
                const auto& origin = nodes->origins[static_cast<std::size_t>(group.target_population)];
                for (const auto& c : edges->onto(origin.population, origin.nodes[static_cast<std::size_t>(target)])->contacts)
                    if (c.source_population == group.source_population && c.kind == group.kind)
                        to.push_back({.source = c.source_cell, .weight = c.weight*kind.weight_unit.value*most_of(kind), .delay = c.delay, .where = c.where});
            }, kind.has_own_release || (kind.own && kind.own->lists_release) ? releases_of(edges, group) : nullptr};
            out_.model.projections.push_back({.name = fmt::format("{} -> {} / {} {}", nodes_->name_of(group.source_population), nodes_->name_of(group.target_population), kind.receptor, group.kind),
                                              .source = nodes_->name_of(group.source_population), .target = nodes_->name_of(group.target_population), .rule = list,
                                              .receptor = kind.receptor, .parameters = kind.parameters, .weight = any_quantity{0, kind.weight_unit.dimension}});
            auto& p = out_.model.projections.back();
            p.short_term = kind.short_term, p.spontaneous = kind.spontaneous, p.spontaneous_depletes = kind.spontaneous.coherent() > 0;
            if (!kind.weight_steps.empty()) change_weights(p.name, kind);
            if (!kind.own) continue;
            p.name = kind.own->projection, p.weight = kind.own->weight_unit, p.short_term = kind.own->short_term, p.spontaneous = kind.own->spontaneous, p.spontaneous_depletes = kind.own->spontaneous_depletes;
            p.learns = kind.own->learns;
            if (!kind.own->at.empty()) p.at = kind.own->at;
        }
    }

    /// The largest factor that weights are multiplied by; never 0.
    static double most_of(const synapse_kind& k) {
        double most = 0;
        for (const auto& [time, factor] : k.weight_steps) most = std::max(most, factor);
        return most > 0 ? most : 1;
    }
    /// A modulator that is what weights lack of the largest that they become.
    void change_weights(const std::string& projection, const synapse_kind& k) {
        const double most = most_of(k);
        const auto lacks = [&](const auto& step) { return 1 - step.second/most; };
        modulator m{.name = "override of " + projection, .tau = 1e12*ms, .baseline = lacks(k.weight_steps.front())};
        for (std::size_t s = 1; s < k.weight_steps.size(); ++s) m.releases.emplace_back(k.weight_steps[s].first, lacks(k.weight_steps[s]) - lacks(k.weight_steps[s - 1]));
        m.effects.push_back({.projection = projection, .parameter = "weight", .scale = -1});
        out_.model.modulators.push_back(std::move(m));
    }
    /// Constants of release, which the edges have one by one.
    std::function<void(int, std::vector<double>&)> releases_of(std::shared_ptr<incoming_edges> edges, incoming_edges::group group) const {
        const auto& kind = edges->kinds()[group.kind];
        const auto wanted = release_model_at(kind.short_term ? kind.short_term->model : kind.own->short_term->model, "release").schema.parameters.size();
        const std::size_t listed = kind.own ? wanted : bbp_synapse::value::u_start;
        return [edges = std::move(edges), nodes = nodes_, group, wanted, listed](int target, std::vector<double>& to) {
            const auto& origin = nodes->origins[static_cast<std::size_t>(group.target_population)];
            const auto all = edges->onto(origin.population, origin.nodes[static_cast<std::size_t>(target)]);
            for (const auto& c : all->contacts) {
                if (c.source_population != group.source_population || c.kind != group.kind) continue;
                const auto own = std::span(all->releases).subspan(c.release, listed);
                to.insert(to.end(), own.begin(), own.end());
                to.insert(to.end(), wanted - listed, std::nan(""));      // the rest is as the kind says
            }
        };
    }

    void report(const report_request& r) {
        const std::map<std::string, std::string> variables{{"v", "v"}, {"V_m", "v"}, {"cai", "ca.c_in"}};
        const auto variable = variables.find(r.variable);
        if (variable == variables.end()) {
            found_.unsupported(r.where, fmt::format("reports of '{}'", r.variable), "v and cai are known");
            return;
        }
        const double dt = out_.run.dt.coherent();
        const double interval = std::max(1.0, std::floor(r.dt.value_or(dt)/dt + 1e-6))*dt;
        report_plan plan{r.name, r.file.empty() ? files_->settings.output.folder/(r.name + ".h5") : r.file, {}, 0};
        if (r.stop) plan.most_rows = static_cast<std::size_t>(std::max(1.0, std::ceil((*r.stop - r.start)/interval - 1e-6)));
        for (const auto& [population, cells] : cells_of(*files_, *nodes_, r.node_set, r.where, found_)) {
            if (nodes_->is_virtual(population) || !nodes_->has_potential(population)) continue;
            const auto label = unique_label(fmt::format("{} of {}", r.name, nodes_->name_of(population)));
            plan.probes.push_back(label);
            out_.model.probes.push_back({label, {nodes_->name_of(population), places(population, r), cells}, variable->second, interval*ms, (r.start + (r.is_after_steps ? dt : 0))*ms});
        }
        out_.reports.push_back(std::move(plan));
    }

    /// One that a file may have, so that the circuit can be written again.
    std::string unique_label(std::string text) const {
        for (char& c : text)
            if (!std::isalnum(static_cast<unsigned char>(c)) && std::string_view("_-. ").find(c) == std::string_view::npos) c = '_';
        const auto is_taken = [&](const std::string& label) { return std::ranges::find(out_.model.probes, label, &probe::label) != out_.model.probes.end(); };
        auto label = text;
        for (int n = 2; is_taken(label); ++n) label = fmt::format("{} {}", text, n);
        return label;
    }

    /// A location expression: the soma, or the centres of compartments of the wanted sections.
    std::string places(int population, const report_request& r) const {
        const auto& cell = nodes_->cells[static_cast<std::size_t>(population)];
        if (!cell || r.sections == "soma") return "soma(0.5)";
        std::string all;
        const auto& shape = cell->cell.shape();
        for (std::size_t id = 0; id < cell->sections.size(); ++id) {
            const int n = cell->compartments[id];
            if (n == 0) continue;
            const auto name = shape.name(cell->sections[id]);
            const bool is_wanted = r.sections == "all" || r.sections.find(name.substr(0, 4)) != std::string::npos || (name.starts_with("dend") && r.sections.find("basal") != std::string::npos);
            for (int k = 0; is_wanted && k < (r.at_centres ? 1 : n); ++k) {
                const auto at = r.at_centres ? cell->at(static_cast<long>(id), 0.5) : cell->compartment(id, k);
                all += fmt::format("{}{}({})", all.empty() ? "" : ", ", shape.name(at.section), r.at_centres ? 0.5 : at.x);
            }
        }
        return all;
    }

    std::shared_ptr<const circuit_files> files_;
    build_options options_;
    findings& found_;
    std::shared_ptr<const built_nodes> nodes_;
    built_circuit out_;
};

}  // namespace

std::vector<std::string> geometry_names() { return {"as_configured", "exact", "bmtk", "neuron8", "neuron9"}; }

build_options::geometry parse_geometry(const std::string& name) {
    const auto names = geometry_names();
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) throw invalid_input("geometry", fmt::format("no rounding '{}'", name), suggestion(name, names));
    return static_cast<build_options::geometry>(found - names.begin());
}

built_circuit build_circuit(std::shared_ptr<const circuit_files> files, const build_options& options, findings& found) {
    return circuit_builder(std::move(files), options, found).build();
}

std::vector<finding> examine(const std::filesystem::path& config) {
    findings found;
    const auto files = std::make_shared<const circuit_files>(read_circuit(config, found));
    check(*files, found);
    const bool is_sound = std::ranges::none_of(found.all(), [](const finding& f) { return f.kind == finding_kind::invalid; });
    if (is_sound && files->settings.has_run) build_circuit(files, {}, found);
    return found.all();
}

}  // namespace apical::sonata
