// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/hoc_cell.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "engine/catalogue.hpp"
#include "io/sonata/mechanism_library.hpp"
#include "morphology/read.hpp"

namespace apical::sonata {
namespace {

using shared_mechanism = std::shared_ptr<const nmodl::mechanism>;

/// A name of the template's and what it is here: one channel, or several that NEURON has as one.
struct part { std::string name; shared_mechanism imported = {}; };

/// A parameter of such a mechanism: of which part, under which name, and the unit of the template's numbers.
struct own_parameter {
    std::string mechanism, name, unit;
    double value;                                 ///< its default [unit]
};

struct renamed { std::string_view theirs, mechanism, ours, unit; };
constexpr std::array special_parameters{renamed{"g_pas", "pas", "g", "S/cm2"},          renamed{"e_pas", "pas", "e_rev", "mV"},
                                        renamed{"gnabar_hh", "hh_na", "g_max", "S/cm2"}, renamed{"gkbar_hh", "hh_k", "g_max", "S/cm2"},
                                        renamed{"gl_hh", "hh_leak", "g", "S/cm2"},       renamed{"el_hh", "hh_leak", "e_rev", "mV"}};

any_quantity in_unit(double value, std::string_view unit) {
    const auto one = parse_unit(unit);
    return {value*one.value, one.dimension};
}

/// The mechanisms that the template names, from the circuit's files or the package.
class mechanism_names {
public:
    explicit mechanism_names(std::filesystem::path folder) : beside_(std::move(folder)) {}

    const std::vector<part>& parts_of(const std::string& name, const std::string& where) {
        if (const auto known = known_.find(name); known != known_.end()) return known->second;
        return known_[name] = resolve(name, where);
    }
    /// `name` without "_MECHANISM".
    own_parameter parameter(const std::string& mechanism, const std::string& name, const std::string& where) {
        const auto full = name + "_" + mechanism;
        if (const auto s = std::ranges::find(special_parameters, full, &renamed::theirs); s != special_parameters.end())
            return {std::string(s->mechanism), std::string(s->ours), std::string(s->unit), schema_of({std::string(s->mechanism)}).parameter(s->ours)->value};
        const auto& p = parts_of(mechanism, where).front();
        const auto schema = schema_of(p);
        const auto ours = p.imported ? name : translated(mechanism, name);
        const auto* f = schema.parameter(ours);
        if (!f) {
            std::vector<std::string> names;
            for (const auto& one : schema.parameters) names.emplace_back(one.name);
            throw invalid_input(where, fmt::format("'{}' has no parameter '{}'", mechanism, name), suggestion(ours, names));
        }
        return {p.name, ours, std::string(f->unit), f->value};
    }
    /// Whether sodium that flows through it is that of a channel of the package.
    bool is_own_sodium(const std::string& name) {
        const auto& parts = parts_of(name, name);
        return std::ranges::any_of(parts, [&](const part& p) { return !p.imported && package_.at(p.name, name).schema.carries == ion::na; });
    }
    /// Whether a file of the circuit defines it.
    bool is_beside(const std::string& name) { return beside_.find(name) != nullptr; }

private:
    mechanism_schema schema_of(const part& p) const {
        if (!p.imported) return package_.at(p.name, "template").schema;
        catalogue one;
        one.add(p.imported);
        return one.entries().front().schema;
    }
    std::vector<part> resolve(const std::string& name, const std::string& where) {
        if (name == "pas") return {{"pas"}};
        if (name == "hh") return {{"hh_na"}, {"hh_k"}, {"hh_leak"}};
        if (auto imported = beside_.find(name)) return {{imported->source().name, imported}};
        if (const auto* e = package_.find(name); e && e->schema.kind != mechanism_kind::receptor) return {{e->schema.name}};
        throw invalid_input(where, fmt::format("no mechanism '{}'", name),
                            beside_.folder().empty() ? "the circuit has no mechanisms_dir" : fmt::format("no file of {} defines it, nor is it a channel of the package", beside_.folder().string()));
    }
    /// gNaTs2_tbar, gbar: the names that these mechanisms have for what is g_max here.
    static std::string translated(const std::string& mechanism, const std::string& name) {
        if (name == "gbar" || name == "g" + mechanism + "bar" || (name.starts_with("g") && name.ends_with("bar"))) return "g_max";
        if (name == "minCai") return "c_min";
        if (name == "ehcn") return "e_rev";
        return name;
    }

    mechanism_library beside_;
    catalogue package_ = catalogue::built_in();
    std::map<std::string, std::vector<part>> known_;
};

/// The membrane of the sections of one type.
struct membrane {
    spatial_value capacitance = 1*units::uF/units::cm2;
    double resistivity = 35.4;                    ///< [ohm cm]
    std::vector<std::string> inserted;            ///< by the template's names, in its order
    std::map<std::string, std::map<std::string, spatial_value>> values;   ///< by our names
    std::optional<double> ena, ek, eca;           ///< [mV]
};

class painter {
public:
    painter(const hoc_shape& s, mechanism_names& names) : shape_(s), names_(names) {
        for (const auto& section : s.shape.sections()) membranes_[section.type];
    }

