// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "circuit/layout.hpp"
#include "core/quantity_text.hpp"
#include "engine/draw_contacts.hpp"
#include "engine/release_catalogue.hpp"
#include "io/csv_table.hpp"
#include "io/experiment_build.hpp"
#include "morphology/expression.hpp"

namespace apical::experiment_file {
namespace {

constexpr std::string_view in_region = "in ";

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// A quantity or a pure number of one dimension.
any_quantity quantity_of(const std::string& text, dimension unit) { return {parse_as(text, unit, ""), unit}; }

// ---- positions

position point_of(builder& b, const point_text& f) {
    if (f.where.empty()) return {};
    if (f.value.size() == 3) return {f.value[0].coherent(), f.value[1].coherent(), f.value[2].coherent()};
    b.found.add(f.where, fmt::format("has {} lengths", f.value.size()), "x, y and z are expected");
    return {};
}

cell_layout layout_of(builder& b, const box_fields& f) { return box_layout{point_of(b, f.from), point_of(b, f.to)}; }
cell_layout layout_of(builder& b, const cylinder_fields& f) { return cylinder_layout{point_of(b, f.centre), f.radius.coherent(), f.height.coherent()}; }
cell_layout layout_of(builder& b, const disc_fields& f) { return cylinder_layout{point_of(b, f.centre), f.radius.coherent()}; }
cell_layout layout_of(builder& b, const grid_fields& f) {
    return grid_layout{point_of(b, f.from), point_of(b, f.spacing), f.columns, f.rows.value_or(grid_layout{}.rows)};
}

std::vector<position> listed(builder& b, const points_fields& f) {
    std::vector<position> all;
    if (f.file && !f.points.empty()) b.found.add(f.where, "has both 'points' and a 'file'", "keep one of them");
    else if (f.file) b.attempt(f.file->where, [&] {
        const std::array columns{csv::column{"x", dimensions::length}, csv::column{"y", dimensions::length}, csv::column{"z", dimensions::length}};
        const auto table = csv::read(b.beside(f.file->value), columns);
        const auto &x = table.at("x"), &y = table.at("y"), &z = table.at("z");
        for (std::size_t i = 0; i < x.size(); ++i) all.push_back({x[i], y[i], z[i]});
    });
    for (const auto& p : f.points) all.push_back(point_of(b, p));
    return all;
}

// ---- values

random_value drawn(const random_fields& f, dimension unit) {
    const auto two = [&](const std::vector<value_text>& of, const char* what) {
        if (of.size() != 2) throw invalid_input("", fmt::format("'{}' has {} values", what, of.size()), "two are expected");
        return std::pair{quantity_of(of[0].text, unit), quantity_of(of[1].text, unit)};
    };
    if (!f.normal.empty() + !f.lognormal.empty() + !f.uniform.empty() != 1) throw invalid_input("", "is no distribution", "give one of 'normal', 'lognormal' and 'uniform'");
    const auto of = [&] {
        if (!f.normal.empty()) return std::pair{random_value::kind::normal, two(f.normal, "normal")};
        if (!f.lognormal.empty()) return std::pair{random_value::kind::lognormal, two(f.lognormal, "lognormal")};
        return std::pair{random_value::kind::uniform, two(f.uniform, "uniform")};
    }();
    random_value v(of.first, of.second.first, of.second.second);
    if (!f.within.empty()) {
        const auto [low, high] = two(f.within, "within");
        v.within(low, high);
    }
    if (f.at_least) v.at_least(quantity_of(f.at_least->text, unit));
    return v;
}

random_value random_of(builder& b, const random_text& f, dimension unit) {
    random_value v = any_quantity{0, unit};
    const auto& given = f.value;
    b.attempt(f.where, [&] {
        if (const auto* record = std::get_if<random_fields>(&given.value)) v = drawn(*record, unit);
        else if (!given.short_text().empty()) v = quantity_of(given.short_text(), unit);
    });
    return v;
}

// ---- who is connected to whom

/// What a projection joins, as far as its file says it rightly.
struct ends {
    int sources = 0;
    const population* target = nullptr;
    const std::vector<position>* from = nullptr;
    bool is_same = false;
    dimension weight;
};

/// Columns of a contact list; cells that are not there are told with their place.
struct columns {
    std::vector<int> source, target;
    std::vector<double> weight, delay;
    std::vector<location> where;
    bool has_weight = false, has_delay = false, has_place = false;

