// SPDX-License-Identifier: BSD-3-Clause
#include "engine/paint.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "circuit/artificial_cell.hpp"
#include "core/quantity_text.hpp"

namespace apical {
namespace {

/// A spatial_value ready to be evaluated at places of one morphology.
class bound_value {
public:
    bound_value(const spatial_value& v, dimension expected, const morphology& shape, const std::string& where) : where_(where) {
        if (const auto* q = std::get_if<any_quantity>(&v.value())) {
            if (q->dimension != expected)
                throw invalid_model(where, fmt::format("expected a quantity in [{}], got {}", customary_unit(expected), to_text(*q)));
            constant_ = q->value;
        } else if (const auto* text = std::get_if<std::string>(&v.value())) {
            expression_ = parse_value(*text, expected).bound_to(shape);
        } else {
            function_ = std::get<spatial_value::function>(v.value());
        }
    }
    double at(const place& p) const {
        const double x = expression_ ? expression_->at(p) : function_ ? function_(p) : constant_;
        if (!std::isfinite(x)) throw invalid_model(where_, fmt::format("the value is {} at {}({:.4g})", x, p.shape->name(p.section), p.x));
        return x;
    }

private:
    std::string where_;
    double constant_ = 0;
    std::optional<value_expression> expression_;
    spatial_value::function function_;
};

/// Mechanisms stand in the order of their names, in which the case of letters does not matter.
std::string lower_case(std::string name) {
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name;
}

class painter {
public:
    painter(const population& p, const catalogue& mechanisms, findings& found)
        : population_(p), catalogue_(mechanisms), found_(found) {
        painted_.shape = std::make_shared<const morphology>(p.cell.shape());
    }

    painted_cell paint() {
        if (painted_.shape->empty()) {
            found_.add(whole(), "the morphology has no sections");
            return std::move(painted_);
        }
        attempt([&] { cut(); });
        if (!found_.empty()) return std::move(painted_);
        if (const auto* n = population_.cell.point(); n && !population_.cell.paintings().empty())
            found_.add(whole(), fmt::format("'{}' is a point neuron, on which nothing can be painted", n->name), "set its parameters instead");
        if (const auto* m = artificial(population_.cell); m && (population_.cell.paintings().size() > 1 || painted_.shape->size() > 1))
            found_.add(whole(), fmt::format("'{}' is an artificial cell, which has no membrane for anything else", m->name), "make it by artificial_cell, and paint nothing on it");
        for (std::size_t i = 0; i < population_.cell.paintings().size(); ++i) attempt([&] { apply(i); });
        std::ranges::stable_sort(painted_.layers, {}, [](const painted_cell::layer& l) {
            return std::pair(l.mechanism.schema.kind == mechanism_kind::channel, lower_case(l.mechanism.schema.name));
        });
        check_pools();
        return std::move(painted_);
    }

private:
    std::string whole() const { return fmt::format("cell '{}'", population_.name); }
    std::string where(std::size_t painting) const {
        return fmt::format("{} / painting {} on '{}'", whole(), painting, population_.cell.paintings()[painting].region);
    }
    template <class F> void attempt(F&& f) {
        try {
            f();
        } catch (const error& e) {
            for (const auto& p : e.problems()) found_.add(p.where, p.what, p.hint);
        }
    }
    region region_of(std::size_t painting) const {
        try {
            return parse_region(population_.cell.paintings()[painting].region).bound_to(*painted_.shape);
        } catch (const error& e) {
            throw invalid_model(where(painting), e.problems().front().text());
        }
    }

    /// Cable properties of whole sections decide how the cell is cut.
    void cut() {
        const auto& shape = *painted_.shape;
        std::vector<cable_properties> sections(static_cast<std::size_t>(shape.size()), {cable{}.resistivity.coherent(), 1e-5});
        const auto& paintings = population_.cell.paintings();
        for (std::size_t i = 0; i < paintings.size(); ++i) {
            const auto* c = std::get_if<cable>(&paintings[i].what);
            if (!c) continue;
            const auto painted = region_of(i);
            const bound_value capacitance(c->capacitance, dimensions::capacitance_density, shape, where(i) + " / capacitance");
            if (!(c->resistivity.coherent() > 0)) throw invalid_model(where(i) + " / resistivity", "must be positive");
            for (int s = 0; s < shape.size(); ++s)
                if (const auto middle = at(shape, {s, 0.5}); painted.contains(middle))
                    sections[static_cast<std::size_t>(s)] = {c->resistivity.coherent(), capacitance.at(middle)};
        }
        const auto counts = compartment_counts(shape, population_.cell.rule(), sections);
        painted_.tree = discretise(shape, counts, sections);
        const auto n = painted_.tree.nodes.size();
        painted_.capacitance.assign(n, 1e-5);
        std::array<ion_setting, ion_count> ions;
        for (int i = 0; i < ion_count; ++i) ions[static_cast<std::size_t>(i)] = default_ion(static_cast<ion>(i));
        painted_.ions.assign(n, ions);
        for (const auto& node : painted_.tree.nodes) places_.push_back(at(shape, {node.section, node.x}));
    }

