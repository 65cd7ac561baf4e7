// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "tests/nmodl/lowering.hpp"

namespace apical::nmodl::testing {
namespace {

std::string channel(const std::string& neuron, const std::string& rest) {
    return "NEURON { SUFFIX c NONSPECIFIC_CURRENT i " + neuron + " }\nASSIGNED { i v q minf }\nSTATE { m }\n" + rest;
}

TEST(storage, of_what_every_block_writes_first_is_local) {
    const auto r = lower_text(channel("GLOBAL minf", "INITIAL { rates(v) m = minf }\nBREAKPOINT { SOLVE step i = m*v }\n"
                                                     "PROCEDURE step() { rates(v) m = m + 0.1*(minf - m) }\nPROCEDURE rates(u) { minf = u*u }"));
    EXPECT_EQ(r.told(), "");
    EXPECT_EQ(r.of("minf").kept, storage::local);
    EXPECT_FALSE(r.of("minf").is_public);
}

TEST(storage, of_what_one_block_leaves_to_another_is_the_instances_own) {
    const auto r = lower_text(channel("GLOBAL q", "INITIAL { q = v }\nBREAKPOINT { i = q*v }"));
    EXPECT_EQ(r.of("q").kept, storage::instance);
}

TEST(storage, of_what_is_set_on_some_ways_only_is_the_instances_own) {
    const auto r = lower_text(channel("", "BREAKPOINT { if (v > 0) { q = 1 } i = q*v }"));
    EXPECT_EQ(r.of("q").kept, storage::instance);
}

TEST(storage, of_range_variables_is_the_instances_own_and_of_others_that_nobody_writes_shared) {
    const auto r = lower_text("NEURON { SUFFIX c NONSPECIFIC_CURRENT i RANGE gbar, g }\nPARAMETER { gbar = 1 e = -70 }\nASSIGNED { i v g }\n"
                              "BREAKPOINT { g = gbar i = g*(v - e) }");
    EXPECT_EQ(r.of("gbar").kept, storage::instance);
    EXPECT_EQ(r.of("g").kept, storage::instance);
    EXPECT_EQ(r.of("e").kept, storage::shared);
    EXPECT_TRUE(r.of("e").is_public);
    EXPECT_EQ(r.of("e").value, -70);
    EXPECT_FALSE(r.of("gbar").is_written);
}

TEST(storage, of_parameters_that_the_file_writes_is_the_instances_own) {
    const auto r = lower_text("NEURON { SUFFIX c GLOBAL q }\nPARAMETER { q = 3 }\nASSIGNED { v }\nBREAKPOINT { q = v }");
    EXPECT_EQ(r.of("q").kept, storage::instance);
    EXPECT_EQ(r.of("q").is, role::assigned);
    EXPECT_EQ(r.of("q").value, 3);
}

TEST(storage, leaves_out_what_nobody_reads) {
    const auto r = lower_text(channel("", "INITIAL { rates(v) m = minf }\nBREAKPOINT { i = m*v }\nPROCEDURE rates(u) { q = exp(u) minf = u }"));
    EXPECT_EQ(r.initial(), "m = 0\nminf = v\nm = minf\n");
}

TEST(storage, gives_every_element_a_place_of_its_own) {
    const auto r = lower_step("LOCAL y[4]\ny[0] = a\nx[1] = y[0] + c");
    EXPECT_EQ(r.p.instance_size, 6);   // a, b, c and x[3]; v is not used
    EXPECT_GE(r.p.local_size, 4);
    std::vector<int> taken(static_cast<std::size_t>(r.p.instance_size));
    for (const auto& v : r.p.variables)
        if (v.kept == storage::instance)
            for (int i = 0; i < v.length; ++i) ++taken.at(static_cast<std::size_t>(v.offset + i));
    EXPECT_EQ(taken, std::vector<int>(taken.size(), 1));
}

TEST(own_copies, are_made_of_v_where_a_block_sets_it) {
    const auto r = lower_text(channel("", "BREAKPOINT { SOLVE step\n i = m*v }\nPROCEDURE step() {\n v = v + 1 m = v }"));
    EXPECT_EQ(r.advance(), "v_own = v\nv_own = v_own + 1\nm = v_own\n");
    EXPECT_EQ(r.breakpoint(), "i = m*v\n");
    EXPECT_FALSE(r.of("v").is_written);
    EXPECT_NE(r.told().find("a.mod:7:2: warning: v is set, which nobody sees but the block that does so"), std::string::npos) << r.told();
}

TEST(own_copies, keep_currents_that_are_only_read_from_being_written) {
    const auto r = lower_text("NEURON { SUFFIX c USEION ca READ ica WRITE cai }\nASSIGNED { ica }\nSTATE { cai }\nINITIAL { ica = 0 cai = 1 - ica }\n"
                              "BREAKPOINT { SOLVE s METHOD cnexp }\nDERIVATIVE s { cai' = -ica - cai }");
    EXPECT_FALSE(r.of("ica").is_written);
    EXPECT_TRUE(r.of("cai").is_written);
}

}  // namespace
}  // namespace apical::nmodl::testing
