// SPDX-License-Identifier: BSD-3-Clause
#include "engine/prepare_effects.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "morphology/expression.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

using effect = modulation_plan::effect;

std::vector<std::string> names_of(const std::vector<field>& fields) {
    std::vector<std::string> names;
    for (const auto& f : fields) names.emplace_back(f.name);
    return names;
}

bool is_density(std::string_view unit) {
    const auto d = parse_unit(unit).dimension;
    return d == dimensions::conductance_density || d == dimensions::current_density || d == dimensions::permeability;
}

/// What can be said wrong of numbers alone.
void check_numbers(const modulator_effect& e, const std::string& where) {
    if (!std::isfinite(e.scale)) throw invalid_model(where + " / scale", fmt::format("{:g}", e.scale), "must be finite");
    if (e.scale == 0 && !e.shift) throw invalid_model(where, "changes nothing", "give it a scale or a shift");
    if (!(e.half >= 0) || !std::isfinite(e.half)) throw invalid_model(where + " / half", fmt::format("{:g}", e.half), "a concentration, or 0 for an effect in proportion to it");
    if (!(e.hill > 0 && e.hill <= 20)) throw invalid_model(where + " / hill", fmt::format("{:g}", e.hill), "above 0, and at most 20");
    if (!(e.tau_on.coherent() >= 0 && e.tau_off.coherent() >= 0)) throw invalid_model(where + " / tau_on, tau_off", "must not be negative");
    if (!(e.interval.coherent() >= 0)) throw invalid_model(where + " / interval", "must not be negative");
    if (e.population.empty() == e.projection.empty()) throw invalid_model(where, "needs a population or a projection, and not both");
}

class effect_finder {
public:
    effect_finder(const circuit& c, const std::vector<prepared_projection>& projections, const std::vector<painted_cell>& painted, const plan& p, const catalogue& mechanisms)
        : circuit_(c), projections_(projections), painted_(painted), plan_(p), catalogue_(mechanisms), all_(c.populations.size()), limits_(c.populations.size()) {}

    void add(const modulator_effect& wanted, std::size_t field, const std::string& where) {
        check_numbers(wanted, where);
        effect e;
        e.scale = wanted.scale, e.half = wanted.half, e.hill = wanted.hill;
        e.tau_on = wanted.tau_on.coherent(), e.tau_off = wanted.tau_off.coherent();
        e.every = std::max<std::int64_t>(1, std::llround(wanted.interval.coherent()/plan_.dt()));
        int population = -1;
        if (!wanted.projection.empty()) population = strengthen(wanted, e, where);
        else population = change(wanted, e, where);
        check_steps(population, where);
        auto& m = all_[index(population)];
        e.told = static_cast<std::size_t>(std::ranges::find(m.fields, field) - m.fields.begin());
        if (e.told == m.fields.size()) m.fields.push_back(field);
        m.effects.push_back(std::move(e));
    }

    /// However far receptors are occupied, every parameter stays in its range.
    void check_ranges(findings& found) const {
        for (std::size_t n = 0; n < all_.size(); ++n) check_ranges(n, found);
    }
    std::vector<modulation_plan> take() { return std::move(all_); }

private:
    /// Of the parameter of an effect.
    struct limit {
        std::string where, unit;
        double unit_value, low, high;              ///< in the unit
    };

    void check_steps(int population, const std::string& where) const {
        const auto& o = plan_.options;
        if (const int n = plan_.populations[index(population)].neurons; n >= 0 && plan_.neurons[index(n)].model.schema.answers_each)
            throw unsupported(where, fmt::format("'{}' answers each event at its own time, out of the reach of modulators", plan_.neurons[index(n)].model.schema.name), "another model");
        if (circuit_.populations[index(population)].cell.point()) {
            if (o.neurons != neuron_method::fixed_step) throw unsupported(where, "parameters change at fixed steps", "let point neurons have those too");
        } else if (o.scheme != scheme::backward_euler && o.scheme != scheme::crank_nicolson) {
            throw unsupported(where, fmt::format("parameters change at fixed steps, which scheme '{}' does not have", name_of(o.scheme)), "choose cn or be");
        }
    }

    int strengthen(const modulator_effect& wanted, effect& e, const std::string& where) {
        const auto one = std::ranges::find(projections_, wanted.projection, [](const prepared_projection& x) { return x.wanted->name; });
        if (one == projections_.end()) {
            std::vector<std::string> names;
            for (const auto& x : projections_) names.push_back(x.wanted->name);
            throw invalid_model(where + " / projection", fmt::format("no projection '{}'", wanted.projection), suggestion(wanted.projection, names));
        }
        if (wanted.parameter != "weight")
            throw invalid_model(where + " / parameter", fmt::format("of a projection '{}' cannot change while it runs", wanted.parameter), "\"weight\" can");
        if (!wanted.mechanism.empty() || !wanted.at.empty()) throw invalid_model(where, "a projection's weight is not of a mechanism or a place", "leave out 'mechanism' and 'at'");
        if (wanted.shift) throw invalid_model(where + " / shift", "weights are scaled", "give it a scale");
        if (!(wanted.scale >= -1)) throw invalid_model(where + " / scale", fmt::format("{:g} turns the weights round", wanted.scale), "at least -1, which leaves nothing of them");
        if (!one->receptor.kernels)
            throw invalid_model(where + " / projection", fmt::format("weights of '{}', which was read from NMODL, are its own", one->receptor.schema.name), "modulate a projection onto a receptor of the package");
        for (const auto& at : one->of_node)
            if (at.group >= 0) e.groups.push_back(index(at.group));
        std::ranges::sort(e.groups);
        e.groups.erase(std::unique(e.groups.begin(), e.groups.end()), e.groups.end());
        limits_[index(one->target)].push_back({});
        return one->target;
    }

