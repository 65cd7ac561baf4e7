// SPDX-License-Identifier: BSD-3-Clause
#include "models/cells/ball_and_stick.hpp"

#include "models/cells/squid_axon.hpp"
#include "models/cylinder.hpp"
#include "models/model.hpp"

namespace apical::models {

cell ball_and_stick(const ball_and_stick_options& o) {
    using namespace units;
    auto shape = one_cylinder({section_type::soma, o.soma, o.soma});
    add_cylinder(shape, {section_type::basal, o.dendrite, o.diameter}, {0, 1});
    cell c(std::move(shape), explicit_counts{{1, o.dendrite_compartments}});
    c.paint("soma", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm});
    c.paint("basal", cable{.capacitance = 2*uF/cm2, .resistivity = 100*ohm*cm});
    paint_hodgkin_huxley(c, "soma");
    c.paint("basal", mechanism{"pas", {{"g", o.leak}, {"e_rev", -65*mV}}});
    return c.start_at(-65*mV);
}

model ball_and_stick_model() {
    return {.name = "ball_and_stick",
            .summary = "an excitable soma with one passive dendrite",
            .source = "Hodgkin & Huxley (1952) J Physiol 117:500; Rall (1959) Exp Neurol 1:491",
            .options = {{"soma", "20 um", "length and diameter of the soma"},
                        {"dendrite", "300 um", "length of the dendrite"},
                        {"diameter", "2 um", "diameter of the dendrite"},
                        {"leak", "1e-4 S/cm2", "leak conductance density of the dendrite"},
                        {"compartments", "5", "number of compartments of the dendrite"}},
            .make = [](const option_values& v) {
                return ball_and_stick({.soma = positive<dimensions::length>(v, "soma"),
                                       .dendrite = positive<dimensions::length>(v, "dendrite"),
                                       .diameter = positive<dimensions::length>(v, "diameter"),
                                       .leak = positive<dimensions::conductance_density>(v, "leak"),
                                       .dendrite_compartments = count(v, "compartments")});
            }};
}

}  // namespace apical::models
