// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "io/experiment_build.hpp"

namespace apical::experiment_file {
namespace {

/// The rule of the catalogue; nullptr, with a complaint, if there is none.
const rule_entry* rule_named(builder& b, const located<std::string>& name) {
    const auto& rules = b.mechanisms.rules();
    std::vector<std::string> names;
    for (const auto& r : rules) {
        if (r.schema.name == name.value) return &r;
        names.push_back(r.schema.name);
    }
    if (!name.value.empty()) b.found.add(name.where, fmt::format("no learning rule '{}'", name.value), suggestion(name.value, names));
    return nullptr;
}

void check_set(builder& b, const learning_fields& f, const rule_schema& rule) {
    if (f.published.value.empty()) return;
    std::vector<std::string> names;
    for (const auto& s : rule.published) {
        if (s.name == f.published.value) return;
        names.push_back(s.name);
    }
    b.found.add(f.published.where, fmt::format("'{}' has no set of parameters '{}'", rule.name, f.published.value), names.empty() ? "it has no sets" : suggestion(f.published.value, names));
}

/// Of the projections in the file, and of those that were there before it.
std::vector<std::string> projection_names(const builder& b, bool only_learning) {
    std::vector<std::string> names;
    for (const auto& p : b.file.projections)
        if (!only_learning || p.learning) names.push_back(p.name.value);
    for (const auto& p : b.out.model.projections)
        if (!only_learning || p.learns) names.push_back(p.name);
    return names;
}

void add(builder& b, const modulator_effect_fields& f, modulator& to) {
    modulator_effect e{.population = f.population.value, .projection = f.projection.value, .at = f.at, .mechanism = f.mechanism, .parameter = f.parameter, .scale = f.scale};
    e.half = f.half, e.hill = f.hill, e.tau_on = f.tau_on, e.tau_off = f.tau_off, e.interval = f.interval;
    if (f.shift) b.attempt(f.shift->where, [&] { e.shift = parse_quantity(f.shift->value.text); });
    std::vector<std::string> names;
    for (const auto& p : b.out.model.populations) names.push_back(p.name);
    if (!e.population.empty() && std::ranges::find(names, e.population) == names.end() && !is_declared(b, e.population))
        b.found.add(f.population.where, fmt::format("no population '{}'", e.population), suggestion(e.population, names));
    names = projection_names(b, false);
    if (!e.projection.empty() && std::ranges::find(names, e.projection) == names.end())
        b.found.add(f.projection.where, fmt::format("no projection '{}'", e.projection), suggestion(e.projection, names));
    to.effects.push_back(std::move(e));
}

void add(builder& b, const modulator_fields& f) {
    modulator m{.name = f.name.value, .region = f.region, .tau = f.tau, .baseline = f.baseline};
    const auto same = [&](const modulator& other) { return other.name == m.name && other.region == m.region; };
    if (std::ranges::any_of(b.out.model.modulators, same)) b.found.add(f.name.where, fmt::format("there is a '{}' here already", m.name), "one for each name and region");
    for (const auto& r : f.releases) m.releases.emplace_back(r.at.coherent(), r.amount);
    std::vector<std::string> names;
    for (const auto& p : b.out.model.populations) names.push_back(p.name);
    for (const auto& s : b.out.model.spike_sources) names.push_back(s.name);
    for (const auto& s : f.sources) {
        if (std::ranges::find(names, s.population.value) == names.end() && !is_declared(b, s.population.value))
            b.found.add(s.population.where, fmt::format("no population or spike source '{}'", s.population.value), suggestion(s.population.value, names));
        m.sources.push_back({s.population.value, s.amount, s.delay});
    }
    for (const auto& e : f.effects) add(b, e, m);
    b.out.model.modulators.push_back(std::move(m));
}

void add(builder& b, const weight_probe_fields& f) {
    const auto names = projection_names(b, true);
    if (std::ranges::find(names, f.projection.value) == names.end())
        b.found.add(f.projection.where, fmt::format("no projection '{}' that learns", f.projection.value), names.empty() ? "give one a 'learning'" : suggestion(f.projection.value, names));
    const auto same = [&](const weight_probe& other) { return other.label == f.label.value; };
    const auto as_probe = [&](const probe& other) { return other.label == f.label.value; };
    if (std::ranges::any_of(b.out.model.weight_probes, same) || std::ranges::any_of(b.out.model.probes, as_probe)) b.found.add(f.label.where, fmt::format("the label '{}' is taken", f.label.value), "labels name files");
    b.out.model.weight_probes.push_back({f.label.value, f.projection.value, f.interval, f.start});
}

}  // namespace

std::optional<learning> learning_of(builder& b, const located<learning_fields>& wanted, const mechanism_schema& receptor) {
    const auto& f = wanted.value;
    const auto* rule = rule_named(b, f.rule);
    if (!rule) return {};
    check_set(b, f, rule->schema);
    learning l{.rule = rule->schema.name, .published = f.published.value};
    std::vector<std::string> known;
    for (const auto& p : rule->schema.parameters) known.emplace_back(p.name);
    for (const auto& [name, text] : f.parameters) {
        const auto* p = rule->schema.parameter(name);
        if (!p) b.found.add(text.where, fmt::format("the rule '{}' has no such parameter", l.rule), suggestion(name, known));
        else b.attempt(text.where, [&] {
            const auto unit = parse_unit(p->unit);
            const double value = parse_as(text.value.text, unit.dimension, "");
            if (!(value >= p->low*unit.value && value <= p->high*unit.value)) throw invalid_input("", fmt::format("'{}' is out of range", text.value.text), fmt::format("{:g} to {:g} {}", p->low, p->high, p->unit));
            l.parameters[name] = {value, unit.dimension};
        });
    }
    if (f.unit) b.attempt(f.unit->where, [&] {
        const auto dimension = parse_unit(receptor.weight_unit).dimension;
        l.unit = any_quantity{parse_as(f.unit->value.text, dimension, ""), dimension};
    });
    if (!f.bounds.empty() && (f.bounds.size() != 2 || !(f.bounds[0] <= f.bounds[1]))) b.found.add(wanted.where, "'bounds' are two numbers, the lower first", "[0, 1]");
    else if (!f.bounds.empty()) l.low = f.bounds[0], l.high = f.bounds[1];
    l.interval = f.interval, l.start = f.start, l.stop = f.stop, l.region = f.region, l.total = f.total, l.total_interval = f.total_interval;
    l.prediction_gain = f.prediction_gain, l.prediction_rest = f.prediction_rest, l.apical_at = f.apical_at;
    return l;
}

void build_learning(builder& b) {
    for (const auto& f : b.file.modulators)
        if (!f.where.empty()) add(b, f);
    for (const auto& f : b.file.weights)
        if (!f.where.empty()) add(b, f);
}

}  // namespace apical::experiment_file
