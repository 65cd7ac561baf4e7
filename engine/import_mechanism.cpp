// SPDX-License-Identifier: BSD-3-Clause
#include "engine/import_mechanism.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "channels/nmodl/supplied.hpp"
#include "core/error.hpp"
#include "core/quantity_text.hpp"
#include "morphology/expression.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

bool keeps_concentrations(const nmodl::program& p) {
    return std::ranges::any_of(p.ions, [](const nmodl::ion_use& u) { return u.writes_inner || u.writes_outer; });
}

bool tells_others(const nmodl::block& b) {
    return std::ranges::any_of(b, [](const nmodl::statement& s) { return s.is == nmodl::statement::kind::net_event || tells_others(s.body) || tells_others(s.other); });
}

int known_ion(std::string_view name) {
    for (int i = 1; i < ion_count; ++i)
        if (name == ion_name(static_cast<ion>(i))) return i;
    return 0;
}

class importer {
public:
    importer(cell_plan& cell, const painted_cell& painted, const run_options& options, const catalogue::entry& entry, const std::string& where)
        : cell_(cell), painted_(painted), options_(options), entry_(entry), where_(where), program_(entry.imported->source()) {}

    void put(std::vector<int> rows, const std::vector<std::vector<double>>& values) {
        to_.mechanism = entry_, to_.instances = static_cast<int>(rows.size());
        to_.keeps_concentrations = keeps_concentrations(program_);
        for (const auto& use : program_.ions) to_.ions.push_back(register_ion(use, rows));
        while (rows.size() % index(kernels::width)) rows.push_back(rows.front());
        to_.rows = std::move(rows);
        fill_units();
        fill_start(values);
        cell_.imported.push_back(std::move(to_));
    }

private:
    const painted_cell::ion_values* setting_of(const std::string& name) const {
        const auto found = painted_.other_ions.find(name);
        return found == painted_.other_ions.end() ? nullptr : &found->second;
    }

    /// Which of the cell's ions it is; new ones start as their settings say.
    std::size_t register_ion(const nmodl::ion_use& use, const std::vector<int>& rows) {
        auto found = std::ranges::find(cell_.imported_ions, use.name, &imported_ion::name);
        if (found == cell_.imported_ions.end()) cell_.imported_ions.push_back(start_of(use)), found = cell_.imported_ions.end() - 1;
        auto& ion = *found;
        if (use.valence != 0 && ion.known == 0) {
            if (ion.valence != 0 && ion.valence != use.valence)
                throw invalid_model(where_, fmt::format("says that ion '{}' has the valence {}, another mechanism here says {}", ion.name, use.valence, ion.valence), "let all files agree");
            ion.valence = use.valence;
        }
        const bool keeps = use.writes_inner || use.writes_outer;
        if (keeps)
            for (const int row : rows) keep(ion, row);
        if (keeps || use.reads_current) ion.is_counted = true;
        if (ion.is_counted && ion.known) count_in_regions(ion);
        return static_cast<std::size_t>(found - cell_.imported_ions.begin());
    }

    void keep(imported_ion& ion, int row) {
        const auto* region = cell_.region_of(row);
        const auto conflict = [&](std::string_view other) {
            throw invalid_model(where_, fmt::format("keeps account of {} at {}, and so does {}", ion.name, cell_.name_of_node(cell_.node_of_row[index(row)]), other), "paint one of them here");
        };
        if (std::ranges::find(ion.kept, row) != ion.kept.end()) conflict("another mechanism");
        for (const auto& m : region->mechanisms)
            if (ion.known && m.schema.kind == mechanism_kind::pool && static_cast<int>(m.schema.carries) == ion.known) conflict(fmt::format("'{}'", m.schema.name));
        ion.kept.push_back(row);
    }

    /// The package's own channels are to tell their current of an ion that is counted, and to see the concentration that is kept.
    void count_in_regions(const imported_ion& ion) {
        const auto k = index(ion.known);
        for (auto& r : cell_.regions) {
            if (r.is_pooled[k] && !r.is_imported[k]) continue;
            r.is_pooled[k] = true, r.is_imported[k] = true;
            r.fused = nullptr;
        }
    }

    imported_ion start_of(const nmodl::ion_use& use) const {
        imported_ion ion;
        ion.name = use.name, ion.known = known_ion(use.name);
        ion.valence = ion.known ? valence(static_cast<apical::ion>(ion.known)) : use.valence;
        const auto n = index(cell_.rows);
        ion.e_rev.assign(n, 0), ion.c_in.assign(n, 1), ion.c_out.assign(n, 1);
        const auto* others = setting_of(use.name);
        for (std::size_t row = 0; row < n; ++row) {
            const int node = cell_.node_of_row[row];
            if (node < 0) continue;
            const ion_setting* s = ion.known ? &painted_.ions[index(node)][index(ion.known)] : nullptr;
            if (others && (*others)[index(node)]) s = &*(*others)[index(node)];
            if (s) ion.e_rev[row] = s->e_rev.coherent(), ion.c_in[row] = s->c_in.coherent(), ion.c_out[row] = s->c_out.coherent();
        }
        return ion;
    }

