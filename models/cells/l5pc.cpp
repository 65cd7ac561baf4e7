// SPDX-License-Identifier: BSD-3-Clause
#include "models/cells/l5pc.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <span>

#include "models/model.hpp"

namespace apical::models {
namespace {

/// A row of a parameter table: one parameter of one mechanism in one region.
struct entry {
    const char *region, *mechanism, *parameter, *unit;
    std::array<double, 3> of_set;   // biophys1 to 3; biophys4 has its own table and uses the first
};

constexpr const char* density = "S/cm2";

constexpr entry bac_sets[] = {
    {"soma", "pas", "g", density, {3.44e-5, 4.08e-5, 3.38e-5}},
    {"soma", "ih", "g_max", density, {2e-4, 2e-4, 2e-4}},
    {"soma", "nata_t", "g_max", density, {1.71, 2.08, 2.04}},
    {"soma", "nap_et2", "g_max", density, {0.00496, 0.00268, 0.00172}},
    {"soma", "k_tst", "g_max", density, {0.0326, 0.0565, 0.0812}},
    {"soma", "k_pst", "g_max", density, {0.000547, 0.0236, 0.00223}},
    {"soma", "skv3_1", "g_max", density, {0.766, 0.497, 0.693}},
    {"soma", "sk_e2", "g_max", density, {0.0556, 0.0548, 0.0441}},
    {"soma", "ca_hva", "g_max", density, {0.000567, 0.000506, 0.000992}},
    {"soma", "ca_lvast", "g_max", density, {0.00432, 0.00977, 0.00343}},
    {"soma", "cadynamics_e2", "gamma", "", {0.000549, 0.000591, 0.000501}},
    {"soma", "cadynamics_e2", "decay", "ms", {486, 376, 460}},
    {"apical", "pas", "g", density, {4.47e-5, 6.02e-5, 5.89e-5}},
    {"apical", "ih", "g_max", density, {2e-4, 2e-4, 2e-4}},
    {"apical", "nata_t", "g_max", density, {0.0211, 0.0165, 0.0213}},
    {"apical", "skv3_1", "g_max", density, {0.000298, 0.0238, 0.000261}},
    {"apical", "sk_e2", "g_max", density, {0.00186, 0.00553, 0.0012}},
    {"apical", "im", "g_max", density, {6e-5, 7.86e-4, 6.75e-5}},
    {"apical", "ca_lvast", "g_max", density, {0.0198, 0.197, 0.0187}},
    {"apical", "ca_hva", "g_max", density, {0.000437, 0.00178, 0.000555}},
    {"apical", "cadynamics_e2", "gamma", "", {0.0005, 0.00759, 0.000509}},
    {"apical", "cadynamics_e2", "decay", "ms", {88.9, 22.3, 122}},
    {"basal", "pas", "g", density, {5.35e-5, 7.88e-5, 4.67e-5}},
    {"basal", "ih", "g_max", density, {2e-4, 2e-4, 2e-4}},
    {"axon", "pas", "g", density, {4.5e-5, 3.41e-5, 3.25e-5}},
};

constexpr entry axonal_set[] = {
    {"axon", "pas", "g", density, {3e-5}},
    {"axon", "ih", "g_max", density, {1e-4}},
    {"axon", "nata_t", "g_max", density, {3.89618}},
    {"axon", "nap_et2", "g_max", density, {0.005834}},
    {"axon", "k_tst", "g_max", density, {0.077274}},
    {"axon", "k_pst", "g_max", density, {0.188851}},
    {"axon", "skv3_1", "g_max", density, {0.473799}},
    {"axon", "sk_e2", "g_max", density, {0.000047}},
    {"axon", "im", "g_max", density, {0.013322}},
    {"axon", "ca_hva", "g_max", density, {0.000222}},
    {"axon", "ca_lvast", "g_max", density, {0.000813}},
    {"axon", "cadynamics_e2", "gamma", "", {0.000525}},
    {"axon", "cadynamics_e2", "decay", "ms", {277.300774}},
    {"soma", "pas", "g", density, {3e-5}},
    {"soma", "ih", "g_max", density, {1e-4}},
    {"soma", "nats2_t", "g_max", density, {0.998912}},
    {"soma", "skv3_1", "g_max", density, {0.338029}},
    {"soma", "sk_e2", "g_max", density, {0.09965}},
    {"soma", "im", "g_max", density, {0.000008}},
    {"soma", "ca_hva", "g_max", density, {0.000644}},
    {"soma", "ca_lvast", "g_max", density, {0.000557}},
    {"soma", "cadynamics_e2", "gamma", "", {0.000509}},
    {"soma", "cadynamics_e2", "decay", "ms", {294.679571}},
    {"apical", "pas", "g", density, {6e-5}},
    {"apical", "ih", "g_max", density, {1e-4}},
    {"apical", "nats2_t", "g_max", density, {0.021489}},
    {"apical", "skv3_1", "g_max", density, {0.001808}},
    {"apical", "sk_e2", "g_max", density, {0.000002}},
    {"apical", "im", "g_max", density, {0.00099}},
    {"apical", "ca_hva", "g_max", density, {0.000701}},
    {"apical", "ca_lvast", "g_max", density, {0.141954}},
    {"apical", "cadynamics_e2", "gamma", "", {0.000637}},
    {"apical", "cadynamics_e2", "decay", "ms", {35.725651}},
    {"basal", "pas", "g", density, {6e-5}},
    {"basal", "ih", "g_max", density, {1e-4}},
};

/// Path distances between which apical calcium channels are dense [um], and what fraction of the density holds elsewhere.
struct hot_zone {
    double from, to, lva_outside, hva_outside;
    bool contains(double distance) const { return from < distance && distance < to; }
};

hot_zone hot_zone_of(hay_set s) {
    if (s == hay_set::biophys4) return {700, 900, 0.01, 1};
    return {685, 885, 0.01, 0.1};
}

double furthest_apical_end(const morphology& shape) {
    double furthest = -std::numeric_limits<double>::infinity();
    for (int i = 0; i < shape.size(); ++i) {
        if (shape[i].type == section_type::apical) furthest = std::max(furthest, shape.distance({i, 1}));
    }
    return furthest;
}

/// The factor by which an apical density varies with path distance [um]; empty if it does not.
std::function<double(double)> profile_of(std::string_view mechanism, const hot_zone& zone, double furthest) {
    if (mechanism == "ih") {
        return [=](double distance) { return -0.8696 + 2.0870*std::exp(3.6161*distance/furthest); };
    }
    if (mechanism == "ca_lvast") return [=](double distance) { return zone.contains(distance) ? 1 : zone.lva_outside; };
    if (mechanism == "ca_hva") return [=](double distance) { return zone.contains(distance) ? 1 : zone.hva_outside; };
    return {};
}

/// Whether a compartment with its centre at x is the last of n in its section.
bool is_last(double x, int n) { return x*n > n - 1; }

/// base*factor(distance) as the published scripts assign it; `counts` are the compartments of each section.
spatial_value as_published(double base, std::function<double(double)> factor, std::vector<int> counts) {
    return spatial_value([base, factor = std::move(factor), counts = std::move(counts)](const place& p) {
        const int n = counts[static_cast<std::size_t>(p.section)];
        const double distance = is_last(p.x, n) ? p.shape->distance({p.section, 1}) : p.distance;
        const double rounded = std::nearbyint(1e10*base*factor(distance))*1e-10;
        return (rounded*(units::S/units::cm2)).coherent();
    });
}

spatial_value at_centres(double base, std::function<double(double)> factor) {
    return spatial_value([base, factor = std::move(factor)](const place& p) {
        return (base*factor(p.distance)*(units::S/units::cm2)).coherent();
    });
}

/// Specific capacitance: the dendrites' is doubled for their spines.
double microfarads_per_cm2(section_type t) { return t == section_type::basal || t == section_type::apical ? 2 : 1; }

std::vector<int> counts_of(const morphology& shape, const compartment_rule& rule) {
    using namespace units;
    std::vector<cable_properties> cables;
    for (const auto& s : shape.sections()) {
        cables.push_back({(100*ohm*cm).coherent(), (microfarads_per_cm2(s.type)*uF/cm2).coherent()});
    }
    return compartment_counts(shape, rule, cables);
}

void paint_passive(cell& c) {
    using namespace units;
    const auto cable_of = [](section_type t) {
        return cable{.capacitance = microfarads_per_cm2(t)*uF/cm2, .resistivity = 100*ohm*cm};
    };
    c.paint("all", cable_of(section_type::soma)).paint("basal or apical", cable_of(section_type::apical));
    auto sodium = default_ion(ion::na), potassium = default_ion(ion::k);
    sodium.e_rev = 50*mV;
    potassium.e_rev = -85*mV;
    c.paint("all", sodium).paint("all", potassium);
}

void paint_mechanisms(cell& c, const l5pc_options& o, const std::vector<int>& counts) {
    const auto zone = hot_zone_of(o.biophysics);
    const double furthest = furthest_apical_end(c.shape());
    const bool own_table = o.biophysics == hay_set::biophys4;
    const auto rows = own_table ? std::span<const entry>(axonal_set) : std::span<const entry>(bac_sets);
    const auto column = own_table ? 0 : static_cast<std::size_t>(o.biophysics);
    for (const auto& row : rows) {
        const double number = row.of_set[column];
        spatial_value value = any_quantity{number*parse_unit(row.unit).value, parse_unit(row.unit).dimension};
        const bool is_apical = std::string_view(row.region) == "apical";
        if (auto factor = is_apical ? profile_of(row.mechanism, zone, furthest) : nullptr) {
            value = o.profile == hay_profile::as_published ? as_published(number, std::move(factor), counts)
                                                           : at_centres(number, std::move(factor));
        }
        mechanism m{row.mechanism, {{row.parameter, std::move(value)}}};
        if (m.name == "pas") m.parameters.emplace("e_rev", -90*units::mV);
        c.paint(row.region, std::move(m));
    }
}

hay_set hay_set_of(const std::string& text) { return static_cast<hay_set>(text.back() - '1'); }

}  // namespace

cell l5pc(const morphology& original, const l5pc_options& o) {
    require_section(original, section_type::soma, "l5pc");
    require_section(original, section_type::apical, "l5pc");
    // The authors count compartments before they replace the axon; counts of the other sections do not depend on it.
    const auto shape = with_stub_axon(original);
    const auto counts = counts_of(shape, o.compartments);
    cell c(shape, o.compartments);
    paint_passive(c);
    paint_mechanisms(c, o, counts);
    return c.start_at(-80*units::mV);
}

model l5pc_model() {
    return {
        .name = "l5pc",
        .summary = "thick-tufted layer-5 pyramidal cell with BAC firing",
        .source = "Hay, Hill, Schurmann, Markram & Segev (2011) PLoS Comput Biol 7:e1002107",
        .options = {{"morphology", "l5_tufted_pyramidal_c", "a shipped morphology, or the path of an SWC or ASC file"},
                    {"biophysics", "biophys3", "the published parameter set", {"biophys1", "biophys2", "biophys3", "biophys4"}},
                    {"profile", "as_published", "where a compartment's conductance is evaluated", {"as_published", "at_centres"}},
                    {"compartments", "per_length(40 um)", "how finely sections are cut"}},
        .make = [](const option_values& v) {
            return l5pc(named_shape(v, "morphology"),
                        {.biophysics = hay_set_of(v.at("biophysics")),
                         .profile = v.at("profile") == "at_centres" ? hay_profile::at_centres : hay_profile::as_published,
                         .compartments = parse_compartment_rule(v.at("compartments"))});
        }};
}

}  // namespace apical::models
