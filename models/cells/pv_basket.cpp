// SPDX-License-Identifier: BSD-3-Clause
#include "models/cells/pv_basket.hpp"

#include "models/model.hpp"

namespace apical::models {
namespace {

/// Peak densities of the spike currents in a region [S/cm2].
struct densities { const char* region; double na, kv3; };
constexpr densities spikes[] = {{"soma", 0.18, 0.95}, {"axon", 0.3, 0.95}, {"basal", 0.005, 0.005}};

}  // namespace

cell pv_basket(const morphology& original, const pv_basket_options& o) {
    using namespace units;
    require_section(original, section_type::soma, "pv_basket");
    cell c(with_stub_axon(original), o.compartments);
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 150*ohm*cm});
    c.paint("all", mechanism{"pas", {{"g", 1.15e-4*S/cm2}, {"e_rev", -69*mV}}});
    for (const auto& d : spikes) {
        c.paint(d.region, mechanism{"pospischil_na", {{"g_max", d.na*S/cm2}, {"v_t", -60.5*mV}}});
        c.paint(d.region, mechanism{"skv3_1", {{"g_max", d.kv3*S/cm2}}});
    }
    auto sodium = default_ion(ion::na), potassium = default_ion(ion::k);
    sodium.e_rev = 50*mV;
    potassium.e_rev = -90*mV;
    return c.paint("all", sodium).paint("all", potassium).start_at(-70*mV);
}

model pv_basket_model() {
    return {.name = "pv_basket",
            .summary = "fast-spiking basket cell, parvalbumin",
            .source = "currents: Pospischil et al. (2008) Biol Cybern 99:427, Hay et al. (2011) PLoS Comput Biol 7:e1002107; densities: Apical",
            .temperature = celsius(36),
            .options = {{"morphology", "pv_basket_a", "a shipped morphology, or the path of an SWC or ASC file"},
                        {"compartments", "d_lambda(0.1, 100 Hz)", "how finely sections are cut"}},
            .make = [](const option_values& v) {
                return pv_basket(named_shape(v, "morphology"), {.compartments = parse_compartment_rule(v.at("compartments"))});
            }};
}

}  // namespace apical::models
