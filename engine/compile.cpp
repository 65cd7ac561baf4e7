// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "engine/arrange.hpp"
#include "engine/connect.hpp"
#include "engine/import_mechanism.hpp"
#include "engine/imported_schemes.hpp"
#include "engine/paint.hpp"
#include "engine/place.hpp"
#include "engine/place_neurons.hpp"
#include "engine/plan.hpp"
#include "engine/simulation.hpp"

namespace apical {
namespace {

void check_options(const run_options& o, findings& found) {
    if (!(o.dt.coherent() > 0) || !std::isfinite(o.dt.coherent())) found.add("run / dt", "must be positive", "the default is 0.025 ms");
    if (o.threads < 1) found.add("run / threads", fmt::format("{} threads", o.threads), "at least 1");
    if (o.rates == rates::single && coupled(o.scheme))
        found.add("run / rates", fmt::format("'single' is for schemes that split gates and voltage, not for '{}'", name_of(o.scheme)), "'tabulated', or the scheme crank_nicolson");
    if (o.steps_per_epoch < 1) found.add("run / steps_per_epoch", "must be at least 1");
    if (o.steps_per_input < 1) found.add("run / steps_per_input", "must be at least 1");
    if (!(o.max_change.coherent() > 0)) found.add("run / max_change", fmt::format("{} mV", o.max_change.coherent()), "positive; the default is 1 mV");
    if (!(o.max_error.coherent() > 0)) found.add("run / max_error", fmt::format("{} mV", o.max_error.coherent()), "positive; the default is 0.001 mV");
    if ((o.scheme == scheme::automatic || coupled(o.scheme)) && o.lanes > 1)
        found.add("run / lanes", fmt::format("{} lanes", o.lanes), "0 or 1: cells that choose their steps are not computed side by side");
    if (o.lanes != 0 && o.lanes != 1 && o.lanes != native_width)
        found.add("run / lanes", fmt::format("{} lanes", o.lanes), fmt::format("0 (choose), 1 or {} on this machine", native_width));
    if (!(o.temperature.coherent() > 0)) found.add("run / temperature", "below absolute zero");
    if (!(o.tolerance > 0 && o.tolerance <= 0.1)) found.add("run / tolerance", fmt::format("{:g}", o.tolerance), "above 0 and at most 0.1");
    if (!(o.v_limit.coherent() > 0 && o.v_limit.coherent() <= 1000))
        found.add("run / v_limit", fmt::format("{} mV", o.v_limit.coherent()), "above 0 and at most 1000 mV, the range of the rate functions");
}

void check_populations(const circuit& c, findings& found) {
    std::set<std::string> names;
    if (c.populations.empty()) found.add("circuit", "there are no populations", "add at least one");
    for (const auto& p : c.populations) {
        if (p.name.empty()) found.add("circuit", "a population has no name");
        else if (!names.insert(p.name).second) found.add(fmt::format("population '{}'", p.name), "the name is taken", "names are unique");
        if (const double v = p.cell.v_init().coherent(); !std::isfinite(v)) found.add(fmt::format("cell '{}' / start", p.name), fmt::format("{} mV", v), "a finite voltage");
        if (p.start && !p.cell.point()) found.add(fmt::format("population '{}' / start", p.name), "only point neurons start at random", "give the cell one potential: start_at()");
        if (p.size < 1) found.add(fmt::format("population '{}'", p.name), fmt::format("size {}", p.size), "at least 1");
    }
}

/// Not every scheme runs what was read from NMODL and has not the form of the package's mechanisms.
void check_imported(const circuit& c, const std::vector<painted_cell>& painted, const run_options& o, const catalogue& mechanisms, findings& found) {
    const auto check = [&](const catalogue::entry& entry, const std::string& where) {
        if (entry.kernels || !entry.imported) return;
        if (const auto no = refusal_by(o.scheme, entry.imported->source())) found.add(where, fmt::format("{} (scheme '{}')", no->what, name_of(o.scheme)), no->hint);
    };
    for (std::size_t i = 0; i < painted.size(); ++i)
        for (const auto& layer : painted[i].layers) check(layer.mechanism, fmt::format("cell '{}' / mechanism '{}'", c.populations[i].name, layer.mechanism.schema.name));
    for (const auto& r : c.receptors)
        if (const auto* entry = mechanisms.find(r.name)) check(*entry, fmt::format("receptor '{}'", r.label));
    for (const auto& p : c.projections)
        if (const auto* entry = mechanisms.find(p.receptor); entry && !entry->kernels && entry->imported && o.scheme == scheme::automatic)
            found.add(fmt::format("projection '{}' / receptor", p.name), "was read from NMODL, onto which scheme 'auto' delivers no spikes of other cells",
                      "choose crank_nicolson or backward_euler");
        else if (entry) check(*entry, fmt::format("projection '{}' / receptor", p.name));
}

/// Coupled schemes need rates of change of everything.
void check_rates(const painted_cell& painted, const population& p, const run_options& o, findings& found) {
    if (!coupled(o.scheme)) return;
    for (const auto& layer : painted.layers) {
        const auto& schema = layer.mechanism.schema;
        if (!layer.mechanism.kernels || layer.mechanism.kernels->rates) continue;
        found.add(fmt::format("cell '{}' / mechanism '{}'", p.name, schema.name), fmt::format("gives no rates of change, which scheme '{}' needs", name_of(o.scheme)),
                  schema.kind == mechanism_kind::pool ? "give it a function 'rate', or choose another scheme" : "give it a function 'gates', or choose another scheme");
    }
}

/// What the rest of the house knows of a population of point neurons.
cell_plan sketched(const painted_cell& painted, const population& p, int neurons) {
    cell_plan c;
    c.name = p.name, c.cells = p.size, c.neurons = neurons;
    c.shape = painted.shape, c.tree = painted.tree;
    return c;
}

}  // namespace

std::shared_ptr<const plan> compile(const circuit& c, const run_options& options, const catalogue& known) {
    findings found;
    check_options(options, found);
    check_populations(c, found);
    const auto mechanisms = with_imported(c, known, found);
    found.throw_if_any<invalid_model>();

    std::vector<painted_cell> painted;
    for (const auto& p : c.populations) {
        painted.push_back(paint(p, mechanisms, found));
        if (found.empty() && !p.cell.point()) check_rates(painted.back(), p, options, found);
    }
    check_imported(c, painted, options, mechanisms, found);
    found.throw_if_any<invalid_model>();

    placer places(c, painted, options, mechanisms, found);
    connector connections(c, painted, options, mechanisms, found);
    found.throw_if_any<invalid_model>();
    auto result = std::make_shared<plan>();
    result->options = options;
    for (std::size_t i = 0; i < painted.size(); ++i) {
        const auto& population = c.populations[i];
        const int n = static_cast<int>(i);
        if (!population.cell.point()) {
            result->populations.push_back(arrange(painted[i], population, places.electrodes(n), options, mechanisms));
            continue;
        }
        result->populations.push_back(sketched(painted[i], population, static_cast<int>(result->neurons.size())));
        result->neurons.push_back(resolve_neurons(population, n, mechanisms, found, options.seed));
    }
    receptor_table receptors(painted.size());
    const bool is_placed = found.empty();
    places.fill(*result, receptors);
    connections.place_receptors(*result, receptors);
    if (is_placed) places.fill_probes(*result);
    if (options.neurons == neuron_method::adaptive)
        for (const auto& n : result->neurons)
            if (std::ranges::any_of(n.synapses, &neuron_synapse::jumps))
                found.add(fmt::format("population '{}'", c.populations[static_cast<std::size_t>(n.population)].name), "neurons whose potential jumps have fixed steps only", "neurons: fixed_step");
    found.throw_if_any<invalid_model>();
    receptors.fill(*result);
    divide(*result);
    divide_neurons(*result);
    connections.number_cells(*result);
    distribute(*result, c);
    divide_gaps(*result);
    connections.connect(*result);
    return result;
}

}  // namespace apical
