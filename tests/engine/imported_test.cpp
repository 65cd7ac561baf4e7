// SPDX-License-Identifier: BSD-3-Clause
// Mechanisms read from NMODL, on cells: they do what the package's own do with the same equations, alone and beside them.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "core/image.hpp"
#include "engine/checkpoint.hpp"
#include "tests/engine/cells.hpp"
#include "tests/engine/imported.hpp"

namespace apical {
namespace {

using namespace units;
using test::imported, test::shell;

const char* const squid = R"(
NEURON { SUFFIX squid USEION na READ ena WRITE ina USEION k READ ek WRITE ik RANGE gna, gk, minf, ina }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { gna = 0.12 (S/cm2) gk = 0.036 (S/cm2) }
STATE { m h n }
ASSIGNED { v (mV) celsius (degC) ena (mV) ek (mV) ina (mA/cm2) ik (mA/cm2) minf hinf ninf mtau (ms) htau (ms) ntau (ms) }
BREAKPOINT {
    SOLVE states METHOD cnexp
    ina = gna*m*m*m*h*(v - ena)
    ik = gk*n*n*n*n*(v - ek)
}
INITIAL { rates(v) m = minf h = hinf n = ninf }
DERIVATIVE states { rates(v) m' = (minf - m)/mtau h' = (hinf - h)/htau n' = (ninf - n)/ntau }
FUNCTION vtrap(x, y) {
    if (fabs(x/y) < 1e-6) { vtrap = y*(1 - x/y/2) } else { vtrap = x/(exp(x/y) - 1) }
}
PROCEDURE rates(v (mV)) { LOCAL q, a, b
    q = 3^((celsius - 6.3)/10)
    a = 0.1*vtrap(-(v + 40), 10)  b = 4*exp(-(v + 65)/18)
    mtau = 1/(q*(a + b))  minf = a/(a + b)
    a = 0.07*exp(-(v + 65)/20)  b = 1/(exp(-(v + 35)/10) + 1)
    htau = 1/(q*(a + b))  hinf = a/(a + b)
    a = 0.01*vtrap(-(v + 55), 10)  b = 0.125*exp(-(v + 65)/80)
    ntau = 1/(q*(a + b))  ninf = a/(a + b)
}
)";

const char* const rising = R"(
NEURON { POINT_PROCESS rising RANGE tau1, tau2, e, i NONSPECIFIC_CURRENT i }
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { tau1 = 0.5 (ms) tau2 = 5 (ms) e = 0 (mV) }
ASSIGNED { v (mV) i (nA) factor }
STATE { A (uS) B (uS) }
INITIAL { LOCAL tp
    A = 0 B = 0
    tp = (tau1*tau2)/(tau2 - tau1)*log(tau2/tau1)
    factor = 1/(-exp(-tp/tau1) + exp(-tp/tau2))
}
BREAKPOINT { SOLVE state METHOD cnexp i = (B - A)*(v - e) }
DERIVATIVE state { A' = -A/tau1 B' = -B/tau2 }
NET_RECEIVE(weight (uS)) { A = A + weight*factor B = B + weight*factor }
)";

const char* const odd = R"(
NEURON { SUFFIX odd USEION xx READ exx, xxi WRITE ixx VALENCE 1 RANGE g }
PARAMETER { g = 1e-4 (S/cm2) }
ASSIGNED { v (mV) exx (mV) xxi (mM) ixx (mA/cm2) }
BREAKPOINT { ixx = g*xxi*(v - exx) }
)";

run_options under(scheme s) { return {.scheme = s, .rates = rates::functions}; }

cell passive() {
    cell c(test::branched(), fixed_count{3});
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm});
    c.paint("all", mechanism{"pas", {{"g", 1e-4*S/cm2}, {"e_rev", -65*mV}}});
    return c;
}

circuit driven(cell c, int cells = 1) {
    circuit all;
    all.populations.push_back({"cells", std::move(c), cells});
    for (int i = 0; i < cells; ++i) all.injections.push_back({{"cells", "soma(0.5)", {i}}, step_current{1*ms, 20*ms, (0.6 + 0.03*i)*nA}});
    all.probes.push_back({"v", {"cells", "centre(all)", {}}, "v"});
    all.detectors.push_back({{"cells", "soma(0.5)", {}}, -20*mV});
    return all;
}

double largest_difference(const simulation& a, const simulation& b, std::size_t of = 0) {
    const auto &x = a.recordings()[of].samples, &y = b.recordings()[of].samples;
    EXPECT_EQ(x.size(), y.size());
    double largest = 0;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) largest = std::max(largest, std::isfinite(x[i]) ? std::abs(x[i] - y[i]) : 1e300);
    return largest;
}