    void take(const hoc::insertion& i) {
        for (auto* m : in(i.in))
            if (names_.parts_of(i.mechanism, i.where); std::ranges::find(m->inserted, i.mechanism) == m->inserted.end()) m->inserted.push_back(i.mechanism);
    }
    void take(const hoc::assignment& a) {
        const auto v = a.value(0);
        for (auto* m : in(a.in)) {
            if (a.name == "cm") m->capacitance = spatial(a, "uF/cm2");
            else if (a.name == "Ra" && !a.depends_on_distance) m->resistivity = v;
            else if (a.name == "ena") m->ena = v;
            else if (a.name == "ek") m->ek = v;
            else if (a.name == "eca") m->eca = v;
            else set(*m, a);
        }
    }
    /// Returns whether anything has changed.
    bool modify(const cell_modification& m) {
        if (m.is == cell_modification::kind::ttx) return block_sodium(m);
        bool has_changed = false;
        for (auto* one : in(m.is == cell_modification::kind::all_sections ? hoc::section_list::all : list_of(m))) {
            if (!std::ranges::all_of(m.configure, [&](const auto& a) { return has(*one, a); })) continue;
            for (const auto& a : m.configure) change(*one, a);
            has_changed = true;
        }
        return has_changed;
    }
    void paint(cell& c) {
        for (const auto& [type, m] : membranes_) paint(c, fmt::format("type({})", static_cast<int>(type)), m);
    }

private:
    std::vector<membrane*> in(hoc::section_list list) {
        using enum hoc::section_list;
        std::vector<membrane*> some;
        const auto wanted = [&](section_type t) {
            switch (list) {
            case all: return true;
            case somatic: return t == section_type::soma;
            case axonal: return t == section_type::axon;
            case basal: return t == section_type::basal;
            case apical: return t == section_type::apical;
            case myelinated: return shape_.myelin != section_type::undefined && t == shape_.myelin;
            }
            return false;
        };
        for (auto& [type, m] : membranes_)
            if (wanted(type)) some.push_back(&m);
        return some;
    }
    static hoc::section_list list_of(const cell_modification& m) {
        const auto known = hoc::list_named(m.lists.front());
        if (!known) throw invalid_input(m.where, fmt::format("'{}' is no list of sections", m.lists.front()), "all, somatic, axonal, basal, apical and myelinated are known");
        return *known;
    }
    /// The switch of BBP's files, which their sodium channels look at; those of the package have no conductance then.
    bool block_sodium(const cell_modification& m) {
        constexpr const char* name = "TTXDynamicsSwitch";
        const bool has_switch = names_.is_beside(name);
        if (has_switch) {
            take(hoc::insertion{hoc::section_list::all, name, m.where});
            take(hoc::assignment{hoc::section_list::all, std::string("ttxo_level_") + name, [](double) { return 1.0; }, false, m.where});
        }
        bool has_closed = has_switch;
        for (auto& [type, one] : membranes_)
            for (const auto& mechanism : one.inserted)
                if (names_.is_own_sodium(mechanism)) {
                    one.values[mechanism == "hh" ? "hh_na" : names_.parts_of(mechanism, m.where).front().name].insert_or_assign("g_max", in_unit(0, "S/cm2"));
                    has_closed = true;
                }
        return has_closed;
    }
    /// The mechanism and the parameter that NAME_MECHANISM names; nothing if it is not inserted or has none.
    std::optional<own_parameter> named(const membrane& m, const synapse_assignment& a) {
        const auto mechanism = inserted(m, a.name);
        if (mechanism.empty()) return {};
        try {
            return names_.parameter(mechanism, a.name.substr(0, a.name.size() - mechanism.size() - 1), a.where);
        } catch (const invalid_input&) {
            return {};
        }
    }
    bool has(const membrane& m, const synapse_assignment& a) {
        if (a.name == "cm" || a.name == "Ra") return true;
        if (a.name == "ena" || a.name == "ek") return (a.name == "ena" ? m.ena : m.ek).has_value();
        return named(m, a).has_value();
    }
    static double result(const synapse_assignment& a, double was) {
        switch (a.by) {
        case '*': return was*a.value;
        case '/': return was/a.value;
        case '+': return was + a.value;
        case '-': return was - a.value;
        default: return a.value;
        }
    }
    static spatial_value result(const synapse_assignment& a, const spatial_value& was, const std::string& unit) {
        const auto one = parse_unit(unit);
        if (const auto* q = std::get_if<any_quantity>(&was.value())) return any_quantity{result(a, q->value/one.value)*one.value, one.dimension};
        if (a.by == '=') return in_unit(a.value, unit);
        return spatial_value::function([f = std::get<spatial_value::function>(was.value()), a, unit = one.value](const place& p) { return result(a, f(p)/unit)*unit; });
    }
    void change(membrane& m, const synapse_assignment& a) {
        if (a.name == "cm") m.capacitance = result(a, m.capacitance, "uF/cm2");
        else if (a.name == "Ra") m.resistivity = result(a, m.resistivity);
        else if (a.name == "ena") m.ena = result(a, *m.ena);
        else if (a.name == "ek") m.ek = result(a, *m.ek);
        else {
            const auto p = *named(m, a);
            auto& values = m.values[p.mechanism];
            const auto own = values.find(p.name);
            values.insert_or_assign(p.name, result(a, own == values.end() ? spatial_value(in_unit(p.value, p.unit)) : own->second, p.unit));
        }
    }
    static spatial_value spatial(const hoc::assignment& a, const std::string& unit) {
        if (!a.depends_on_distance) return in_unit(a.value(0), unit);
        return spatial_value::function([f = a.value, one = parse_unit(unit).value](const place& p) { return f(p.distance)*one; });
    }
    /// NAME_MECHANISM, where the mechanism is one that was inserted.
    static std::string inserted(const membrane& m, const std::string& parameter) {
        std::string mechanism;
        for (const auto& one : m.inserted)
            if (parameter.size() > one.size() + 1 && parameter.ends_with("_" + one) && one.size() > mechanism.size()) mechanism = one;
        return mechanism;
    }
    void set(membrane& m, const hoc::assignment& a) {
        const auto mechanism = inserted(m, a.name);
        if (mechanism.empty()) throw invalid_input(a.where, fmt::format("'{}' is no parameter of what is inserted there", a.name), "cm, Ra, ena, ek, eca and NAME_MECHANISM are known");
        const auto p = names_.parameter(mechanism, a.name.substr(0, a.name.size() - mechanism.size() - 1), a.where);
        m.values[p.mechanism].insert_or_assign(p.name, spatial(a, p.unit));
    }
    void paint(cell& c, const std::string& region, const membrane& m) {
        c.paint(region, cable{.capacitance = m.capacitance, .resistivity = m.resistivity*units::ohm*units::cm});
        for (const auto& name : m.inserted)
            for (const auto& p : names_.parts_of(name, {})) {
                const auto own = m.values.find(p.name);
                c.paint(region, mechanism{p.name, own == m.values.end() ? std::map<std::string, spatial_value>{} : own->second, p.imported});
                if (p.name == "cadynamics_e2" && !p.imported) start_pool(c, region, m);
            }
        const auto ion_at = [&](ion which, const std::optional<double>& e) {
            if (!e) return;
            auto i = default_ion(which);
            i.e_rev = *e*units::mV;
            c.paint(region, i);
        };
        ion_at(ion::na, m.ena), ion_at(ion::k, m.ek);
        if (m.eca && std::ranges::find(m.inserted, "CaDynamics_E2") == m.inserted.end()) ion_at(ion::ca, m.eca);
    }
    /// Such a pool starts from its rest.
    static void start_pool(cell& c, const std::string& region, const membrane& m) {
        auto calcium = default_ion(ion::ca);
        calcium.c_in = 1e-4*units::mM;
        if (const auto own = m.values.find("cadynamics_e2"); own != m.values.end())
            if (const auto rest = own->second.find("c_min"); rest != own->second.end())
                if (const auto* q = std::get_if<any_quantity>(&rest->second.value())) calcium.c_in = concentration::coherent(q->value);
        c.paint(region, calcium);
    }

