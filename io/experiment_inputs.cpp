// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "io/experiment_build.hpp"
#include "morphology/expression.hpp"

namespace apical::experiment_file {
namespace {

/// The population a target names; nullptr, with a complaint, if there is none.
const population* population_of(builder& b, const target_fields& f) {
    const auto& all = b.out.model.populations;
    if (all.empty()) return nullptr;          // nothing to refer to; the reason has been given
    if (f.population.where.empty()) {
        if (all.size() == 1) return &all.front();
        b.found.add(f.where, "needs a 'population'", "there are several");
        return nullptr;
    }
    const auto named = std::ranges::find(all, f.population.value, &population::name);
    if (named != all.end()) return &*named;
    if (is_declared(b, f.population.value)) return nullptr;
    std::vector<std::string> names;
    for (const auto& p : all) names.push_back(p.name);
    b.found.add(f.population.where, fmt::format("no population '{}'", f.population.value), suggestion(f.population.value, names));
    return nullptr;
}

/// Checks a target against its population, so that a wrong place is reported with its line.
target target_of(builder& b, const target_fields& f) {
    target t{.population = f.population.value, .at = f.at.value.text, .cells = f.cells.value};
    const auto* p = population_of(b, f);
    if (!p) return t;
    t.population = p->name;
    b.attempt(f.at.where.empty() ? f.where : f.at.where, [&] { static_cast<void>(parse_locations(t.at).on(p->cell.shape())); });
    for (const int c : t.cells)
        if (c >= p->size) b.found.add(f.cells.where, fmt::format("population '{}' has no cell {}", p->name, c), fmt::format("it has cells 0 to {}", p->size - 1));
    return t;
}

waveform_current waveform_of(builder& b, const waveform_fields& f) {
    waveform_current w;
    if (f.file) {
        if (!f.points.empty()) b.found.add(f.where, "has both 'points' and a 'file'", "keep one of them");
        b.attempt(f.file->where, [&] { w = read_waveform(b.beside(f.file->value)); });
        return w;
    }
    for (const auto& p : f.points) {
        w.times_ms.push_back(p.time.coherent());
        w.values_nA.push_back(p.current.coherent());
    }
    if (f.points.size() < 2) b.found.add(f.where, "needs two 'points' or more, or a 'file'");
    else if (std::adjacent_find(w.times_ms.begin(), w.times_ms.end(), std::greater_equal<>{}) != w.times_ms.end())
        b.found.add(f.where, "its points are not in order of time", "each must be later than the one before");
    return w;
}

void add(builder& b, const waveform_fields& f) {
    b.out.model.injections.push_back({target_of(b, f.on), waveform_of(b, f)});
}

void add(builder& b, const voltage_clamp_fields& f) {
    auto clamp = f.clamp;
    clamp.on = target_of(b, f.on);
    for (const auto& l : f.levels) clamp.levels.emplace_back(l.from, l.voltage);
    if (clamp.levels.empty()) b.found.add(f.where, "has no levels");
    const auto unordered = [](const auto& x, const auto& y) { return x.first >= y.first; };
    if (std::adjacent_find(clamp.levels.begin(), clamp.levels.end(), unordered) != clamp.levels.end())
        b.found.add(f.where, "its levels are not in order of time", "each must begin later than the one before");
    b.out.model.clamps.push_back(std::move(clamp));
}

void add(builder& b, const auto& f) { b.out.model.injections.push_back({target_of(b, f.on), f.source}); }

void add(builder& b, const receptor_fields& f) {
    receptor r{.label = f.label.value, .on = target_of(b, f.on), .name = f.receptor.value, .parameters = {}};
    const auto* entry = receptor_named(b, f.receptor);
    if (!entry) return;
    auto named = f.parameters.named;
    r.name = entry->schema.name, r.imported = supplied_by(b, *entry, named);
    r.parameters = receptor_parameters(b, *entry, named);
    b.out.model.receptors.push_back(std::move(r));
}

std::vector<double> times_from(builder& b, const spike_file_fields& s) {
    const auto all = spikes_from(b.beside(s.file.value), s.population);
    std::vector<double> times;
    for (std::size_t i = 0; i < all.times.size(); ++i)
        if (all.cells[i] == static_cast<std::uint64_t>(s.cell)) times.push_back(all.times[i]);
    return times;
}

/// Is there a receptor of this label?
void check_onto(builder& b, const located<std::string>& onto) {
    if (onto.value.empty() || b.receptor_labels.contains(onto.value)) return;
    const std::vector<std::string> labels(b.receptor_labels.begin(), b.receptor_labels.end());
    b.found.add(onto.where, fmt::format("no receptor is labelled '{}'", onto.value), suggestion(onto.value, labels));
}

/// The weight of events at the receptors of a label, of the kind that they take.
event_weight weight_of(builder& b, const located<std::string>& onto, const located<value_text>& f) {
    const auto named = std::ranges::find(b.out.model.receptors, onto.value, &receptor::label);
    any_quantity weight{0, dimensions::conductance};
    if (named == b.out.model.receptors.end() || f.value.text.empty()) return weight;
    weight.dimension = parse_unit(b.mechanisms.find(named->name)->schema.weight_unit).dimension;
    b.attempt(f.where, [&] { weight.value = parse_as(f.value.text, weight.dimension, ""); });
    if (!(weight.value >= 0) && weight.dimension == dimensions::conductance) b.found.add(f.where, fmt::format("is {}; it must be at least 0", f.value.text));
    return weight;
}

void add(builder& b, const spike_train_fields& f) {
    spike_train t{.receptor = f.onto.value, .times_ms = {}, .weight = weight_of(b, f.onto, f.weight), .delay = f.delay};
    check_onto(b, f.onto);
    for (const auto& time : f.times) t.times_ms.push_back(time.coherent());
    if (f.source && !f.times.empty()) b.found.add(f.where, "has both 'times' and a 'source'", "keep one of them");
    else if (f.source) b.attempt(f.source->where, [&] { t.times_ms = times_from(b, f.source->value); });
    std::sort(t.times_ms.begin(), t.times_ms.end());
    b.out.model.spike_trains.push_back(std::move(t));
}

void add(builder& b, const poisson_train_fields& f) {
    poisson_train t{.receptor = f.onto.value, .rate = f.rate, .weight = weight_of(b, f.onto, f.weight), .start = f.start, .duration = f.length, .stream = f.stream};
    check_onto(b, f.onto);
    b.out.model.poisson_trains.push_back(std::move(t));
}

/// Labels become names of files, and lookups need them to be different.
void check_labels(builder& b) {
    std::set<std::string> seen;
    for (const auto& p : b.out.model.probes) seen.insert(p.label);
    for (const auto& f : b.file.probes) {
        const auto& label = f.label.value;
        if (!seen.insert(label).second) b.found.add(f.label.where, fmt::format("another probe is called '{}'", label));
        const bool is_name = !label.empty() && label.front() != '.' && std::all_of(label.begin(), label.end(), [](unsigned char c) {
            return std::isalnum(c) || c == '_' || c == '-' || c == '.' || c == '+' || c == ' ';
        });
        if (!is_name && !f.label.where.empty())
            b.found.add(f.label.where, fmt::format("'{}' cannot be the name of a file", label), "use letters, digits, '_', '-', '.' and blanks");
    }
}

void add(builder& b, const meter_fields& f) {
    auto meter = f.meter;
    meter.label = f.label.value;
    target_fields whose;
    whose.where = f.where, whose.population = f.population;
    const auto* p = population_of(b, whose);
    if (!p) return;
    meter.population = p->name;
    meter.stop = f.stop.value_or(b.out.until);
    if (meter.stop > b.out.until) b.found.add(f.where, fmt::format("ends at {:g} ms, after the run", meter.stop.coherent()), fmt::format("the run ends at {:g} ms", b.out.until.coherent()));
    const auto same = [&](const energy_meter& m) { return m.label == meter.label; };
    if (std::ranges::any_of(b.out.model.meters, same)) b.found.add(f.where, fmt::format("another meter is called '{}'", meter.label));
    b.out.model.meters.push_back(std::move(meter));
}

}  // namespace

bool is_declared(const builder& b, const std::string& population) {
    const auto named = [&](const population_fields& f) { return f.name.value == population; };
    return b.file.populations.empty() ? b.file.cells.contains(population) : std::ranges::any_of(b.file.populations, named);
}

const catalogue::entry* receptor_named(builder& b, const located<std::string>& name) {
    if (name.value.empty()) return nullptr;
    const auto* entry = b.mechanisms.find(name.value);
    if (entry && entry->schema.kind == mechanism_kind::receptor) return entry;
    std::vector<std::string> known;
    for (const auto& e : b.mechanisms.entries())
        if (e.schema.kind == mechanism_kind::receptor) known.push_back(e.schema.name);
    b.found.add(name.where, fmt::format("no receptor '{}'", name.value), suggestion(name.value, known));
    return nullptr;
}

std::map<std::string, any_quantity> receptor_parameters(builder& b, const catalogue::entry& receptor, const std::map<std::string, located<value_text>>& given) {
    std::map<std::string, any_quantity> values;
    std::vector<std::string> known;
    for (const auto& p : receptor.schema.parameters) known.emplace_back(p.name);
    for (const auto& [name, text] : given) {
        const auto* p = receptor.schema.parameter(name);
        if (!p) b.found.add(text.where, fmt::format("the receptor '{}' has no such parameter", receptor.schema.name), suggestion(name, known));
        else b.attempt(text.where, [&] {
            const auto dimension = parse_unit(p->unit).dimension;
            values[name] = {parse_as(text.value.text, dimension, ""), dimension};
        });
    }
    return values;
}

population_spikes spikes_from(const std::filesystem::path& file, const std::string& population) {
    auto all = read_spikes(file);
    const auto wanted = std::ranges::find_if(all, [&](const auto& p) { return population.empty() ? all.size() == 1 : p.population == population; });
    if (wanted != all.end()) return std::move(*wanted);
    std::vector<std::string> names;
    for (const auto& p : all) names.push_back(p.population);
    throw invalid_input(file.string(), population.empty() ? "has several populations" : "has no population '" + population + "'", suggestion(population, names));
}

void build_meters(builder& b) {
    for (const auto& f : b.file.meters)
        if (!f.where.empty()) add(b, f);
}

void build_inputs(builder& b) {
    // an item that was no object has no place; that has been said already
    for (const auto& s : b.file.stimuli)
        std::visit([&](const auto& f) { if (!f.on.where.empty()) add(b, f); }, s.value);
    for (const auto& f : b.file.receptors) {
        b.receptor_labels.insert(f.label.value);
        if (!f.on.where.empty()) add(b, f);
    }
    for (const auto& f : b.file.spike_trains)
        if (!f.where.empty()) add(b, f);
    for (const auto& f : b.file.poisson_trains)
        if (!f.where.empty()) add(b, f);
    check_labels(b);
    for (const auto& f : b.file.probes)
        if (!f.on.where.empty()) b.out.model.probes.push_back({f.label.value, target_of(b, f.on), f.variable, f.interval, f.start});
    for (const auto& f : b.file.detectors)
        if (!f.on.where.empty()) b.out.model.detectors.push_back({target_of(b, f.on), f.threshold});
}

}  // namespace apical::experiment_file