    int change(const modulator_effect& wanted, effect& e, const std::string& where) {
        const auto& populations = circuit_.populations;
        const auto at = std::ranges::find(populations, wanted.population, &population::name);
        if (at == populations.end()) {
            std::vector<std::string> names;
            for (const auto& p : populations) names.push_back(p.name);
            throw invalid_model(where + " / population", fmt::format("no population '{}'", wanted.population), suggestion(wanted.population, names));
        }
        const int n = static_cast<int>(at - populations.begin());
        if (const int neurons = plan_.populations[index(n)].neurons; neurons >= 0) change_neurons(wanted, n, plan_.neurons[index(neurons)], e, where);
        else change_channels(wanted, n, e, where);
        return n;
    }

    /// Which parameter it is, and its shift and limits.
    std::size_t parameter(const modulator_effect& wanted, int population, const std::vector<field>& fields, std::string_view owner, effect& e, const std::string& where) {
        const auto f = std::ranges::find(fields, wanted.parameter, &field::name);
        if (f == fields.end()) throw invalid_model(where + " / parameter", fmt::format("'{}' has no parameter '{}'", owner, wanted.parameter), suggestion(wanted.parameter, names_of(fields)));
        const auto unit = parse_unit(f->unit);
        if (wanted.shift && wanted.shift->dimension != unit.dimension)
            throw invalid_model(where + " / shift", fmt::format("expected {}, got {}", f->unit.empty() ? "a pure number" : fmt::format("a quantity in [{}]", f->unit), to_text(*wanted.shift)));
        if (wanted.shift && !std::isfinite(wanted.shift->value)) throw invalid_model(where + " / shift", "must be finite");
        if (wanted.shift) e.shift = wanted.shift->value;
        limits_[index(population)].push_back({where + " / " + std::string(f->name), std::string(f->unit), unit.value, f->low, f->high});
        return static_cast<std::size_t>(f - fields.begin());
    }

    void change_neurons(const modulator_effect& wanted, int population, const neuron_plan& n, effect& e, const std::string& where) {
        const auto& schema = n.model.schema;
        if (!wanted.mechanism.empty() && wanted.mechanism != schema.name)
            throw invalid_model(where + " / mechanism", fmt::format("population '{}' is of '{}', not of '{}'", wanted.population, schema.name, wanted.mechanism), "leave it out: its parameters are the neuron's");
        if (!wanted.at.empty()) throw invalid_model(where + " / at", fmt::format("'{}' has no places", schema.name), "leave it out");
        e.places = {{0, parameter(wanted, population, schema.parameters, schema.name, e, where)}}, e.areas = {1};
    }

    /// Wherever the channel is, within the region that is asked for.
    void change_channels(const modulator_effect& wanted, int population, effect& e, const std::string& where) {
        const auto& cell = plan_.populations[index(population)];
        const auto& tree = painted_[index(population)].tree;
        const auto entry = channel(wanted, population, where);
        const auto column = parameter(wanted, population, entry.schema.parameters, entry.schema.name, e, where);
        if (wanted.parameter == "e_rev" && std::ranges::any_of(circuit_.meters, [&](const energy_meter& m) { return m.population == wanted.population; }))
            throw unsupported(where, "an energy meter takes reversal potentials for constant", "measure without this effect");
        const bool per_area = is_density(entry.schema.parameters[column].unit);
        const auto within = wanted.at.empty() ? std::optional<region>() : std::optional(parse_region(wanted.at).bound_to(*painted_[index(population)].shape));
        bool is_anywhere = false;
        for (std::size_t r = 0; r < cell.regions.size(); ++r) {
            const auto& rows = cell.regions[r];
            const int m = rows.mechanism(entry.schema.name);
            if (m < 0) continue;
            for (int row = 0; row < rows.compartments; ++row) {
                const auto& node = tree.nodes[index(cell.node_of_row[index(rows.first_row + row)])];
                if (within && !within->contains(at(*painted_[index(population)].shape, {node.section, node.x}))) continue;
                is_anywhere = true;
                e.places.push_back({r, (index(rows.first_parameter[index(m)]) + column)*index(rows.rows) + index(row)});
                e.areas.push_back(per_area ? node.area : 1);
            }
        }
        if (!is_anywhere) throw invalid_model(where + " / at", fmt::format("'{}' is nowhere in '{}' on '{}'", entry.schema.name, wanted.at.empty() ? "all" : wanted.at, wanted.population));
    }

