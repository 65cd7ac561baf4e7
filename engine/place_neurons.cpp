// SPDX-License-Identifier: BSD-3-Clause
#include "engine/place_neurons.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "engine/draw_contacts.hpp"
#include "engine/kernels/neuron_view.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

std::vector<std::string> names_of(const std::vector<field>& fields) {
    std::vector<std::string> names;
    for (const auto& f : fields) names.emplace_back(f.name);
    return names;
}

/// A quantity for a field, coherent: of its dimension, finite and in its range.
double checked(const field& f, const any_quantity& q, const std::string& where) {
    const auto unit = parse_unit(f.unit);
    if (q.dimension != unit.dimension)
        throw invalid_model(where, fmt::format("expected {}, got {}", f.unit.empty() ? "a pure number" : fmt::format("a quantity in [{}]", f.unit), to_text(q)));
    const double low = f.low*unit.value, high = f.high*unit.value, slack = 1e-12*std::max(std::abs(low), std::abs(high));
    if (!(q.value >= low - slack && q.value <= high + slack))
        throw invalid_model(where, fmt::format("{} is out of range", to_text(q)), fmt::format("expected {} to {} {}", f.low, f.high, f.unit));
    return q.value;
}

std::vector<double> values_of(const std::vector<field>& fields, const std::map<std::string, any_quantity>& given, std::string_view owner,
                              const std::string& where) {
    std::vector<double> values;
    for (const auto& f : fields) values.push_back(f.value*parse_unit(f.unit).value);
    for (const auto& [name, q] : given) {
        const auto f = std::ranges::find(fields, name, &field::name);
        if (f == fields.end()) throw invalid_model(where, fmt::format("'{}' has no parameter '{}'", owner, name), suggestion(name, names_of(fields)));
        values[static_cast<std::size_t>(f - fields.begin())] = checked(*f, q, where + "." + name);
    }
    return values;
}

/// The states at the start, and whether a spike leads out of the spike.
void start(neuron_plan& n, const population& p, const std::string& where) {
    const auto& schema = n.model.schema;
    const auto& kernels = *n.model.kernels;
    n.start.resize(schema.states.size());
    kernels.rest(n.parameters.data(), n.start.data());
    if (p.cell.has_v_init()) {
        if (schema.voltage.front() < 0) throw invalid_model(where, fmt::format("'{}' has no potential to start at", schema.name));
        for (const int v : schema.voltage)
            if (v >= 0) n.start[index(v)] = p.cell.v_init().coherent();
    }
    if (!kernels.excess || !schema.resets) return;
    auto after = n.start;
    const bool waits = kernels.refractory && kernels.refractory(n.parameters.data()) > 0;
    kernels.spiked(after.data(), n.parameters.data());
    if (kernels.released) kernels.released(after.data(), n.parameters.data());
    if (!waits && kernels.excess(after.data(), n.parameters.data()) > 0)
        throw invalid_model(where, "the reset lies above the threshold, so that one spike would follow another without end",
                            "lower the reset, or give it a refractory time");
}

void draw_potentials(neuron_plan& n, const population& p, std::uint64_t seed) {
    const auto where = fmt::format("population '{}' / start", p.name);
    if (n.model.schema.voltage.front() < 0) throw invalid_model(where, fmt::format("'{}' has no potential to start at", n.model.schema.name));
    const value_drawer draw(*p.start, dimensions::voltage, where);
    for (int cell = 0; cell < p.size; ++cell) {
        random_stream draws(seed, identity(p.name), identity("start"), static_cast<std::uint64_t>(cell));
        n.potentials.push_back(draw(draws));
    }
}

/// Neurons of a block that spikes reach: many, unless threads would run out of blocks.
int hearing_block_size(const plan& p) {
    std::int64_t cells = 0;
    for (const auto& n : p.neurons) cells += n.hears ? n.cells : 0;
    return neurons_per_hearing_block(cells);
}

}  // namespace

neuron_plan resolve_neurons(const population& p, int index, const catalogue& mechanisms, findings& found, std::uint64_t seed) {
    neuron_plan n;
    n.population = index, n.cells = p.size;
    n.detectors.assign(static_cast<std::size_t>(p.size), 0);
    const auto& wanted = *p.cell.point();
    const auto where = fmt::format("cell '{}' / {}", p.name, wanted.name);
    try {
        n.model = mechanisms.neuron_at(wanted.name, fmt::format("cell '{}'", p.name));
        n.parameters = values_of(n.model.schema.parameters, wanted.parameters, wanted.name, where);
        if (p.cell.shape().size() != static_cast<int>(n.model.schema.compartments.size()))
            throw invalid_model(where, fmt::format("has {} compartments, not {}", n.model.schema.compartments.size(), p.cell.shape().size()),
                                "cell(neuron{...}, compartments)");
        start(n, p, where);
        if (p.start) draw_potentials(n, p, seed);
    } catch (const error& e) {
        for (const auto& problem : e.problems()) found.add(problem.where, problem.what, problem.hint);
    }
    return n;
}

