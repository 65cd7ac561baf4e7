// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/allen_export.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "io/sonata/allen_membrane.hpp"
#include "io/sonata/cell_template.hpp"
#include "morphology/expression.hpp"
#include "morphology/swc.hpp"

namespace apical::sonata {
namespace {

constexpr std::array all_types{section_type::soma, section_type::axon, section_type::basal, section_type::apical};
constexpr std::string_view pool = "cadynamics_e2";

std::vector<int> of_type(const morphology& shape, section_type type) {
    std::vector<int> all;
    for (int i = 0; i < shape.size(); ++i)
        if (shape[i].type == type) all.push_back(i);
    return all;
}

// ---- the shape

/// A soma of three points whose length is its diameter but for rounding: as one point's.
std::optional<section> sphere_of(const section& soma) {
    if (soma.points.size() != 3) return {};
    const point &a = soma.points[0], &centre = soma.points[1], &b = soma.points[2];
    const double d = centre.diameter, near = 1e-5*(d + std::abs(centre.x));
    const auto is_level = [&](const point& p) { return std::abs(p.diameter - d) <= near && p.y == centre.y && p.z == centre.z; };
    if (!is_level(a) || !is_level(b) || std::abs(b.x - a.x - d) > 2*near || std::abs(centre.x - a.x - d/2) > near) return {};
    auto sphere = soma;
    for (std::size_t k = 0; k < 3; ++k) sphere.points[k] = {centre.x + (static_cast<double>(k) - 1)*d/2, centre.y, centre.z, d};
    return sphere;
}

struct stub { std::string_view processing; double first, last; };   // and diameters [um]

/// Two cylinders of 30 um in a row that hang on the soma.
std::optional<stub> stub_of(const morphology& shape, int soma) {
    const auto axon = of_type(shape, section_type::axon);
    if (axon.size() != 2) return {};
    double diameters[2] = {};
    for (std::size_t k = 0; k < 2; ++k) {
        const auto& s = shape[axon[k]];
        const double d = s.points.front().diameter;
        if (std::abs(shape.length(axon[k]) - 30) > 1e-4 || std::ranges::any_of(s.points, [&](const point& p) { return std::abs(p.diameter - d) > 1e-9*d; })) return {};
        if (k == 1 && (s.parent != axon[0] || s.parent_x != 1)) return {};
        if (!shape.children(axon[k]).empty() && k == 1) return {};
        diameters[k] = d;
    }
    const auto& first = shape[axon[0]];
    if (first.parent != soma || shape.children(axon[0]).size() != 1) return {};
    if (first.parent_x == 0.5 && diameters[0] == 1 && diameters[1] == 1) return stub{"aibs_perisomatic", 1, 1};
    if (first.parent_x == 1) return stub{"aibs_allactive", diameters[0], diameters[1]};
    return {};
}

/// A straight section of axon. Where it begins at the end of another, files have the other's diameter there: it is so long that this does not
/// count in its mean.
section twig(const point& from, int parent, double parent_x, double diameter, double up) {
    const double length = parent == 0 ? 30 : 1e4;
    const auto at = [&](double along, double d) { return point{from.x + along, from.y + along/length*up, from.z, d}; };
    return {section_type::axon, parent, parent_x, {at(0, parent == 0 ? diameter : from.diameter), at(0.01, diameter), at(length, diameter)}};
}

/// What is to be in the file: the soma a sphere, and an axon, which BMTK wants to be there before it takes it away; of an all-active cell its first
/// and last sections are as thick as the stub.
std::optional<morphology> shape_for_file(const morphology& shape, const section& sphere, const stub& axon) {
    morphology made;
    std::vector<int> index(static_cast<std::size_t>(shape.size()), -1);
    for (int i = 0; i < shape.size(); ++i) {
        auto s = shape[i];
        if (s.type == section_type::axon) continue;
        if (s.type == section_type::soma) s = sphere;
        else if (s.parent < 0 || (shape[s.parent].type == section_type::soma ? s.parent_x != 0.5 : s.parent_x != 1)) return {};
        if (s.parent >= 0) s.parent = index[static_cast<std::size_t>(s.parent)];
        index[static_cast<std::size_t>(i)] = made.add(std::move(s));
    }
    auto begin = sphere.points[2];
    begin.x += 1;                                  // outside of the soma
    const int first = made.add(twig(begin, 0, 0.5, axon.first, 0));
    if (axon.processing == "aibs_perisomatic") return made;
    const point end = made[first].points.back();
    made.add(twig(end, first, 1, axon.last, 1000)), made.add(twig(end, first, 1, axon.last, -1000));
    return made;
}

// ---- the membrane

/// What is painted on the sections of one type; the last word on each.
struct membrane {
    std::map<std::string, std::map<std::string, any_quantity>> mechanisms;
    std::optional<any_quantity> capacitance;
    double resistivity = cable{}.resistivity.coherent();
    std::map<ion, ion_setting> ions;
};
using membranes = std::map<section_type, membrane>;

std::optional<any_quantity> constant(const spatial_value& v) {
    if (const auto* q = std::get_if<any_quantity>(&v.value())) return *q;
    return {};
}

/// Types of which a region has all sections; nothing if it has only a part of some.
std::optional<std::vector<section_type>> types_in(const std::string& region, const morphology& shape) {
    std::vector<double> inside(static_cast<std::size_t>(shape.size()), 0.0);
    for (const auto& piece : parse_region(region).on(shape)) inside[static_cast<std::size_t>(piece.section)] += piece.to - piece.from;
    std::vector<section_type> types;
    for (const auto type : all_types) {
        const auto sections = of_type(shape, type);
        const auto whole = std::ranges::count_if(sections, [&](int i) { return inside[static_cast<std::size_t>(i)] > 1 - 1e-12; });
        const auto none = std::ranges::count_if(sections, [&](int i) { return inside[static_cast<std::size_t>(i)] == 0; });
        if (whole == std::ssize(sections)) types.push_back(type);
        else if (none != std::ssize(sections)) return {};
    }
    return types;
}

bool paint(membrane& m, const mechanism& what) {
    if (what.imported) return false;
    auto& to = m.mechanisms[what.name];
    for (const auto& [name, v] : what.parameters) {
        const auto q = constant(v);
        if (!q) return false;
        to.insert_or_assign(name, *q);
    }
    return true;
}
bool paint(membrane& m, const cable& what) {
    m.capacitance = constant(what.capacitance), m.resistivity = what.resistivity.coherent();
    return m.capacitance.has_value();
}
bool paint(membrane& m, const ion_setting& what) {
    if (what.ion == ion::none) return false;
    m.ions.insert_or_assign(what.ion, what);
    return true;
}

std::optional<membranes> painted(const cell& c) {
    membranes all;
    for (const auto type : all_types) all[type];
    for (const auto& p : c.paintings()) {
        const auto types = types_in(p.region, c.shape());
        if (!types) return {};
        for (const auto type : *types)
            if (!std::visit([&](const auto& what) { return paint(all[type], what); }, p.what)) return {};
    }
    return all;
}

// ---- the fit

double in(const any_quantity& q, const char* unit) { return number_of(q, parse_unit(unit)); }

class fit_writer {
public:
    fit_writer(const cell& c, const membranes& all, bool needs_both_ions) : cell_(c), all_(all), needs_both_ions_(needs_both_ions) {}

