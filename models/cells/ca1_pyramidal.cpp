// SPDX-License-Identifier: BSD-3-Clause
#include "models/cells/ca1_pyramidal.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "models/model.hpp"

namespace apical::models {
namespace {

constexpr double soma = 20, segment = 75, branch = 150, thin = 0.8;   // lengths, and the diameter of thin branches [um]
constexpr std::array trunk{3.2, 2.6, 2.0, 1.5, 1.2};                   // diameters at the ends of its segments [um]
constexpr int obliques = 3, basals = 6;

/// A shape that grows, and how many compartments its sections have.
struct tree {
    morphology shape;
    std::vector<int> counts;

    int add(section s, int compartments) {
        counts.push_back(compartments);
        return shape.add(std::move(s));
    }
    /// Thin branches from a place of the parent at height y to all sides, each sinking by `slope` of its length.
    void spread(section_type type, int parent, double parent_x, double y, int branches, double slope) {
        const double across = branch*std::sqrt(1 - slope*slope);
        for (int k = 0; k < branches; ++k) {
            const double angle = 2*std::numbers::pi*k/branches;
            const point end{across*std::cos(angle), y - slope*branch, across*std::sin(angle), thin};
            add({.type = type, .parent = parent, .parent_x = parent_x, .points = {{0, y, 0, thin}, end}}, 3);
        }
    }
};

tree grown() {
    tree t;
    int parent = t.add({.type = section_type::soma, .points = {{0, -soma/2, 0, soma}, {0, soma/2, 0, soma}}}, 1);
    double y = soma/2;
    for (std::size_t k = 0; k + 1 < trunk.size(); ++k, y += segment) {
        parent = t.add({.type = section_type::apical, .parent = parent, .points = {{0, y, 0, trunk[k]}, {0, y + segment, 0, trunk[k + 1]}}}, 1);
        t.spread(section_type::apical, parent, 1, y + segment, obliques, 0);
    }
    t.spread(section_type::basal, 0, 0, -soma/2, basals, 0.6);
    return t;
}

/// A density that grows with path distance: by so much, relative to that at the soma, in 100 um.
spatial_value growing(conductance_density at_soma, double relative) {
    return spatial_value([=](const place& p) { return at_soma.coherent()*(1 + relative*p.distance/100); });
}

}  // namespace

cell ca1_pyramidal(const ca1_pyramidal_options& o) {
    using namespace units;
    auto [shape, counts] = grown();
    cell c(std::move(shape), explicit_counts{std::move(counts)});
    const auto leak = [&](const char* region, double spines) {   // the dendrites have more membrane, for their spines
        c.paint(region, cable{.capacitance = spines*uF/cm2, .resistivity = 150*ohm*cm});
        c.paint(region, mechanism{"pas", {{"g", spines/28e3*S/cm2}, {"e_rev", -66*mV}}});
    };
    leak("soma", 1);
    leak("basal or apical", 1.5);
    c.paint("soma", mechanism{"migliore_na", {{"g_max", 0.04*S/cm2}}});
    c.paint("basal or apical", mechanism{"migliore_na", {{"g_max", 0.04*S/cm2}, {"unslowed", 0.8}}});
    c.paint("(basal or apical) and diameter < 1 um", mechanism{"migliore_na", {{"g_max", 0.02*S/cm2}, {"unslowed", 0.8}}});
    c.paint("all", mechanism{"migliore_kdr", {{"g_max", 0.01*S/cm2}}});
    c.paint("distance <= 100 um", mechanism{"migliore_kap", {{"g_max", growing(o.transient, 1)}}});
    c.paint("distance > 100 um", mechanism{"migliore_kad", {{"g_max", growing(o.transient, 1)}}});
    c.paint("all", mechanism{"migliore_hd", {{"g_max", growing(5e-5*S/cm2, 3)}}});
    c.paint("basal or apical", mechanism{"ca_hva", {{"g_max", 1e-4*S/cm2}}});
    c.paint("basal or apical", mechanism{"cadynamics_e2", {{"gamma", 0.5}, {"decay", 20*ms}}});
    auto sodium = default_ion(ion::na), potassium = default_ion(ion::k);
    sodium.e_rev = 55*mV;
    potassium.e_rev = -90*mV;
    return c.paint("all", sodium).paint("all", potassium).start_at(-65*mV);
}

model ca1_pyramidal_model() {
    return {.name = "ca1_pyramidal",
            .summary = "a compact CA1 pyramidal cell with thin branches, for studies of its dendrites",
            .source = "currents: Migliore et al. (1999) J Comput Neurosci 7:5; shape and densities: Apical",
            .temperature = celsius(34),
            .options = {{"transient", "0.035 S/cm2", "transient potassium current at the soma, denser further out"}},
            .make = [](const option_values& v) {
                return ca1_pyramidal({.transient = positive<dimensions::conductance_density>(v, "transient")});
            }};
}

}  // namespace apical::models
