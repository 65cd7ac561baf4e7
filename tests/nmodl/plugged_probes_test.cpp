// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "engine/plugged_channel.hpp"
#include "tests/engine/cells.hpp"
#include "tests/nmodl/compiled.hpp"

/// What a file computes beside its states can be probed in either form.
namespace apical::nmodl {
namespace {

using namespace units;

/// A channel, with its density in a unit that so many make 1 S/cm2 of.
std::string slow(const std::string& unit, const std::string& factor) {
    return R"(
NEURON { SUFFIX slow USEION k READ ek WRITE ik RANGE gbar, ninf, ntau, g, half, scaled }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { gbar = 1 ()" + unit + R"() half = -40 (mV) }
STATE { n }
ASSIGNED { v (mV) ek (mV) ik (mA/cm2) celsius (degC) ninf ntau (ms) g (S/cm2) scaled tadj }
BREAKPOINT { SOLVE states METHOD cnexp g = ()" + factor + R"()*gbar*tadj*n*n ik = g*(v - ek) scaled = q10()*n }
INITIAL { rates(v) n = ninf }
DERIVATIVE states { rates(v) n' = (ninf - n)/ntau }
FUNCTION q10() { q10 = 3^((celsius - 23)/10) }
PROCEDURE rates(v (mV)) { ninf = 1/(1 + exp(-(v - half)/9)) tadj = 3^((celsius - 23)/10) ntau = (1 + 5/(1 + exp((v + 30)/10)))/tadj }
)";
}

simulation probed(const std::shared_ptr<const mechanism>& m, scheme s, quantity<dimensions::conductance_density> gbar) {
    cell c(test::branched(), fixed_count{3});
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm});
    c.paint("soma or apical", apical::mechanism{"slow", {{"gbar", gbar}}, m});
    circuit all;
    all.populations.push_back({"cells", std::move(c), 3});
    all.injections.push_back({{"cells", "soma(0.5)", {}}, step_current{1*ms, 20*ms, 0.8*nA}});
    for (const auto* what : {"ninf", "ntau", "ik", "g", "scaled", "half", "n"})
        all.probes.push_back({what, {"cells", "apic[0](0.5)", {1}}, what == std::string("g") ? std::string("slow.ek") : std::string("slow.") + what});
    simulation done(all, {.scheme = s, .rates = rates::functions});
    done.run(10*ms);
    return done;
}

void expect_same(const recording& a, const recording& b, const char* unit) {
    ASSERT_EQ(a.samples.size(), b.samples.size());
    const double largest = std::abs(*std::ranges::max_element(b.samples, {}, [](double x) { return std::abs(x); }));
    EXPECT_GT(largest, 0) << a.label;
    for (std::size_t i = 1; i < a.samples.size(); ++i) ASSERT_NEAR(a.samples[i], b.samples[i], 1e-6*largest) << a.label << " at " << i << ", gbar in " << unit;
}

TEST(plugged_channel, tells_what_its_file_computes) {
    const testing::odd_folder cache;
    for (const auto& [unit, factor, gbar] : {std::tuple{"mS/cm2", "0.001", 0.5*mS/cm2}, {"pS/um2", "1e-4", 5e-4*S/cm2}}) {
        const auto text = slow(unit, factor);
        const auto general = build_plug_in({testing::program_from(text.c_str())}, {.cache = cache.path(), .is_general = true}).mechanisms.at(0);
        const auto special = build_plug_in({testing::program_from(text.c_str())}, {.cache = cache.path()}).mechanisms.at(0);
        ASSERT_TRUE(dynamic_cast<const plugged_channel*>(special.get())) << unit;
        ASSERT_FALSE(dynamic_cast<const plugged_channel*>(general.get()));
        for (const auto s : {scheme::backward_euler, scheme::crank_nicolson}) {
            const auto a = probed(special, s, gbar), b = probed(general, s, gbar);
            for (std::size_t k = 0; k < a.recordings().size(); ++k) expect_same(a.recordings()[k], b.recordings()[k], unit);
        }
        EXPECT_NO_THROW(probed(special, scheme::precise, gbar));
    }
}

TEST(plugged_channel, names_what_can_be_probed) {
    const testing::odd_folder cache;
    const auto special = build_plug_in({testing::program_from(slow("S/cm2", "1").c_str())}, {.cache = cache.path()}).mechanisms.at(0);
    cell c(test::branched(), fixed_count{3});
    c.paint("all", cable{.capacitance = 1*uF/cm2, .resistivity = 100*ohm*cm}).paint("soma", apical::mechanism{"slow", {}, special});
    circuit all;
    all.populations.push_back({"cells", std::move(c), 1});
    all.probes.push_back({"x", {"cells", "soma(0.5)", {}}, "slow.ninff"});
    try {
        simulation(all, {});
        FAIL() << "accepted";
    } catch (const error& e) {
        EXPECT_NE(std::string(e.what()).find("ninf"), std::string::npos) << e.what();
    }
}

}  // namespace
}  // namespace apical::nmodl