    void fill_units() {
        to_.scale.assign(to_.rows.size(), 0), to_.per_area.assign(to_.rows.size(), 0);
        for (std::size_t k = 0; k < to_.rows.size(); ++k) {
            const double area = area_at(to_.rows[k]);
            if (k < index(to_.instances)) to_.scale[k] = to_.is_point() ? 1 : 0.01*area;   // mA/cm2 um2 = 0.01 nA
            to_.per_area[k] = 100/area;
        }
    }
    double area_at(int row) const { return painted_.tree.nodes[index(cell_.node_of_row[index(row)])].area; }

    void fill_start(const std::vector<std::vector<double>>& values) {
        const auto count = to_.rows.size();
        to_.start.assign(index(program_.instance_size)*count, 0), to_.shared.assign(index(program_.shared_size), 0);
        for (const auto& v : program_.variables) {
            for (int e = 0; e < v.length; ++e) {
                if (v.kept == nmodl::storage::shared) to_.shared[index(v.offset + e)] = v.value;
                if (v.kept == nmodl::storage::instance) std::fill_n(column(v, e), count, v.value);
            }
            if (v.kept == nmodl::storage::shared && v.is == nmodl::role::temperature) to_.shared[index(v.offset)] = in_celsius(options_.temperature);
            if (v.kept == nmodl::storage::shared && v.is == nmodl::role::step) to_.shared[index(v.offset)] = options_.dt.coherent();
            if (v.is == nmodl::role::area || v.is == nmodl::role::diameter) fill_place(v);
        }
        for (std::size_t f = 0; f < entry_.schema.parameters.size(); ++f) fill_parameter(f, values);
    }
    double* column(const nmodl::variable& v, int element = 0) { return to_.start.data() + index(v.offset + element)*to_.rows.size(); }

    void fill_place(const nmodl::variable& v) {
        if (v.kept != nmodl::storage::instance) return;
        for (std::size_t k = 0; k < to_.rows.size(); ++k) {
            const auto& node = painted_.tree.nodes[index(cell_.node_of_row[index(to_.rows[k])])];
            column(v)[k] = v.is == nmodl::role::area ? node.area : node.diameter;
        }
    }

    /// In the units of the file. What is one for all must not differ.
    void fill_parameter(std::size_t f, const std::vector<std::vector<double>>& values) {
        const auto& field = entry_.schema.parameters[f];
        const auto& v = program_.variables[index(program_.find(field.name))];
        const double unit = parse_unit(field.unit).value;
        if (v.kept == nmodl::storage::shared) {
            for (const auto& one : values)
                if (one[f] != values.front()[f])
                    throw invalid_model(where_, fmt::format("'{}' is one value for all places, and was given several", field.name), "make it RANGE in the file, or give one value");
            to_.shared[index(v.offset)] = number_in(values.front()[f], unit, field);
        } else if (v.kept == nmodl::storage::instance) {
            for (std::size_t k = 0; k < to_.rows.size(); ++k) column(v)[k] = number_in(values[k < values.size() ? k : 0][f], unit, field);
        }
    }
    /// The default comes back as the very number of the file.
    static double number_in(double coherent, double unit, const field& f) { return coherent == f.value*unit ? f.value : coherent/unit; }

    cell_plan& cell_;
    const painted_cell& painted_;
    const run_options& options_;
    const catalogue::entry& entry_;
    const std::string& where_;
    const nmodl::program& program_;
    imported_plan to_;
};

}  // namespace

bool imported_plan::tells_spikes() const { return tells_others(program().net_receive) || tells_others(program().initial); }

int imported_plan::instance_at(int row) const {
    const auto end = rows.begin() + instances;
    const auto found = is_point() ? std::find(rows.begin(), end, row) : std::lower_bound(rows.begin(), end, row);   // layers go by rows
    return found == end || *found != row ? -1 : static_cast<int>(found - rows.begin());
}

int cell_plan::imported_at(int row, std::string_view name) const {
    const auto found = std::ranges::find_if(imported, [&](const imported_plan& m) { return m.instance_at(row) >= 0 && same_letters(m.mechanism.schema.name, name); });
    return found == imported.end() ? -1 : static_cast<int>(found - imported.begin());
}

void import_mechanism(cell_plan& cell, const painted_cell& painted, const run_options& options, const catalogue::entry& entry, std::vector<int> rows,
                      const std::vector<std::vector<double>>& values, const std::string& where) {
    importer(cell, painted, options, entry, where).put(std::move(rows), values);
}

catalogue with_imported(const circuit& c, catalogue all, findings& found) {
    std::set<std::shared_ptr<const nmodl::mechanism>> known;
    const auto add = [&](const std::shared_ptr<const nmodl::mechanism>& imported) {
        if (!imported || !known.insert(imported).second) return;
        try {
            check_supplied(*imported);
            all.add(imported);
        } catch (const error& e) {
            found.add(e.where(), e.problems().front().what, e.hint());
        }
    };
    for (const auto& p : c.populations)
        for (const auto& one : p.cell.paintings())
            if (const auto* m = std::get_if<mechanism>(&one.what)) add(m->imported);
    for (const auto& r : c.receptors) add(r.imported);
    for (const auto& p : c.projections) add(p.imported);
    return all;
}