    connection_rule rule() const {
        const std::vector<double> none;
        return contact_list::of(source, target, has_weight ? weight : none, has_delay ? delay : none, has_place ? where : std::vector<location>{});
    }
};

void check_cell(builder& b, const std::string& where, int cell, int of, const char* end) {
    if (cell >= of) b.found.add(where, fmt::format("no {} {}", end, cell), fmt::format("there are 0 to {}", of - 1));
}

connection_rule read_list(builder& b, const list_fields& f, const ends& e) {
    columns c;
    const double unknown = contact{}.weight;
    for (const auto& one : f.contacts) {
        check_cell(b, one.source.where, one.source.value, e.sources, "source");
        check_cell(b, one.target.where, one.target.value, e.target->size, "target");
        c.source.push_back(one.source.value), c.target.push_back(one.target.value);
        c.weight.push_back(unknown), c.delay.push_back(one.delay ? one.delay->coherent() : unknown), c.where.push_back(contact{}.where);
        if (one.weight) b.attempt(one.weight->where, [&] { c.weight.back() = quantity_of(one.weight->value.text, e.weight).value; });
        if (one.at) b.attempt(one.at->where, [&] {
            const auto places = parse_locations(one.at->value.text).on(e.target->cell.shape());
            if (places.size() != 1) throw invalid_input("", fmt::format("'{}' is {} places", one.at->value.text, places.size()), "name exactly one");
            c.where.back() = places.front();
        });
        c.has_weight |= one.weight.has_value(), c.has_delay |= one.delay.has_value(), c.has_place |= one.at.has_value();
    }
    return c.rule();
}

connection_rule read_table(const std::filesystem::path& path, const ends& e) {
    const std::array known{csv::column{"source", {}}, csv::column{"target", {}}, csv::column{"weight", e.weight, false},
                           csv::column{"delay", dimensions::time, false}, csv::column{"section", {}, false}, csv::column{"x", {}, false}};
    auto table = csv::read(path, known);
    const auto whole = [&](const char* name, int below) {
        std::vector<int> out;
        for (const double x : table.at(name)) {
            if (!(x >= 0 && x < below && x == std::floor(x)))
                throw invalid_input(path.string(), fmt::format("contact {}: no {} {}", out.size(), name, x), fmt::format("there are 0 to {}", below - 1));
            out.push_back(static_cast<int>(x));
        }
        return out;
    };
    columns c{whole("source", e.sources), whole("target", e.target->size), {}, {}, {}};
    if (table.contains("weight")) c.has_weight = true, c.weight = std::move(table["weight"]);
    if (table.contains("delay")) c.has_delay = true, c.delay = std::move(table["delay"]);
    if (table.contains("section") != table.contains("x")) throw invalid_input(path.string(), "has one of the columns 'section' and 'x'", "a place needs both");
    if (table.contains("section")) {
        c.has_place = true;
        const auto sections = whole("section", e.target->cell.shape().size());
        for (std::size_t i = 0; i < sections.size(); ++i) c.where.push_back({sections[i], table["x"][i]});
    }
    return c.rule();
}

connection_rule rule_of(builder& b, const list_fields& f, const ends& e) {
    connection_rule rule = all_to_all{};
    if (f.file.has_value() != f.contacts.empty()) b.found.add(f.where, "needs either 'contacts' or a 'file'");
    else if (f.file) b.attempt(f.file->where, [&] { rule = read_table(b.beside(f.file->value), e); });
    else rule = read_list(b, f, e);
    return rule;
}
connection_rule rule_of(builder&, const fixed_total_fields& f, const ends&) { return fixed_total{static_cast<std::int64_t>(f.connections)}; }
connection_rule rule_of(builder&, const gaussian_fields& f, const ends&) { return spatial_probability::gaussian(f.p0, f.sigma.coherent(), f.reach); }
connection_rule rule_of(builder&, const exponential_fields& f, const ends&) { return spatial_probability::exponential(f.p0, f.lambda.coherent(), f.reach); }
connection_rule rule_of(builder&, const auto& f, const ends&) { return f.rule; }

// ---- projections

/// Finds what the projection names; false, with a complaint unless one has been made, if something is missing.
bool find_ends(builder& b, const projection_fields& f, ends& e) {
    const auto& populations = b.out.model.populations;
    const auto named = [&](const std::string& name) { return std::ranges::find(populations, name, &population::name); };
    std::vector<std::string> names;
    for (const auto& p : populations) names.push_back(p.name);
    const auto missing = [&](const located<std::string>& which, const char* what) {
        if (!which.value.empty() && !is_declared(b, which.value)) b.found.add(which.where, fmt::format("no {} '{}'", what, which.value), suggestion(which.value, names));
    };
    const auto target = named(f.target.value);
    if (target != populations.end()) e.target = &*target;
    else missing(f.target, "population");
    static const std::vector<position> nowhere;
    if (const auto source = named(f.source.value); source != populations.end()) {
        e.sources = source->size, e.from = &source->positions, e.is_same = source == target;
    } else {
        const auto outside = std::ranges::find(b.out.model.spike_sources, f.source.value, &spike_source::name);
        if (outside != b.out.model.spike_sources.end()) e.sources = outside->size, e.from = &nowhere;
        for (const auto& s : b.out.model.spike_sources) names.push_back(s.name);
        if (!e.from) missing(f.source, "population or spike source");
    }
    return e.target && e.from;
}

/// Where contacts lie is checked against the target's shape.
void check_place(builder& b, const projection_fields& f, const cell& target) {
    b.attempt(f.at.where.empty() ? f.where : f.at.where, [&] {
        const std::string_view at = f.at.value;
        if (at.starts_with(in_region)) return static_cast<void>(parse_region(at.substr(in_region.size())).bound_to(target.shape()));
        const auto places = parse_locations(at).on(target.shape());
        if (places.size() != 1) throw invalid_input("", fmt::format("'{}' is {} places", at, places.size()), "name exactly one, or a region: \"in apical\"");
    });
}

/// Asks those who will draw the contacts whether they can, and tells it where the file says it.
void check_rule(builder& b, const projection_fields& f, projection p, const ends& e) {
    if (const auto* r = std::get_if<fixed_outdegree>(&p.rule)) {   // checked here, since drawing them all is not cheap
        const int available = e.is_same && !r->self ? e.target->size - 1 : e.target->size;
        if (r->targets > 0 && (available < 1 || (r->distinct && r->targets > available)))
            b.found.add(f.rule->where, fmt::format("{} of {} cells", r->targets, available), "no more than there are, or with repetition");
        p.rule = all_to_all{};
    }
    const auto& run = b.file.run.value.options;
    try {
        const contact_drawer drawer(p, run.seed, e.sources, e.target->size, e.is_same, *e.from, e.target->positions, e.weight, run.dt*run.steps_per_input);
        std::vector<drawn_contact> contacts;
        if (const auto* list = std::get_if<list_fields>(&f.rule->value.value); list && list->file == std::nullopt)
            for (int t = 0; t < e.target->size; ++t) contacts.clear(), drawer.onto(t, contacts);
    } catch (const error& problem) {
        const auto place = [&](const std::string& where) {
            const auto is = [&](std::string_view end) { return where.ends_with(end); };
            if (is("/ weight") && !f.weight.where.empty()) return f.weight.where;
            if (is("/ delay") && !f.delay.where.empty()) return f.delay.where;
            return is("/ rule") || where.find("/ contact ") != where.npos ? f.rule->where : f.where;
        };
        for (const auto& x : problem.problems()) b.found.add(place(x.where), x.what, x.hint);
    }
}

short_term_plasticity short_term_of(builder& b, const short_term_fields& f) {
    short_term_plasticity s{random_of(b, f.use, dimensions::none), random_of(b, f.tau_recovery, dimensions::time), random_of(b, f.tau_facilitation, dimensions::time), f.vesicles, f.model, {}};
    const auto& schema = release_model_at(f.model, "/model").schema;
    std::vector<std::string> known;
    for (const auto& p : schema.parameters) known.emplace_back(p.name);
    for (const auto& [name, text] : f.parameters) {
        if (const auto* p = schema.parameter(name)) s.parameters.emplace(name, random_of(b, text, parse_unit(p->unit).dimension));
        else b.found.add(text.where, fmt::format("'{}' has no such parameter", f.model), suggestion(name, known));
    }
    return s;
}

void add(builder& b, const projection_fields& f) {
    projection p{.name = f.name.value, .source = f.source.value, .target = f.target.value, .rule = all_to_all{}, .receptor = f.receptor.value};
    const auto taken = [&](const projection& other) { return other.name == p.name; };
    if (std::ranges::any_of(b.out.model.projections, taken)) b.found.add(f.name.where, fmt::format("another projection is called '{}'", p.name), "random numbers belong to the name");
    ends e;
    const bool has_ends = find_ends(b, f, e);
    const auto* receptor = receptor_named(b, f.receptor);
    if (!receptor || !f.rule) return;
    const auto complaints = b.found.problems().size();
    auto named = f.parameters;
    p.receptor = receptor->schema.name, p.imported = supplied_by(b, *receptor, named);
    p.parameters = receptor_parameters(b, *receptor, named);
    if (receptor->kernels && !receptor->schema.is_linear)
        b.found.add(f.receptor.where, fmt::format("'{}' keeps states for each contact, which projections do not give it", p.receptor), "place it under 'receptors', or choose one that is linear");
    e.weight = parse_unit(receptor->schema.weight_unit).dimension;
    p.weight = random_of(b, f.weight, e.weight), p.delay = random_of(b, f.delay, dimensions::time);
    p.velocity = f.velocity, p.contacts = f.contacts, p.spontaneous = f.spontaneous, p.at = f.at.value;
    p.spontaneous_depletes = f.spontaneous_depletes;
    if (f.short_term) b.attempt(f.short_term->where, [&] { p.short_term = short_term_of(b, f.short_term->value); });
    if (f.learning) p.learns = learning_of(b, *f.learning, receptor->schema);
    if (!has_ends) return;
    if (f.weight.where.empty() && !std::holds_alternative<list_fields>(f.rule->value.value)) b.found.add(f.where, "needs a 'weight'");
    p.rule = std::visit([&](const auto& r) { return rule_of(b, r, e); }, f.rule->value.value);
    check_place(b, f, e.target->cell);
    if (b.found.problems().size() == complaints) check_rule(b, f, p, e);
    b.out.model.projections.push_back(std::move(p));
}

void add(builder& b, const spike_source_fields& f) {
    spike_source s{.name = f.name.value, .size = f.size, .rate = f.rate, .start = f.start, .length = f.length};
    const auto taken = [&](const auto& other) { return other.name == s.name; };
    if (std::ranges::any_of(b.out.model.spike_sources, taken) || std::ranges::any_of(b.out.model.populations, taken))
        b.found.add(f.name.where, fmt::format("another population or spike source is called '{}'", s.name));
    for (const auto& train : f.spikes) {
        check_cell(b, train.source.where, train.source.value, s.size, "source");
        for (const auto& t : train.times) s.spikes.emplace_back(train.source.value, t.coherent());
    }
    if (f.file) b.attempt(f.file->where, [&] {
        const auto read = spikes_from(b.beside(f.file->value.file.value), f.file->value.population);
        for (std::size_t i = 0; i < read.times.size(); ++i) {
            if (read.cells[i] >= static_cast<std::uint64_t>(s.size))
                throw invalid_input(f.file->value.file.value, fmt::format("has a spike of cell {}", read.cells[i]), fmt::format("the source's size is {}", s.size));
            s.spikes.emplace_back(static_cast<int>(read.cells[i]), read.times[i]);
        }
    });
    b.out.model.spike_sources.push_back(std::move(s));
}

// ---- gap junctions

/// The population, if the file names one; complains if not.
const population* joined_population(builder& b, const located<std::string>& name) {
    const auto& all = b.out.model.populations;
    const auto found = std::ranges::find(all, name.value, &population::name);
    std::vector<std::string> names;
    for (const auto& p : all) names.push_back(p.name);
    if (found == all.end()) {
        if (!name.value.empty() && !is_declared(b, name.value)) b.found.add(name.where, fmt::format("no population '{}'", name.value), suggestion(name.value, names));
        return nullptr;
    }
    if (found->cell.point()) b.found.add(name.where, fmt::format("'{}' are point neurons", name.value), "gap junctions join cells with compartments");
    return &*found;
}

void check_one_place(builder& b, const std::string& where, const std::string& at, const population* on) {
    if (on) b.attempt(where, [&] {
        const auto places = parse_locations(at).on(on->cell.shape());
        if (places.size() != 1) throw invalid_input("", fmt::format("'{}' is {} places", at, places.size()), "name exactly one");
    });
}

gap_junction::end end_of(builder& b, const gap_end_fields& f, const std::string& where) {
    const auto* p = joined_population(b, f.population);
    if (p) check_cell(b, f.cell.where.empty() ? where : f.cell.where, f.cell.value, p->size, "cell");
    check_one_place(b, f.at.where.empty() ? where : f.at.where, f.at.value.text, p);
    return {f.population.value, f.cell.value, f.at.value.text};
}

void add(builder& b, const gap_junction_fields& f) {
    gap_junction g{end_of(b, f.a, f.where), end_of(b, f.b, f.where), f.between_them};
    if (g.a == g.b) b.found.add(f.where, "joins a place with itself");
    b.out.model.gap_junctions.push_back(std::move(g));
}

void add(builder& b, const gap_rule_fields& f) {
    const auto *first = joined_population(b, f.a), *second = joined_population(b, f.b);
    check_one_place(b, f.at_a.where.empty() ? f.where : f.at_a.where, f.at_a.value.text, first);
    check_one_place(b, f.at_b.where.empty() ? f.where : f.at_b.where, f.at_b.value.text, second);
    if (!first || !second) return;
    gap_junction_rule rule{.name = f.name.value, .a = first->name, .b = second->name, .probability = f.probability, .conductance = f.between_them,
                           .at_a = f.at_a.value.text, .at_b = f.at_b.value.text};
    if (f.within) rule.within = f.within->value;
    b.attempt(f.within ? f.within->where : f.where, [&] {
        const auto drawn = draw_gap_junctions(b.out.model, rule, b.file.run.value.options.seed);
        auto& all = b.out.model.gap_junctions;
        all.insert(all.end(), drawn.begin(), drawn.end());
    });
}

}  // namespace

std::vector<position> positions_of(builder& b, const located<position_fields>& f, const std::string& name, int size) {
    std::vector<position> all;
    if (const auto* points = std::get_if<points_fields>(&f.value.value)) {
        const auto complaints = b.found.problems().size();
        all = listed(b, *points);
        if (all.size() != index(size) && b.found.problems().size() == complaints)
            b.found.add(f.where, fmt::format("has {} points for {} cells", all.size(), size), "give one for each cell");
        return all;
    }
    b.attempt(f.where, [&] {
        const auto layout = std::visit([&]<class F>(const F& of) -> cell_layout {
            if constexpr (std::is_same_v<F, points_fields>) return {};
            else return layout_of(b, of);
        }, f.value.value);
        all = lay_out(layout, size, b.file.run.value.options.seed, name);
    });
    return all;
}

void build_connections(builder& b) {
    // an item that was no object has no place; that has been said already
    for (const auto& f : b.file.spike_sources)
        if (!f.where.empty()) add(b, f);
    for (const auto& f : b.file.projections)
        if (!f.where.empty()) add(b, f);
    for (const auto& f : b.file.gap_junctions)
        std::visit([&](const auto& g) { if (!g.where.empty()) add(b, g); }, f.value);
}

}  // namespace apical::experiment_file
