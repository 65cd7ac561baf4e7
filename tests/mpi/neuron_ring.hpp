// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "core/quantity_text.hpp"
#include "tests/engine/cells.hpp"

namespace apical::test {

/// The network of NEURON's parallel ring test (nrn, test/ringtest): twenty ball-and-stick cells, each of which excites the next, and
/// a current into the first. Backward Euler at 0.025 ms, 100 ms. Seven compartments a section, with which NEURON 9.0.2 has the spikes that
/// the test keeps (out.dat.ref).
inline circuit neuron_ring() {
    using namespace units;
    morphology m;
    m.add(cylinder(12.6157, 12.6157, -1, 1, section_type::soma));
    m.add(cylinder(200, 1, 0, 1));
    cell c(m, fixed_count{7});
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm});
    for (const char* name : {"hh_na", "hh_k", "hh_leak"}) c.paint("soma", mechanism{name, {}});
    c.paint("basal", mechanism{"pas", {{"g", 1e-3*S/cm2}, {"e_rev", -65*mV}}});
    c.start_at(-65*mV);
    constexpr int cells = 20;
    circuit ring;
    ring.populations.push_back({"cells", c, cells});
    std::vector<int> from, to;
    for (int k = 0; k < cells; ++k) from.push_back(k), to.push_back((k + 1) % cells);
    ring.projections.push_back({.name = "ring", .source = "cells", .target = "cells", .rule = contact_list::of(from, to), .receptor = "expsyn",
                                .parameters = {{"tau", parse_quantity("2 ms")}}, .weight = 0.01*uS, .delay = 1*ms, .at = "dend[0](0.8)"});
    ring.injections.push_back({{"cells", "soma(0.5)", {0}}, step_current{0*ms, 1*ms, 1*nA}});
    ring.detectors.push_back({.on = {"cells", "soma(1)", {}}, .threshold = 10*mV});
    return ring;
}

}  // namespace apical::test
