// SPDX-License-Identifier: BSD-3-Clause
#include "circuit/cell.hpp"

namespace apical {

namespace {

/// Compartments as sections in a row, each 20 um long and wide: something to put an electrode on.
morphology sketch(int compartments) {
    morphology shape;
    for (int n = 0; n < compartments; ++n) {
        const double from = 20.0*n;
        section s{.type = n == 0 ? section_type::soma : section_type::apical, .points = {{from, 0, 0, 20}, {from + 20, 0, 0, 20}}};
        if (n > 0) s.parent = n - 1, s.parent_x = 1;
        shape.add(std::move(s));
    }
    return shape;
}

}  // namespace

cell::cell(neuron n, int compartments) : shape_(sketch(compartments)), rule_(fixed_count{1}), neuron_(std::move(n)) {}

ion_setting default_ion(ion i) {
    using namespace units;
    switch (i) {
        case ion::na: return {i, 50*mV, 10*mM, 140*mM};
        case ion::k: return {i, -77*mV, 54.4*mM, 2.5*mM};
        case ion::ca: return {i, 132.4579341637009*mV, 5e-5*mM, 2*mM};
        case ion::cl: return {i, -70*mV, 10*mM, 140*mM};
        case ion::none: break;
    }
    return {ion::none, 0*mV, 0*mM, 0*mM};
}

ion_setting other_ion(std::string name) {
    return {ion::none, 0*units::mV, 1*units::mM, 1*units::mM, std::move(name)};
}

cell& cell::paint(std::string region, mechanism m) {
    paintings_.push_back({std::move(region), std::move(m)});
    return *this;
}
cell& cell::paint(std::string region, cable c) {
    paintings_.push_back({std::move(region), std::move(c)});
    return *this;
}
cell& cell::paint(std::string region, ion_setting s) {
    paintings_.push_back({std::move(region), s});
    return *this;
}

}  // namespace apical
