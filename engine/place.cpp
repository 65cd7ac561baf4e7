// SPDX-License-Identifier: BSD-3-Clause
#include "engine/place.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "engine/import_mechanism.hpp"
#include "engine/place_neurons.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

std::string numbered(std::string_view what, std::size_t i) { return fmt::format("{} {}", what, i); }

/// No simulation comes this far, and whole numbers up to here are exact.
constexpr double most_steps = 1e15;

/// Whole steps of a duration; throws if it is not a whole number of them.
std::int64_t whole_steps(duration d, duration dt, const std::string& where) {
    const double steps = d/dt, rounded = std::round(steps);
    if (steps > most_steps) throw invalid_model(where, fmt::format("{} ms is more steps of {} ms than can be counted", d.coherent(), dt.coherent()));
    if (!(steps >= 0) || std::abs(steps - rounded) > 1e-6)
        throw invalid_model(where, fmt::format("{} ms is not a whole number of steps of {} ms", d.coherent(), dt.coherent()));
    return static_cast<std::int64_t>(rounded);
}

/// A in A ((1 - e^(-s/rise)) - (1 - e^(-s/decay))) that makes the peak of the bracket 1 (Hay et al. 2011).
double epsp_amplitude(const epsp_current& e, const std::string& where) {
    const double rise = e.tau_rise.coherent(), decay = e.tau_decay.coherent();
    if (!(rise > 0) || !(decay > rise)) throw invalid_model(where, "needs 0 < tau_rise < tau_decay");
    const double peak = rise*decay*std::log(rise/decay)/(rise - decay);
    return e.peak.coherent()/((1 - std::exp(-peak/rise)) - (1 - std::exp(-peak/decay)));
}

/// Amplitudes of a source [nA].
std::vector<double> amplitudes_of(const current_source& source) {
    if (const auto* s = std::get_if<step_current>(&source)) return {s->amplitude.coherent()};
    if (const auto* r = std::get_if<ramp_current>(&source)) return {r->from.coherent(), r->to.coherent()};
    if (const auto* n = std::get_if<noise_current>(&source)) return {n->mean.coherent(), n->sd.coherent()};
    if (const auto* e = std::get_if<epsp_current>(&source)) return {e->peak.coherent()};
    return std::get<waveform_current>(source).values_nA;
}
bool are_finite(const std::vector<double>& all) {
    return std::ranges::all_of(all, [](double x) { return std::isfinite(x); });
}

void check_source(const current_source& source, const std::string& where) {
    if (!are_finite(amplitudes_of(source))) throw invalid_model(where, "a value is not finite");
    if (const auto* n = std::get_if<noise_current>(&source); n && !(n->tau.coherent() > 0))
        throw invalid_model(where, "the correlation time tau of noise must be positive");
    if (const auto* w = std::get_if<waveform_current>(&source)) {
        if (w->times_ms.size() != w->values_nA.size() || w->times_ms.empty())
            throw invalid_model(where, fmt::format("{} times and {} values", w->times_ms.size(), w->values_nA.size()), "as many of each, at least one");
        if (!std::ranges::is_sorted(w->times_ms)) throw invalid_model(where, "the times of a waveform must increase");
        if (!are_finite(w->times_ms)) throw invalid_model(where, "a time is not finite");
    }
}

}  // namespace

template <class F> void placer::attempt(F&& f) {
    try {
        f();
    } catch (const error& e) {
        for (const auto& p : e.problems()) found_.add(p.where, p.what, p.hint);
    }
}

