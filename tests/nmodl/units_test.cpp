// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/units.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "channels/nmodl/parser.hpp"

namespace apical::nmodl {
namespace {

struct checked {
    std::vector<diagnostic> found;
    bool says(const std::string& message, const std::string& hint = {}) const {
        for (const auto& d : found)
            if (d.rule == "units" && d.message.find(message) != std::string::npos && d.hint.find(hint) != std::string::npos) return true;
        return false;
    }
    std::string all() const {
        std::string text;
        for (const auto& d : found) text += d.text() + "\n";
        return text;
    }
};

constexpr auto units = "UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) (mS) = (millisiemens) (molar) = (1/liter) (mM) = (millimolar)\n"
                       "(um) = (micron) FARADAY = (faraday) (coulombs) R = (k-mole) (joule/degC) }\n";

checked check(const std::string& text) {
    diagnostics found;
    const auto file = syntax::parse(std::make_shared<source>(source{"a.mod", units + text}), {}, found);
    EXPECT_FALSE(found.has_errors()) << found.all()[0].text();
    check_units(file, found);
    return {found.all()};
}

double factor(const char* a, const char* b) {
    const unit_table known;
    const auto x = known.find(a), y = known.find(b);
    EXPECT_TRUE(x && y) << a << " or " << b;
    if (!x || !y) return 0;
    EXPECT_EQ(x->of, y->of) << a << " and " << b;
    return x->factor/y->factor;
}

TEST(nmodl_units, are_read_as_they_are_written) {
    EXPECT_DOUBLE_EQ(factor("mA/cm2", "nA/um2"), 0.01);
    EXPECT_DOUBLE_EQ(factor("umho", "nS"), 1000);
    EXPECT_DOUBLE_EQ(factor("1e-3 umho", "nS"), 1);
    EXPECT_DOUBLE_EQ(factor("S/cm2", "mA/cm2/mV"), 1);
    EXPECT_DOUBLE_EQ(factor("/ms/mM", "/ms-mM"), 1);
    EXPECT_DOUBLE_EQ(factor("mM", "/m3"), 1);
    EXPECT_DOUBLE_EQ(factor("milli/liter", "mM"), 1);
    EXPECT_NEAR(factor("k-mole", "joule/degC"), 8.31446261815324, 1e-12);
    EXPECT_NEAR(factor("faraday", "coulombs"), 96485.3321233, 1e-6);
    EXPECT_DOUBLE_EQ(factor("ohm cm", "ohm-meter"), 0.01);
    EXPECT_DOUBLE_EQ(factor("um3", "micron3"), 1);
    EXPECT_DOUBLE_EQ(factor("kilocoulombs", "coul"), 1000);
    EXPECT_DOUBLE_EQ(factor("ms", "second"), 1e-3);   // and no plural of metre
    EXPECT_DOUBLE_EQ(factor("degC", "K"), 1);
    const unit_table known;
    EXPECT_TRUE(known.find("")->of.is_none());
    EXPECT_FALSE(known.find("furlong"));
    EXPECT_EQ(known.unknown_in("mV/furlong2"), "furlong");
    EXPECT_FALSE(known.find("mV+ms"));
}

TEST(nmodl_units, have_customary_names) {
    const unit_table known;
    EXPECT_EQ(to_text(*known.find("millivolt")), "mV");
    EXPECT_EQ(to_text(*known.find("uA/cm2")), "0.001 mA/cm2");
    EXPECT_EQ(to_text(*known.find("")), "1");
}

TEST(nmodl_units, of_a_right_mechanism_are_passed) {
    const auto found = check("NEURON { SUFFIX a USEION k READ ek WRITE ik RANGE g } PARAMETER { g = 1e-3 (S/cm2) tau0 = 2 (ms) } STATE { m }\n"
                             "ASSIGNED { v (mV) ek (mV) ik (mA/cm2) celsius (degC) minf tau (ms) }\n"
                             "BREAKPOINT { SOLVE s METHOD cnexp ik = g*m^2*(v - ek) }\n"
                             "DERIVATIVE s { rates(v) m' = (minf - m)/tau }\n"
                             "PROCEDURE rates(v (mV)) { LOCAL q q = 3^((celsius - 6.3 (degC))/10 (degC)) minf = 1/(1 + exp(-(v + 20 (mV))/10 (mV))) tau = tau0/q\n"
                             "if (tau < 0.1 (ms)) { tau = 0.1 } }\n");
    EXPECT_TRUE(found.found.empty()) << found.all();
}

TEST(nmodl_units, factors_are_told_where_one_is_missing) {
    const auto wrong = check("NEURON { SUFFIX a NONSPECIFIC_CURRENT i RANGE g } PARAMETER { g = 1 (mS/cm2) e = 0 (mV) } ASSIGNED { v (mV) i (mA/cm2) }\n"
                             "BREAKPOINT { i = g*(v - e) }\n");
    EXPECT_TRUE(wrong.says("i is in mA/cm2, and is given a value in 0.001 mA/cm2", "multiply the value by (0.001)")) << wrong.all();
    const auto right = check("NEURON { SUFFIX a NONSPECIFIC_CURRENT i RANGE g } PARAMETER { g = 1 (mS/cm2) e = 0 (mV) } ASSIGNED { v (mV) i (mA/cm2) }\n"
                             "BREAKPOINT { i = (0.001)*g*(v - e) }\n");
    EXPECT_TRUE(right.found.empty()) << right.all();
}

TEST(nmodl_units, of_a_pool_are_those_of_charge_and_volume) {
    const std::string begin = "NEURON { SUFFIX a USEION ca READ ica WRITE cai } PARAMETER { depth = 0.1 (um) } ASSIGNED { ica (mA/cm2) } STATE { cai (mM) }\n"
                              "BREAKPOINT { SOLVE s METHOD cnexp }\n";
    EXPECT_TRUE(check(begin + "DERIVATIVE s { cai' = -(10000)*ica/(2*FARADAY*depth) }").found.empty());
    EXPECT_TRUE(check(begin + "DERIVATIVE s { cai' = -ica/(2*FARADAY*depth) }").says("cai' is in mM/ms", "multiply the value by (10000)"));
}

TEST(nmodl_units, of_numbers_and_arguments_are_looked_at) {
    const std::string begin = "NEURON { SUFFIX a } PARAMETER { k = 1 (/ms) } ASSIGNED { v (mV) x y (ms) }\nFUNCTION f(u (mV)) (/ms) { f = k*u/1 (mV) }\n";
    EXPECT_TRUE(check(begin + "PROCEDURE p() { x = exp((v + 65)/10 (mV)) }").says("65 has no unit", "write 65 (mV)"));
    EXPECT_TRUE(check(begin + "PROCEDURE p() { x = exp(v/10) }").says("exp is taken of a value in"));
    EXPECT_TRUE(check(begin + "PROCEDURE p() { x = f(y)*y }").says("argument u of f is in mV, and is given a value in ms"));
    EXPECT_TRUE(check(begin + "PROCEDURE p() { if (v > y) { x = 1 } }").says("are compared"));
    EXPECT_TRUE(check(begin + "PROCEDURE p() { if (v > 0) { x = f(v)*y } }").found.empty());
    EXPECT_TRUE(check(begin + "PROCEDURE p() { x = sqrt(v*v)/1 (mV) }").found.empty());
    EXPECT_TRUE(check("NEURON { SUFFIX a } ASSIGNED { z (furlong) }").says("the unit of z, (furlong), is not known", "define it in UNITS"));
}

TEST(nmodl_units, of_reactions_agree) {
    const std::string begin = "NEURON { SUFFIX a } PARAMETER { kf = 1 (/ms/mM) kb = 1 (/ms) d = 2 (um) } STATE { ca (mM) b (mM) cab (mM) } BREAKPOINT { SOLVE k METHOD sparse }\n";
    EXPECT_TRUE(check(begin + "KINETIC k { ~ ca + b <-> cab (kf, kb) }").found.empty()) << check(begin + "KINETIC k { ~ ca + b <-> cab (kf, kb) }").all();
    EXPECT_TRUE(check(begin + "KINETIC k { ~ ca + b <-> cab (kb, kb) }").says("the forward flux of the reaction"));
    EXPECT_TRUE(check(begin + "KINETIC k { COMPARTMENT d*d { ca b cab } ~ ca + b <-> cab (kf, kb) }").says("the flux of the reaction is in mM/ms, where ca changes in"));
    EXPECT_TRUE(check(begin + "KINETIC k { COMPARTMENT d*d { ca b cab } ~ ca + b <-> cab (kf*d*d, kb*d*d) }").found.empty());
}

TEST(nmodl_units, behind_unitsoff_are_left_alone) {
    const std::string begin = "NEURON { SUFFIX a } ASSIGNED { v (mV) x }\n";
    EXPECT_TRUE(check(begin + "UNITSOFF\nPROCEDURE p(u) { x = exp((u + 65)/10) }\nPROCEDURE q() { p(v) }\nUNITSON\n").found.empty());
    EXPECT_TRUE(check(begin + "PROCEDURE p() { UNITSOFF x = exp(v) UNITSON }").found.empty());
    EXPECT_FALSE(check(begin + "UNITSOFF\nPROCEDURE p(u) { x = exp((u + 65)/10) }\nUNITSON\nPROCEDURE q() { x = exp(v) }\n").found.empty());
}

}  // namespace
}  // namespace apical::nmodl
