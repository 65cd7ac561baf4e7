// SPDX-License-Identifier: BSD-3-Clause
#include "models/cells/squid_axon.hpp"

#include "models/cylinder.hpp"
#include "models/model.hpp"

namespace apical::models {

void paint_hodgkin_huxley(cell& c, const std::string& region) {
    for (const char* current : {"hh_na", "hh_k", "hh_leak"}) c.paint(region, mechanism{current, {}});
    c.paint(region, default_ion(ion::na)).paint(region, default_ion(ion::k));
}

cell squid_axon(const squid_axon_options& o) {
    cell c(one_cylinder({section_type::axon, o.length, o.diameter}), max_length{o.compartment.coherent()});
    c.paint("all", cable{.capacitance = 1*units::uF/units::cm2, .resistivity = o.resistivity});
    paint_hodgkin_huxley(c, "all");
    return c.start_at(-65*units::mV);
}

model squid_axon_model() {
    return {.name = "squid_axon",
            .summary = "the giant axon of the squid, a cable with Hodgkin-Huxley currents",
            .source = "Hodgkin & Huxley (1952) J Physiol 117:500",
            .options = {{"diameter", "476 um", "diameter of the cable"},
                        {"length", "200 mm", "length of the cable"},
                        {"compartment", "400 um", "the longest a compartment may be"},
                        {"resistivity", "35.4 ohm cm", "axial resistivity"}},
            .make = [](const option_values& v) {
                return squid_axon({.diameter = positive<dimensions::length>(v, "diameter"),
                                   .length = positive<dimensions::length>(v, "length"),
                                   .compartment = positive<dimensions::length>(v, "compartment"),
                                   .resistivity = positive<dimensions::resistivity>(v, "resistivity")});
            }};
}

}  // namespace apical::models
