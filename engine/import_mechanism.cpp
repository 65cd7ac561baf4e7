// SPDX-License-Identifier: BSD-3-Clause
#include "engine/import_mechanism.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/quantity_text.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

bool keeps_concentrations(const nmodl::program& p) {
    return std::ranges::any_of(p.ions, [](const nmodl::ion_use& u) { return u.writes_inner || u.writes_outer; });
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