placer::placer(const circuit& c, const std::vector<painted_cell>& painted, const run_options& options, const catalogue& mechanisms,
               findings& found)
    : circuit_(c), painted_(painted), options_(options), catalogue_(mechanisms), found_(found), electrodes_(c.populations.size()),
      labels_(c.receptors.size()) {
    const auto resolve_all = [&](const auto& list, std::string_view what, std::vector<resolved>& to) {
        to.resize(list.size());
        for (std::size_t i = 0; i < list.size(); ++i)
            attempt([&] {
                to[i] = resolve(list[i].on, numbered(what, i));
                electrodes_[index(to[i].population)].insert(to[i].nodes.begin(), to[i].nodes.end());
            });
    };
    resolve_all(c.injections, "injection", injections_);
    resolve_all(c.clamps, "voltage clamp", clamps_);
    resolve_all(c.receptors, "receptor", receptors_);
    gaps_.resize(c.gap_junctions.size());
    for (std::size_t i = 0; i < gaps_.size(); ++i)
        attempt([&] {
            for (std::size_t side = 0; side < 2; ++side) {
                const auto& end = side == 0 ? c.gap_junctions[i].a : c.gap_junctions[i].b;
                gaps_[i][side] = resolve({end.population, end.at, {end.cell}}, numbered("gap junction", i));
                const auto& at = gaps_[i][side];
                if (at.nodes.size() != 1) throw invalid_model(numbered("gap junction", i), fmt::format("'{}' is {} places", end.at, at.nodes.size()), "an end is at one place");
                electrodes_[index(at.population)].insert(at.nodes.front());
            }
        });
}

placer::resolved placer::resolve(const target& t, const std::string& where) const {
    const auto found = std::ranges::find(circuit_.populations, t.population, &population::name);
    if (found == circuit_.populations.end()) {
        std::vector<std::string> names;
        for (const auto& p : circuit_.populations) names.push_back(p.name);
        throw invalid_model(where, fmt::format("no population '{}'", t.population), suggestion(t.population, names));
    }
    resolved r;
    r.population = static_cast<int>(found - circuit_.populations.begin());
    r.cells = t.cells;
    if (r.cells.empty()) r.cells.resize(index(found->size)), std::iota(r.cells.begin(), r.cells.end(), 0);
    for (const int cell : r.cells)
        if (cell < 0 || cell >= found->size)
            throw invalid_model(where, fmt::format("no cell {} in population '{}'", cell, t.population), fmt::format("it has {} cells", found->size));
    const auto& painted = painted_[index(r.population)];
    try {
        for (const auto& l : parse_locations(t.at).on(*painted.shape)) r.nodes.push_back(painted.tree.node_of(l));
    } catch (const error& e) {
        throw invalid_model(where + " / at", e.problems().front().text());
    }
    return r;
}

void placer::fill(plan& p, receptor_table& receptors) {
    if (!found_.empty()) return;
    fill_injections(p);
    fill_clamps(p);
    fill_receptors(p, receptors);
    fill_events(p);
    fill_poisson(p);
    fill_detectors(p);
    fill_meters(p);
    fill_gaps(p);
}

void placer::fill_injections(plan& p) {
    for (std::size_t i = 0; i < circuit_.injections.size(); ++i)
        attempt([&] {
            const auto& wanted = circuit_.injections[i];
            const auto& r = injections_[i];
            const auto where = numbered("injection", i);
            check_source(wanted.source, where);
            const auto* e = std::get_if<epsp_current>(&wanted.source);
            const double amplitude = e ? epsp_amplitude(*e, where) : 1;
            const auto& population = p.populations[index(r.population)];
            if (population.is_artificial()) throw invalid_model(where, fmt::format("'{}' are artificial cells, into which no current flows", population.name), "send them events");
            for (const int node : r.nodes) {
                const auto key = static_cast<std::uint64_t>(node);
                if (population.neurons >= 0) {
                    inject(p.neurons[index(population.neurons)],
                           {r.population, -1, population.tree.nodes[index(node)].section, wanted.source, amplitude, key}, r.cells);
                    continue;
                }
                for (const int cell : r.cells)
                    p.injections.push_back({r.population, cell, population.row_of_node[index(node)], wanted.source, amplitude, key});
            }
        });
}

