// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <functional>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/random.hpp"
#include "morphology/compartments.hpp"
#include "morphology/read.hpp"
#include "tests/core/processor_time.hpp"

namespace apical::testing {

using reader = std::function<reading(std::string_view)>;

/// How a reader met a text.
struct outcome {
    enum { refused, repaired, silent } how = silent;
    std::string message;   ///< all errors or warnings
    morphology shape;
};

/// What every morphology promises, and that it can be cut into compartments of positive area and resistance.
inline void expect_sound(const morphology& m) {
    ASSERT_FALSE(m.empty());
    for (int s = 0; s < m.size(); ++s) {
        ASSERT_LT(m[s].parent, s);
        ASSERT_TRUE(s == 0 || m[s].parent >= 0) << "readers give one tree";
        ASSERT_TRUE(m[s].parent_x >= 0 && m[s].parent_x <= 1);
        ASSERT_GE(m[s].points.size(), 2u);
        ASSERT_GT(m.length(s), 0);
        for (const point& p : m[s].points) {
            ASSERT_TRUE(std::isfinite(p.x) && std::isfinite(p.y) && std::isfinite(p.z));
            ASSERT_GT(p.diameter, 0);
        }
    }
    const std::vector<int> counts(static_cast<std::size_t>(m.size()), 3);
    const auto cut = discretise(m, counts, std::vector<cable_properties>(counts.size()));
    for (const node& n : cut.nodes) {
        ASSERT_TRUE(std::isfinite(n.area) && std::isfinite(n.resistance) && std::isfinite(n.distance));
        ASSERT_EQ(n.area > 0, n.is_compartment());
        ASSERT_EQ(n.resistance > 0, n.parent >= 0);
    }
}

/// Reads; anything but a morphology or an error with lines fails the test.
inline outcome met_by(const reader& read, const std::string& text) {
    static const std::regex located("^file:[0-9]+$");
    outcome o;
    const auto note = [&](const std::vector<problem>& problems) {
        EXPECT_TRUE(std::regex_match(problems.front().where, located)) << problems.front().text();
        for (const auto& p : problems) {
            EXPECT_FALSE(p.what.empty());
            o.message += p.text() + "\n";
        }
    };
    try {
        auto r = read(text);
        if (!r.warnings.empty()) {
            o.how = outcome::repaired;
            note(r.warnings);
        }
        o.shape = std::move(r.shape);
        expect_sound(o.shape);
    } catch (const invalid_input& e) {
        o.how = outcome::refused;
        note(e.problems());
    }
    return o;
}

/// Processor time of f [s].
inline double processor_seconds(const std::function<void()>& f) {
    const processor_watch watch;
    f();
    return watch.seconds();
}
/// Ample for the large files of these tests, which take minutes if the time grows with the square of their size.
constexpr double ample_seconds = 20;

/// One byte changed, dropped or put in, a few times.
inline std::string mutated(std::string text, random_stream& random) {
    static constexpr std::string_view bytes = "0123456789.-+eE ,;#()|<>\"\n\r\tax\\\xff\x01";
    for (auto n = 1 + random.below(3); n > 0 && !text.empty(); --n) {
        const auto at = static_cast<std::size_t>(random.below(text.size()));
        const char byte = bytes[static_cast<std::size_t>(random.below(bytes.size()))];
        switch (random.below(3)) {
            case 0: text[at] = byte; break;
            case 1: text.erase(at, 1); break;
            default: text.insert(at, 1, byte);
        }
    }
    return text;
}

inline std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
    return text;
}

inline std::string as_utf16(std::string_view text, bool big_endian, bool marked) {
    std::string wide = marked ? (big_endian ? std::string("\xfe\xff") : std::string("\xff\xfe")) : std::string();
    for (char c : text) wide += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
    return wide;
}

}  // namespace apical::testing