namespace {

/// Of one POINTER, from the text that says where it points to.
pointer_plan pointed(const cell_plan& cell, const imported_plan& m, const nmodl::variable& v, const std::string& text) {
    const auto where = fmt::format("cell '{}' / mechanism '{}' / {}", cell.name, m.program().name, v.name);
    const auto at = text.find(" at ");
    const auto what = text.substr(0, at);
    std::optional<int> elsewhere;
    if (at != text.npos) {
        const auto places = parse_locations(std::string_view(text).substr(at + 4)).on(*cell.shape);
        if (places.size() != 1) throw invalid_model(where, fmt::format("'{}' is {} places", text.substr(at + 4), places.size()), "name exactly one");
        elsewhere = cell.row_of_node[index(cell.tree.compartment_of(places.front()))];
    }
    pointer_plan made{.own = v.offset, .at = {}, .is_written = v.is_written};
    if (what == "v") {
        if (v.is_written) throw invalid_model(where, "is written, which the voltage cannot be by a POINTER", "write a current");
        for (const int row : m.rows) made.at.push_back(elsewhere.value_or(row));
        return made;
    }
    const auto dot = what.find('.');
    if (dot == what.npos) throw invalid_model(where, fmt::format("'{}' is no variable", what), "\"v\", or \"mechanism.variable\"");
    for (const int row : m.rows) {
        const int there = elsewhere.value_or(row), other = cell.imported_at(there, what.substr(0, dot));
        if (other < 0) throw invalid_model(where, fmt::format("no mechanism '{}' that was read from NMODL is at {}", what.substr(0, dot), cell.name_of_node(cell.node_of_row[index(there)])), "paint it there");
        if (made.at.empty()) made.mechanism = other;
        if (made.mechanism != other) throw invalid_model(where, fmt::format("'{}' is not one mechanism for all places", what.substr(0, dot)), "use one set of parameters for it");
        made.at.push_back(cell.imported[index(other)].instance_at(there));
    }
    const auto& program = cell.imported[index(made.mechanism)].program();
    const int found = program.find(what.substr(dot + 1));
    const auto* variable = found < 0 ? nullptr : &program.variables[index(found)];
    std::vector<std::string> kept;
    for (const auto& x : program.variables)
        if (x.kept == nmodl::storage::instance && !x.is_array) kept.push_back(x.name);
    if (!variable || variable->kept != nmodl::storage::instance || variable->is_array)
        throw invalid_model(where, fmt::format("'{}' keeps no '{}'", program.name, what.substr(dot + 1)), suggestion(what.substr(dot + 1), kept));
    made.offset = variable->offset;
    return made;
}

}  // namespace

void point(cell_plan& cell) {
    for (auto& m : cell.imported)
        for (const auto& [name, text] : nmodl::supplies_of(*m.mechanism.imported).pointers) {
            const auto& v = m.program().variables[index(m.program().find(name))];
            if (v.kept == nmodl::storage::instance) m.pointers.push_back(pointed(cell, m, v, text));
        }
}

std::pair<int, int> imported_points::at(int population, const cell_plan& cell, const catalogue::entry& mechanism, const std::vector<double>& values, int row, const std::string& where) {
    auto& groups = of_population_[index(population)];
    auto g = std::ranges::find_if(groups, [&](const group& x) { return x.mechanism.schema.name == mechanism.schema.name && x.values == values; });
    if (g == groups.end()) groups.push_back({mechanism, values, {}, where}), g = groups.end() - 1;
    const auto known = std::ranges::find(g->rows, row);
    const auto instance = static_cast<int>(known - g->rows.begin());
    if (known == g->rows.end()) g->rows.push_back(row);
    return {static_cast<int>(cell.imported.size()) + static_cast<int>(g - groups.begin()), instance};
}

void imported_points::fill(std::vector<cell_plan>& populations, const std::vector<painted_cell>& painted, const run_options& options) const {
    for (std::size_t n = 0; n < of_population_.size(); ++n)
        for (const auto& g : of_population_[n])
            import_mechanism(populations[n], painted[n], options, g.mechanism, g.rows, std::vector<std::vector<double>>(g.rows.size(), g.values), g.where);
}

void import_layers(cell_plan& cell, const painted_cell& painted, const run_options& options) {
    for (const bool keeping : {true, false})
        for (const auto& layer : painted.layers) {
            if (layer.mechanism.kernels || keeps_concentrations(layer.mechanism.imported->source()) != keeping) continue;
            std::vector<int> rows;
            std::vector<std::vector<double>> values;
            for (int row = 0; row < cell.first_branch_row; ++row)
                if (const int node = cell.node_of_row[index(row)]; node >= 0 && layer.is_at(node))
                    rows.push_back(row), values.push_back(*layer.values[index(node)]);
            if (!rows.empty()) import_mechanism(cell, painted, options, layer.mechanism, std::move(rows), values, fmt::format("cell '{}' / {}", cell.name, layer.mechanism.schema.name));
        }
}

}  // namespace apical
