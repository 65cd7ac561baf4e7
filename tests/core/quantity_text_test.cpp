// SPDX-License-Identifier: BSD-3-Clause
#include "core/quantity_text.hpp"

#include <string>

#include <gtest/gtest.h>

#include "core/error.hpp"

namespace apical {
namespace {

std::string times(int n, const std::string& s) {
    std::string all;
    for (int i = 0; i < n; ++i) all += s;
    return all;
}

TEST(quantity_text, what_is_no_quantity_is_refused) {
    for (const std::string text : {"", " ", "ms", "nan ms", "inf ms", "-inf ms", "1e999 ms", "1e-999 ms", "1 furlong", "1 ms/", "1 /", "1 ms^",
                                   "1 ms^x", "1,5 ms", "0x10 ms", "--1 ms", "+-1 ms", "1 ms)", "1 \xff", "1 m\xc2"})
        EXPECT_THROW(parse_quantity(text), invalid_model) << text;
}

TEST(quantity_text, what_no_number_can_hold_is_refused) {
    EXPECT_THROW(parse_quantity("1e308 Gm"), invalid_model) << "the product is infinite";
    for (const std::string unit : {"m^2147483647", "m^-2147483648", "/m^-2147483648", "m^99999999999999999999", "um^1000", "S^715827883", "m^99", "am^99"})
        EXPECT_THROW(parse_unit(unit), invalid_model) << unit;
    EXPECT_THROW(parse_unit(times(50, "um^99 ")), invalid_model);
    EXPECT_THROW(parse_unit(times(100000, "um^99 ")), invalid_model);
    EXPECT_EQ(parse_unit("um^99").dimension, dimensions::length.power(99));
    EXPECT_EQ(parse_unit(times(10, "um^99 ")).dimension, dimensions::length.power(990));
}

}  // namespace
}  // namespace apical
