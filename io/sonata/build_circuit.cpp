// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/build_circuit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "io/sonata/current_series.hpp"
#include "io/sonata/incoming_edges.hpp"
#include "morphology/expression.hpp"
#include "io/sonata/own_extension.hpp"

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
    void add(const input& i, const soma_current& c) {
        for (const auto& [population, cells] : cells_of(*files_, *nodes_, i.node_set, i.where, found_)) {
            if (nodes_->is_virtual(population)) continue;
            if (!nodes_->cells[static_cast<std::size_t>(population)]) {
                found_.unsupported(i.where, fmt::format("'{}' into point neurons", i.module), "IClamp");
                continue;
            }
            const target to{nodes_->name_of(population), "soma(0.5)", cells};
            if (c.frequency == 0) {
                out_.model.injections.push_back({to, ramp_current{c.delay*ms, c.duration*ms, c.amplitude_start*nA, c.amplitude_end*nA}});
                continue;
            }
            if (1000/c.frequency < out_.run.dt.coherent()) {
                found_.invalid(i.where, fmt::format("pulses of {} Hz are closer than steps", c.frequency));
                return;
            }
            for (double t = 0; t < c.duration; t += 1000/c.frequency)
                out_.model.injections.push_back({to, step_current{(c.delay + t)*ms, std::min(c.width, c.duration - t)*ms, c.amplitude_start*nA}});
        }
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
                for (const auto& c : *edges->onto(origin.population, origin.nodes[static_cast<std::size_t>(target)]))
                    if (c.source_population == group.source_population && c.kind == group.kind)
                        to.push_back({.source = c.source_cell, .weight = c.weight*kind.weight_unit.value, .delay = c.delay, .where = c.where});
            }};
            out_.model.projections.push_back({.name = fmt::format("{} -> {} / {} {}", nodes_->name_of(group.source_population), nodes_->name_of(group.target_population), kind.receptor, group.kind),
                                              .source = nodes_->name_of(group.source_population), .target = nodes_->name_of(group.target_population), .rule = list,
                                              .receptor = kind.receptor, .parameters = kind.parameters, .weight = any_quantity{0, kind.weight_unit.dimension}});
            auto& p = out_.model.projections.back();
            p.short_term = kind.short_term;
            if (!kind.own) continue;
            p.name = kind.own->projection, p.weight = kind.own->weight_unit, p.short_term = kind.own->short_term, p.spontaneous = kind.own->spontaneous;
            if (!kind.own->at.empty()) p.at = kind.own->at;
        }
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
            const auto label = fmt::format("{} / {}", r.name, nodes_->name_of(population));
            plan.probes.push_back(label);
            out_.model.probes.push_back({label, {nodes_->name_of(population), places(population, r), cells}, variable->second, interval*ms, (r.start + (r.is_after_steps ? dt : 0))*ms});
        }
        out_.reports.push_back(std::move(plan));
    }

    /// A location expression: the soma, or the centres of compartments of the wanted sections.
    std::string places(int population, const report_request& r) const {
        const auto& cell = nodes_->cells[static_cast<std::size_t>(population)];
        if (!cell || r.sections == "soma") return "soma(0.5)";
        std::string all;
        const auto& shape = cell->cell.shape();
        for (std::size_t id = 0; id < cell->sections.size(); ++id) {
            const int s = cell->sections[id], count = r.at_centres ? 1 : cell->compartments[id];
            const auto name = shape.name(s);
            const bool is_wanted = r.sections == "all" || r.sections.find(name.substr(0, 4)) != std::string::npos || (name.starts_with("dend") && r.sections.find("basal") != std::string::npos);
            for (int k = 0; is_wanted && k < count; ++k) all += fmt::format("{}{}({})", all.empty() ? "" : ", ", name, (k + 0.5)/count);
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