void placer::fill_clamps(plan& p) {
    for (std::size_t i = 0; i < circuit_.clamps.size(); ++i)
        attempt([&] {
            const auto& wanted = circuit_.clamps[i];
            const auto where = numbered("voltage clamp", i);
            if (!(wanted.series.coherent() > 0)) throw invalid_model(where + " / series", "must be positive", "the default is 0.01 Mohm");
            if (wanted.levels.empty()) throw invalid_model(where + " / levels", "there are none", "give (time, voltage) pairs");
            if (!std::ranges::is_sorted(wanted.levels, {}, [](const auto& l) { return l.first; }))
                throw invalid_model(where + " / levels", "their times must increase");
            std::vector<std::pair<double, double>> levels;
            for (const auto& [from, v] : wanted.levels) {
                if (!std::isfinite(v.coherent())) throw invalid_model(where + " / levels", "a value is not finite");
                levels.emplace_back(from.coherent(), v.coherent());
            }
            const auto& r = clamps_[i];
            if (p.populations[index(r.population)].neurons >= 0)
                throw invalid_model(where, "a point neuron cannot be voltage-clamped: its reset has a will of its own", "inject a current");
            if (p.populations[index(r.population)].is_artificial()) throw invalid_model(where, "an artificial cell has no voltage", "send it events");
            for (const int cell : r.cells)
                for (const int node : r.nodes)
                    p.clamps.push_back({r.population, cell, p.populations[index(r.population)].row_of_node[index(node)],
                                        1/wanted.series.coherent(), levels, wanted.stop.coherent()});
        });
}

void placer::fill_receptors(plan& p, receptor_table& table) {
    for (std::size_t i = 0; i < circuit_.receptors.size(); ++i)
        attempt([&] {
            const auto& wanted = circuit_.receptors[i];
            const auto where = fmt::format("receptor '{}'", wanted.label);
            const auto& entry = catalogue_.at(wanted.name, where);
            if (entry.schema.kind != mechanism_kind::receptor)
                throw invalid_model(where, fmt::format("'{}' is not a receptor", entry.schema.name), "paint channels on a region");
            const auto values = receptor_values(entry.schema, wanted.parameters, where);
            const auto& r = receptors_[i];
            const auto& population = p.populations[index(r.population)];
            if (population.is_artificial()) return label_artificial(p, i, entry);
            if (!entry.kernels) return import_points(p, i, entry, values);
            for (const int node : r.nodes) {
                const auto at = population.neurons < 0
                    ? table.at(r.population, entry, population.row_of_node[index(node)], values)
                    : receptor_table::place{synapse_on(p.neurons[index(population.neurons)], entry, population.tree.nodes[index(node)].section, values), 0};
                for (const int cell : r.cells) labels_[i].push_back({r.population, cell, at.group, at.index, node});
            }
        });
}

/// What reaches a label on artificial cells reaches the cells.
void placer::label_artificial(const plan& p, std::size_t receptor, const catalogue::entry& entry) {
    const auto& r = receptors_[receptor];
    const auto& wanted = circuit_.receptors[receptor];
    const auto where = fmt::format("receptor '{}'", wanted.label);
    const auto& own = p.populations[index(r.population)].imported.front().mechanism.schema.name;
    if (entry.schema.name != own) throw invalid_model(where, fmt::format("'{}' are artificial cells, on which '{}' has no place", wanted.on.population, entry.schema.name), fmt::format("'{}' labels the cells themselves", own));
    if (!wanted.parameters.empty()) throw invalid_model(where, "its parameters are those of the cells", "give them to artificial_cell");
    for (const int cell : r.cells) labels_[receptor].push_back({r.population, cell, imported_group, 0, r.nodes.front()});
}

/// Each place has an instance of its own.
void placer::import_points(plan& p, std::size_t receptor, const catalogue::entry& entry, const std::vector<double>& values) {
    const auto& r = receptors_[receptor];
    const auto where = fmt::format("receptor '{}'", circuit_.receptors[receptor].label);
    auto& cell = p.populations[index(r.population)];
    if (entry.imported->source().is == nmodl::program::kind::artificial_cell)
        throw invalid_model(where, fmt::format("'{}' is an artificial cell, which sits on no other", entry.schema.name), "make a population of it, by artificial_cell");
    if (cell.neurons >= 0) throw invalid_model(where, fmt::format("'{}' was read from NMODL and sits on compartments; '{}' are point neurons", entry.schema.name, cell.name), "use a receptor of the package, such as exp2syn");
    std::vector<int> rows;
    for (const int node : r.nodes) rows.push_back(cell.row_of_node[index(node)]);
    const int group = imported_group | static_cast<int>(cell.imported.size());
    import_mechanism(cell, painted_[index(r.population)], options_, entry, rows, std::vector<std::vector<double>>(rows.size(), values), where);
    for (std::size_t k = 0; k < r.nodes.size(); ++k)
        for (const int one : r.cells) labels_[receptor].push_back({r.population, one, group, static_cast<int>(k), r.nodes[k]});
}

