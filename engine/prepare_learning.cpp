// SPDX-License-Identifier: BSD-3-Clause
#include "engine/prepare_learning.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "engine/kernels/rule_view.hpp"
#include "engine/place_neurons.hpp"

namespace apical {
namespace {

using plasticity::reading;
using plasticity::signal;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

bool is_continuous(const reading& r) { return !r.is_trace() && !is_event(r.of); }

/// A rule may leave the time constant of a rate to its host.
void settle_rate(reading& r) {
    constexpr double usual = 50;                   // [ms]
    if (r.of != signal::rate) return;
    const double tau = r.tau[0] > 0 ? r.tau[0] : usual;
    r = r.trace(tau, 1/tau);
}

/// Why a reading cannot be had; empty if it can.
std::string missing(const reading& r, const learning& wanted, const painted_cell& cell, bool is_point) {
    if (r.phase >= 0) return "belongs to phases of a trial, which networks of spiking cells do not have";
    if (r.of == signal::modulator) return {};
    if (is_event(r.of) && !r.is_trace() && r.of != signal::plateau) return "is an event, of which only traces can be read";
    if (r.is_trace() && !(r.tau[0] > 0)) return "has a time constant that is not positive";
    switch (r.of) {
        case signal::slope: case signal::error: return "is something that only layered networks offer";
        case signal::calcium:
            if (std::ranges::none_of(cell.layers, [](const auto& l) { return l.mechanism.schema.kind == mechanism_kind::pool && l.mechanism.schema.carries == ion::ca; }))
                return "needs a pool of calcium on the cell";
            return {};
        case signal::apical: return wanted.apical_at.empty() ? "needs `apical_at`, a place on the cell" : "";
        case signal::plateau: case signal::back_propagation: return is_point ? "needs a cell with dendrites" : "";
        default: return {};
    }
}

double unit_of(const projection& wanted, const mechanism_schema& receptor, const std::string& where) {
    const auto expected = parse_unit(receptor.weight_unit).dimension;
    const auto unit = learning_unit(wanted);
    if (unit.dimension != expected && unit.value != 0) throw invalid_model(where + " / unit", fmt::format("expected a quantity in [{}], got {}", receptor.weight_unit, to_text(unit)));
    if (!std::isfinite(unit.value) || unit.value == 0) throw invalid_model(where + " / unit", "the weight that the rule's 1 stands for is 0", "give a unit, or the projection a mean weight");
    return unit.value;
}

constexpr std::int64_t for_ever = std::int64_t{1} << 60;
std::int64_t steps_of(double ms, double dt) { return ms >= 1e14 ? for_ever : static_cast<std::int64_t>(std::llround(ms/dt)); }

void check(const learning& wanted, const std::string& where) {
    if (!(wanted.low <= wanted.high)) throw invalid_model(where + " / bounds", fmt::format("{:g} to {:g}", wanted.low, wanted.high), "the lower bound is not above the upper one");
    if (!(wanted.interval.coherent() >= 0)) throw invalid_model(where + " / interval", "must not be negative");
    if (!(wanted.start.coherent() >= 0 && wanted.stop.coherent() >= wanted.start.coherent())) throw invalid_model(where + " / stop", "learning ends before it starts");
    if (wanted.total && !(*wanted.total > 0)) throw invalid_model(where + " / total", fmt::format("{:g}", *wanted.total), "must be positive");
    if (wanted.total && !(wanted.total_interval.coherent() > 0)) throw invalid_model(where + " / total_interval", "must be positive");
    if (!std::isfinite(wanted.prediction_gain)) throw invalid_model(where + " / prediction_gain", "must be finite");
}

void check_signals(const rule_plan& r, const projection& wanted, const painted_cell& target, bool is_point, const std::string& where) {
    for (const auto& heard : r.hears) {
        const bool is_heard = heard.of == signal::spike || heard.of == signal::burst || heard.of == signal::onset || heard.of == signal::rate;
        if (!is_heard || !heard.is_trace()) throw invalid_model(where + " / rule", fmt::format("'{}' asks of the axon its {}, and axons bring spikes only", r.rule.schema.name, name_of(heard.of)));
    }
    for (const auto& seen : r.sees) {
        if (const auto why = missing(seen, *wanted.learns, target, is_point); !why.empty())
            throw invalid_model(where + " / rule", fmt::format("'{}' needs the signal {}, which {}", r.rule.schema.name, name_of(seen.of), why), fmt::format("population '{}' cannot learn by it as it is", wanted.target));
    }
    if (is_point && (r.rule.answers(plasticity::occasion::plateau) || r.rule.answers(plasticity::occasion::back_propagation)))
        throw invalid_model(where + " / rule", fmt::format("'{}' waits for plateaus or back-propagating spikes, which need a cell with dendrites", r.rule.schema.name));
}

}  // namespace

any_quantity learning_unit(const projection& wanted) {
    const auto& w = wanted.weight;
    return wanted.learns->unit.value_or(w.of == random_value::kind::uniform ? any_quantity{(w.mean.value + w.spread.value)/2, w.mean.dimension} : w.mean);
}

rule_plan settled_rule(const rule_entry& rule, std::vector<double> parameters, double dt, double interval) {
    rule_plan r;
    r.rule = rule, r.parameters = std::move(parameters);
    r.hears = rule.hears(r.parameters), r.sees = rule.sees(r.parameters), r.told = rule.is_told(r.parameters), r.fades = rule.fades(r.parameters);
    for (auto* list : {&r.hears, &r.sees}) std::ranges::for_each(*list, settle_rate);
    if (rule.schema.is_clocked) r.every = std::max<std::int64_t>(1, steps_of(interval, dt));
    r.late = steps_of(rule.after_arrival(r.parameters), dt);
    r.low = -HUGE_VAL, r.high = HUGE_VAL, r.end_step = for_ever;
    return r;
}

rule_plan prepare_rule(const prepared_projection& one, const circuit& c, const painted_cell& target, const run_options& options, const catalogue& mechanisms) {
    const auto& wanted = *one.wanted;
    const auto& learns = *wanted.learns;
    const auto where = fmt::format("projection '{}' / learning", wanted.name);
    check(learns, where);
    const bool is_point = c.populations[index(one.target)].cell.point() != nullptr;
    if (!is_point && options.scheme != scheme::backward_euler && options.scheme != scheme::crank_nicolson)
        throw unsupported(where, fmt::format("weights change at fixed steps, which scheme '{}' does not have", name_of(options.scheme)), "choose cn or be");
    if (is_point && options.neurons != neuron_method::fixed_step) throw unsupported(where, "weights change at fixed steps", "let point neurons have those too");
    if (wanted.spontaneous.coherent() > 0) throw invalid_model(where, "spontaneous release has a fixed weight", "put it into a projection of its own, which does not learn");
    const auto& rule = mechanisms.rule_at(learns.rule, where + " / rule");
    if (!rule.schema.phases.empty()) throw invalid_model(where + " / rule", fmt::format("'{}' compares phases of a trial, which networks of spiking cells do not have", learns.rule), "it is for layered networks");
    const double dt = options.dt.coherent();
    auto r = settled_rule(rule, rule_values(rule.schema, learns.published, learns.parameters, where), dt, learns.interval.coherent());
    r.projection = wanted.name, r.target = one.target, r.stream = identity(wanted.name), r.weight_unit = one.receptor.schema.weight_unit;
    check_signals(r, wanted, target, is_point, where);
    r.unit = unit_of(wanted, one.receptor.schema, where);
    r.low = learns.low, r.high = learns.high;
    r.first_step = steps_of(learns.start.coherent(), dt), r.end_step = steps_of(learns.stop.coherent(), dt);
    if (learns.total) r.total = *learns.total, r.total_every = std::max<std::int64_t>(1, steps_of(learns.total_interval.coherent(), dt));
    r.prediction_gain = learns.prediction_gain, r.prediction_rest = learns.prediction_rest.coherent();
    if (!learns.apical_at.empty()) {
        const auto at = parse_locations(learns.apical_at).on(*target.shape);
        if (at.size() != 1) throw invalid_model(where + " / apical_at", fmt::format("'{}' is {} places", learns.apical_at, at.size()), "name exactly one");
        r.apical_node = target.tree.compartment_of(at.front());
    }
    for (const auto& told : r.told) {
        const auto field = std::ranges::find_if(c.modulators, [&](const modulator& m) { return m.name == told.name && m.region == learns.region; });
        if (told.of != signal::modulator || field == c.modulators.end())
            throw invalid_model(where + " / rule", fmt::format("'{}' needs {} '{}'{}", learns.rule, name_of(told.of), told.name, learns.region.empty() ? "" : fmt::format(" in region '{}'", learns.region)),
                                "add it to the circuit's modulators");
        r.fields.push_back(static_cast<std::size_t>(field - c.modulators.begin()));
    }
    return r;
}

std::vector<field_plan> prepare_fields(const circuit& c, const std::vector<std::uint32_t>& first_gid, const run_options& options, findings& found) {
    std::vector<field_plan> fields;
    std::set<std::pair<std::string, std::string>> names;
    for (const auto& m : c.modulators) {
        const auto where = fmt::format("modulator '{}'{}", m.name, m.region.empty() ? "" : fmt::format(" in '{}'", m.region));
        if (!names.emplace(m.name, m.region).second) found.add(where, "is there twice", "one for each name and region");
        if (!(m.tau.coherent() > 0)) found.add(where + " / tau", "must be positive");
        if (!std::isfinite(m.baseline)) found.add(where + " / baseline", "must be finite");
        field_plan f{m.name, m.region, m.tau.coherent(), m.baseline, {}, {}};
        for (const auto& [time, amount] : m.releases) {
            if (!(time >= 0) || !std::isfinite(time) || !std::isfinite(amount)) found.add(where + " / releases", fmt::format("{:g} at {:g} ms", amount, time), "times are not negative, and both finite");
            else f.releases.push_back({static_cast<std::int64_t>(std::llround(time/options.dt.coherent())), amount});
        }
        std::ranges::stable_sort(f.releases, {}, &field_plan::release::step);
        for (const auto& s : m.sources) {
            const auto populations = static_cast<std::ptrdiff_t>(c.populations.size());
            auto at = std::ranges::find(c.populations, s.population, &population::name) - c.populations.begin();
            if (at == populations) at += std::ranges::find(c.spike_sources, s.population, &spike_source::name) - c.spike_sources.begin();
            if (at == populations + static_cast<std::ptrdiff_t>(c.spike_sources.size())) {
                found.add(where + " / sources", fmt::format("no population or spike source '{}'", s.population));
                continue;
            }
            if (!(s.delay.coherent() >= options.dt.coherent())) found.add(where + " / sources", fmt::format("a delay of {:g} ms", s.delay.coherent()), "a delay is at least one step");
            f.sources.push_back({first_gid[static_cast<std::size_t>(at)], first_gid[static_cast<std::size_t>(at) + 1], s.amount, s.delay.coherent()});
        }
        fields.push_back(std::move(f));
    }
    return fields;
}

std::vector<weight_probe_plan> prepare_weight_probes(const circuit& c, const run_options& options, findings& found) {
    std::vector<weight_probe_plan> all;
    std::set<std::string> labels;
    const double dt = options.dt.coherent();
    for (const auto& w : c.weight_probes) {
        const auto where = fmt::format("weights '{}'", w.label);
        if (!labels.insert(w.label).second) found.add(where, "the label is taken", "labels are unique");
        std::vector<std::string> learning;
        for (const auto& p : c.projections)
            if (p.learns) learning.push_back(p.name);
        if (std::ranges::find(learning, w.projection) == learning.end()) found.add(where, fmt::format("no projection '{}' that learns", w.projection), learning.empty() ? "none does" : suggestion(w.projection, learning));
        if (!(w.interval.coherent() >= dt*(1 - 1e-9))) found.add(where + " / interval", fmt::format("{:g} ms", w.interval.coherent()), "at least one step");
        if (!(w.start.coherent() >= 0)) found.add(where + " / start", "must not be negative");
        all.push_back({w.label, w.projection, steps_of(w.start.coherent(), dt), std::max<std::int64_t>(1, steps_of(w.interval.coherent(), dt))});
    }
    return all;
}

namespace {

/// The memory of a block: where a state of a compartment is.
class finder {
public:
    finder(const plan& p, const painted_cell& cell, cell_range cells) : p_(p), cell_(cell), cells_(cells), plan_(p.populations[index(cells.population)]) {
        if (plan_.neurons < 0) return;
        const auto size = static_cast<std::size_t>(cells.count), width = static_cast<std::size_t>(kernels::width);
        stride_ = (size + width - 1)/width*width;
    }
    std::size_t potential(int cell, int node) const {
        if (plan_.neurons >= 0) {
            const auto& n = p_.neurons[index(plan_.neurons)];
            return index(n.model.schema.voltage[index(cell_.tree.nodes[index(node)].section)])*stride_ + index(cell);
        }
        int row = plan_.row_of_node[index(node)];
        if (row < 0) row = plan_.eliminated[index(node)].rows[0];
        return p_.maps[index(cells_.population)].v + index(row*plan_.lanes + cell);
    }
    std::size_t calcium(int cell, int node, const std::string& where) const {
        const int row = plan_.row_of_node[index(node)];
        const auto* region = row >= 0 ? plan_.region_of(row) : nullptr;
        const auto lanes = index(plan_.lanes);
        if (region)
            for (std::size_t m = 0; m < region->mechanisms.size(); ++m) {
                const auto& schema = region->mechanisms[m].schema;
                if (schema.kind != mechanism_kind::pool || schema.carries != ion::ca) continue;
                const auto& at = p_.maps[index(cells_.population)].regions[static_cast<std::size_t>(region - plan_.regions.data())];
                return at.states + (index(region->first_state[m]*region->rows) + index(row - region->first_row))*lanes + index(cell);
            }
        throw invalid_model(where, fmt::format("no pool of calcium at {}", plan_.name_of_node(node)), "contacts that learn by calcium lie where there is one");
    }

private:
    const plan& p_;
    const painted_cell& cell_;
    cell_range cells_;
    const cell_plan& plan_;
    std::size_t stride_ = 0;
};

}  // namespace

void locate_signals(const plan& p, const rule_plan& rule, const painted_cell& cell, cell_range cells, learned_table& table) {
    const finder find(p, cell, cells);
    const auto where = fmt::format("projection '{}' / learning", rule.projection);
    const auto fill = [&](auto&& f) {
        std::vector<std::size_t> at;
        for (const auto& place : table.places) at.push_back(f(place.cell, place.node));
        return at;
    };
    const auto potential = [&](int c, int node) { return find.potential(c, node); };
    for (const auto& seen : rule.sees) {
        if (!is_continuous(seen)) continue;
        signal_plan s;
        if (seen.of == signal::calcium) s.at = fill([&](int c, int node) { return find.calcium(c, node, where); });
        else if (seen.of == signal::apical) s.at = fill([&](int c, int) { return find.potential(c, rule.apical_node); });
        else s.at = fill(potential);
        if (seen.of == signal::prediction) s.gain = rule.prediction_gain, s.shift = (1 - rule.prediction_gain)*rule.prediction_rest;
        table.signals.push_back(std::move(s));
    }
    using plasticity::occasion;
    const auto here = [](const reading& r) { return r.of == signal::plateau || r.of == signal::back_propagation; };
    if (std::ranges::any_of(rule.sees, here) || rule.rule.answers(occasion::plateau) || rule.rule.answers(occasion::back_propagation)) table.potential = fill(potential);
}

}  // namespace apical
