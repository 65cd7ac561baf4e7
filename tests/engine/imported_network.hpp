// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>

#include "channels/nmodl/mechanism.hpp"
#include "channels/nmodl/translate.hpp"
#include "circuit/artificial_cell.hpp"
#include "tests/engine/cells.hpp"

/// A network whose synapses and artificial cells are read from NMODL.
namespace apical::test {

/// One mechanism for all that name it, as load_mechanisms gives.
inline std::shared_ptr<const nmodl::mechanism> read(const char* text) {
    static std::map<std::string, std::shared_ptr<const nmodl::mechanism>> known;
    auto& one = known[text];
    if (!one) one = nmodl::interpret(nmodl::translate_text(text, "test.mod").program);
    return one;
}

/// A synapse that each connection depresses for itself, and that saturates: order and sharing matter.
inline constexpr const char* depressing = R"(
NEURON { POINT_PROCESS depressing RANGE tau, e, i, tau_rec, u NONSPECIFIC_CURRENT i }
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { tau = 3 (ms) e = 0 (mV) tau_rec = 100 (ms) u = 0.5 }
ASSIGNED { v (mV) i (nA) }
STATE { g (uS) }
INITIAL { g = 0 }
BREAKPOINT { SOLVE state METHOD cnexp i = g*(v - e) }
DERIVATIVE state { g' = -g/tau }
NET_RECEIVE(weight (uS), R, last (ms)) {
    INITIAL { R = 1 last = t }
    R = 1 - (1 - R)*exp(-(t - last)/tau_rec)
    g = g + weight*u*R*(1 - 20*g)
    R = R - u*R
    last = t
}
)";

/// A leaky sum of weights, as NEURON's IntFire1.
inline constexpr const char* fire = R"(
NEURON { ARTIFICIAL_CELL fire RANGE tau, refrac, m }
PARAMETER { tau = 10 (ms) refrac = 5 (ms) }
ASSIGNED { m last (ms) is_refractory }
INITIAL { m = 0 last = 0 is_refractory = 0 }
NET_RECEIVE(w) {
    if (flag == 1) { is_refractory = 0 m = 0 last = t }
    else if (is_refractory == 0) {
        m = m*exp(-(t - last)/tau) + w
        last = t
        if (m > 1) { is_refractory = 1 net_send(refrac, 1) net_event(t) }
    }
}
)";

inline any_quantity pure(double x) { return {x, {}}; }

inline projection onto(std::string name, std::string source, std::string target, connection_rule rule, const char* text, random_value weight, duration delay) {
    const auto m = read(text);
    projection p{.name = std::move(name), .source = std::move(source), .target = std::move(target), .rule = std::move(rule), .receptor = m->source().name};
    p.imported = m, p.weight = weight, p.delay = delay;
    return p;
}

/// Cells of several compartments that hear each other, artificial cells and random sources through synapses from files.
inline circuit imported_network() {
    using namespace units;
    circuit all;
    auto c = cell(test::branched(), fixed_count{3});
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm}).paint("all", mechanism{"pas", {{"g", 1e-4*S/cm2}, {"e_rev", -65*mV}}});
    c.paint("soma", mechanism{"hh_na", {}}).paint("soma", mechanism{"hh_k", {}});
    all.populations.push_back({"cells", c, 11});
    all.populations.push_back({"ring", artificial_cell({"fire", {}, read(fire)}), 10});
    all.spike_sources.push_back({.name = "noise", .size = 8, .rate = 80.0/s});
    for (int k = 0; k < 11; ++k) all.injections.push_back({{"cells", "soma(0.5)", {k}}, step_current{1*ms, 20*ms, (0.5 + 0.05*k)*nA}});
    auto in = onto("in", "noise", "cells", pairwise_probability{0.7}, depressing, 0.004*uS, 1.3*ms);
    in.at = "in apical", in.contacts = 3;
    auto back = onto("back", "cells", "cells", fixed_indegree{4}, depressing, 0.006*uS, 1*ms);
    back.at = "in apical";
    back.parameters["tau"] = parse_quantity("1 ms");
    all.projections.push_back(in);
    all.projections.push_back(back);
    all.projections.push_back(onto("up", "cells", "ring", pairwise_probability{0.5}, fire, pure(0.45), 0.8*ms));
    all.projections.push_back(onto("kick", "noise", "ring", pairwise_probability{0.5}, fire, pure(0.3), 2.11*ms));
    all.projections.push_back(onto("down", "ring", "cells", pairwise_probability{0.5}, depressing, 0.003*uS, 0.9*ms));
    all.probes.push_back({"v", {"cells", "apic[1](0.5)", {0, 5, 10}}, "v"});
    all.detectors.push_back({{"cells", "soma(0.5)", {}}, -20*mV});
    return all;
}

}  // namespace apical::test