    const hoc_shape& shape_;
    mechanism_names& names_;
    std::map<section_type, membrane> membranes_;
};

}  // namespace

biophysical_cell make_hoc_cell(const cell_template& t, const std::filesystem::path& morphology_file) {
    const auto program = hoc::read_template(t.templates, t.model_template.substr(t.model_template.find(':') + 1));
    auto [original, warnings] = read_morphology(morphology_file);
    // such a template imports its morphology itself, by NEURON's importer and never by BMTK's
    if (t.rounding) original = original.rounded_like(*t.rounding == import_rounding::bmtk ? import_rounding::neuron9_hoc : *t.rounding);
    const auto made_shape = shaped(original, program);
    biophysical_cell made{cell(made_shape.shape, explicit_counts{made_shape.counts}), made_shape.sections, {}, std::move(warnings), made_shape.pieces};
    for (std::size_t id = 0; id < made.sections.size(); ++id)
        made.compartments.push_back(made.sections[id] < 0 ? 0 : made.pieces[id] > 1 ? made.pieces[id] : made_shape.counts[static_cast<std::size_t>(made.sections[id])]);
    mechanism_names names(t.mechanisms);
    painter p(made_shape, names);
    for (const auto& s : program.statements) std::visit([&](const auto& one) { p.take(one); }, s);
    for (const auto& m : t.modifications)
        if (!p.modify(m)) made.warnings.push_back({m.where, fmt::format("modification '{}' changes nothing of {}", m.name, t.model_template), "its sections have all of the parameters that it names"});
    p.paint(made.cell);
    made.cell.start_at(t.v_init);
    return made;
}

}  // namespace apical::sonata
