// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "channels/nmodl/supplied.hpp"
#include "circuit/artificial_cell.hpp"
#include "core/quantity_text.hpp"
#include "io/experiment_build.hpp"
#include "models/model.hpp"
#include "morphology/read.hpp"
#include "morphology/synthesis.hpp"

namespace apical::experiment_file {
namespace {

std::optional<ion> ion_named(const std::string& name) {
    for (const auto i : {ion::na, ion::k, ion::ca, ion::cl})
        if (ion_name(i) == name) return i;
    return std::nullopt;
}

std::string_view word_for(mechanism_kind k) {
    constexpr std::array<std::string_view, 3> words{"channel", "pool", "receptor"};
    return words[static_cast<std::size_t>(k)];
}

/// Names a section that the shape does not have?
void check_region(builder& b, const located<region_text>& region, const morphology& shape) {
    b.attempt(region.where, [&] { parse_region(region.value.text).bound_to(shape); });
}

void paint(builder& b, cell& c, const mechanism_fields& f) {
    const auto& name = f.mechanism.value;
    if (name.empty() || f.region.value.text.empty()) return;
    check_region(b, f.region, c.shape());
    const auto* entry = b.mechanisms.find(name);
    if (!entry) return b.found.add(f.mechanism.where, fmt::format("no mechanism '{}'", name), suggestion(name, b.mechanisms.names()));
    const auto& schema = entry->schema;
    if (schema.kind == mechanism_kind::receptor)
        return b.found.add(f.mechanism.where, fmt::format("'{}' is a receptor, which cannot be painted", name), "place it under 'receptors'");
    auto named = f.parameters.named;
    mechanism m{schema.name, {}, supplied_by(b, *entry, named)};
    std::vector<std::string> known;
    for (const auto& p : schema.parameters) known.emplace_back(p.name);
    for (const auto& [parameter, text] : named) {
        const auto* p = schema.parameter(parameter);
        if (!p) {
            b.found.add(text.where, fmt::format("the {} '{}' has no such parameter", word_for(schema.kind), schema.name), suggestion(parameter, known));
            continue;
        }
        const auto ok = b.attempt(text.where, [&] { parse_value(text.value.text, parse_unit(p->unit).dimension).bound_to(c.shape()); });
        if (ok) m.parameters.emplace(parameter, text.value.text);
    }
    c.paint(f.region.value.text, std::move(m));
}

void paint(builder& b, cell& c, const ion_fields& f) {
    if (f.ion.value.empty() || f.region.value.text.empty()) return;
    check_region(b, f.region, c.shape());
    const auto which = ion_named(f.ion.value);
    std::vector<std::string> known{"na", "k", "ca", "cl"};
    for (const auto& e : b.mechanisms.entries())
        if (e.imported)
            for (const auto& use : e.imported->source().ions) known.push_back(use.name);
    if (std::ranges::find(known, f.ion.value) == known.end()) return b.found.add(f.ion.where, fmt::format("no ion '{}'", f.ion.value), suggestion(f.ion.value, known));
    auto setting = which ? default_ion(*which) : other_ion(f.ion.value);
    setting.e_rev = f.e_rev.value_or(setting.e_rev);
    setting.c_in = f.c_in.value_or(setting.c_in);
    setting.c_out = f.c_out.value_or(setting.c_out);
    c.paint(f.region.value.text, setting);
}

void paint(builder& b, cell& c, const cable_fields& f) {
    if (f.capacitance.value.text.empty() || f.region.value.text.empty()) return;
    check_region(b, f.region, c.shape());
    const auto ok = b.attempt(f.capacitance.where, [&] {
        parse_value(f.capacitance.value.text, dimensions::capacitance_density).bound_to(c.shape());
    });
    if (ok) c.paint(f.region.value.text, cable{f.capacitance.value.text, f.resistivity});
}

/// Repairs of a morphology file, with the place that names it.
void warn(builder& b, const std::string& where, const std::vector<problem>& repairs) {
    for (const auto& p : repairs) b.out.warnings.push_back({where, p.where + ": " + p.what, p.hint});
}

morphology shape_of(builder& b, const std::string& where, const json::text_or<synthetic_fields>& m) {
    if (const auto* file = std::get_if<std::string>(&m.value)) {
        auto read = read_morphology(b.beside(*file));
        warn(b, where, read.warnings);
        return std::move(read.shape);
    }
    const auto& s = std::get<synthetic_fields>(m.value);
    return synthesise(parse_cell_family(s.synthetic.value), s.index, s.seed);
}

/// The options of a ready model, a morphology file among them.
models::option_values options_of(builder& b, const cell_fields& f) {
    models::option_values values;
    for (const auto& [name, text] : f.options) values[name] = text.value.text;
    if (f.morphology) {
        const auto* file = std::get_if<std::string>(&f.morphology->value.value);
        if (file) values["morphology"] = b.beside(*file).string();
        else b.found.add(f.morphology->where, "a ready model takes a file here", "write the generated shape to a file with `apical morphology`");
    }
    if (f.compartments) values["compartments"] = f.compartments->value.text;
    return values;
}

/// The problems of a model's options, each where that option is written.
void report_options(builder& b, const cell_fields& f, const error& e) {
    for (const auto& p : e.problems()) {
        auto where = f.model->where;
        for (const auto& [name, text] : f.options)
            if (p.where == name || p.where.ends_with("/ " + name)) where = text.where;
        b.found.add(where, p.where.empty() ? p.what : p.where + ": " + p.what, p.hint);
    }
}

/// A cell that is an ARTIFICIAL_CELL of the mechanisms, whose parameters are the options.
std::optional<cell> artificial_of(builder& b, const cell_fields& f, const catalogue::entry& entry) {
    auto named = f.options;
    mechanism m{entry.schema.name, {}, supplied_by(b, entry, named)};
    std::vector<std::string> known;
    for (const auto& p : entry.schema.parameters) known.emplace_back(p.name);
    for (const auto& [name, text] : named) {
        const auto* p = entry.schema.parameter(name);
        if (!p) b.found.add(text.where, fmt::format("'{}' has no such parameter", m.name), suggestion(name, known));
        else b.attempt(text.where, [&] { m.parameters.emplace(name, any_quantity{parse_as(text.value.text, parse_unit(p->unit).dimension, ""), parse_unit(p->unit).dimension}); });
    }
    if (f.morphology) b.found.add(f.morphology->where, "an artificial cell has no shape", "leave it out");
    return artificial_cell(std::move(m));
}

std::optional<cell> model_cell(builder& b, const cell_fields& f) {
    if (const auto* entry = b.mechanisms.find(f.model->value); entry && entry->imported && entry->imported->source().is == nmodl::program::kind::artificial_cell)
        return artificial_of(b, f, *entry);
    const auto values = options_of(b, f);
    try {
        std::vector<problem> repairs;
        auto made = models::build(f.model->value, values, &repairs);
        warn(b, f.morphology ? f.morphology->where : f.model->where, repairs);
        return made;
    } catch (const error& e) {
        report_options(b, f, e);
        return std::nullopt;
    }
}

std::optional<cell> plain_cell(builder& b, const cell_fields& f) {
    for (const auto& [name, text] : f.options) b.found.add(text.where, "options are for ready models", "name a 'model', or paint it");
    if (!f.morphology) {
        b.found.add(f.where, "needs a 'model' or a 'morphology'");
        return std::nullopt;
    }
    std::optional<cell> c;
    b.attempt(f.morphology->where, [&] {
        const auto rule = f.compartments && !f.compartments->value.text.empty() ? parse_compartment_rule(f.compartments->value.text) : compartment_rule{d_lambda{}};
        c.emplace(shape_of(b, f.morphology->where, f.morphology->value), rule);
    });
    return c;
}

/// Of a text "-80: 1, -60: 5".
nmodl::function_table table_of(const std::string& text) {
    nmodl::function_table t{{{}}, {}};
    for (std::size_t from = 0; from <= text.size();) {
        const auto end = std::min(text.find(',', from), text.size()), colon = text.find(':', from);
        if (colon >= end) throw invalid_input("", fmt::format("'{}' is no point of a table", text.substr(from, end - from)), "write \"-80: 1, -60: 5\"");
        t.axes[0].push_back(parse_as(text.substr(from, colon - from), dimensions::none, "")), t.values.push_back(parse_as(text.substr(colon + 1, end - colon - 1), dimensions::none, ""));
        from = end + 1;
    }
    return t;
}

}  // namespace

std::shared_ptr<const nmodl::mechanism> supplied_by(builder& b, const catalogue::entry& entry, std::map<std::string, located<value_text>>& named) {
    if (!entry.imported) return nullptr;
    const auto& program = entry.imported->source();
    nmodl::supplies s;
    std::string where;
    const auto take = [&](const std::string& name, auto&& put) {
        const auto found = named.find(name);
        if (found == named.end()) return;
        where = found->second.where;
        b.attempt(where, [&] { put(found->second.value.text); });
        named.erase(found);
    };
    for (const auto& name : program.function_tables) take(name, [&](const std::string& text) { s.tables[name] = table_of(text); });
    for (const auto& v : program.variables)
        if (v.is == nmodl::role::pointer) take(v.name, [&](const std::string& text) { s.pointers[v.name] = text; });
    auto& known = b.supplied[program.name];
    if (where.empty()) return known ? known : entry.imported;
    std::shared_ptr<const nmodl::mechanism> made;
    if (!b.attempt(where, [&] { made = nmodl::supplied(entry.imported, s); })) return entry.imported;
    if (known && !(nmodl::supplies_of(*known) == nmodl::supplies_of(*made))) b.found.add(where, fmt::format("'{}' has been given other pointers or tables before", program.name), "they are one for all places");
    if (!known) known = made;
    return known;
}

void build_cells(builder& b) {
    for (const auto& [name, f] : b.file.cells) {
        if (f.where.empty()) continue;        // it was no object, and that has been said
        auto c = f.model ? model_cell(b, f) : plain_cell(b, f);
        if (!c) continue;
        if (f.v_init) c->start_at(*f.v_init);
        if (c->point() && !f.paint.empty()) {
            b.found.add(f.where, "nothing can be painted on a point neuron", "set its parameters under 'options'");
            continue;
        }
        for (const auto& p : f.paint) std::visit([&](const auto& what) { paint(b, *c, what); }, p.value);
        b.cells.emplace(name, std::move(*c));
    }
}

}  // namespace apical::experiment_file