/// The place's part of plan::imported_connections.
int placer::connect_imported(plan& p, const instance& at, double weight) const {
    const int mechanism = at.group & ~imported_group;
    const auto& entry = p.populations[index(at.population)].imported[index(mechanism)].mechanism;
    p.imported_connections.push_back({at.population, at.cell, mechanism, at.index, weight/parse_unit(entry.schema.weight_unit).value});
    return static_cast<int>(p.imported_connections.size()) - 1;
}

/// The receptor's catalogue entry says what events weigh.
void placer::check_weight(const std::string& label, const event_weight& weight, const std::string& where) const {
    for (const auto& r : circuit_.receptors) {
        if (r.label != label) continue;
        const auto unit = catalogue_.at(r.name, where).schema.weight_unit;
        if (parse_unit(unit).dimension != weight.quantity().dimension)
            throw invalid_model(where + " / weight", fmt::format("expected a quantity in [{}], got {}", unit, to_text(weight.quantity())), fmt::format("'{}' takes events of that kind", r.name));
    }
}

void placer::fill_events(plan& p) {
    std::vector<std::string> labels;
    for (const auto& r : circuit_.receptors) labels.push_back(r.label);
    for (std::size_t i = 0; i < circuit_.spike_trains.size(); ++i)
        attempt([&] {
            const auto& train = circuit_.spike_trains[i];
            const auto where = numbered("spike train", i);
            if (std::ranges::find(labels, train.receptor) == labels.end())
                throw invalid_model(where, fmt::format("no receptor is labelled '{}'", train.receptor), suggestion(train.receptor, labels));
            check_weight(train.receptor, train.weight, where);
            if (!(train.delay.coherent() >= 0)) throw invalid_model(where + " / delay", "must not be negative");
            if (!std::isfinite(train.weight.coherent())) throw invalid_model(where + " / weight", "not finite");
            for (const double t : train.times_ms)
                if (!std::isfinite(t) || t < 0) throw invalid_model(where, fmt::format("spike time {} ms", t), "times are finite and not negative");
            for (std::size_t r = 0; r < labels.size(); ++r) {
                if (labels[r] != train.receptor) continue;
                for (auto at : labels_[r]) {
                    if (at.group & imported_group) at.index = connect_imported(p, at, train.weight.coherent());
                    for (const double t : train.times_ms) {
                        const double at_time = t + train.delay.coherent();
                        if (!(at_time/options_.dt.coherent() < most_steps)) continue;   // it never arrives
                        const auto step = arrival_step(at_time, options_.dt.coherent(), options_.steps_per_input);
                        if (const int neurons = p.populations[index(at.population)].neurons; neurons >= 0)
                            p.neurons[index(neurons)].events.push_back({step, t + train.delay.coherent(), at.cell, at.group, train.weight.coherent()});
                        else p.events.push_back({step, at.population, at.cell, at.group, at.index, train.weight.coherent(), t + train.delay.coherent()});
                    }
                }
            }
        });
    std::ranges::stable_sort(p.events, {}, &event_plan::step);
}

