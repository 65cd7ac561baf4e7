// SPDX-License-Identifier: BSD-3-Clause
//
// Example 4: a channel of your own
//
// run: ./example_04_own_channel
// run: ./example_04_own_channel --density "0.03 S/cm2"
//
// A channel is a struct of pure functions: what it is called, its parameters and states, where its
// gates tend to and how fast, and what current flows. It needs no place in Apical's own folders: add it to a copy of the catalogue and compile
// with that. Here it is the transient potassium current of Connor and Stevens, put into the squid's membrane, where it slows
// the firing.
//
// Shows: writing a channel, the catalogue, voltage clamp, recording currents.

#include <cmath>
#include <numbers>

#include "engine/kernels/mechanism.hpp"
#include "engine/simulation.hpp"
#include "examples/example.hpp"
#include "models/cells/squid_axon.hpp"

using namespace apical;
using namespace apical::units;

namespace {

/// The functions are templates on the value type: the same text computes one place, several at once, and, in `current`, the
/// slope conductance (U is then a number with its derivative).
struct a_current {
    static constexpr channel_info info{.name = "a_current",
                                       .summary = "transient potassium current, a^3 b",
                                       .source = "Connor, Walter & McKown (1977) Biophys J 18:81",
                                       .carries = ion::none};

    template <class V> struct parameters { V g_max, e_rev; };
    static constexpr parameters<field> defaults{{"g_max", 0.0477, "S/cm2", "peak conductance density", 0, 100},
                                                {"e_rev", -75, "mV", "reversal potential", -200, 200}};

    template <class V> struct state { V a, b; };
    static constexpr state<field> meaning{{"a", 0, "", "activation", 0, 1}, {"b", 0, "", "inactivation", 0, 1}};

    template <class V> static constexpr channels::gate<V> a(V v) {
        const V cube = V(0.0761)*math::exp<V>((v + V(94.22))*V(0.0314))*math::logistic<V>((v + V(1.17))*V(-0.0346));
        const V tau = V(0.3632) + V(1.158)*math::logistic<V>((v + V(55.96))*V(-0.0497));
        return channels::from_tau<V>(math::pow<V>(cube, V(1.0/3)), tau);
    }
    template <class V> static constexpr channels::gate<V> b(V v) {
        const V root = math::logistic<V>((v + V(53.3))*V(-0.0688));
        const V tau = V(1.24) + V(2.678)*math::logistic<V>((v + V(50.0))*V(-0.0624));
        return channels::from_tau<V>(root*root*root*root, tau);
    }

    template <class V> static constexpr state<channels::gate<V>> gates(const membrane<V>& at, const parameters<V>&) {
        return {a(at.v), b(at.v)};
    }
    template <class V, class U>
    static constexpr U current(const state<V>& s, const membrane<V>&, const parameters<V>& p, U v) {
        return p.g_max*s.a*s.a*s.a*s.b*(v - p.e_rev);
    }
};

/// A patch of squid membrane of 10000 um2, with or without the channel.
circuit patch(conductance_density density) {
    morphology shape;
    shape.add({.type = section_type::soma, .points = {{0, 0, 0, 100/std::numbers::pi}, {100, 0, 0, 100/std::numbers::pi}}});
    cell c(shape, fixed_count{1});
    models::paint_hodgkin_huxley(c, "all");
    c.paint("all", mechanism{"a_current", {{"g_max", density}}});
    circuit model;
    model.populations.push_back({.name = "patch", .cell = c});
    return model;
}

/// Spikes within a second of 10 uA/cm2.
std::size_t spikes(const catalogue& mechanisms, conductance_density density) {
    auto model = patch(density);
    model.injections.push_back({{"patch"}, step_current{0*ms, 1000*ms, 1*nA}});
    model.detectors = {{.on = {"patch"}, .threshold = 0*mV}};
    simulation run(compile(model, {}, mechanisms));
    run.run(1000*ms);
    return run.spikes().size();
}

int own_channel(const example::arguments& given) {
    const auto density = given("--density", 0.0477*S/cm2);
    auto mechanisms = catalogue::built_in();
    add<a_current>(mechanisms);

    // Held at -40 mV for long enough, the current is what the equations say it is at rest there.
    auto model = patch(density);
    model.clamps.push_back({.on = {"patch"}, .levels = {{0*ms, -40*mV}}});
    model.probes = {{.label = "current", .on = {"patch"}, .variable = "a_current.i"}};
    simulation clamped(compile(model, {}, mechanisms));
    clamped.run(100*ms);
    const double v = clamped.voltage("patch", 0), a = a_current::a(v).inf, b = a_current::b(v).inf;
    const double law = (density*(v + 75)*mV*1e4*um2).in(nA)*a*a*a*b;

    example::report report;
    report.near("steady current at -40 mV", clamped["current"].samples.back(), law, 1e-9*std::abs(law), "nA");
    const auto without = spikes(mechanisms, 0*S/cm2), with = spikes(mechanisms, density);
    report.near("spikes in 1 s without the channel", static_cast<double>(without), 69, 1, "");
    report.value("spikes in 1 s with it", static_cast<double>(with), "");
    report.that(with < without, "the channel slows the firing");
    return report.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run([&] { return own_channel({argc, argv, {"--density"}}); });
}
