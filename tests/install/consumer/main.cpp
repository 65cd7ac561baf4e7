// SPDX-License-Identifier: BSD-3-Clause
//
// What a project outside the repository does: a model from the library, and a channel of its own.

#include <cstdio>

#include "engine/kernels/mechanism.hpp"
#include "engine/simulation.hpp"
#include "models/cells/squid_axon.hpp"

using namespace apical;
using namespace apical::units;

namespace {

/// A leak that follows the voltage, so that it does nothing at rest and holds the cell when it is strong.
struct clamp_to_rest {
    static constexpr channel_info info{.name = "clamp_to_rest", .summary = "a leak towards -65 mV", .source = "this file, 2026"};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 0, "S/cm2", "conductance density", 0, 100}};

    template <class V> struct state {};
    static constexpr state<field> meaning{};

    template <class V> static constexpr state<V> rest(const membrane<V>&, const parameters<V>&) { return {}; }
    template <class V> static constexpr state<V> advance(state<V> s, const membrane<V>&, const parameters<V>&, double) { return s; }
    template <class V, class U>
    static constexpr U current(const state<V>&, const membrane<V>&, const parameters<V>& p, U v) { return p.g_max*(v - V(-65.0)); }
};

std::size_t spikes(conductance_density leak, const catalogue& mechanisms) {
    circuit model;
    model.populations.push_back({.name = "axon", .cell = models::squid_axon()});
    model.populations[0].cell.paint("all", mechanism{"clamp_to_rest", {{"g_max", leak}}});
    model.injections.push_back({{"axon", "axon[0](0)"}, step_current{0.5*ms, 0.5*ms, 20*uA}});
    model.detectors = {{.on = {"axon", "axon[0](0.75)"}, .threshold = 0*mV}};
    simulation run(compile(model, {.temperature = celsius(18.5)}, mechanisms));
    run.run(10*ms);
    return run.spikes().size();
}

}  // namespace

int main() {
    auto mine = catalogue::built_in();
    add<clamp_to_rest>(mine);
    const auto without = spikes(0*S/cm2, mine), with = spikes(1*S/cm2, mine);
    std::printf("spikes: %zu without the extra leak, %zu with it\n", without, with);
    return without == 1 && with == 0 ? 0 : 1;
}
