// SPDX-License-Identifier: BSD-3-Clause
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "morphology/expression.hpp"

namespace apical {
namespace {

TEST(expression, any_text_is_parsed_or_refused_and_what_is_parsed_comes_back) {
    const std::vector<std::string> pieces{"soma", "apical", "apic[2]", "(", ")", "(", ")", ",", "0.5", "620 um", "1", "and", "or", "not",
                                          "distance", "x", "<", ">", "==", "+", "-", "*", "/", "^", "2", "..", "at(", "tips(", "where(",
                                          "max_distance(", "exp(", "order", "S/cm2", "type(5)", "[", "]", "terminal", "mV", "\xC2\xB5m", "."};
    std::mt19937_64 draws{20110701};   // the engine's sequence is fixed by the standard, its distributions are not
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(draws() % n); };
    int regions = 0, values = 0, refused = 0;
    for (int trial = 0; trial < 5000; ++trial) {
        std::string text;
        for (auto n = 1 + below(7); n > 0; --n) text += pieces[below(pieces.size())] + " ";
        const auto attempt = [&](auto parse, int& count) {
            try {
                const auto tree = parse(text);
                ++count;
                EXPECT_EQ(parse(tree.text()).text(), tree.text()) << text;
            } catch (const invalid_model&) {
                ++refused;
            }
        };
        attempt(parse_region, regions);
        attempt([](std::string_view t) { return parse_value(t, dimensions::none); }, values);
    }
    EXPECT_GT(regions, 50);
    EXPECT_GT(values, 50);
    EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace apical
