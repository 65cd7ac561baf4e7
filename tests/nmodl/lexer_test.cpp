// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/lexer.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/nmodl/reading.hpp"

namespace apical::nmodl {
namespace {

using kind = token::kind;

std::vector<token> tokens_of(const std::string& text) {
    scanner s(testing::as_source(text));
    std::vector<token> found;
    for (auto t = s.next(); t.is != kind::end; t = s.next()) found.push_back(t);
    return found;
}

TEST(nmodl_lexer, tells_names_numbers_and_symbols_apart) {
    const auto t = tokens_of("m' = 1e-4(mM) <-> && ~+ x_1");
    ASSERT_EQ(t.size(), 10U);
    EXPECT_EQ(t[0].text, "m");
    EXPECT_EQ(t[0].order, 1);
    EXPECT_EQ(t[2].value, 1e-4);
    EXPECT_FALSE(t[2].is_integer);
    EXPECT_TRUE(t[3].is_symbol("("));
    EXPECT_TRUE(t[6].is_symbol("<->"));
    EXPECT_TRUE(t[8].is_symbol("~+"));
    EXPECT_TRUE(t[9].is_name("x_1"));
}

TEST(nmodl_lexer, numbers_are_those_of_neuron) {
    for (const auto& [text, value] : std::vector<std::pair<std::string, double>>{{".5", 0.5}, {"5.", 5}, {"1.e-3", 1e-3}, {"2E+2", 200}, {"007", 7}, {"1e-400", 0}}) {
        const auto t = tokens_of(text);
        ASSERT_EQ(t.size(), 1U) << text;
        EXPECT_EQ(t[0].value, value) << text;
    }
    const auto t = tokens_of("1d3 5mV 1e 2.3.4");   // an exponent is written with e, and needs digits
    ASSERT_EQ(t.size(), 8U);
    EXPECT_TRUE(t[1].is_name("d3"));
    EXPECT_TRUE(t[3].is_name("mV"));
    EXPECT_TRUE(t[5].is_name("e"));
    EXPECT_EQ(t[7].value, 0.4);
}

TEST(nmodl_lexer, comments_go_to_the_end_of_the_line_whatever_ends_it) {
    for (const auto* end : {"\n", "\r\n", "\r"}) {
        const auto t = tokens_of("a : b" + std::string(end) + "c ? d" + end + "  e");
        ASSERT_EQ(t.size(), 3U);
        EXPECT_EQ(t[1].at.line, 2);
        EXPECT_EQ(t[2].at.line, 3);
        EXPECT_EQ(t[2].at.column, 3);
    }
}

TEST(nmodl_lexer, a_byte_order_mark_and_what_follows_a_control_z_are_left_out) {
    EXPECT_EQ(tokens_of("\xEF\xBB\xBFNEURON").front().text, "NEURON");
    EXPECT_EQ(tokens_of("a \x1A b").size(), 1U);
}

TEST(nmodl_lexer, characters_that_mean_nothing_are_told_whole) {
    EXPECT_EQ(tokens_of(";").front().is, kind::stray);
    EXPECT_EQ(tokens_of("\xC2\xB5m").front().text, "\xC2\xB5");
    EXPECT_EQ(tokens_of("\xB5m").front().text, "\xB5");
    EXPECT_EQ(tokens_of("\"open").front().is, kind::stray);
}

TEST(nmodl_lexer, text_of_diagnostics_is_utf8_with_the_caret_below_its_character) {
    EXPECT_EQ(as_utf8("\xB5m"), "\xC2\xB5m");
    EXPECT_EQ(as_utf8("\xC2\xB5m"), "\xC2\xB5m");
    EXPECT_EQ(as_utf8("\xC0\x80"), "\xC3\x80\xC2\x80");   // an overlong zero is no UTF-8
    diagnostic d;
    d.at = {testing::as_source("a\r\tb \xB5 c\r"), 2, 6};
    d.message = "wrong";
    d.hint = "right";
    EXPECT_EQ(d.text(), "a.mod:2:6: error: wrong; right\n     b \xC2\xB5 c\n         ^");
}

TEST(nmodl_lexer, of_a_long_line_the_neighbourhood_is_shown) {
    diagnostic d;
    d.at = {testing::as_source(std::string(5000, 'x')), 1, 2500};
    EXPECT_LT(d.text().size(), 300U);
    d.at.line = 99;
    EXPECT_NE(d.text().find(":99:"), std::string::npos);
}

TEST(nmodl_lexer, findings_beyond_the_most_are_not_kept_but_counted_as_errors) {
    diagnostics found;
    for (std::size_t i = 0; i < diagnostics::most; ++i) found.warn("rule", {}, "w");
    EXPECT_FALSE(found.has_errors());
    found.error({}, "e");
    EXPECT_TRUE(found.has_errors());
    EXPECT_EQ(found.all().size(), diagnostics::most);
}

}  // namespace
}  // namespace apical::nmodl
