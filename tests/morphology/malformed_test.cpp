// SPDX-License-Identifier: BSD-3-Clause
// Spoilt SWC files: each is refused with its line or repaired with a warning; none crashes, hangs or changes its meaning
// in silence.
#include "tests/morphology/malformed.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "morphology/swc.hpp"

namespace apical {
namespace {

using testing::met_by;
using testing::outcome;

reading read(std::string_view text) { return read_swc(text, "file"); }

/// A line in words, so that they can be spoilt one by one.
using row = std::vector<std::string>;

std::string text_of(const std::vector<row>& rows) {
    std::string text = "# a cell\n";
    for (const auto& r : rows) text += fmt::format("{}\n", fmt::join(r, " "));
    return text;
}

/// A soma and three branching neurites, some 40 points; parents come first.
std::vector<row> good_rows(random_stream& random) {
    std::vector<row> rows{{"1", "1", "0", "0", "0", "8", "-1"}};
    std::vector<int> tips;
    const auto add = [&](int parent, int type) {
        const double angle = random.uniform(0, 6.28), r = 9 + 7*static_cast<double>(rows.size());
        rows.push_back({std::to_string(rows.size() + 1), std::to_string(type), fmt::format("{:.3f}", r*std::cos(angle)),
                        fmt::format("{:.3f}", r*std::sin(angle)), fmt::format("{:.3f}", random.uniform(-20, 20)),
                        fmt::format("{:.3f}", random.uniform(0.2, 2)), std::to_string(parent)});
        return static_cast<int>(rows.size());
    };
    for (int type : {2, 3, 4}) {
        const int stem = add(1, type), joint = add(stem, type);
        for (int branch = 0; branch < 2; ++branch) {
            int at = joint;
            for (auto n = 2 + random.below(4); n > 0; --n) at = add(at, type);
        }
    }
    return rows;
}

std::size_t any_row(const std::vector<row>& rows, random_stream& random) {
    return 1 + static_cast<std::size_t>(random.below(rows.size() - 1));
}

/// What must come of a spoilt file.
enum class verdict {
    refused,      // an error
    noticed,      // an error or a warning
    same,         // the cell as before, no word about it
    same_warned,  // the cell as before, and a warning
};

struct spoiling {
    const char* name;
    verdict expected;
    std::function<std::string(std::vector<row>, random_stream&)> spoil;
};

/// Puts a word in one column of one row.
auto word(std::size_t column, std::string text) {
    return [=](std::vector<row> rows, random_stream& random) {
        rows[any_row(rows, random)][column] = text;
        return text_of(rows);
    };
}

auto each_text(std::function<std::string(const std::string&)> change) {
    return [=](std::vector<row> rows, random_stream&) { return change(text_of(rows)); };
}

std::vector<spoiling> number_spoilings() {
    std::vector<spoiling> all;
    for (std::size_t column : {2u, 3u, 4u, 5u}) {
        for (auto bad : {"nan", "NaN", "inf", "-inf", "1e400", "1e99", "0x1F", "1d5", "1.2.3", "--1", "abc", "1_000", "+-1", "1,5", "."}) {
            if (column == 5 && std::string_view(bad) == "1,5") continue;
            all.push_back({"bad coordinate", std::string_view(bad) == "1,5" ? verdict::noticed : verdict::refused, word(column, bad)});
        }
    }
    for (auto bad : {"0", "-1", "-0.5", "1e-12", "-nan"}) all.push_back({"bad radius", verdict::noticed, word(5, bad)});
    for (auto bad : {"1.5", "x", "99999999999999999999", "-7", "nan", "1e30"}) all.push_back({"bad id", verdict::refused, word(0, bad)});
    for (auto bad : {"3.5", "soma", "9999999999", "-9223372036854775808", "nan"}) all.push_back({"bad type", verdict::refused, word(1, bad)});
    for (auto bad : {"x", "1.5", "4444", "99999999999999999999", "nan", "1e30"}) all.push_back({"bad parent", verdict::refused, word(6, bad)});
    return all;
}

std::vector<spoiling> tree_spoilings() {
    return {
        {"own parent", verdict::refused, [](auto rows, auto& random) {
             auto& r = rows[any_row(rows, random)];
             r[6] = r[0];
             return text_of(rows);
         }},
        {"cycle", verdict::refused, [](auto rows, auto& random) {
             const auto i = any_row(rows, random);
             auto at = i;  // a descendant of i, or i itself
             for (auto k = i + 1; k < rows.size(); ++k) at = rows[k][6] == rows[at][0] ? k : at;
             rows[i][6] = rows[at][0];
             return text_of(rows);
         }},
        {"lost line", verdict::refused, [](auto rows, auto&) {
             rows.erase(rows.begin() + 2);  // a joint
             return text_of(rows);
         }},
        {"far second root", verdict::refused, [](auto rows, auto&) {
             rows.back()[6] = "-1";
             return text_of(rows);
         }},
        {"forgotten stem", verdict::same_warned, [](auto rows, auto&) {
             rows[1][6] = "-1";
             return text_of(rows);
         }},
        {"second soma", verdict::refused, [](auto rows, auto&) {
             rows.push_back({"900", "1", "200", "0", "0", "9", "-1"});
             return text_of(rows);
         }},
        {"soma without radius", verdict::refused, [](auto rows, auto&) {
             rows[0][5] = "0";
             return text_of(rows);
         }},
        {"no soma", verdict::noticed, [](auto rows, auto&) {
             rows[0][1] = "3";
             return text_of(rows);
         }},
    };
}

std::vector<spoiling> line_spoilings() {
    return {
        {"id twice", verdict::refused, [](auto rows, auto& random) {
             const auto i = any_row(rows, random);
             rows.push_back(rows[i]);
             rows.back()[2] += "1";
             return text_of(rows);
         }},
        {"line twice", verdict::same_warned, [](auto rows, auto& random) {
             const auto i = any_row(rows, random);
             rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(i), rows[i]);
             return text_of(rows);
         }},
        {"shuffled", verdict::same_warned, [](auto rows, auto& random) {
             for (auto i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[static_cast<std::size_t>(random.below(i))]);
             std::swap(*std::min_element(rows.begin(), rows.end()), rows.back());
             return text_of(rows);
         }},
    };
}

std::vector<spoiling> form_spoilings() {
    return {
        {"a column short", verdict::refused, [](auto rows, auto& random) {
             auto& r = rows[any_row(rows, random)];
             r.erase(r.begin() + static_cast<std::ptrdiff_t>(random.below(7)));
             return text_of(rows);
         }},
        {"two lines joined", verdict::refused, [](auto rows, auto& random) {
             const auto last = rows.back();   // a copy: it may be joined to itself
             auto& r = rows[any_row(rows, random)];
             r.insert(r.end(), last.begin(), last.end());
             return text_of(rows);
         }},
        {"extra columns", verdict::same_warned, [](auto rows, auto&) {
             for (auto& r : rows) r.insert(r.end(), {"0.1", "x"});
             return text_of(rows);
         }},
        {"huge ids", verdict::same, [](auto rows, auto&) {
             for (auto& r : rows) {
                 r[0] = std::to_string(4611686018427387904 + std::stoll(r[0]));
                 if (r[6] != "-1") r[6] = std::to_string(4611686018427387904 + std::stoll(r[6]));
             }
             return text_of(rows);
         }},
        {"cut", verdict::noticed, [](auto rows, auto& random) {
             const auto text = text_of(rows);
             auto cut = text.substr(0, 30 + static_cast<std::size_t>(random.below(text.size() - 31)));
             while (cut.back() == '\n') cut.pop_back();
             return cut;
         }},
    };
}

std::vector<spoiling> encoding_spoilings() {
    using testing::replaced;
    return {
        {"UTF-16", verdict::refused, each_text([](auto& t) { return testing::as_utf16(t, false, true); })},
        {"UTF-16 big endian", verdict::refused, each_text([](auto& t) { return testing::as_utf16(t, true, true); })},
        {"UTF-16 without mark", verdict::refused, each_text([](auto& t) { return testing::as_utf16(t, false, false); })},
        {"byte order mark", verdict::same_warned, each_text([](auto& t) { return "\xef\xbb\xbf" + t; })},
        {"null", verdict::refused, [](auto rows, auto& random) {
             auto text = text_of(rows);
             text.insert(static_cast<std::size_t>(random.below(text.size())), 1, '\0');
             return text;
         }},
        {"latin-1 in a comment", verdict::same, each_text([](auto& t) { return "# M\xfcller\n" + t; })},
        {"latin-1 in a number", verdict::refused, word(3, "1\xb5")},
        {"Macintosh line ends", verdict::same, each_text([](auto& t) { return replaced(t, "\n", "\r"); })},
        {"Windows line ends", verdict::same, each_text([](auto& t) { return replaced(t, "\n", "\r\n"); })},
        {"tabs", verdict::same, each_text([](auto& t) { return replaced(t, " ", "\t \t"); })},
        {"decimal commas", verdict::same_warned, each_text([](auto& t) { return replaced(t, ".", ","); })},
        {"comma-separated", verdict::same_warned, each_text([](auto& t) { return replaced(replaced(t, " ", ","), "#,a,cell", "#"); })},
        {"semicolon-separated", verdict::refused, each_text([](auto& t) { return replaced(t, " ", ";"); })},
        {"bare header", verdict::same_warned, each_text([](auto& t) { return replaced(t, "#", "n t x y z r p"); })},
        {"no line ends", verdict::refused, each_text([](auto& t) { return replaced(t.substr(9), "\n", " "); })},
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

TEST(malformed_swc, is_refused_or_repaired_aloud) {
    auto all = number_spoilings();
    for (const auto& some : {tree_spoilings(), line_spoilings(), form_spoilings(), encoding_spoilings()}) all.insert(all.end(), some.begin(), some.end());
    ASSERT_GE(all.size(), 100u);
    constexpr std::uint64_t rounds = 5;
    for (std::uint64_t k = 0; k < all.size(); ++k) {
        for (std::uint64_t round = 0; round < rounds; ++round) {
            random_stream random(2011, k, round);
            const auto rows = good_rows(random);
            const auto good = read(text_of(rows));
            ASSERT_TRUE(good.warnings.empty()) << good.warnings.front().text();
            const auto text = all[k].spoil(rows, random);
            SCOPED_TRACE(fmt::format("{} ({}, {})", all[k].name, k, round));
            const auto met = met_by(read, text);
            SCOPED_TRACE(met.message);
            expect_verdict(all[k], met, good.shape);
        }
    }
}

TEST(malformed_swc, without_any_point_is_refused) {
    for (const std::string text : {"", " ", "\n\n\r\n", "#\n# \n", "\xef\xbb\xbf", "PK\x03\x04", "<?xml version=\"1.0\"?>\n<a/>\n", "(CellBody)\n"}) {
        EXPECT_EQ(met_by(read, text).how, outcome::refused) << text;
    }
}

/// Whether a text is beyond reproach, by rules written down a second time: seven plain numbers in every line, whole ids,
/// types and parents, ids that ascend, parents given before, only the first point a root, a soma, positive radii.
bool is_faultless(const std::string& text) {
    static const std::regex form(R"(\s*((?:[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s+){6}[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*)");
    std::istringstream lines(testing::replaced(testing::replaced(text, "\r\n", "\n"), "\r", "\n"));
    std::set<double> ids;
    bool soma = false;
    for (std::string line; std::getline(lines, line);) {
        line = line.substr(0, line.find('#'));
        if (line.find_first_not_of(" \t\f\v") == std::string::npos) continue;
        if (!std::regex_match(line, form)) return false;
        double v[7];
        std::istringstream words(line);
        for (double& x : v) {
            std::string word;
            words >> word;
            x = std::stod(word);
        }
        const double id = v[0], type = v[1], radius = v[5], parent = v[6];
        if (id != std::floor(id) || type != std::floor(type) || parent != std::floor(parent)) return false;
        if (ids.empty() ? parent >= 0 : !ids.count(parent)) return false;
        if (id < 0 || (!ids.empty() && id <= *ids.rbegin()) || !(radius > 0)) return false;
        ids.insert(id);
        soma = soma || type == 1;
    }
    return soma && (text.back() == '\n' || text.back() == '\r');
}

TEST(malformed_swc, with_random_bytes_changed_is_never_misread_in_silence) {
    int silent = 0, noticed = 0;
    for (std::uint64_t round = 0; round < 3000; ++round) {
        random_stream random(1952, round);
        const auto text = testing::mutated(text_of(good_rows(random)), random);
        SCOPED_TRACE(text);
        const auto met = met_by(read, text);
        (met.how == outcome::silent ? silent : noticed) += 1;
        if (met.how == outcome::silent) {
            EXPECT_TRUE(is_faultless(text)) << "accepted without a word";
        }
        if (::testing::Test::HasFailure()) break;
    }
    EXPECT_GT(silent, 100) << "digits of coordinates can change without anybody knowing";
    EXPECT_GT(noticed, 1000);
}

TEST(malformed_swc, of_any_depth_is_read_without_recursion) {
    constexpr int depth = 100000;
    std::string chain = "1 1 0 0 0 8 -1\n", alternating = chain, backwards, loop = chain;
    for (int i = 2; i <= depth; ++i) {
        chain += fmt::format("{} 3 {} 0 0 1 {}\n", i, i + 10, i - 1);
        alternating += fmt::format("{} {} {} 0 0 1 {}\n", i, 3 + i%2, i + 10, i - 1);
        backwards += fmt::format("{} 3 {} 0 0 1 {}\n", i, i + 10, i < depth ? i + 1 : 1);
        loop += fmt::format("{} 3 {} 0 0 1 {}\n", i, i + 10, i < depth ? i + 1 : 2);
    }
    const auto one = met_by(read, chain);
    EXPECT_EQ(one.how, outcome::silent);
    EXPECT_EQ(one.shape.size(), 2);
    EXPECT_EQ(met_by(read, alternating).shape.size(), depth);
    EXPECT_EQ(met_by(read, "1 1 0 0 0 8 -1\n" + backwards).how, outcome::repaired);
    EXPECT_EQ(met_by(read, loop).how, outcome::refused);
}

TEST(malformed_swc, of_any_size_is_read_in_time_that_grows_with_it) {
    constexpr int many = 200000;
    const std::string soma = "1 1 0 0 0 8 -1\n";
    std::string types = soma, roots = soma, outline = soma;
    for (int i = 2; i <= 2*many; ++i) types += fmt::format("{} {} {} 0 0 1 {}\n", i, i + 10, i, i - 1);
    for (int i = 2; i <= many; ++i) {
        roots += fmt::format("{} 1 {} 0 0 1 {}\n", i, 0.001*i, i - 1);
        outline += fmt::format("{} 3 {} 0 0 1 1\n", i, 10 + i);
    }
    for (int i = many + 1; i <= 2*many; ++i) {
        roots += fmt::format("{} 3 {} 0 0 1 -1\n", i, 1000 + i);
        outline += fmt::format("{} 1 {} 0 0 1 1\n", i, -i);
    }
    EXPECT_LT(testing::processor_seconds([&] { EXPECT_EQ(read(types).shape.size(), 2*many); }), testing::ample_seconds) << "types";
    EXPECT_LT(testing::processor_seconds([&] { EXPECT_EQ(met_by(read, roots).how, outcome::refused); }), testing::ample_seconds) << "roots";
    EXPECT_LT(testing::processor_seconds([&] { EXPECT_GT(read(outline).shape.size(), many); }), testing::ample_seconds) << "soma points";
}

}  // namespace
}  // namespace apical
