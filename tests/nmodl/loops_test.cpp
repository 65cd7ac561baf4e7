// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "tests/nmodl/lowering.hpp"

namespace apical::nmodl::testing {
namespace {

TEST(loops, that_are_short_are_unrolled) {
    EXPECT_EQ(lower_step("FROM i = 0 TO 2 { x[i] = i*b }").advance(), "x[0] = 0*b\nx[1] = 1*b\nx[2] = 2*b\n");
    EXPECT_EQ(lower_step("FROM i = 2 TO 1 { x[i] = b }").advance(), "");
}

TEST(loops, that_are_long_or_unknown_stay_loops) {
    EXPECT_EQ(lower_step("FROM i = 0 TO 999 { a = a + i }").advance(), "i = 0\nwhile (i <= 999) {\n  a = a + i\n  i = i + 1\n}\n");
    EXPECT_EQ(lower_step("FROM i = 0 TO b BY 2 { a = a + i }").advance(), "i = 0\nwhile (i <= b) {\n  a = a + i\n  i = i + 2\n}\n");
}

TEST(loops, never_go_backwards_or_stand_still) {
    EXPECT_EQ(lower_step("FROM i = 0 TO 5 BY 0 { a = 1 }").told(), "a.mod:5:1: error: FROM i: a step of 0 never ends; write BY and a whole number above 0");
}

TEST(loops, divide_indices_as_whole_numbers) {
    EXPECT_EQ(lower_step("FROM i = 1 TO 3 { x[i/2] = 1 }").advance(), "x[0] = 1\nx[1] = 1\nx[1] = 1\n");
}

TEST(loops, do_not_leave_arrays) {
    EXPECT_EQ(lower_step("x[3] = 1").told(), "a.mod:5:1: error: x[3] is beyond the array, which has 3 elements; indices go from 0 to 2");
    EXPECT_EQ(lower_step("x = 1").told(), "a.mod:5:1: error: x is an array of 3; say which element: x[0]");
}

TEST(conditions, that_are_numbers_are_decided) {
    EXPECT_EQ(lower_step("if (1 > 2) { a = 1 } else { a = 2 }").advance(), "a = 2\n");
    EXPECT_EQ(lower_step("FROM i = 0 TO 1 { if (i < 1) { x[i] = x[i + 1] } }").advance(), "x[0] = x[1]\n");
}

}  // namespace
}  // namespace apical::nmodl::testing