    /// Nothing if it cannot say what is painted.
    std::optional<json::value> write() {
        const auto& soma = all_.at(section_type::soma);
        auto capacitances = json::array({});
        for (const auto& [type, m] : all_) {
            if (!m.capacitance) return {};
            capacitances.items.push_back(json::object({{"section", json::text(type_name(type))}, {"cm", json::number(in(*m.capacitance, "uF/cm2"))}}));
            if (m.resistivity != soma.resistivity) gene(type, "Ra", ohm_cm(m), "");
            if (!add_mechanisms(type, m) || !add_ions(type, m)) return {};
        }
        const auto passive = json::object({{"ra", json::number(ohm_cm(soma))}, {"cm", std::move(capacitances)}, {"e_pas", json::number(leak(soma, "e_rev", -70, "mV"))}});
        const auto conditions = json::object({{"v_init", json::number(cell_.v_init().coherent())}, {"erev", std::move(reversals_)}});
        return json::object({{"passive", json::array({passive})}, {"conditions", json::array({conditions})}, {"genome", std::move(genome_)}});
    }

private:
    static double ohm_cm(const membrane& m) { return in({m.resistivity, dimensions::resistivity}, "ohm cm"); }
    /// A parameter of the leak; without one, nothing leaks.
    static double leak(const membrane& m, const char* name, double otherwise, const char* unit) {
        const auto pas = m.mechanisms.find("pas");
        if (pas == m.mechanisms.end()) return otherwise;
        const auto found = pas->second.find(name);
        return found == pas->second.end() ? otherwise : in(found->second, unit);
    }
    void gene(section_type type, const std::string& name, double value, std::string_view mechanism) {
        genome_.items.push_back(json::object({{"section", json::text(type_name(type))}, {"name", json::text(name)}, {"value", json::number(value)}, {"mechanism", json::text(mechanism)}}));
    }