std::vector<double> rule_values(const rule_schema& schema, const std::string& published, const std::map<std::string, any_quantity>& given, const std::string& where) {
    auto fields = schema.parameters;
    if (!published.empty()) {
        std::vector<std::string> names;
        for (const auto& set : schema.published) names.push_back(set.name);
        const auto set = std::ranges::find(schema.published, published, &rule_schema::values::name);
        if (set == schema.published.end()) throw invalid_model(where + " / published", fmt::format("'{}' has no set of parameters '{}'", schema.name, published), suggestion(published, names));
        for (std::size_t k = 0; k < fields.size(); ++k) fields[k].value = set->parameters[k];
    }
    return values_of(fields, given, schema.name, where);
}

std::vector<double> receptor_values(const mechanism_schema& schema, const std::map<std::string, any_quantity>& given, const std::string& where) {
    return values_of(schema.parameters, given, schema.name, where);
}

int synapse_on(neuron_plan& n, const catalogue::entry& mechanism, int compartment, const std::vector<double>& values, int owner) {
    if (n.model.schema.voltage[index(compartment)] < 0)
        throw invalid_model(fmt::format("'{}'", n.model.schema.name), "has no membrane potential, which a receptor needs", "inject a current");
    if (neuron_synapse{mechanism, compartment, values}.jumps() && !n.model.schema.resets)
        throw invalid_model(fmt::format("'{}' on '{}'", mechanism.schema.name, n.model.schema.name), "jumps of the potential need a neuron that resets after a spike", "such as lif");
    if (n.model.schema.answers_each && !neuron_synapse{mechanism, compartment, values}.jumps())
        throw invalid_model(fmt::format("'{}' on '{}'", mechanism.schema.name, n.model.schema.name), "the neuron knows events only", "psp_delta");
    for (std::size_t s = 0; s < n.synapses.size(); ++s) {
        const auto& known = n.synapses[s];
        if (mechanism.schema.is_linear && known.owner == owner && known.mechanism.schema.name == mechanism.schema.name && known.compartment == compartment && known.values == values)
            return static_cast<int>(s);
    }
    n.synapses.push_back({mechanism, compartment, values, owner});
    return static_cast<int>(n.synapses.size()) - 1;
}

void inject(neuron_plan& n, const injection_plan& pattern, const std::vector<int>& cells) {
    if (n.model.schema.answers_each) throw invalid_model(fmt::format("'{}'", n.model.schema.name), "the neuron knows events only, and no current flows into it", "a receptor psp_delta");
    if (!std::holds_alternative<noise_current>(pattern.source)) {
        n.injections.push_back({pattern, cells});
        std::ranges::sort(n.injections.back().cells);
        return;
    }
    for (const int cell : cells) {
        n.injections.push_back({pattern, {cell}});
        n.injections.back().what.cell = cell;
    }
}

probe_plan probe_of_neurons(const plan& p, const neuron_plan& n, const probe& wanted, const std::string& where) {
    const auto& schema = n.model.schema;
    probe_plan result;
    result.variable = wanted.variable;
    const auto pattern = [&](int state, const field& f) {
        result.what = state < 0 ? probed::voltage : probed::state;
        result.unit = f.unit, result.scale = 1/parse_unit(f.unit).value;
        result.places.push_back({-1, 0, 0, -1, state});
        return result;
    };
    if (wanted.variable == "v" && schema.voltage.front() >= 0) return pattern(-1, schema.states[index(schema.voltage.front())]);
    std::vector<std::string> known;
    if (schema.voltage.front() >= 0) known.emplace_back("v");
    for (std::size_t s = 0; s < schema.states.size(); ++s) {
        known.push_back(fmt::format("{}.{}", schema.name, schema.states[s].name));
        if (known.back() == wanted.variable) return pattern(static_cast<int>(s), schema.states[s]);
    }
    throw invalid_model(where, fmt::format("population '{}' has no variable '{}'", p.populations[index(n.population)].name, wanted.variable),
                        suggestion(wanted.variable, known));
}

void divide_neurons(plan& p) {
    const int hearing = hearing_block_size(p);
    for (std::size_t k = 0; k < p.neurons.size(); ++k) {
        auto& n = p.neurons[k];
        std::ranges::stable_sort(n.events, {}, [](const neuron_event& e) { return std::pair(e.step, e.time); });
        for (std::size_t i = 0; i < p.probes.size(); ++i)
            for (std::size_t c = 0; c < p.probes[i].places.size(); ++c) {
                const auto& at = p.probes[i].places[c];
                if (at.population != n.population) continue;
                const int compartment = p.populations[index(n.population)].tree.nodes[index(at.node)].section;
                n.columns.push_back({i, c, at.cell, at.index < 0 ? n.model.schema.voltage[index(compartment)] : at.index});
            }
        const int size = n.hears ? hearing : neurons_per_block;
        p.cuts[index(n.population)] = {p.blocks.size() + p.neuron_blocks.size(), size};
        for (int cell = 0; cell < n.cells; cell += size) p.neuron_blocks.push_back({static_cast<int>(k), cell, std::min(size, n.cells - cell), {}, {}});
        const auto block_of = [&](int cell) -> neuron_block_plan& { return p.neuron_blocks[p.block_of(n.population, cell) - p.blocks.size()]; };
        for (std::size_t e = 0; e < n.events.size(); ++e) block_of(n.events[e].cell).events.push_back(e);
        for (std::size_t c = 0; c < n.columns.size(); ++c) block_of(n.columns[c].cell).columns.push_back(c);
    }
}

}  // namespace apical
