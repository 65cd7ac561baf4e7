// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/unit_factors.hpp"

#include <gtest/gtest.h>

namespace apical::nmodl {
namespace {

double factor(std::string_view what, std::string_view unit) { return unit_factors{}.factor(what, unit).value_or(-1); }

// The bits are those that nocmodl of NEURON 9.0.2 writes into the C++ of a file with these factors.
TEST(unit_factors, have_the_bits_of_neuron_9) {
    EXPECT_EQ(factor("faraday", "coulomb"), 0x1.78e555060882cp+16);
    EXPECT_EQ(factor("faraday", "coulombs"), 0x1.78e555060882cp+16);
    EXPECT_EQ(factor("faraday", "kilocoulombs"), 0x1.81f0fae775425p+6);
    EXPECT_EQ(factor("k-mole", "joule/degC"), 0x1.0a1013e8990bep+3);
    EXPECT_EQ(factor("mole k", "mV-coulomb/degC"), 0x1.03d3b37125759p+13);
    EXPECT_EQ(factor("k", "joule/degC"), 0x1.0b0e6d55e647cp-76);
    EXPECT_EQ(factor("pi", "1"), 0x1.921fb54442d18p+1);
    EXPECT_EQ(factor("e", "coulomb"), 0x1.7a4da290c1653p-63);
    EXPECT_EQ(factor("c", "cm/sec"), 0x1.beb9bf3ap+34);
    EXPECT_EQ(factor("1", "degC"), 1);
}

TEST(unit_factors, divide_by_all_that_follows_the_slash) {
    EXPECT_DOUBLE_EQ(factor("mA/cm2", "nA/um2"), 0.01);
    EXPECT_DOUBLE_EQ(factor("joule/mole-degC", "joule/degC"), 1/6.02214076e23);
    EXPECT_DOUBLE_EQ(factor("/ms", "/s"), 1000);
}

TEST(unit_factors, take_what_the_file_defines) {
    unit_factors units;
    EXPECT_TRUE(units.define("molar", "1/liter"));
    EXPECT_TRUE(units.define("mM", "millimolar"));
    EXPECT_DOUBLE_EQ(units.factor("mM", "1/m3").value_or(-1), 1);
    EXPECT_FALSE(units.define("frob", "glorp"));
}

TEST(unit_factors, say_so_if_a_name_is_not_known) { EXPECT_FALSE(unit_factors{}.factor("furlong-glorp", "m").has_value()); }

}  // namespace
}  // namespace apical::nmodl