    void apply(std::size_t painting) {
        const auto painted = region_of(painting);
        std::vector<std::size_t> nodes;
        for (std::size_t n = 0; n < places_.size(); ++n)
            if (painted_.tree.nodes[n].is_compartment() && painted.contains(places_[n])) nodes.push_back(n);
        std::visit([&](const auto& what) { put(what, nodes, where(painting)); }, population_.cell.paintings()[painting].what);
    }

    void put(const cable& c, const std::vector<std::size_t>& nodes, const std::string& where) {
        const bound_value value(c.capacitance, dimensions::capacitance_density, *painted_.shape, where + " / capacitance");
        for (const auto n : nodes) {
            painted_.capacitance[n] = value.at(places_[n]);
            if (!(painted_.capacitance[n] > 0)) throw invalid_model(where + " / capacitance", "must be positive");
        }
    }
    void put(const ion_setting& s, const std::vector<std::size_t>& nodes, const std::string&) {
        if (s.ion == ion::none && !s.name.empty()) {
            auto& values = painted_.other_ions[s.name];
            values.resize(places_.size());
            for (const auto n : nodes) values[n] = s;
            return;
        }
        for (const auto n : nodes) painted_.ions[n][static_cast<std::size_t>(s.ion)] = s;
    }
    void put(const mechanism& m, const std::vector<std::size_t>& nodes, const std::string& where) {
        const auto& entry = catalogue_.at(m.name, where);
        const auto& schema = entry.schema;
        if (schema.kind == mechanism_kind::receptor && !artificial(population_.cell))
            throw invalid_model(where, fmt::format("'{}' is a receptor", schema.name), "place it at a location, with circuit.receptors");
        auto& layer = layer_of(entry);
        std::vector<double> defaults;
        for (const auto& f : schema.parameters) defaults.push_back(f.value*parse_unit(f.unit).value);
        for (const auto n : nodes)
            if (!layer.values[n]) layer.values[n] = defaults;
        for (const auto& [name, value] : m.parameters) attempt([&] { set(layer, name, value, nodes, where); });
    }
    void set(painted_cell::layer& layer, const std::string& name, const spatial_value& value, const std::vector<std::size_t>& nodes,
             const std::string& where) {
        const auto& schema = layer.mechanism.schema;
        const auto here = fmt::format("{} / {}.{}", where, schema.name, name);
        const auto* f = schema.parameter(name);
        if (!f) {
            std::vector<std::string> names;
            for (const auto& p : schema.parameters) names.emplace_back(p.name);
            throw invalid_model(here, fmt::format("'{}' has no such parameter", schema.name), suggestion(name, names));
        }
        const auto unit = parse_unit(f->unit);
        const auto column = static_cast<std::size_t>(f - schema.parameters.data());
        const bound_value bound(value, unit.dimension, *painted_.shape, here);
        for (const auto n : nodes) {
            const double x = bound.at(places_[n]), low = f->low*unit.value, high = f->high*unit.value;
            const double slack = 1e-12*std::max(std::abs(low), std::abs(high));
            if (x < low - slack || x > high + slack)
                throw invalid_model(here, fmt::format("{:.6g} {} at {}({:.4g}) is out of range", x/unit.value, f->unit,
                                                      painted_.shape->name(places_[n].section), places_[n].x),
                                    fmt::format("expected {} to {} {}", f->low, f->high, f->unit));
            (*layer.values[n])[column] = x;
        }
    }

    painted_cell::layer& layer_of(const catalogue::entry& entry) {
        const auto found = std::ranges::find(painted_.layers, entry.schema.name, [](const auto& l) { return l.mechanism.schema.name; });
        if (found != painted_.layers.end()) return *found;
        painted_.layers.push_back({entry, std::vector<std::optional<std::vector<double>>>(places_.size())});
        return painted_.layers.back();
    }

    /// Two pools of one ion in one place would both own its concentration.
    void check_pools() {
        for (std::size_t a = 0; a < painted_.layers.size(); ++a)
            for (std::size_t b = a + 1; b < painted_.layers.size(); ++b) {
                const auto &first = painted_.layers[a], &second = painted_.layers[b];
                if (first.mechanism.schema.kind != mechanism_kind::pool || second.mechanism.schema.kind != mechanism_kind::pool ||
                    first.mechanism.schema.carries != second.mechanism.schema.carries)
                    continue;
                for (std::size_t n = 0; n < places_.size(); ++n)
                    if (first.values[n] && second.values[n]) {
                        found_.add(fmt::format("{} / {}({:.4g})", whole(), painted_.shape->name(places_[n].section), places_[n].x),
                                   fmt::format("two pools of {}: '{}' and '{}'", ion_name(first.mechanism.schema.carries),
                                               first.mechanism.schema.name, second.mechanism.schema.name),
                                   "paint one of them here");
                        break;
                    }
            }
    }

    const population& population_;
    const catalogue& catalogue_;
    findings& found_;
    painted_cell painted_;
    std::vector<place> places_;
};

}  // namespace

painted_cell paint(const population& p, const catalogue& mechanisms, findings& found) { return painter(p, mechanisms, found).paint(); }

}  // namespace apical