simulation after(duration until, const circuit& c, const run_options& o) {
    simulation s(c, o);
    s.run(until);
    return s;
}

class imported_mechanisms : public testing::TestWithParam<scheme> {};

TEST_P(imported_mechanisms, squid_axon_is_that_of_the_package) {
    auto own = passive(), read = passive();
    own.paint("soma or apical", mechanism{"hh_na", {}}).paint("soma or apical", mechanism{"hh_k", {}});
    read.paint("soma or apical", mechanism{"squid", {}, imported(squid)});
    const auto a = after(25*ms, driven(own), under(GetParam())), b = after(25*ms, driven(read), under(GetParam()));
    EXPECT_GE(a.spikes().size(), 1u);
    EXPECT_LT(largest_difference(a, b), 1e-6);
}

TEST_P(imported_mechanisms, calcium_goes_between_both_kinds) {
    const auto with = [&](const char* channels, mechanism pool) {
        auto c = passive();
        c.paint(channels, mechanism{"ca_hva", {{"g_max", 5e-4*S/cm2}}}).paint(channels, mechanism{"sk_e2", {{"g_max", 1e-3*S/cm2}}});
        c.paint(channels, std::move(pool));
        auto all = driven(c);
        all.probes.push_back({"ca", {"cells", "apic[0](0.5)", {}}, "ca.c_in"});
        all.probes.push_back({"e", {"cells", "apic[0](0.5)", {}}, "ca.e_rev"});
        return all;
    };
    const auto own = after(25*ms, with("apical", {"cadynamics_e2", {}}), under(GetParam()));
    const auto read = after(25*ms, with("apical", {"shell", {}, imported(shell)}), under(GetParam()));
    EXPECT_LT(largest_difference(own, read), 1e-6);
    EXPECT_LT(largest_difference(own, read, 1), 1e-9);
    EXPECT_LT(largest_difference(own, read, 2), 1e-6);
}

TEST_P(imported_mechanisms, a_point_process_takes_events_as_the_receptor_does) {
    const auto with = [&](receptor r) {
        auto all = driven(passive());
        all.receptors.push_back(std::move(r));
        all.spike_trains.push_back({"synapse", {3, 3.51, 10.01}, 0.004*uS, 1*ms});
        return all;
    };
    const auto own = after(25*ms, with({"synapse", {"cells", "apic[1](0.3), dend[0](0.7)", {}}, "exp2syn", {{"tau_rise", parse_quantity("0.5 ms")}, {"tau_decay", parse_quantity("5 ms")}}}), under(GetParam()));
    const auto read = after(25*ms, with({"synapse", {"cells", "apic[1](0.3), dend[0](0.7)", {}}, "rising", {}, imported(rising)}), under(GetParam()));
    EXPECT_LT(largest_difference(own, read), 1e-9);
}

TEST_P(imported_mechanisms, lanes_and_threads_change_no_bit) {
    auto c = passive();
    c.paint("soma or apical", mechanism{"squid", {{"gna", "0.12 S/cm2 * exp(-distance/300 um)"}}, imported(squid)});
    c.paint("apical", mechanism{"ca_hva", {{"g_max", 5e-4*S/cm2}}}).paint("apical", mechanism{"shell", {}, imported(shell)});
    auto all = driven(c, 9);
    all.receptors.push_back({"synapse", {"cells", "apic[1](0.3)", {}}, "rising", {}, imported(rising)});
    all.poisson_trains.push_back({"synapse", 200.0/s, 1*nS});
    all.probes.push_back({"m", {"cells", "apic[1](0.5)", {}}, "squid.minf"});
    auto o = under(GetParam());
    o.lanes = 1;
    const auto one = after(20*ms, all, o);
    o.threads = 2;
    const auto two = after(20*ms, all, o);
    o.lanes = native_width, o.threads = 1;
    const auto many = after(20*ms, all, o);
    EXPECT_GT(one.spikes().size(), 5u);
    for (std::size_t k = 0; k < one.recordings().size(); ++k) {
        EXPECT_EQ(one.recordings()[k].samples, two.recordings()[k].samples);
        EXPECT_EQ(one.recordings()[k].samples, many.recordings()[k].samples);
    }
}

TEST_P(imported_mechanisms, a_fork_goes_on_as_its_original) {
    auto c = passive();
    c.paint("all", mechanism{"squid", {}, imported(squid)}).paint("apical", mechanism{"shell", {}, imported(shell)});
    auto all = driven(c);
    all.receptors.push_back({"synapse", {"cells", "apic[1](0.3)", {}}, "rising", {}, imported(rising)});
    all.spike_trains.push_back({"synapse", {3, 9.9, 10.01}, 0.004*uS, 1*ms});
    auto original = after(10*ms, all, under(GetParam()));
    auto fork = original;
    original.run(20*ms), fork.run(20*ms);
    EXPECT_EQ(original.recordings()[0].samples, fork.recordings()[0].samples);
    EXPECT_EQ(original.recordings()[0].samples, after(20*ms, all, under(GetParam())).recordings()[0].samples);
}