/// Every receptor of the label has a stream of its own, known by label, place and number.
void placer::fill_poisson(plan& p) {
    std::vector<std::string> labels;
    for (const auto& r : circuit_.receptors) labels.push_back(r.label);
    for (std::size_t i = 0; i < circuit_.poisson_trains.size(); ++i)
        attempt([&] {
            const auto& train = circuit_.poisson_trains[i];
            const auto where = numbered("poisson train", i);
            if (std::ranges::find(labels, train.receptor) == labels.end())
                throw invalid_model(where, fmt::format("no receptor is labelled '{}'", train.receptor), suggestion(train.receptor, labels));
            check_weight(train.receptor, train.weight, where);
            if (!(train.start.coherent() >= 0 && train.duration.coherent() >= 0)) throw invalid_model(where, "start and duration must not be negative");
            const double dt = options_.dt.coherent()*options_.steps_per_input, rate = train.rate.coherent();
            if (!(rate >= 0)) throw invalid_model(where + " / rate", "must not be negative");
            poisson_plan what{poisson_table::of_mean(rate*dt, where + " / rate"), std::llround(train.start.coherent()/dt),
                              std::llround(std::min((train.start + train.duration).coherent()/dt, 9e15)), train.weight.coherent(), 0};
            for (std::size_t r = 0, same = 0; r < labels.size(); ++r)
                if (labels[r] == train.receptor) place_poisson(p, what, fmt::format("{}/{}/{}", train.receptor, same++, train.stream), labels_[r]);
        });
}

void placer::place_poisson(plan& p, poisson_plan what, const std::string& name, const std::vector<instance>& at) {
    std::map<int, std::size_t> of_synapse;                   // of the one population a receptor is on -> its neuron_poisson
    for (auto one : at) {
        if (one.group & imported_group) one.index = connect_imported(p, one, what.weight);
        what.key = identity(fmt::format("poisson/{}/{}", name, one.node));
        const int neurons = p.populations[index(one.population)].neurons;
        if (neurons < 0) {
            p.poisson.push_back({what, one.population, one.cell, one.group, one.index});
            continue;
        }
        auto& list = p.neurons[index(neurons)].poisson;
        const auto [known, is_new] = of_synapse.emplace(one.group, list.size());
        if (is_new) list.push_back({what, one.group, {}});
        list[known->second].cells.push_back(one.cell);
    }
    for (auto& n : p.neurons)
        for (auto& random : n.poisson) std::ranges::sort(random.cells);
}

void placer::fill_detectors(plan& p) {
    for (std::size_t i = 0; i < circuit_.detectors.size(); ++i)
        attempt([&] {
            const auto r = resolve(circuit_.detectors[i].on, numbered("detector", i));
            if (const int neurons = p.populations[index(r.population)].neurons; neurons >= 0) {
                auto& n = p.neurons[index(neurons)];
                if (!n.model.schema.has_spikes)
                    throw invalid_model(numbered("detector", i), fmt::format("'{}' has no spikes", n.model.schema.name), "probe its rate");
                for (const int cell : r.cells) ++n.detectors[index(cell)];
                return;
            }
            for (const int cell : r.cells)
                for (const int node : r.nodes) p.detectors.push_back({r.population, cell, node, circuit_.detectors[i].threshold.coherent()});
        });
}

void placer::fill_probes(plan& p) {
    std::set<std::string> labels;
    for (std::size_t i = 0; i < circuit_.probes.size(); ++i)
        attempt([&] {
            const auto& wanted = circuit_.probes[i];
            const auto where = wanted.label.empty() ? numbered("probe", i) : fmt::format("probe '{}'", wanted.label);
            if (!labels.insert(wanted.label).second) throw invalid_model(where, "the label is taken", "labels of probes are unique");
            p.probes.push_back(resolve_probe(p, wanted, where));
        });
}

