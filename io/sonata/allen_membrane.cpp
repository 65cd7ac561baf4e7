// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/allen_membrane.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "engine/catalogue.hpp"

namespace apical::sonata {
namespace {

struct renamed { std::string_view theirs, ours; };

/// Where equations and behaviour are those of a channel of another set, it is that channel.
constexpr std::array mechanisms{
    renamed{"Ca_HVA", "ca_hva"},     renamed{"Ca_LVA", "allen_ca_lva"}, renamed{"Ih", "ih"},
    renamed{"Im", "allen_im"},       renamed{"Im_v2", "allen_im_v2"},   renamed{"K_P", "allen_k_p"},
    renamed{"K_T", "allen_k_t"},     renamed{"Kd", "allen_kd"},         renamed{"Kv2like", "allen_kv2like"},
    renamed{"Kv3_1", "skv3_1"},      renamed{"NaTa", "allen_nata"},     renamed{"NaTs", "allen_nats"},
    renamed{"Nap", "allen_nap"},     renamed{"NaV", "allen_nav"},       renamed{"SK", "sk_e2"},
    renamed{"CaDynamics", "cadynamics_e2"}};

constexpr std::string_view pool = "cadynamics_e2";

struct parameter_name { std::string_view theirs, ours, unit; };
constexpr std::array channel_parameters{parameter_name{"gbar", "g_max", "S/cm2"}};
constexpr std::array pool_parameters{parameter_name{"gamma", "gamma", ""}, parameter_name{"decay", "decay", "ms"},
                                     parameter_name{"depth", "depth", "um"}, parameter_name{"minCai", "c_min", "mM"}};

std::vector<std::string> texts(const auto& list) {
    std::vector<std::string> all;
    for (const auto& entry : list) all.emplace_back(entry.theirs);
    return all;
}

const parameter_name* parameter_of(const auto& list, const parameter_setting& s, const std::string& where, findings& found) {
    const auto known = std::ranges::find(list, s.parameter, &parameter_name::theirs);
    if (known != list.end()) return &*known;
    found.add(where, fmt::format("'{}' has no parameter '{}'", s.mechanism, s.parameter), suggestion(s.parameter, texts(list)));
    return nullptr;
}

any_quantity in_unit(double value, std::string_view unit) {
    const auto one = parse_unit(unit);
    return {value*one.value, one.dimension};
}

constexpr std::array section_names{renamed{"soma", "soma"}, renamed{"axon", "axon"}, renamed{"dend", "basal"}, renamed{"apic", "apical"}};

std::string region_of(section_type t) {
    const auto name = type_name(t);
    return std::string(std::ranges::find(section_names, name, &renamed::theirs)->ours);
}

voltage volts(const any_quantity& q) { return voltage::coherent(q.value); }

void paint_ions(cell& c, const std::string& region, const allen_membrane& m) {
    if (m.ena) {
        auto sodium = default_ion(ion::na);
        sodium.e_rev = volts(*m.ena);
        c.paint(region, sodium);
    }
    if (m.ek) {
        auto potassium = default_ion(ion::k);
        potassium.e_rev = volts(*m.ek);
        c.paint(region, potassium);
    }
    if (const auto found = m.mechanisms.find(std::string(pool)); found != m.mechanisms.end()) {
        // the pool starts from its rest, and not from NEURON's default concentration
        auto calcium = default_ion(ion::ca);
        const auto rest = found->second.find("c_min");
        calcium.c_in = rest == found->second.end() ? 1e-4*units::mM : concentration::coherent(rest->second.value);
        c.paint(region, calcium);
    }
}

}  // namespace

std::optional<section_type> section_type_of(std::string_view name) {
    constexpr std::array types{section_type::soma, section_type::axon, section_type::basal, section_type::apical};
    for (std::size_t i = 0; i < types.size(); ++i)
        if (section_names[i].theirs == name) return types[i];
    return {};
}

void complain_of_section(std::string_view name, const std::string& where, findings& found) {
    found.add(where, fmt::format("'{}' is no type of section", name), suggestion(name, texts(section_names)));
}

std::string_view allen_name(std::string_view mechanism) {
    const auto known = std::ranges::find(mechanisms, mechanism, &renamed::ours);
    return known == mechanisms.end() ? std::string_view{} : known->theirs;
}

std::vector<allen_parameter> allen_parameters(std::string_view mechanism) {
    static const auto known = catalogue::built_in();
    std::vector<allen_parameter> all;
    if (allen_name(mechanism).empty()) return all;
    const auto& schema = known.at(std::string(mechanism), "a fit").schema;
    const auto add = [&](const auto& list) {
        for (const parameter_name& p : list)
            if (const auto* f = schema.parameter(p.ours)) all.push_back({p.theirs, p.ours, p.unit, number_of({f->value*parse_unit(f->unit).value, parse_unit(f->unit).dimension}, parse_unit(p.unit))});
    };
    mechanism == pool ? add(pool_parameters) : add(channel_parameters);
    return all;
}

ion allen_carries(std::string_view mechanism) {
    using list = std::initializer_list<std::string_view>;
    const auto is_in = [&](list names) { return std::ranges::find(names, mechanism) != names.end(); };
    if (is_in({"allen_nata", "allen_nats", "allen_nap", "allen_nav"})) return ion::na;
    if (is_in({"ca_hva", "allen_ca_lva"})) return ion::ca;
    if (is_in({"allen_im", "allen_im_v2", "allen_k_p", "allen_k_t", "allen_kd", "allen_kv2like", "skv3_1", "sk_e2"})) return ion::k;
    return ion::none;
}

std::string_view unit_of(std::string_view parameter) {
    const auto known = std::ranges::find(pool_parameters, parameter, &parameter_name::theirs);
    return known == pool_parameters.end() ? channel_parameters.front().unit : known->unit;
}

namespace {

/// One of a file beside the circuit, whose parameter is in the unit of that file.
void set_imported(allen_membrane& m, const parameter_setting& s, std::shared_ptr<const nmodl::mechanism> imported, const std::string& where, findings& found) {
    catalogue one;
    one.add(imported);
    const auto& schema = one.entries().front().schema;
    if (const auto* f = schema.parameter(s.parameter)) {
        m.imported[std::move(imported)][std::string(s.parameter)] = in_unit(s.value, f->unit);
        return;
    }
    std::vector<std::string> names;
    for (const auto& f : schema.parameters) names.emplace_back(f.name);
    found.add(where, fmt::format("'{}' has no parameter '{}'", s.mechanism, s.parameter), suggestion(s.parameter, names));
}

}  // namespace

void set_parameter(allen_membrane& m, const parameter_setting& s, mechanism_library& beside, const std::string& where, findings& found) {
    const auto known = std::ranges::find(mechanisms, s.mechanism, &renamed::theirs);
    if (known == mechanisms.end()) {
        try {
            if (auto imported = beside.find(std::string(s.mechanism))) return set_imported(m, s, std::move(imported), where, found);
        } catch (const error& e) {
            for (const auto& p : e.problems()) found.add(p.where, p.what, p.hint);
            return;
        }
        const auto hint = beside.folder().empty() ? "; or give the circuit a mechanisms_dir with its file" : fmt::format("; no file of {} defines it", beside.folder().string());
        found.add(where, fmt::format("no mechanism '{}'", s.mechanism), suggestion(s.mechanism, texts(mechanisms)) + hint);
        return;
    }
    const auto* p = known->ours == pool ? parameter_of(pool_parameters, s, where, found)
                                        : parameter_of(channel_parameters, s, where, found);
    if (p) m.mechanisms[std::string(known->ours)][std::string(p->ours)] = in_unit(s.value, p->unit);
}

void paint(cell& c, const allen_membranes& membranes) {
    using namespace units;
    const auto or_default = [](const std::optional<any_quantity>& q, auto otherwise) -> spatial_value {
        return q ? spatial_value(*q) : spatial_value(otherwise);
    };
    for (const auto& [type, m] : membranes) {
        const auto region = region_of(type);
        cable passive{.capacitance = or_default(m.cm, 1*uF/cm2)};
        if (m.ra) passive.resistivity = quantity<dimensions::resistivity>::coherent(m.ra->value);
        c.paint(region, passive);
        if (m.has_pas) c.paint(region, mechanism{"pas", {{"g", or_default(m.g_pas, 1e-3*S/cm2)}, {"e_rev", or_default(m.e_pas, -70*mV)}}});
        for (const auto& [name, parameters] : m.mechanisms) {
            apical::mechanism inserted{name, {parameters.begin(), parameters.end()}};
            c.paint(region, std::move(inserted));
        }
        for (const auto& [imported, parameters] : m.imported)
            c.paint(region, apical::mechanism{imported->source().name, {parameters.begin(), parameters.end()}, imported});
        paint_ions(c, region, m);
    }
}

}  // namespace apical::sonata
