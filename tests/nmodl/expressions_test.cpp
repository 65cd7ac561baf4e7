// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/nmodl/reading.hpp"

namespace apical::nmodl {
namespace {

using testing::read;

/// Every operation in brackets, so that the tree can be seen.
std::string tree(const syntax::expression& e) {
    using kind = syntax::expression::kind;
    if (e.is == kind::unary) return "[" + e.name + tree(e.operands[0]) + "]";
    if (e.is == kind::binary) return "[" + tree(e.operands[0]) + e.name + tree(e.operands[1]) + "]";
    return print(e);
}

syntax::expression expression_of(const std::string& text) {
    const auto r = read("INITIAL { x = " + text + " }");
    EXPECT_FALSE(r.found.has_errors()) << r.told();
    return r.file.routines.empty() || r.file.routines[0].body.empty() ? syntax::expression{} : r.file.routines[0].body[0].value;
}

TEST(nmodl_expressions, bind_as_in_neuron) {
    for (const auto& [text, meant] : std::vector<std::pair<std::string, std::string>>{
             {"-x^2", "[-[x^2]]"}, {"a^b^c", "[a^[b^c]]"}, {"2^-x^3", "[2^[-[x^3]]]"}, {"2^-x*3", "[[2^[-x]]*3]"}, {"!a && b", "[[!a]&&b]"},
             {"!a == b", "[[!a]==b]"}, {"a - b - c", "[[a-b]-c]"}, {"a/b*c", "[[a/b]*c]"}, {"a + b*c", "[a+[b*c]]"}, {"a < b == c", "[[a<b]==c]"},
             {"a == b < c", "[a==[b<c]]"}, {"a || b && c", "[a||[b&&c]]"}, {"-a*b", "[[-a]*b]"}, {"- -a", "[-[-a]]"}, {"+a", "a"}, {"(a + b)*c", "[[a+b]*c]"},
             {"a<-b", "[a<[-b]]"}, {"a >= b != c", "[[a>=b]!=c]"}})
        EXPECT_EQ(tree(expression_of(text)), meant) << text;
}

TEST(nmodl_expressions, a_parenthesis_behind_a_number_is_its_unit) {
    auto e = expression_of("5(mV)");
    EXPECT_EQ(e.value, 5);
    EXPECT_EQ(e.unit, "mV");
    EXPECT_EQ(expression_of("1e-4 (/ms/mM2)").unit, "/ms/mM2");
    EXPECT_EQ(expression_of("2 (\xB5m)").unit, "\xC2\xB5m");
    e = expression_of("2 (a + b)");   // so it is in NEURON
    EXPECT_EQ(e.unit, "a + b");
}

TEST(nmodl_expressions, print_as_they_were_meant) {
    for (const std::string text : {"-x^2", "(-x)^2", "(a^b)^c", "a^b^c", "2^-x", "a - (b - c)", "(a + b)*c", "a/(b*c)", "!(a && b)", "!a && b", "a < b == c", "(a < b) < c",
                                   "f(x, -1, g())", "z[i + 1]", "5 (mV)*x", "exp(-(v + 65)/10)", "m@2", "0.1 + 1e-300"}) {
        const auto printed = print(expression_of(text));
        EXPECT_EQ(tree(expression_of(printed)), tree(expression_of(text))) << text << " gave " << printed;
    }
    EXPECT_EQ(print(expression_of("(a)+((b)*(c))^(2)")), "a + (b*c)^2");
}

TEST(nmodl_expressions, primes_calls_texts_and_elements) {
    using kind = syntax::expression::kind;
    EXPECT_EQ(expression_of("m''").is, kind::derivative);
    EXPECT_EQ(expression_of("m''").order, 2);
    EXPECT_EQ(expression_of("m@1").order, 1);
    const auto call = expression_of("f(\"a %g\\n\", x)");
    ASSERT_EQ(call.is, kind::call);
    EXPECT_EQ(call.operands[0].is, kind::text);
    EXPECT_EQ(call.operands[0].name, "a %g\\n");
    const auto element = expression_of("z[2*i]");
    EXPECT_EQ(element.is, kind::name);
    ASSERT_EQ(element.operands.size(), 1U);
    EXPECT_EQ(element.at.column, 15);
}

TEST(nmodl_expressions, neither_depth_nor_length_exhausts_the_stack) {
    const auto nested = [](int n) { return "INITIAL { x = " + std::string(static_cast<std::size_t>(n), '(') + "1" + std::string(static_cast<std::size_t>(n), ')') + " }"; };
    EXPECT_FALSE(read(nested(syntax::max_nesting - 2)).found.has_errors());
    EXPECT_NE(read(nested(100000)).told().find("nested deeper than 100 levels"), std::string::npos);
    EXPECT_TRUE(read("INITIAL { x = " + std::string(100000, '-') + "1 }").found.has_errors());
    const auto chain = [](int n) {
        std::string text = "INITIAL { x = 1";
        for (int i = 0; i < n; ++i) text += " + 1";
        return text + " }";
    };
    EXPECT_FALSE(read(chain(syntax::max_operators)).found.has_errors());
    EXPECT_NE(read(chain(100000)).told().find("more than 2000 operators"), std::string::npos);
    std::string blocks = "INITIAL ";
    for (int i = 0; i < 5000; ++i) blocks += "{ if (1) ";
    EXPECT_TRUE(read(blocks).found.has_errors());
}

}  // namespace
}  // namespace apical::nmodl
