// SPDX-License-Identifier: BSD-3-Clause
#include <string>

#include <gtest/gtest.h>

#include "channels/nmodl/emit_block.hpp"
#include "channels/nmodl/emit_channel.hpp"
#include "channels/nmodl/emit_mechanism.hpp"
#include "tests/nmodl/compiled.hpp"

namespace apical::nmodl {
namespace {

void contains(const std::string& text, const std::string& part) { EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' is not in\n" << text; }

/// A channel with what comes before BREAKPOINT's current and the equation of its one state.
std::string channel(const std::string& current, const std::string& equation, const std::string& more = "") {
    return "NEURON { SUFFIX x USEION k READ ek WRITE ik RANGE gbar }\n"
           "UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }\n"
           "PARAMETER { gbar = 0.1 (S/cm2) }\n"
           "ASSIGNED { v (mV) ek (mV) ik (mA/cm2) celsius (degC) inf tau (ms) alpha (/ms) beta (/ms) }\n"
           "STATE { n }\n"
           "BREAKPOINT { SOLVE states METHOD cnexp " + current + " }\n"
           "DERIVATIVE states { " + equation + " }\n"
           "INITIAL { n = 0.25 }\n" + more;
}
emitted_channel emitted(const std::string& current, const std::string& equation) {
    return emit_channel(*testing::program_from(channel(current, equation).c_str()));
}

TEST(emit_channel, writes_gates_from_rates_and_from_steady_states) {
    const auto rates = emitted("ik = gbar*n*n*(v - ek)", "alpha = exp((v + 40)/10) beta = 0.5 n' = alpha*(1 - n) - beta*n");
    contains(rates.text, "return {from_rates<V>(exp_at<V>(at.v, -40.0, 10.0), V(0.5))};");
    contains(rates.text, "p.gbar*s.n*s.n*(v - at.e_rev)");
    contains(rates.text, ".carries = ion::k");
    contains(rates.text, "{\"gbar\", 0.1, \"S/cm2\", \"gbar\",");
    contains(rates.text, "return {V(0.25)};");
    const auto tau = emitted("ik = gbar*n^4*(v - ek)", "inf = 1/(1 + exp(-(v + 30)/5)) tau = 2 n' = (inf - n)/tau");
    contains(tau.text, "const V inf_ = V(1.0)/(V(1.0) + exp_at<V>(at.v, -30.0, -5.0));");
    contains(tau.text, "return {from_tau<V>(inf_, V(2.0))};");
}

TEST(emit_channel, finds_the_factor_of_the_temperature) {
    const auto c = emitted("ik = gbar*n*(v - ek)", "alpha = 3^((celsius - 6.3)/10)*exp(v/10) beta = 3^((celsius - 6.3)/10) n' = alpha*(1 - n) - beta*n");
    contains(c.text, ".q10 = 3.0, .q10_at = 6.3");
    contains(c.text, "V(at.q)*exp_at<V>(at.v, 0.0, 10.0)");
}

TEST(emit_channel, rounds_a_product_and_a_constant_once) {
    const auto c = emitted("ik = gbar*n*(v - ek)", "tau = exp(v/10)*0.25 + 0.5 inf = 0.5 n' = (inf - n)/tau");
    contains(c.text, "math::fma(exp_at<V>(at.v, 0.0, 10.0), V(0.25), V(0.5))");
}

TEST(emit_channel, says_what_is_in_the_way) {
    EXPECT_EQ(emitted("ik = gbar*n*(v - ek)", "n' = v*n*n - n").why_not.empty(), false);
    EXPECT_NE(emitted("ik = n*(v - ek)", "n' = (0.5 - n)/2").why_not.find("per area"), std::string::npos);
    EXPECT_TRUE(emitted("ik = gbar*n*(v - ek)", "n' = (0.5 - n)/2").why_not.empty());
}

TEST(emit_mechanism, writes_branches_as_choices_of_lanes) {
    const auto text = emit_mechanism(*testing::program_from(channel("ik = gbar*n*(v - ek)", "if (v > 0) { inf = 1 } else { inf = 0 } n' = (inf - n)/2").c_str()), "symbol");
    contains(text, "greater(v_, V(0.0))");
    contains(text, "put(inf_, V(1.0), where_1);");
    contains(text, "extern \"C\" [[gnu::visibility(\"default\")]] const apical::nmodl::compiled::table* symbol()");
}

TEST(emit_mechanism, carries_slopes_only_where_the_voltage_does) {
    const auto text = emit_mechanism(*testing::program_from(channel("ik = gbar*n*(v - ek)", "n' = (0.5 - n)/2").c_str()), "symbol");
    contains(text, "V gbar_(load<V>(");
    contains(text, "U ik_(");
}

TEST(identifiers, that_clash_with_the_language_get_another_name) {
    EXPECT_EQ(identifier_for("int"), "int_of_mod");
    EXPECT_EQ(identifier_for("m"), "m");
    EXPECT_EQ(identifier_for("2x"), "n2x");
}

}  // namespace
}  // namespace apical::nmodl
