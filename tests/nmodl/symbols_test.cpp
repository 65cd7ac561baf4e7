// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "tests/nmodl/lowering.hpp"

namespace apical::nmodl::testing {
namespace {

TEST(symbols, give_ion_variables_their_roles) {
    const auto r = lower_text("NEURON { SUFFIX c USEION ca READ cai, cao, eca WRITE ica USEION mg READ mgi VALENCE 2 }\n"
                              "PARAMETER { eca = 120 } ASSIGNED { cai cao ica v mgi }\n"
                              "BREAKPOINT { ica = cai*cao*mgi*(v - eca) }");
    EXPECT_EQ(r.told(), "");
    EXPECT_EQ(r.of("cai").is, role::inner);
    EXPECT_EQ(r.of("cao").is, role::outer);
    EXPECT_EQ(r.of("eca").is, role::reversal);
    EXPECT_EQ(r.of("ica").is, role::ion_current);
    EXPECT_TRUE(r.of("ica").is_written);
    EXPECT_EQ(r.of("mgi").ion, 1);
    EXPECT_EQ(r.p.ions[1].valence, 2);
    ASSERT_EQ(r.p.currents.size(), 1U);
    EXPECT_EQ(r.p.currents[0].ion, 0);
}

TEST(symbols, refuse_what_is_no_variable_of_the_ion) {
    EXPECT_EQ(lower_text("NEURON { SUFFIX c USEION ca READ nai }").told(),
              "a.mod:1:34: error: USEION ca: 'nai' is no variable of this ion; those are ica, eca, cai and cao");
}

TEST(symbols, supply_what_every_file_may_read) {
    const auto r = lower_step("a = t + dt + celsius + diam + area");
    EXPECT_EQ(r.advance(), "a = t + dt + celsius + diam + area\n");
    EXPECT_EQ(r.of("t").is, role::time);
    EXPECT_EQ(r.of("celsius").kept, storage::shared);
    EXPECT_EQ(r.of("diam").kept, storage::instance);
}

TEST(symbols, read_what_is_external_through_a_pointer) {
    const auto r = lower_text("NEURON { SUFFIX c RANGE a EXTERNAL other, celsius }\nASSIGNED { a v }\nBREAKPOINT { a = other + celsius }");
    EXPECT_FALSE(r.found.has_errors());
    EXPECT_NE(r.told().find("warning: EXTERNAL other is read through a pointer; declare other in PARAMETER if it is a number that is given"), std::string::npos) << r.told();
    EXPECT_EQ(r.of("other").is, role::pointer);
    EXPECT_EQ(r.of("celsius").is, role::temperature);
}

TEST(symbols, name_the_place_and_the_nearest_name_of_what_is_not_declared) {
    EXPECT_EQ(lower_step("a = gbarr", "PARAMETER { gbar = 1 }").told(), "a.mod:5:5: error: 'gbarr' is not declared; did you mean 'gbar'?");
}

TEST(symbols, give_states_their_start) {
    const auto r = lower_text("NEURON { SUFFIX c } PARAMETER { m0 = 0.25 } STATE { m h n[2] } INITIAL { h = 1 }");
    EXPECT_EQ(r.initial(), "m = m0\nh = 0\nn[0] = 0\nn[1] = 0\nh = 1\n");
}

TEST(symbols, let_arguments_and_locals_hide_what_the_file_declares) {
    const auto r = lower_step("LOCAL b\nb = 1\na = f(b)\n", "FUNCTION f(v) { f = v + c }");
    EXPECT_EQ(r.advance(), "b_2 = 1\nf_2 = b_2 + c\na = f_2\n");
}

}  // namespace
}  // namespace apical::nmodl::testing