probe_plan placer::resolve_probe(const plan& p, const probe& wanted, const std::string& where) const {
    const auto r = resolve(wanted.on, where);
    const int neurons = p.populations[index(r.population)].neurons;
    auto result = neurons >= 0 ? probe_of_neurons(p, p.neurons[index(neurons)], wanted, where) : parse_variable(wanted.variable, catalogue_, where);
    result.label = wanted.label;
    result.first_step = whole_steps(wanted.start, options_.dt, where + " / start");
    result.every = wanted.interval.coherent() == 0 ? 1 : whole_steps(wanted.interval, options_.dt, where + " / interval");
    if (result.every < 1) throw invalid_model(where + " / interval", "shorter than a step");
    const auto name = wanted.variable.substr(0, wanted.variable.find('.'));
    for (const int cell : r.cells)
        for (const int node : r.nodes) {
            probe_plan::place at{r.population, cell, node, -1, result.places.empty() ? 0 : result.places.front().index};
            const auto& population = p.populations[index(r.population)];
            if (neurons >= 0) {
                result.places.push_back(at);
                continue;
            }
            const int row = population.row_of_node[index(node)];
            const auto* region = row < 0 ? nullptr : population.region_of(row);
            const bool of_mechanism = result.what == probed::state || result.what == probed::parameter ||
                                      result.what == probed::mechanism_current || result.what == probed::mechanism_conductance;
            if (result.what == probed::imported) {
                const auto* entry = catalogue_.find(name);
                at.mechanism = population.imported_at(row, name);
                if (const int m = entry->kernels && region ? region->mechanism(entry->schema.name) : -1; m >= 0) at.mechanism = static_cast<int>(population.imported.size()) + m;
                if (at.mechanism < 0) throw invalid_model(where, fmt::format("there is no {} at {}", name, population.name_of_node(node)), "probe where it is");
            } else if (of_mechanism) {
                const auto* entry = catalogue_.find(name);
                if (entry->schema.kind == mechanism_kind::receptor)
                    throw invalid_model(where, fmt::format("'{}' is a receptor whose states are those of all inputs to a compartment, which probes do not read", name),
                                        "probe the voltage, or load the file without compiling it");
                at.mechanism = region ? region->mechanism(entry->schema.name) : -1;
                if (at.mechanism < 0)
                    throw invalid_model(where, fmt::format("there is no {} at {}", name, population.name_of_node(node)), "probe where it is painted");
            } else if (result.what != probed::voltage && !region) {
                throw invalid_model(where, fmt::format("{} has no membrane, so no '{}'", population.name_of_node(node), wanted.variable),
                                    "probe a compartment, between 0 and 1");
            }
            at.index = result.places.empty() ? 0 : result.places.front().index;
            result.places.push_back(at);
        }
    if (!result.places.empty() && result.places.front().population < 0) result.places.erase(result.places.begin());
    return result;
}

void placer::fill_meters(plan& p) {
    std::set<std::string> labels;
    for (std::size_t i = 0; i < circuit_.meters.size(); ++i)
        attempt([&] {
            const auto& wanted = circuit_.meters[i];
            const auto where = wanted.label.empty() ? numbered("energy meter", i) : fmt::format("energy meter '{}'", wanted.label);
            if (!labels.insert(wanted.label).second) throw invalid_model(where, "the label is taken", "labels of meters are unique");
            p.meters.push_back(resolve_meter(p, wanted, where));
        });
}

meter_plan placer::resolve_meter(plan& p, const energy_meter& wanted, const std::string& where) const {
    const auto named = std::ranges::find(circuit_.populations, wanted.population, &population::name);
    if (named == circuit_.populations.end()) {
        std::vector<std::string> names;
        for (const auto& one : circuit_.populations) names.push_back(one.name);
        throw invalid_model(where, fmt::format("no population '{}'", wanted.population), suggestion(wanted.population, names));
    }
    const int n = static_cast<int>(named - circuit_.populations.begin());
    if (p.populations[index(n)].neurons >= 0)
        throw invalid_model(where, fmt::format("'{}' are point neurons: they have no ions to count", wanted.population));
    const std::int64_t longest = p.chooses_steps() ? step_ladder::longest : 1;
    const auto position = [&](duration d, const char* what) {
        const auto steps = whole_steps(d, options_.dt, where + " / " + what);
        if (steps % longest) throw invalid_model(where + " / " + what, fmt::format("{} ms is not a whole number of the longest steps, {} ms", d.coherent(), p.time_of(longest)));
        return steps*p.positions_per_dt();
    };
    const auto start = position(wanted.start, "start"), stop = position(wanted.stop, "stop"), rest = position(wanted.rest, "rest");
    if (stop <= start) throw invalid_model(where + " / stop", "not after 'start'");
    if (rest > start) throw invalid_model(where + " / rest", "longer than there is before 'start'");
    if (!(wanted.interval.coherent() >= 0 && wanted.interval/options_.dt < most_steps)) throw invalid_model(where + " / interval", "must not be negative");
    const auto every = wanted.interval.coherent() == 0 ? 0 : std::max<std::int64_t>(std::llround(wanted.interval/options_.dt), 1)*p.positions_per_dt();
    // half a spike's upstroke or less, and a part of the interval
    std::int64_t dense = std::max<std::int64_t>(std::llround(0.05/options_.dt.coherent()), 1)*p.positions_per_dt();
    while (every % dense) --dense;
    p.windows.push_back({n, start, stop, every, dense});
    p.windows.push_back({n, start - rest, start, every, dense});
    return {wanted.label, n, p.windows.size() - 2, p.windows.size() - 1};
}

