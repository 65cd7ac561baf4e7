// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/translate.hpp"

#include <gtest/gtest.h>

namespace apical::nmodl {
namespace {

TEST(translate, gives_a_program_or_tells_why_not) {
    const auto good = translate_text("NEURON { SUFFIX c RANGE g } PARAMETER { g = 1 }", "c.mod");
    ASSERT_TRUE(good.program);
    EXPECT_EQ(good.program->name, "c");
    const auto bad = translate_text("NEURON { SUFFIX c }\nBREAKPOINT { x = 1 }", "c.mod");
    EXPECT_FALSE(bad.program);
    ASSERT_EQ(bad.found.all().size(), 1U);
    EXPECT_NE(bad.found.all()[0].text().find("c.mod:2:14: error: 'x' is not declared"), std::string::npos) << bad.found.all()[0].text();
}

TEST(translate, tells_of_a_file_that_is_not_there) {
    const auto r = translate_file("/nowhere/c.mod");
    EXPECT_FALSE(r.program);
    ASSERT_EQ(r.found.all().size(), 1U);
    EXPECT_NE(r.found.all()[0].text().find("/nowhere/c.mod:1:1: error: the file cannot be read"), std::string::npos);
}

}  // namespace
}  // namespace apical::nmodl
