// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/simulation.hpp"

namespace apical::testing {

/// A soma with an apical, a basal and an axonal cylinder, in this order: not SONATA's.
inline morphology small_shape() {
    morphology m;
    const int soma = m.add({section_type::soma, -1, 1, {{0, 0, 0, 20}, {20, 0, 0, 20}}});
    m.add({section_type::apical, soma, 1, {{20, 0, 0, 2}, {220, 50, 0, 1}}});
    m.add({section_type::basal, soma, 0, {{0, 0, 0, 2}, {-100, 0, 0, 1}}});
    m.add({section_type::axon, soma, 0.5, {{10, 0, 0, 1}, {10, -60, 0, 1}}});
    return m;
}

/// Two populations of that shape: "left" of three cells, "right, too" of one.
inline circuit two_populations() {
    circuit c;
    c.populations.push_back({.name = "left", .cell = cell(small_shape()), .size = 3});
    c.populations.push_back({.name = "right, too", .cell = cell(small_shape())});
    return c;
}

/// Three samples at four places on cells 2 and 0 of population 0, in no order.
inline recording scattered_recording() {
    recording r{.label = "v", .variable = "v", .unit = "mV", .start = 5, .interval = 0.1, .places = {}, .samples = {}};
    r.places = {{0, 2, {1, 0.75}, "apic[0](0.75)"}, {0, 0, {0, 0.5}, "soma[0](0.5)"}, {0, 2, {3, 0.5}, "axon[0](0.5)"}, {0, 2, {1, 0.25}, "apic[0](0.25)"}};
    for (int row = 0; row < 3; ++row)
        for (int c = 0; c < 4; ++c) r.samples.push_back(-65 + 10*row + 0.1*c);
    return r;
}

}  // namespace apical::testing