TEST_P(imported_mechanisms, ions_that_only_files_know_have_values_of_their_own) {
    auto c = passive();
    c.paint("all", mechanism{"odd", {}, imported(odd)});
    c.paint("all", ion_setting{ion::none, -20*mV, 2*mM, 1*mM, "xx"});
    circuit all;
    all.populations.push_back({"cells", c});
    all.probes.push_back({"v", {"cells", "soma(0.5)", {}}, "v"});
    // 1e-4 S/cm2 to -65 mV against 2e-4 S/cm2 to -20 mV
    EXPECT_NEAR(after(300*ms, all, under(GetParam())).recordings()[0].samples.back(), (-65 - 2*20)/3.0, 1e-6);
}

TEST_P(imported_mechanisms, what_a_file_does_before_and_after_steps_is_done) {
    auto c = passive();
    c.paint("soma", mechanism{"hooked", {}, imported("NEURON { SUFFIX hooked RANGE begun, solved, x }\nASSIGNED { begun solved }\nSTATE { x }\nINITIAL { x = 0 begun = 0 solved = 0 }\n"
        "BREAKPOINT { SOLVE s METHOD cnexp }\nDERIVATIVE s { x' = 1 - x }\nBEFORE STEP { begun = begun + 1 }\nAFTER SOLVE { solved = solved + 1 }\n")});
    auto all = driven(c);
    for (const char* variable : {"begun", "solved"}) all.probes.push_back({variable, {"cells", "soma(0.5)", {}}, std::string("hooked.") + variable});
    const auto s = after(1*ms, all, under(GetParam()));
    EXPECT_EQ(s.recordings()[1].samples.back(), 40);
    EXPECT_EQ(s.recordings()[2].samples.back(), 40);
}

INSTANTIATE_TEST_SUITE_P(schemes, imported_mechanisms, testing::Values(scheme::backward_euler, scheme::crank_nicolson), [](const auto& p) { return std::string(name_of(p.param)); });

TEST(imported_mechanism_errors, what_cannot_be_is_refused_where_it_stands) {
    const auto message = [](const circuit& c, const run_options& o = {}) {
        try {
            simulation(c, o).run(1*ms);
        } catch (const error& e) {
            return std::string(e.what());
        }
        return std::string("accepted");
    };
    const auto holding = [](const std::string& part, const std::string& text) { return text.find(part) != std::string::npos; };
    auto c = passive();
    c.paint("all", mechanism{"squid", {{"gnabar", 0.1*S/cm2}}, imported(squid)});
    EXPECT_PRED2(holding, "no such parameter", message(driven(c)));
    c = passive();
    c.paint("all", mechanism{"shell", {}, imported(shell)}).paint("soma", mechanism{"cadynamics_e2", {}});
    EXPECT_PRED2(holding, "keeps account of ca", message(driven(c)));
    c = passive();
    c.paint("all", mechanism{"squid", {}, imported(squid)});
    EXPECT_PRED2(holding, "read from NMODL", message(driven(c), {.scheme = scheme::cvode}));
    auto synapse = driven(passive());
    synapse.receptors.push_back({"synapse", {"cells", "soma(0.5)", {}}, "rising", {}, imported(rising)});
    EXPECT_PRED2(holding, "receptor 'synapse': was read from NMODL", message(synapse, {.scheme = scheme::precise}));
    auto modulated = driven(c);
    modulated.modulators.push_back({.name = "dopamine", .effects = {{.population = "cells", .mechanism = "squid", .parameter = "gna", .scale = 0.5}}});
    EXPECT_PRED2(holding, "cannot change while it runs", message(modulated));
    auto probing = driven(c);
    probing.probes.push_back({"x", {"cells", "soma(0.5)", {}}, "squid.q"});
    EXPECT_PRED2(holding, "keeps no 'q'", message(probing));
    c = passive();
    c.paint("all", mechanism{"table", {}, imported("NEURON { SUFFIX table NONSPECIFIC_CURRENT i }\nASSIGNED { v (mV) i (mA/cm2) }\nBREAKPOINT { i = f(v) }\nFUNCTION_TABLE f(v)\n")});
    EXPECT_PRED2(holding, "FUNCTION_TABLE", message(driven(c)));
    auto twice = driven(passive().paint("all", mechanism{"squid", {}, imported(squid)}).paint("soma", mechanism{"squid", {}, imported(squid)}));
    EXPECT_PRED2(holding, "already", message(twice));
}

}  // namespace
}  // namespace apical
