// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/cell_template.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "io/sonata/allen_membrane.hpp"
#include "io/sonata/hoc_cell.hpp"
#include "morphology/read.hpp"

namespace apical::sonata {
namespace {

constexpr double piece_length = 30, thin = 1;   ///< of a stub [um]

/// What to do about the axon.
enum class surgery { none, perisomatic, all_active };
struct processing {
    std::string_view name;
    surgery axon;
    std::optional<fit_kind> fit;   ///< how dynamics_params is read
    bool is_directed;
};
constexpr std::array known_processing{
    processing{"aibs_perisomatic", surgery::perisomatic, fit_kind::perisomatic, false},
    processing{"aibs_perisomatic_directed", surgery::perisomatic, fit_kind::perisomatic, true},
    processing{"aibs_allactive", surgery::all_active, fit_kind::all_active, false},
    processing{"aibs_allactive_directed", surgery::all_active, fit_kind::all_active, true},
    processing{"fullaxon", surgery::none, fit_kind::all_active, false},
    processing{"extracellular", surgery::none, std::nullopt, false},
};

std::string_view trimmed(std::string_view s) {
    const auto begin = s.find_first_not_of(" \t");
    return begin == std::string_view::npos ? std::string_view{} : s.substr(begin, s.find_last_not_of(" \t") - begin + 1);
}

std::vector<processing> steps_of(const cell_template& t) {
    std::vector<std::string> names;
    for (const auto& p : known_processing) names.emplace_back(p.name);
    std::vector<processing> steps;
    std::string_view rest = t.model_processing;
    while (!trimmed(rest).empty()) {
        const auto comma = std::min(rest.find(','), rest.size());
        const auto name = trimmed(rest.substr(0, comma));
        const auto found = std::ranges::find(known_processing, name, &processing::name);
        if (found == known_processing.end())
            throw invalid_input(t.where + " / model_processing", fmt::format("no processing '{}'", name), suggestion(name, names));
        steps.push_back(*found);
        rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
    return steps;
}

std::filesystem::path morphology_file(const cell_template& t) {
    for (const auto* suffix : {"", ".swc", ".asc"}) {
        auto path = t.morphology;
        path += suffix;
        if (std::filesystem::is_regular_file(path)) return path;
    }
    throw invalid_input(t.where + " / morphology", fmt::format("there is no {}, nor {}.swc", t.morphology.string(), t.morphology.filename().string()),
                        "name an SWC file of morphologies_dir");
}

std::vector<int> axon_of(const morphology& shape) {
    std::vector<int> sections;
    for (int i = 0; i < shape.size(); ++i)
        if (shape[i].type == section_type::axon) sections.push_back(i);
    return sections;
}

/// Mean along the section [um].
double mean_diameter(const morphology& shape, int section) {
    const auto& points = shape[section].points;
    const auto arc = shape.arc(section);
    double sum = 0;
    for (std::size_t i = 1; i < points.size(); ++i) sum += (points[i - 1].diameter + points[i].diameter)*(arc[i] - arc[i - 1]);
    return sum/(2*arc.back());
}

/// A unit vector from a point to the middle of the sections.
point direction_to(const morphology& shape, const std::vector<int>& sections, const point& from) {
    point sum;
    for (const int i : sections)
        for (const auto& p : shape[i].points) sum = {sum.x + p.x - from.x, sum.y + p.y - from.y, sum.z + p.z - from.z};
    const double size = std::hypot(sum.x, sum.y, sum.z);
    return size > 0 ? point{sum.x/size, sum.y/size, sum.z/size} : point{0, -1, 0};
}

/// The axon and all that hangs on it give way to two cylinders of 30 um. An all-active cell's keep the mean diameters of the first and
/// the last section of the axon, and begin at the end of the soma.
morphology with_stub(const morphology& original, const processing& how, const cell_template& t) {
    const auto axon = axon_of(original);
    const bool all_active = how.axon == surgery::all_active;
    if (axon.empty() && (all_active || how.is_directed))
        throw invalid_input(t.where + " / model_processing", fmt::format("'{}' needs an axon, and the morphology has none", how.name), "such as aibs_perisomatic");
    auto shape = original.without(section_type::axon);
    const auto origin = shape.empty() ? location{} : shape.origin();
    if (shape.empty() || shape[origin.section].type != section_type::soma)
        throw invalid_input(t.where + " / morphology", "has no soma", "the first point of an SWC file is its soma, of type 1");
    const location hillock{origin.section, all_active ? 1.0 : 0.5};
    point start = shape.at(hillock);
    const auto along = how.is_directed ? direction_to(original, axon, start) : point{0, -1, 0};
    for (int piece = 0; piece < 2; ++piece) {
        start.diameter = all_active ? mean_diameter(original, piece == 0 ? axon.front() : axon.back()) : thin;
        const point end{start.x + piece_length*along.x, start.y + piece_length*along.y, start.z + piece_length*along.z, start.diameter};
        shape.add({section_type::axon, piece == 0 ? hillock.section : shape.size() - 1, piece == 0 ? hillock.x : 1.0, {start, end}});
        start = end;
    }
    return shape;
}

std::vector<int> numbered(const morphology& shape, bool has_stub) {
    std::vector<int> sections, axon = axon_of(shape);
    const auto append = [&](section_type type) {
        for (int i = 0; i < shape.size(); ++i)
            if (shape[i].type == type) sections.push_back(i);
    };
    append(section_type::soma);
    if (!has_stub) append(section_type::axon);
    append(section_type::basal), append(section_type::apical);
    for (int i = 0; i < shape.size(); ++i)
        if (static_cast<int>(shape[i].type) < 1 || static_cast<int>(shape[i].type) > 4) sections.push_back(i);
    if (has_stub) append(section_type::axon);
    return sections;
}

/// What would be right where a program is named: what lies beside it and can be read.
std::string instead_of_program(const cell_template& t, const std::string& name) {
    auto stem = std::filesystem::path(name).stem().string();
    std::error_code ignored;
    for (const auto& file : {stem + ".json", stem + "_fit.json"})
        if (std::filesystem::is_regular_file(t.templates/file, ignored)) return fmt::format("ctdb:Biophys1.hoc with {} as dynamics_params, if that is a fit of the Allen Cell Types Database", file);
    for (const auto& file : {stem + ".nml", stem + ".cell.nml"})
        if (std::filesystem::is_regular_file(t.templates/file, ignored)) return fmt::format("nml:{}, which lies beside", file);
    return "ctdb:Biophys1.hoc and nml:<file> can be built, templates as BluePyOpt writes them if they are in biophysical_neuron_models_dir, and apical:cell from a cell made in Python or C++ and written by write_sonata";
}

/// The file of an "nml:" template; empty for one whose parameters are in a fit.
std::filesystem::path parameters_of(const cell_template& t) {
    const auto colon = std::min(t.model_template.find(':'), t.model_template.size());
    const auto kind = t.model_template.substr(0, colon), name = t.model_template.substr(std::min(colon + 1, t.model_template.size()));
    const auto where = t.where + " / model_template";
    if (kind == "nml" && !name.empty()) return t.templates/name;
    if (kind == "ctdb" && (name == "Biophys1" || name == "Biophys1.hoc")) return {};
    if (kind == "hoc") throw unsupported(where, fmt::format("'{}' is a program for NEURON", t.model_template), instead_of_program(t, name));
    throw invalid_input(where, fmt::format("no template '{}' of a biophysical cell", t.model_template), "expected ctdb:Biophys1.hoc or nml:<file>");
}

}  // namespace

morphology processed(const morphology& shape, const std::string& model_processing) {
    const cell_template t{.model_processing = model_processing, .where = "processing"};
    auto made = shape;
    for (const auto& step : steps_of(t))
        if (step.axon != surgery::none) made = with_stub(made, step, t);
    return made;
}

std::vector<int> section_numbers(const morphology& shape, axon_place axon) { return numbered(shape, axon == axon_place::last); }

location biophysical_cell::compartment(std::size_t section_id, int k) const {
    if (section_id < pieces.size() && pieces[section_id] > 1) return {sections[section_id] + k, 0.5};
    return {sections[section_id], (k + 0.5)/compartments[section_id]};
}

std::pair<std::size_t, double> biophysical_cell::in_files(location where) const {
    for (std::size_t id = 0; id < sections.size(); ++id) {
        const int n = id < pieces.size() ? pieces[id] : 1, k = where.section - sections[id];
        if (sections[id] >= 0 && k >= 0 && k < n) return {id, (k + where.x)/n};
    }
    return {sections.size(), where.x};
}

location biophysical_cell::at(long section_id, double pos, const std::string& where) const {
    if (section_id < 0 || section_id >= std::ssize(sections))
        throw invalid_input(where, fmt::format("there is no section {}", section_id), fmt::format("the cell has sections 0 to {}", std::ssize(sections) - 1));
    if (sections[static_cast<std::size_t>(section_id)] < 0)
        throw invalid_input(where, fmt::format("section {} belongs to the axon that the template cuts off", section_id), "place it on another");
    if (!(pos >= 0 && pos <= 1)) throw invalid_input(where, fmt::format("position {}", pos), "give 0 to 1");
    const auto id = static_cast<std::size_t>(section_id);
    const int n = compartments[id];
    return compartment(id, std::min(static_cast<int>(pos*n), n - 1));
}

biophysical_cell make_cell(const cell_template& t) {
    const bool is_program = t.model_template.starts_with("hoc:");
    if (is_program && std::filesystem::is_regular_file(hoc::template_file(t.templates, t.model_template.substr(4)))) return make_hoc_cell(t, morphology_file(t));
    if (!t.modifications.empty()) throw unsupported(t.modifications.front().where, fmt::format("a modification of cells of '{}'", t.model_template), "those of hoc: templates can be modified");
    const auto nml = parameters_of(t);
    const auto steps = steps_of(t);
    auto [shape, warnings] = read_morphology(morphology_file(t));
    if (t.rounding) shape = shape.rounded_like(*t.rounding);

    allen_membranes membranes;
    mechanism_library beside(t.mechanisms);
    bool has_stub = false;
    if (!nml.empty()) {
        shape = with_stub(shape, known_processing.front(), t), has_stub = true;
        read_cell_nml(nml, membranes);
    }
    for (const auto& step : steps) {
        if (t.dynamics_params.empty() || !step.fit) continue;
        if (step.axon != surgery::none) shape = with_stub(shape, step, t), has_stub = true;
        read_fit(t.dynamics_params, *step.fit, beside, membranes);
    }
    if (membranes.empty())
        throw invalid_input(t.where, "nothing says what its membrane is",
                            "ctdb:Biophys1.hoc takes dynamics_params and a model_processing such as aibs_perisomatic");
    biophysical_cell made{cell(std::move(shape), per_length{2*t.dl.in(units::um)}), {}, {}, std::move(warnings), {}};
    made.sections = numbered(made.cell.shape(), has_stub);
    const auto counts = compartment_counts(made.cell.shape(), made.cell.rule(), {});
    for (const int s : made.sections) made.compartments.push_back(counts[static_cast<std::size_t>(s)]);
    paint(made.cell, membranes);
    made.cell.start_at(t.v_init);
    return made;
}

}  // namespace apical::sonata
