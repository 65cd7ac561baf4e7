// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace apical {
namespace {

TEST(suggestion, is_the_nearest_name_or_a_list) {
    const std::vector<std::string> names{"step", "ramp", "noise"};
    EXPECT_EQ(suggestion("stepp", names), "did you mean 'step'?");
    EXPECT_EQ(suggestion("NOISE", names), "did you mean 'noise'?");
    EXPECT_EQ(suggestion("waveform", names), "known: step, ramp, noise");
    EXPECT_EQ(suggestion("", names), "known: step, ramp, noise");
    EXPECT_EQ(suggestion("x", {}), "");
}

TEST(suggestion, stays_short_and_quick_among_many_and_long_names) {
    const std::vector<std::string> many(100000, "name");
    EXPECT_LT(suggestion("something else", many).size(), 500u);
    EXPECT_EQ(suggestion("nam", many), "did you mean 'name'?");
    const std::string endless(1000000, 'a');   // its distance to another would take 10^12 steps
    EXPECT_EQ(suggestion(endless + "b", std::vector<std::string>{endless, "step"}), "known: step and 1 more");
}

TEST(findings, are_told_up_to_a_number_and_counted_beyond) {
    findings found;
    for (std::size_t i = 0; i < findings::most + 7; ++i) found.add("file:" + std::to_string(i), "is wrong");
    try {
        found.throw_if_any<invalid_input>();
        FAIL() << "nothing was thrown";
    } catch (const invalid_input& e) {
        ASSERT_EQ(e.problems().size(), findings::most + 1);
        EXPECT_EQ(e.problems().back().text(), "file:999: and 7 more problems");
    }
}

}  // namespace
}  // namespace apical