    catalogue::entry channel(const modulator_effect& wanted, int population, const std::string& where) const {
        std::vector<std::string> there;
        for (const auto& layer : painted_[index(population)].layers) {
            const auto& entry = layer.mechanism;
            there.push_back(entry.schema.name);
            if (entry.schema.name != wanted.mechanism) continue;
            if (!entry.kernels)
                throw invalid_model(where + " / mechanism", fmt::format("'{}' was read from NMODL and has not the form of the package's channels: its parameters cannot change while it runs", entry.schema.name), "those of channels can");
            if (entry.kernels->prepare)
                throw invalid_model(where + " / mechanism", fmt::format("parameters of '{}' cannot change while it runs: much is worked out of them beforehand", entry.schema.name), "those of channels can");
            return entry;
        }
        const auto what = wanted.mechanism.empty() ? std::string("needs a channel of its cells") : fmt::format("population '{}' has no channel '{}'", wanted.population, wanted.mechanism);
        const bool is_receptor = std::ranges::any_of(catalogue_.entries(), [&](const auto& m) { return m.schema.name == wanted.mechanism && m.schema.kind == mechanism_kind::receptor; });
        throw invalid_model(where + " / mechanism", what, is_receptor ? "of receptors the weight of a projection can change" : suggestion(wanted.mechanism, there));
    }

    /// The lowest and the highest that every parameter can be, as modulation::apply() makes it.
    void check_ranges(std::size_t population, findings& found) const {
        const auto& effects = all_[population].effects;
        std::map<std::pair<std::size_t, std::size_t>, std::pair<double, double>> range;
        const auto each = [&](auto&& f) {
            for (std::size_t k = 0; k < effects.size(); ++k)
                for (std::size_t i = 0; i < effects[k].places.size(); ++i) {
                    const auto& [region, at] = effects[k].places[i];
                    f(k, range.try_emplace({region, at}, at_rest(population, region, at), at_rest(population, region, at)).first->second, effects[k].areas[i]);
                }
        };
        each([&](std::size_t k, auto& r, double) {
            const double a = r.first*(1 + effects[k].scale), b = r.second*(1 + effects[k].scale);
            r = {std::min({r.first, a, b}), std::max({r.second, a, b})};
        });
        each([&](std::size_t k, auto& r, double area) { r.first += std::min(effects[k].shift*area, 0.0), r.second += std::max(effects[k].shift*area, 0.0); });
        std::set<std::size_t> told;
        each([&](std::size_t k, const auto& r, double area) {
            const auto& l = limits_[population][k];
            const double unit = l.unit_value*area, slack = 1e-12*std::max(std::abs(l.low), std::abs(l.high));
            if (!(unit > 0) || (r.first/unit >= l.low - slack && r.second/unit <= l.high + slack) || !told.insert(k).second) return;
            found.add(l.where, fmt::format("it could go from {:.6g} to {:.6g} {}, which is out of range", r.first/unit, r.second/unit, l.unit), fmt::format("expected {} to {} {}", l.low, l.high, l.unit));
        });
    }
    double at_rest(std::size_t population, std::size_t region, std::size_t at) const {
        const auto& cell = plan_.populations[population];
        return cell.neurons >= 0 ? plan_.neurons[index(cell.neurons)].parameters[at] : cell.regions[region].parameters[at];
    }

    const circuit& circuit_;
    const std::vector<prepared_projection>& projections_;
    const std::vector<painted_cell>& painted_;
    const plan& plan_;
    const catalogue& catalogue_;
    std::vector<modulation_plan> all_;
    std::vector<std::vector<limit>> limits_;       // [populations][effects]
};

bool has_any(const modulator& m, std::string_view projection) {
    return std::ranges::any_of(m.effects, [&](const modulator_effect& e) { return e.projection == projection; });
}

}  // namespace

bool is_modulated(const circuit& c, std::string_view projection) {
    return std::ranges::any_of(c.modulators, [&](const modulator& m) { return has_any(m, projection); });
}
bool has_effects(const circuit& c) {
    return std::ranges::any_of(c.modulators, [](const modulator& m) { return !m.effects.empty(); });
}

std::vector<modulation_plan> prepare_effects(const circuit& c, const std::vector<prepared_projection>& projections, const std::vector<painted_cell>& painted, const plan& p,
                                             const catalogue& mechanisms, findings& found) {
    if (!has_effects(c)) return {};
    effect_finder finder(c, projections, painted, p, mechanisms);
    for (std::size_t f = 0; f < c.modulators.size(); ++f) {
        const auto& m = c.modulators[f];
        for (std::size_t k = 0; k < m.effects.size(); ++k) {
            const auto where = fmt::format("modulator '{}'{} / effect {}", m.name, m.region.empty() ? "" : fmt::format(" in '{}'", m.region), k);
            try {
                finder.add(m.effects[k], f, where);
            } catch (const unsupported&) {
                throw;
            } catch (const error& e) {
                for (const auto& problem : e.problems()) found.add(problem.where.starts_with("modulator") ? problem.where : where, problem.what, problem.hint);
            }
        }
    }
    if (found.empty()) finder.check_ranges(found);
    return finder.take();
}

}  // namespace apical
