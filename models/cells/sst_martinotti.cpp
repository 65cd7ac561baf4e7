// SPDX-License-Identifier: BSD-3-Clause
#include "models/cells/sst_martinotti.hpp"

#include "models/model.hpp"

namespace apical::models {
namespace {

/// Peak densities in a region [S/cm2]: sodium, potassium, slow potassium, low-threshold calcium.
struct densities { const char* region; double na, kd, m, cat; };
constexpr densities currents[] = {{"soma", 0.06, 0.03, 1e-3, 4e-4}, {"axon", 0.08, 0.03, 1e-3, 0}, {"basal", 0, 0, 4e-5, 1.7e-4}};
constexpr auto threshold_shift = -56*units::mV;

}  // namespace

cell sst_martinotti(const morphology& original, const sst_martinotti_options& o) {
    using namespace units;
    require_section(original, section_type::soma, "sst_martinotti");
    cell c(with_stub_axon(original), o.compartments);
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 150*ohm*cm});
    c.paint("all", mechanism{"pas", {{"g", 4.2e-5*S/cm2}, {"e_rev", -59*mV}}});
    for (const auto& d : currents) {
        if (d.na > 0) c.paint(d.region, mechanism{"pospischil_na", {{"g_max", d.na*S/cm2}, {"v_t", threshold_shift}}});
        if (d.kd > 0) c.paint(d.region, mechanism{"pospischil_kd", {{"g_max", d.kd*S/cm2}, {"v_t", threshold_shift}}});
        if (d.cat > 0) c.paint(d.region, mechanism{"pospischil_cat", {{"g_max", d.cat*S/cm2}}});
        c.paint(d.region, mechanism{"pospischil_m", {{"g_max", d.m*S/cm2}, {"tau_max", 1000*ms}}});
    }
    auto sodium = default_ion(ion::na), potassium = default_ion(ion::k), calcium = default_ion(ion::ca);
    sodium.e_rev = 50*mV;
    potassium.e_rev = -90*mV;
    calcium.e_rev = 120*mV;
    return c.paint("all", sodium).paint("all", potassium).paint("all", calcium).start_at(-62*mV);
}

model sst_martinotti_model() {
    return {.name = "sst_martinotti",
            .summary = "adapting Martinotti cell with rebound, somatostatin",
            .source = "currents: Pospischil et al. (2008) Biol Cybern 99:427; densities: Apical",
            .temperature = celsius(36),
            .options = {{"morphology", "sst_martinotti_a", "a shipped morphology, or the path of an SWC or ASC file"},
                        {"compartments", "d_lambda(0.1, 100 Hz)", "how finely sections are cut"}},
            .make = [](const option_values& v) {
                return sst_martinotti(named_shape(v, "morphology"), {.compartments = parse_compartment_rule(v.at("compartments"))});
            }};
}

}  // namespace apical::models