/// The returned plan holds one pattern place (population -1), whose index is the state, parameter or ion.
probe_plan parse_variable(const std::string& variable, const catalogue& mechanisms, const std::string& where) {
    probe_plan p;
    p.variable = variable;
    const auto pattern = [&](probed what, std::string_view unit, int which) {
        p.what = what, p.unit = unit, p.scale = 1/parse_unit(unit).value;
        p.places.push_back({-1, 0, 0, -1, which});
        return p;
    };
    if (variable == "v") return pattern(probed::voltage, "mV", 0);
    if (variable == "i_membrane") return pattern(probed::membrane_current, "nA", 0);
    if (variable == "i_clamp") return pattern(probed::clamp_current, "nA", 0);
    const auto dot = variable.find('.');
    const auto head = variable.substr(0, dot), tail = dot == std::string::npos ? std::string() : variable.substr(dot + 1);
    for (int i = 1; i < ion_count; ++i)
        if (head == ion_name(static_cast<ion>(i))) {
            if (tail == "c_in") return pattern(probed::concentration, "mM", i);
            if (tail == "e_rev") return pattern(probed::reversal, "mV", i);
            if (tail == "i") return pattern(probed::ion_current, "nA", i);
            throw invalid_model(where, fmt::format("no variable '{}'", variable), fmt::format("known: {0}.c_in, {0}.e_rev, {0}.i", head));
        }
    if (dot == std::string::npos)
        throw invalid_model(where, fmt::format("no variable '{}'", variable), "known: v, i_membrane, i_clamp, <mechanism>.<state>, <mechanism>.i, <mechanism>.g, <ion>.c_in, <ion>.e_rev, <ion>.i");
    const auto& entry = mechanisms.at(head, where);
    const auto& schema = entry.schema;
    if (!entry.kernels) {
        const auto& program = entry.imported->source();
        if (const int v = program.find(tail); v >= 0 && program.variables[index(v)].kept == nmodl::storage::instance) return pattern(probed::imported, "", program.variables[index(v)].offset);
        std::vector<std::string> kept;
        for (const auto& v : program.variables)
            if (v.kept == nmodl::storage::instance) kept.push_back(v.name);
        throw invalid_model(where, fmt::format("'{}' keeps no '{}'", schema.name, tail), suggestion(tail, kept));
    }
    if (const int s = schema.state(tail); s >= 0) return pattern(probed::state, schema.states[index(s)].unit, s);
    if (const auto* f = schema.parameter(tail)) return pattern(probed::parameter, f->unit, static_cast<int>(f - schema.parameters.data()));
    if (schema.kind == mechanism_kind::channel && tail == "i") return pattern(probed::mechanism_current, "nA", 0);
    if (schema.kind == mechanism_kind::channel && tail == "g") return pattern(probed::mechanism_conductance, "uS", 0);
    std::vector<std::string> names{"i", "g"};
    if (entry.imported && schema.kind == mechanism_kind::channel)
        for (const auto& v : entry.imported->source().variables) {
            if (v.kept != nmodl::storage::instance || v.is_array) continue;
            if (v.name == tail) return pattern(probed::imported, "", v.offset);
            names.push_back(v.name);
        }
    for (const auto& f : schema.states) names.emplace_back(f.name);
    for (const auto& f : schema.parameters) names.emplace_back(f.name);
    throw invalid_model(where, fmt::format("'{}' has no '{}'", schema.name, tail), suggestion(tail, names));
}

}  // namespace apical
