// SPDX-License-Identifier: BSD-3-Clause
// Mechanisms read from NMODL in steps of any length: scheme `automatic`.
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "channels/nmodl/translate.hpp"
#include "engine/simulation.hpp"
#include "tests/engine/cells.hpp"
#include "tests/engine/imported.hpp"

namespace apical {
namespace {

using namespace units;
using test::imported, test::falling, test::shell;

cell passive() {
    cell c(test::branched(), fixed_count{3});
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm});
    c.paint("all", mechanism{"pas", {{"g", 1e-4*S/cm2}, {"e_rev", -65*mV}}});
    return c;
}
mechanism squid_axon() {
    return {"squid_axon", {}, nmodl::interpret(nmodl::translate_file(APICAL_SOURCE_DIR "/bench/nmodl/squid_axon.mod").program)};
}
circuit driven(cell c) {
    circuit all;
    all.populations.push_back({"cells", std::move(c), 2});
    for (int i = 0; i < 2; ++i) all.injections.push_back({{"cells", "soma(0.5)", {i}}, step_current{1*ms, 20*ms, (0.6 + 0.03*i)*nA}});
    all.probes.push_back({"v", {"cells", "soma(0.5)", {}}, "v"});
    all.detectors.push_back({{"cells", "soma(0.5)", {}}, -20*mV});
    return all;
}
simulation after(duration until, const circuit& c, const run_options& o) {
    simulation s(c, o);
    s.run(until);
    return s;
}
double largest_difference(const simulation& a, const simulation& b, std::size_t of = 0) {
    const auto &x = a.recordings()[of].samples, &y = b.recordings()[of].samples;
    EXPECT_EQ(x.size(), y.size());
    double largest = 0;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) largest = std::max(largest, std::isfinite(x[i]) ? std::abs(x[i] - y[i]) : 1e300);
    return largest;
}
constexpr run_options automatic{.scheme = scheme::automatic, .rates = rates::functions};

TEST(imported_automatic, squid_axon_is_that_of_the_package) {
    auto own = passive(), read = passive();
    const auto* where = "soma or apical";
    read.paint(where, squid_axon());
    own.paint(where, mechanism{"hh_na", {}}).paint(where, mechanism{"hh_k", {}});
    own.paint(where, mechanism{"pas", {{"g", 4e-4*S/cm2}, {"e_rev", (3*-54.3 - 65)/4*mV}}});   // the file's leak too
    const auto a = after(25*ms, driven(own), automatic), b = after(25*ms, driven(read), automatic);
    EXPECT_GE(b.spikes().size(), 2u);
    EXPECT_LT(largest_difference(a, b), 1e-5);
}

TEST(imported_automatic, converges_to_small_steps_with_pools_and_synapses) {
    auto c = passive();
    c.paint("soma or apical", squid_axon());
    c.paint("apical", mechanism{"ca_hva", {{"g_max", 5e-4*S/cm2}}}).paint("apical", mechanism{"sk_e2", {{"g_max", 1e-3*S/cm2}}});
    c.paint("apical", mechanism{"shell", {}, imported(shell)});
    auto all = driven(c);
    all.probes.push_back({"ca", {"cells", "apic[0](0.5)", {}}, "ca.c_in"});
    all.receptors.push_back({"s", {"cells", "apic[0](0.5)", {}}, "falling", {}, imported(falling)});
    all.spike_trains.push_back({"s", {3.01, 12.4, 40}, 0.003*uS, 0*ms});
    const auto exact = after(60*ms, all, {.dt = 0.003125*ms, .rates = rates::functions});
    const auto furthest = [&](double part) {
        const auto s = after(60*ms, all, {.dt = 0.025*part*ms, .scheme = scheme::automatic, .rates = rates::functions, .max_change = part*mV});
        EXPECT_EQ(s.spikes().size(), exact.spikes().size());
        double furthest = 0;
        for (std::size_t k = 0; k < s.spikes().size(); ++k) furthest = std::max(furthest, std::abs(s.spikes()[k].time - exact.spikes()[k].time));
        return furthest;
    };
    const double coarse = furthest(1), fine = furthest(0.25);
    EXPECT_LT(coarse, 0.05);
    EXPECT_LT(fine, 0.3*coarse);
}

TEST(imported_automatic, refuses_what_is_done_once_a_step) {
    const auto message = [](const char* text) {
        auto c = passive();
        const auto m = imported(text);
        c.paint("soma", mechanism{m->source().name, {}, m});
        try {
            simulation(driven(c), automatic).run(1*ms);
        } catch (const error& e) {
            return std::string(e.what());
        }
        return std::string("accepted");
    };
    const auto holding = [](const std::string& part, const std::string& text) { return text.find(part) != std::string::npos; };
    EXPECT_PRED2(holding, "test.mod:4: what is solved has no rates of change",
                 message("NEURON { SUFFIX stepped RANGE x }\nSTATE { x }\nBREAKPOINT { SOLVE s }\nPROCEDURE s() { x = x + 0.1 }\n"));
    EXPECT_PRED2(holding, "once a step", message("NEURON { SUFFIX hooked RANGE n, x }\nASSIGNED { n }\nSTATE { x }\nBREAKPOINT { SOLVE s METHOD cnexp }\n"
                                                  "DERIVATIVE s { x' = -x }\nBEFORE STEP { n = n + 1 }\n"));
    EXPECT_PRED2(holding, "INITIAL computes with dt", message("NEURON { SUFFIX early RANGE f, x }\nASSIGNED { f dt (ms) }\nSTATE { x }\nINITIAL { f = exp(-dt) }\n"
                                                              "BREAKPOINT { SOLVE s METHOD cnexp }\nDERIVATIVE s { x' = -f*x }\n"));
}

}  // namespace
}  // namespace apical
