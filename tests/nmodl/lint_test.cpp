// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/lint.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/io/temporary_folder.hpp"

/// Each check has a mechanism in which it finds something and one, almost the same, in which it does not.
namespace apical::nmodl {
namespace {

using testing::temporary_folder;

std::string found_in(const std::string& text, const lint_options& o = {}) {
    const temporary_folder folder;
    const auto path = (folder/"a.mod").string();
    std::ofstream(path) << text;
    std::string all;
    const auto found = lint(path, o);   // kept, as its places point into it
    for (const auto& d : found.all()) all += d.rule + ":" + std::to_string(d.at.line) + ": " + d.message + "; " + d.hint + "\n";
    return all;
}

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)
#define EXPECT_SILENT(text, rule) EXPECT_EQ((text).find(rule), std::string::npos) << (text)

constexpr auto head = "NEURON { SUFFIX a USEION k READ ek WRITE ik RANGE g }\nUNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }\n"
                      "PARAMETER { g = 1e-3 (S/cm2) tau = 5 (ms) }\nASSIGNED { v (mV) ek (mV) ik (mA/cm2) }\nSTATE { m }\n";

std::string channel(const std::string& rate, const std::string& current = "ik = g*m*(v - ek)", const std::string& initial = "m = 0.1") {
    return head + std::string("INITIAL { ") + initial + " }\nBREAKPOINT { SOLVE s METHOD cnexp\n" + current + " }\nDERIVATIVE s { m' = " + rate + " }\n";
}

TEST(nmodl_lint, says_nothing_of_a_sound_channel) { EXPECT_EQ(found_in(channel("(1/(1 + exp(-v/10 (mV))) - m)/tau")), ""); }

TEST(nmodl_lint, singularities_are_told_with_the_potential) {
    const auto text = found_in(channel("0.1 (/ms/mV)*(v + 40 (mV))/(1 - exp(-(v + 40 (mV))/10 (mV)))*(1 - m) - m/tau"));
    EXPECT_SAYS(text, "singularity:9: 0/0 at v = -40");
    EXPECT_SAYS(text, "exprel(-(v + 40 (mV))/10 (mV))");
    const auto guarded = channel("f(v)*(1 - m) - m/tau") + "FUNCTION f(v (mV)) (/ms) { if (fabs(v) < 1e-6 (mV)) { f = 1 (/ms) } else { f = 0.1 (/ms/mV)*v/(1 - exp(-v/10 (mV))) } }\n";
    EXPECT_SILENT(found_in(guarded), "singularity");
    EXPECT_SILENT(found_in(channel("(v + 30 (mV))/(1 (mV) + v*0)/tau/(1 - exp(-(v + 40 (mV))/10 (mV)))")), "singularity");   // infinite, not 0/0
}

TEST(nmodl_lint, signs_of_currents) {
    EXPECT_SAYS(found_in(channel("-m/tau", "ik = g*m*(ek - v)")), "sign:8: ik falls with v at all potentials");
    EXPECT_SILENT(found_in(channel("-m/tau", "ik = g*m*(v - ek)")), "sign");
    EXPECT_SILENT(found_in(channel("-m/tau", "ik = g*m*(v - ek)/(1 + exp((v + 90 (mV))/10 (mV)))")), "sign");   // inward rectification
}

TEST(nmodl_lint, states_that_no_step_resolves) {
    const auto fast = channel("(0.5 - m)/(0.001 (ms) + 0.00001 (ms/mV)*fabs(v))*tau/tau");
    EXPECT_SAYS(found_in(fast), "stiff:5: m relaxes within 0.0022 ms or less at all potentials from -120 to 80 mV");
    EXPECT_SILENT(found_in(fast, {.dt = 0.01}), "stiff");   // the slowest is slower
}

TEST(nmodl_lint, steps_that_an_explicit_method_cannot_make) {
    const auto by = [](const std::string& method) {
        auto text = channel("(0.5 - m)/(0.01 (ms) + 0.001 (ms/mV)*fabs(v))*tau/tau");
        return text.replace(text.find("cnexp"), 5, method);
    };
    EXPECT_SAYS(found_in(by("euler")), "stiff:5: a step of 0.025 ms carries m past its steady state, by 1.5 of what it was away, at 0 mV and 34 degC: it grows without end");
    EXPECT_SILENT(found_in(by("euler"), {.dt = 0.009}), "stiff");
    EXPECT_SILENT(found_in(by("cnexp")), "stiff");
    EXPECT_SILENT(found_in(by("derivimplicit")), "stiff");
}

TEST(nmodl_lint, blocks_that_solve_themselves_end) {
    EXPECT_SAYS(found_in("NEURON { SUFFIX x }\nSTATE { m }\nBREAKPOINT { SOLVE a METHOD cnexp }\nDERIVATIVE a { SOLVE a METHOD cnexp m' = -m }\n"), ":4: SOLVE a: the block solves itself");
    EXPECT_SAYS(found_in("NEURON { SUFFIX x }\nSTATE { m }\nBREAKPOINT { SOLVE a }\nPROCEDURE a() { b() }\nPROCEDURE b() { SOLVE a m = 1 }\n"), ":5: SOLVE a: the block solves itself");
    for (const int levels : {40, 19}) {   // twice as many ways at each
        std::string many = "NEURON { SUFFIX x }\nSTATE { m }\nBREAKPOINT { SOLVE p0 }\n";
        for (int n = 0; n < levels; ++n) many += fmt::format("PROCEDURE p{0}() {{ SOLVE p{1} SOLVE p{1} }}\n", n, n + 1);
        EXPECT_SAYS(found_in(many + fmt::format("PROCEDURE p{}() {{ }}\n", levels)), "blocks that solve blocks, too deep or too many");
    }
}

/// A chain of calls, and calls that become twice as many at each level.
TEST(nmodl_lint, long_chains_of_calls_end) {
    const std::string head = "NEURON { SUFFIX x }\nSTATE { m }\nBREAKPOINT { p0(1) }\n";
    for (const int length : {150, 20000}) {
        std::string chain = head;
        for (int n = 0; n < length; ++n) chain += fmt::format("PROCEDURE p{}(a) {{ p{}(a + 1) }}\n", n, n + 1);
        const auto told = found_in(chain + fmt::format("PROCEDURE p{}(a) {{ m = a }}\n", length));
        if (length < 200) EXPECT_SILENT(told, "functions that call functions");
        else EXPECT_SAYS(told, "functions that call functions, more than 200 deep or too many");
    }
    std::string many = head;
    for (int n = 0; n < 40; ++n) many += fmt::format("PROCEDURE p{0}(a) {{ p{1}(a) p{1}(a) }}\n", n, n + 1);
    EXPECT_SAYS(found_in(many + "PROCEDURE p40(a) { }\n"), "functions that call functions, more than 200 deep or too many");
}

TEST(nmodl_lint, what_nobody_starts_or_uses) {
    EXPECT_SAYS(found_in(channel("-m/tau", "ik = g*m*(v - ek)", "")), "initial:5: INITIAL gives m no value");
    EXPECT_SAYS(found_in(channel("-m/tau") + "PARAMETER { spare = 3 }\n"), "unused:10: PARAMETER spare is used nowhere");
    EXPECT_SAYS(found_in(channel("-m/tau") + "PROCEDURE p() { LOCAL x, y x = 1 ik = x }\n"), "LOCAL y is used nowhere");
    EXPECT_SILENT(found_in(channel("-m/tau") + "PARAMETER { m0 = 0.3 spare = 3 }\nPROCEDURE p() {\nVERBATIM\nspare = 4;\nENDVERBATIM\n}\n"), "unused");
}

TEST(nmodl_lint, tables_that_go_stale) {
    const auto with = [](const std::string& depend) {
        return channel("(f(v) - m)/tau") + "PARAMETER { half = -30 (mV) }\nFUNCTION f(v (mV)) {\nTABLE " + depend + " FROM -100 TO 100 WITH 200\nf = 1/(1 + exp(-(v - half)/10 (mV))) }\n";
    };
    EXPECT_SAYS(found_in(with("")), "table:12: the table of f is not made anew when half changes; write DEPEND half");
    EXPECT_SILENT(found_in(with("DEPEND half")), "table");
}

constexpr auto scheme = "NEURON { SUFFIX a NONSPECIFIC_CURRENT i RANGE g }\nUNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }\n"
                        "PARAMETER { g = 1e-3 (S/cm2) kf = 1 (/ms) kb = 2 (/ms) }\nASSIGNED { v (mV) i (mA/cm2) }\nSTATE { c o x }\n"
                        "INITIAL { c = 1 o = 0 x = 0 }\nBREAKPOINT { SOLVE k METHOD sparse i = g*o*v }\nKINETIC k {\n~ c <-> o (kf, kb)\n~ o <-> x (kf, kb)\n";

TEST(nmodl_lint, conservation_in_kinetic_schemes) {
    EXPECT_SILENT(found_in(scheme + std::string("CONSERVE c + o + x = 1 }\n")), "conservation");
    EXPECT_SAYS(found_in(scheme + std::string("CONSERVE c + o = 1 }\n")), "conservation:11: CONSERVE does not hold: '~ o <-> x (kf, kb)' (line 10) changes the sum by -1");
    EXPECT_SAYS(found_in(scheme + std::string("}\n")), "write CONSERVE c + o + x = 1, if they are shares");
    EXPECT_SILENT(found_in(scheme + std::string("~ x -> (kf)\n}\n")), "conservation");
}

TEST(nmodl_lint, globals_that_instances_share) {
    const auto text = "NEURON { SUFFIX a NONSPECIFIC_CURRENT i GLOBAL last }\nUNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }\nPARAMETER { g = 1e-3 (S/cm2) }\n"
                      "ASSIGNED { v (mV) i (mA/cm2) last (mV) }\nSTATE { m }\nINITIAL { m = 0 last = v }\n"
                      "BREAKPOINT { SOLVE s METHOD cnexp i = g*m*v }\nDERIVATIVE s { ";
    EXPECT_SAYS(found_in(text + std::string("m' = (last/10 (mV) - m)/5 (ms) last = v }\n")), "global-race:1: instances write unlike values to the GLOBAL last");
    EXPECT_SILENT(found_in(text + std::string("last = v m' = (last/10 (mV) - m)/5 (ms) }\n")), "global-race");
}

TEST(nmodl_lint, globals_that_all_instances_give_the_same_value) {
    const auto with = [](const std::string& initial) {
        return "NEURON { SUFFIX a NONSPECIFIC_CURRENT i RANGE g GLOBAL q }\nUNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }\nPARAMETER { g = 1e-3 (S/cm2) }\n"
               "ASSIGNED { v (mV) i (mA/cm2) celsius (degC) q diam (um) }\nSTATE { m }\nINITIAL { LOCAL x m = 0 " + initial + " }\n"
               "BREAKPOINT { SOLVE s METHOD cnexp i = g*m*v }\nDERIVATIVE s { m' = -q*m/5 (ms) }\n";
    };
    EXPECT_SILENT(found_in(with("x = (celsius - 22 (degC))/10 (degC) q = 3^x")), "global-race");
    EXPECT_SAYS(found_in(with("x = diam/10 (um) q = 3^x")), "global-race:1: instances write unlike values to the GLOBAL q");
    EXPECT_SAYS(found_in(with("q = 1 if (diam > 3 (um)) { q = 2 }")), "global-race");
    EXPECT_SAYS(found_in(with("q = q + 1")), "global-race");
}

TEST(nmodl_lint, of_a_broken_file_is_of_its_text) {
    const auto text = found_in("NEURON { SUFFIX a }\nBREAKPOINT { i = }\n");
    EXPECT_SAYS(text, ":2: ");
    EXPECT_SAYS(found_in(""), "");
    const auto nowhere = lint("/nowhere/at/all.mod");
    ASSERT_TRUE(nowhere.has_errors());
    EXPECT_EQ(nowhere.all()[0].message, "the file cannot be read");
}

TEST(nmodl_lint, has_nothing_to_say_of_the_mechanisms_that_come_with_the_package) {
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(APICAL_SOURCE_DIR)/"models/mechanisms/hay_2011")) {
        const auto found = lint(entry.path().string(), {.dt = 0.001});   // gates of the set are as fast as 1 us at 80 mV
        for (const auto& d : found.all())
            // the pool of the paper starts at the ion's own concentration, and so does ours
            if (!(d.rule == "initial" && entry.path().stem() == "CaDynamics_E2")) ADD_FAILURE() << d.text();
    }
}

}  // namespace
}  // namespace apical::nmodl
