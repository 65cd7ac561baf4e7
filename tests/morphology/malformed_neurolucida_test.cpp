// SPDX-License-Identifier: BSD-3-Clause
// Spoilt Neurolucida files: each is refused with its line or repaired with a warning; none crashes, hangs or changes its
// meaning in silence.
#include "tests/morphology/malformed.hpp"

#include <array>

#include <fmt/format.h>

#include "morphology/neurolucida.hpp"

namespace apical {
namespace {

using testing::met_by;
using testing::outcome;
using testing::replaced;

reading read(std::string_view text) { return read_neurolucida(text, "file"); }

std::string point_text(random_stream& random, double x, double y) {
    return fmt::format("({:.2f} {:.2f} {:.2f} {:.2f} S1)\n", x, y, random.uniform(-20, 20), random.uniform(0.3, 2));
}

/// Points, perhaps a marker and a spine, then a split or an ending.
std::string branch_text(random_stream& random, double x, double y, int depth) {
    std::string text;
    for (auto n = 2 + random.below(3); n > 0; --n) {
        text += point_text(random, x, y);
        x += random.uniform(3, 9);
        y += random.uniform(-9, 9);
    }
    if (random.below(4) == 0) text += "<(1.00 2.00 3.00 0.10 S2)>\n";
    if (random.below(3) == 0) text += "(Cross (Color Red) (Name \"m 1\") (1.00 2.00 3.00 0.50 S1))\n";
    if (depth == 0) return text + "Normal\n";
    return text + "(\n" + branch_text(random, x, y, depth - 1) + "|\n" + branch_text(random, x, y + 20, depth - 1) + ") ; End of split\n";
}

std::string good_text(random_stream& random) {
    std::string text = "; V3 text file\n(Sections S1 \"a.dat\" 0 0 0)\n(\"CellBody\" (Color Blue) (CellBody)\n";
    for (int i = 0; i < 12; ++i) text += fmt::format("({:.2f} {:.2f} 1.50 0.20 S1)\n", 12*std::cos(i*0.52), 7*std::sin(i*0.52));
    text += ")\n";
    for (auto type : {"Axon", "Dendrite", "Apical"}) {
        text += fmt::format("( (Color RGB (1, 2, 3)) ({})\n{})\n", type, branch_text(random, 1, 2, 2));
    }
    return text;
}

enum class verdict { refused, noticed, same, same_warned };

struct spoiling {
    const char* name;
    verdict expected;
    std::function<std::string(std::string, random_stream&)> spoil;
};

/// Replaces the k-th of the places where `what` stands in the trees.
std::string with_one_replaced(std::string text, std::string_view what, std::string_view by, random_stream& random) {
    const auto trees = text.find("( (Color");
    std::vector<std::size_t> places;
    for (auto at = text.find(what, trees); at != std::string::npos; at = text.find(what, at + 1)) places.push_back(at);
    if (places.empty()) return text + std::string(by);
    return text.replace(places[static_cast<std::size_t>(random.below(places.size()))], what.size(), by);
}

auto one(std::string what, std::string by) {
    return [=](std::string text, random_stream& random) { return with_one_replaced(std::move(text), what, by, random); };
}

auto all_of_it(std::function<std::string(const std::string&)> change) {
    return [=](std::string text, random_stream&) { return change(text); };
}

std::vector<spoiling> point_spoilings() {
    std::vector<spoiling> all;
    for (auto bad : {"(nan 1 2 3)", "(1 inf 2 3)", "(1 2 -inf 3)", "(1 2 3 NAN)", "(1 2 3 4 5)", "(1)", "(1e400 2 3 4)", "(1 2e99 3 4)",
                     "(1,5 2 3)", "(1.5,2 3 4)", "(1x 2 3 4)", "(1 2 3 4", "1 2 3 4)", "(1 2 (3) 4)", "((1 2 3 4))", "(1 | 2 3 4)", "(1 2 3 \"4\")",
                     "(1 2 3 4 5 6 7 8)", "(1 2 < 3 4)", "(1.2.3 4 5 6)", "(1;2 3 4)", "(1,,2 3 4)", "(1 2 3 +-4)"}) {
        all.push_back({"bad point", verdict::refused, one("|\n", std::string("|\n") + bad + "\n")});
    }
    for (auto bad : {"(5 6 7)", "(5 6)", "(5 6 7 0)", "(5 6 7 -1)", "(5 6 7 1e-20)"}) {
        all.push_back({"incomplete point", verdict::noticed, one("|\n", std::string("|\n") + bad + "\n")});
    }
    return all;
}

std::vector<spoiling> structure_spoilings() {
    return {
        {"lost '('", verdict::refused, one("(", "")},
        {"lost ')'", verdict::refused, one(")", "")},
        {"doubled '('", verdict::refused, one("(", "((")},
        {"doubled ')'", verdict::refused, one(")", "))")},
        {"turned '('", verdict::refused, one("(", ")")},
        {"')' in comment", verdict::refused, one(" S1)", "; S1)")},
        {"cut", verdict::refused, [](std::string t, random_stream& random) {
             return t.substr(0, t.size() - 3 - static_cast<std::size_t>(random.below(t.size()/2)));
         }},
        {"'|' outside", verdict::refused, one("(Axon)", "(Axon) |")},
        {"point after a split", verdict::refused, one(") ; End of split\n", ") (1 2 3 4)\n")},
        {"point after an ending", verdict::refused, one("Normal\n", "Normal (1 2 3 4)\n")},
        {"two splits", verdict::refused, one(") ; End of split\n", ") ((1 2 3 4)|(4 5 6 7))\n")},
        {"open string", verdict::refused, one("(Color RGB", "(Name \"x) (Color RGB")},
        {"open spine", verdict::refused, one("|\n", "|\n(1 2 3 4) <(1 2 3 4)\n")},
        {"closed spine", verdict::refused, one("|\n", "|\n(1 2 3 4) >\n")},
        {"number in a tree", verdict::refused, one("Normal", "7")},
        {"string in a tree", verdict::refused, one("Normal", "\"x\"")},
        {"empty branch", verdict::same_warned, one("|\n", "|\n|\n")},
        {"empty split", verdict::noticed, one("Normal", "( | )")},
        {"unknown ending", verdict::same_warned, one("Normal", "Nrmal")},
        {"no type", verdict::noticed, one("(Axon)", "")},
        {"unknown type", verdict::noticed, one("(Axon)", "(Axom)")},
        {"type inside", verdict::same_warned, one("|\n", "|\n(CellBody) (Apical) (Axon)\n")},
        {"text inside", verdict::same_warned, one("|\n", "|\n(\"note\" (1 2 3 4))\n")},
        {"tree without points", verdict::same_warned, all_of_it([](auto& t) { return t + "((Dendrite))\n"; })},
        {"empty list", verdict::same_warned, all_of_it([](auto& t) { return t + "()\n"; })},
        {"stray point", verdict::refused, all_of_it([](auto& t) { return t + "(1 2 3 4)\n"; })},
        {"stray word", verdict::refused, all_of_it([](auto& t) { return t + "Dendrite\n"; })},
        {"tree in a set", verdict::same_warned, all_of_it([](auto& t) { return t + "(Set \"s\" ((Axon) (1 2 3 1) (4 5 6 1)))\n"; })},
    };
}

std::vector<spoiling> soma_spoilings() {
    const auto body = [](const std::string& text, std::string_view with) {
        const auto begin = text.find("(\"CellBody\""), end = text.find("( (Color");
        return text.substr(0, begin) + std::string(with) + text.substr(end);
    };
    return {
        {"no soma", verdict::refused, all_of_it([=](auto& t) { return body(t, ""); })},
        {"two points", verdict::refused, all_of_it([=](auto& t) { return body(t, "(\"CellBody\" (0 0 0 1) (1 0 0 1))"); })},
        {"line", verdict::refused, all_of_it([=](auto& t) { return body(t, "(\"CellBody\" (0 0 0 1) (1 0 0 1) (2 0 0 1) (3 0 0 1))"); })},
        {"one place", verdict::refused, all_of_it([=](auto& t) { return body(t, "(\"CellBody\" (0 0 0 1) (0 0 0 1) (0 0 0 1))"); })},
        {"somewhere else", verdict::noticed, all_of_it([=](auto& t) { return body(t, "(\"Soma\" (900 0 0 1) (909 0 0 1) (900 9 0 1))"); })},
        {"two somata", verdict::refused, all_of_it([](auto& t) { return t + "(\"Soma\" (900 0 0 1) (909 0 0 1) (900 9 0 1))\n"; })},
        {"other name", verdict::same_warned, all_of_it([](auto& t) { return replaced(t, "\"CellBody\"", "\"Cell 1\""); })},
        {"nan in the outline", verdict::refused, all_of_it([](auto& t) { return replaced(t, "(CellBody)\n(", "(CellBody)\n(nan "); })},
        {"a branch in the outline", verdict::refused, all_of_it([](auto& t) { return replaced(t, "(CellBody)\n", "(CellBody)\n|"); })},
    };
}

std::vector<spoiling> encoding_spoilings() {
    return {
        {"UTF-16", verdict::refused, all_of_it([](auto& t) { return testing::as_utf16(t, false, true); })},
        {"UTF-16 big endian", verdict::refused, all_of_it([](auto& t) { return testing::as_utf16(t, true, true); })},
        {"UTF-16 without mark", verdict::refused, all_of_it([](auto& t) { return testing::as_utf16(t, true, false); })},
        {"byte order mark", verdict::same_warned, all_of_it([](auto& t) { return "\xef\xbb\xbf" + t; })},
        {"null", verdict::refused, [](std::string t, random_stream& random) {
             return t.insert(static_cast<std::size_t>(random.below(t.size())), 1, '\0');
         }},
        {"latin-1 in a comment", verdict::same, all_of_it([](auto& t) { return "; M\xfcller\n" + t; })},
        {"latin-1 in a name", verdict::same, all_of_it([](auto& t) { return replaced(t, "m 1", "m\xfc" "1"); })},
        {"latin-1 in a point", verdict::refused, one("|\n(", "|\n(\xb5")},
        {"Macintosh line ends", verdict::same, all_of_it([](auto& t) { return replaced(t, "\n", "\r"); })},
        {"Windows line ends", verdict::same, all_of_it([](auto& t) { return replaced(t, "\n", "\r\n"); })},
        {"decimal commas", verdict::refused, all_of_it([](auto& t) { return replaced(t, ".", ","); })},
    };
}

void expect_verdict(const spoiling& s, const outcome& met, const morphology& good) {
    switch (s.expected) {
        case verdict::refused: EXPECT_EQ(met.how, outcome::refused); break;
        case verdict::noticed: EXPECT_NE(met.how, outcome::silent); break;
        case verdict::same: EXPECT_EQ(met.how, outcome::silent); break;
        case verdict::same_warned: EXPECT_EQ(met.how, outcome::repaired); break;
    }
    if (s.expected == verdict::same || s.expected == verdict::same_warned) {
        EXPECT_EQ(met.shape, good);
    }
}

TEST(malformed_neurolucida, is_refused_or_repaired_aloud) {
    auto all = point_spoilings();
    for (const auto& some : {structure_spoilings(), soma_spoilings(), encoding_spoilings()}) all.insert(all.end(), some.begin(), some.end());
    ASSERT_GE(all.size(), 60u);
    constexpr std::uint64_t rounds = 8;
    for (std::uint64_t k = 0; k < all.size(); ++k) {
        for (std::uint64_t round = 0; round < rounds; ++round) {
            random_stream random(139653, k, round);
            const auto text = good_text(random);
            const auto good = read(text);
            ASSERT_TRUE(good.warnings.empty()) << good.warnings.front().text();
            const auto spoilt = all[k].spoil(text, random);
            SCOPED_TRACE(fmt::format("{} ({}, {})", all[k].name, k, round));
            const auto met = met_by(read, spoilt);
            SCOPED_TRACE(met.message);
            expect_verdict(all[k], met, good.shape);
        }
    }
}

TEST(malformed_neurolucida, without_any_neurite_is_refused) {
    for (const std::string text : {"", " \n", "; only a comment", "(Sections S1)", "\xef\xbb\xbf", "1 1 0 0 0 8 -1\n", "<?xml version=\"1.0\"?>"}) {
        EXPECT_EQ(met_by(read, text).how, outcome::refused) << text;
    }
}

/// The text without comments, strings and the spines; each string leaves an `s`.
std::string bare(const std::string& text) {
    static const std::regex hidden("\"[^\"\\r\\n]*\"|;[^\\r\\n]*");
    std::string kept;
    auto at = text.cbegin();
    for (std::sregex_iterator i(text.begin(), text.end(), hidden), end; i != end; ++i) {
        kept.append(at, (*i)[0].first);
        kept += *(*i)[0].first == '"' ? "s" : " ";
        at = (*i)[0].second;
    }
    return kept.append(at, text.cend());
}

/// Whether a text is beyond reproach, by rules written down a second time: balanced parentheses, well-formed points, and
/// no words but those that good_text() writes and the colours and names in properties.
bool is_faultless(const std::string& text) {
    auto left = bare(text);
    if (left.find('"') != std::string::npos) return false;
    const std::string number = R"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)", gap = R"((?:\s*,\s+|\s+,?\s*|\s*,\s*))";
    const std::regex point("\\(\\s*" + number + "(?:" + gap + number + "){3}[\\s,]*(?:[A-Za-z][^\\s()]*)?\\s*\\)");
    const std::regex property(R"(\([\s,]*[A-Za-z_][^()|<>]*(?:\([^()]*\)[^()|<>]*)?\))");
    left = std::regex_replace(left, std::regex("<[^<>|]*>"), " ");
    left = std::regex_replace(left, point, "p");
    left = std::regex_replace(left, std::regex(R"(\([\s,]*[A-Za-z_][^()|<>]*\([^()]*\)[^()|<>]*\))"), "l");
    left = std::regex_replace(left, property, "l");
    left = std::regex_replace(left, property, "l");
    for (bool shrunk = true; shrunk;) {  // branches and splits, from the inside
        const auto before = left.size();
        left = std::regex_replace(left, std::regex(R"(\([\s,]*(?:s|l)?[\spl,]*(?:Normal)?[\spl,]*(?:\|[\s,]*[pl][\spl,]*(?:Normal)?[\spl,]*)*\))"), "l");
        shrunk = left.size() < before;
    }
    return left.find_first_not_of(" \t\r\n\f\v,lp") == std::string::npos;
}

TEST(malformed_neurolucida, with_random_bytes_changed_is_never_misread_in_silence) {
    int silent = 0, noticed = 0;
    for (std::uint64_t round = 0; round < 1500; ++round) {
        random_stream random(1899, round);
        const auto text = testing::mutated(good_text(random), random);
        SCOPED_TRACE(text);
        const auto met = met_by(read, text);
        (met.how == outcome::silent ? silent : noticed) += 1;
        if (met.how == outcome::silent) {
            EXPECT_TRUE(is_faultless(text)) << "accepted without a word";
        }
        if (::testing::Test::HasFailure()) break;
    }
    EXPECT_GT(silent, 100) << "digits of coordinates can change without anybody knowing";
    EXPECT_GT(noticed, 500);
}

TEST(malformed_neurolucida, of_any_depth_is_read_without_recursion) {
    constexpr int depth = 100000;
    const std::string body = "(\"CellBody\" (-9 -9 0 1) (9 -9 0 1) (9 9 0 1) (-9 9 0 1))\n((Axon) (0 0 0 1) (1 0 0 1)\n";
    std::string nested = body, closing;
    for (int i = 0; i < depth; ++i) {
        nested += fmt::format("( ({} 0 0 1) \n", i + 2);
        closing += fmt::format("| ({} 5 0 1) )\n", i);
    }
    EXPECT_EQ(met_by(read, nested + closing + ")").shape.size(), 2*depth + 2);
    EXPECT_EQ(met_by(read, nested).how, outcome::refused);
    EXPECT_EQ(met_by(read, body + std::string(depth, '(')).how, outcome::refused);
    EXPECT_EQ(met_by(read, std::string(depth, '(') + std::string(depth, ')')).how, outcome::refused);
    EXPECT_EQ(met_by(read, body + std::string(depth, '(') + std::string(depth, ')') + ")").how, outcome::repaired);
    EXPECT_EQ(met_by(read, std::string(depth, ')')).how, outcome::refused);
    EXPECT_EQ(met_by(read, body + "(Name " + std::string(depth, '(')).how, outcome::refused);
}

TEST(malformed_neurolucida, of_any_size_is_read_in_time_that_grows_with_it) {
    constexpr int many = 400000;
    const std::string axon = "((Axon) (0 0 0 1) (1 0 0 1)\n";
    std::string words = axon + "(", endings = axon;
    for (int i = 0; i < many; ++i) {
        words += "1 $ ";
        endings += fmt::format("End{} ", i);
    }
    EXPECT_LT(testing::processor_seconds([&] { EXPECT_EQ(met_by(read, words).how, outcome::refused); }), testing::ample_seconds) << "words";
    EXPECT_LT(testing::processor_seconds([&] { EXPECT_EQ(met_by(read, endings + ")").how, outcome::repaired); }), testing::ample_seconds)
        << "endings";
}

}  // namespace
}  // namespace apical