    bool add_mechanisms(section_type type, const membrane& m) {
        const bool leaks = m.mechanisms.contains("pas");
        gene(type, "g_pas", leaks ? leak(m, "g", 1e-3, "S/cm2") : 0, "");
        if (const double e = leak(m, "e_rev", -70, "mV"); e != leak(all_.at(section_type::soma), "e_rev", -70, "mV")) gene(type, "e_pas", e, "");
        for (const auto& [name, parameters] : m.mechanisms) {
            if (name == "pas") continue;
            const auto theirs = allen_name(name);
            if (theirs.empty()) return false;
            for (const auto& p : allen_parameters(name)) {
                const auto given = parameters.find(std::string(p.ours));
                gene(type, std::string(p.theirs) + "_" + std::string(theirs), given == parameters.end() ? p.value : in(given->second, std::string(p.unit).c_str()), theirs);
            }
            for (const auto& [parameter, q] : parameters)
                if (!is_said(name, parameter, q)) return false;
        }
        return true;
    }
    /// What has no name in a fit must be as it is without one.
    static bool is_said(const std::string& mechanism, const std::string& parameter, const any_quantity& q) {
        for (const auto& p : allen_parameters(mechanism))
            if (p.ours == parameter) return true;
        return mechanism == "ih" && parameter == "e_rev" && in(q, "mV") == -45;
    }

    bool add_ions(section_type type, const membrane& m) {
        const auto has = [&](ion i) { return std::ranges::any_of(m.mechanisms, [&](const auto& one) { return allen_carries(one.first) == i; }); };
        const bool has_na = has(ion::na), has_k = has(ion::k), has_pool = m.mechanisms.contains(std::string(pool));
        // without a pool NEURON's calcium stays where NEURON begins
        if ((has(ion::ca) || m.mechanisms.contains("sk_e2")) && !has_pool) return false;
        if (has_pool) {
            const auto calcium = setting(m, ion::ca);
            const auto& parameters = m.mechanisms.at(std::string(pool));
            const auto rest = parameters.find("c_min");
            const double least = rest == parameters.end() ? 1e-4 : in(rest->second, "mM");
            if (std::abs(calcium.c_in.in(units::mM) - least) > 1e-12 || calcium.c_out.in(units::mM) != 2) return false;
        }
        if (!has_na && !has_k) return true;
        if (needs_both_ions_ && !(has_na && has_k)) return false;   // that processing would set what is not there
        reversals_.items.push_back(json::object({{"section", json::text(type_name(type))}, {"ena", json::number(setting(m, ion::na).e_rev.coherent())},
                                                 {"ek", json::number(setting(m, ion::k).e_rev.coherent())}}));
        return true;
    }
    static ion_setting setting(const membrane& m, ion i) {
        const auto found = m.ions.find(i);
        return found == m.ions.end() ? default_ion(i) : found->second;
    }

    const cell& cell_;
    const membranes& all_;
    bool needs_both_ions_;
    json::value genome_ = json::array({}), reversals_ = json::array({});
};

}  // namespace

std::optional<allen_form> allen_form_of(const cell& c) {
    const auto& shape = c.shape();
    const auto* rule = std::get_if<per_length>(&c.rule());
    const auto somata = of_type(shape, section_type::soma);
    if (!rule || c.point() || somata != std::vector{0} || std::ranges::any_of(shape.sections(), [](const section& s) { return static_cast<int>(s.type) < 1 || static_cast<int>(s.type) > 4; })) return {};
    const auto sphere = sphere_of(shape[0]);
    const auto axon = stub_of(shape, 0);
    if (!sphere || !axon) return {};
    auto file = shape_for_file(shape, *sphere, *axon);
    const auto all = painted(c);
    if (!file || !all) return {};
    auto fit = fit_writer(c, *all, axon->processing == "aibs_perisomatic").write();
    if (!fit) return {};
    return allen_form{std::string(axon->processing), std::move(*file), std::move(*fit), rule->um/2};
}

bool makes_shape(const std::string& swc, const std::string& processing, const morphology& wanted) {
    const auto made = processed(read_swc(swc, "morphology").shape.rounded_like(import_rounding::bmtk), processing);
    if (made.size() != wanted.size()) return false;
    const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-5*(1 + std::abs(b)); };
    for (int i = 0; i < made.size(); ++i) {
        const auto &a = made[i], &b = wanted[i];
        if (a.type != b.type || a.parent != b.parent || a.parent_x != b.parent_x) return false;
        if (!near(made.length(i), wanted.length(i)) || !near(made.area(i), wanted.area(i))) return false;
        if (a.type == section_type::axon) continue;   // its direction is nobody's
        if (!std::ranges::equal(a.points, b.points, [&](const point& p, const point& q) { return near(p.x, q.x) && near(p.y, q.y) && near(p.z, q.z) && near(p.diameter, q.diameter); })) return false;
    }
    return true;
}

}  // namespace apical::sonata
