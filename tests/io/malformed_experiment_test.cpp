// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/error.hpp"
#include "core/random.hpp"
#include "io/experiment.hpp"
#include "tests/io/sample_experiment.hpp"

/// Spoilt experiments: each is refused with its place, or means what it says; none crashes, hangs or passes with another meaning.
namespace apical {
namespace {

using testing::sample_experiment;

std::string replaced(const std::string& from, const std::string& to) {
    auto text = sample_experiment();
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::logic_error("the sample has no " + from);
    return text.replace(at, from.size(), to);
}

/// Refused with a place in the file; empty if so, else what happened.
std::string complaint_about(const std::string& text) {
    try {
        parse_experiment(text, "spoilt.json", std::filesystem::temp_directory_path());
    } catch (const error& e) {
        for (const auto& p : e.problems())
            if (p.where.find("spoilt.json") == std::string::npos || p.what.empty()) return "no place or reason: " + p.text();
        return {};
    } catch (const std::exception& e) {
        return std::string("an exception of another kind: ") + e.what();
    }
    return "it passed";
}

std::vector<std::pair<std::string, std::string>> spoilings() {
    std::vector<std::pair<std::string, std::string>> all;
    const auto add = [&](const std::string& what, const std::string& text) { all.emplace_back(what, text); };
    const auto& good = sample_experiment();
    for (int i = 1; i < 20; ++i) add("truncated " + std::to_string(i), good.substr(0, good.size()*static_cast<std::size_t>(i)/20));
    for (const auto* from : {"\"cells\"", "\"populations\"", "\"stimuli\"", "\"run\"", "\"dt\"", "\"amplitude\"", "\"region\"", "\"g_max\"", "\"delay\"", "\"threads\""})
        add(std::string("unknown key for ") + from, replaced(from, "\"nonsense\""));
    for (const auto* to : {"3", "NaN", "Infinity", "-Infinity", "null", "true", "[]", "{}", "\"\"", "\"3\"", "\"3 mV\"", "\"3 furlongs\"", "\"nan ms\"", "\"inf ms\"", "\"1e999 ms\"", "\"-0.05 ms\"", "\"0 ms\"",
                           "\"1e308 Gs\"", "\"1 ms^2147483647\"", "\"1 ms^-2147483648\"", "\"1 /s^-2147483648\"", "\"1 ms\\u0000\""})
        add(std::string("dt of ") + to, replaced("\"0.05 ms\"", to));
    for (const auto* to : {"-1", "0", "1.5", "1e30", "\"three\"", "null", "[3]", "99999999999999999999"}) add(std::string("size of ") + to, replaced("\"size\": 3", std::string("\"size\": ") + to));
    for (const auto* to : {"[7]", "[-1]", "[0.5]", "[\"a\"]", "{}", "[1e99]"}) add(std::string("cells of ") + to, replaced("[0, 2]", to));
    for (const auto* to : {"\"soma and\"", "\"apic[99]\"", "\"distance > 3\"", "\"((((\"", "7", "\"distance < (((((((((((((1 um)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9)\""}) add(std::string("region ") + to, replaced("\"soma and distance < 100 um\"", to));
    add("duplicate key", replaced("\"seed\": 7,", "\"seed\": 7, \"seed\": 8,"));
    add("trailing comma", replaced("\"seed\": 7,", "\"seed\": 7,,"));
    add("trailing text", good + "{}");
    add("single quotes", replaced("\"seed\"", "'seed'"));
    add("a comment", replaced("\"seed\"", "/* seed */ \"seed\""));
    add("empty", "");
    add("blank", "  \n ");
    add("a number", "3");
    add("a list", "[" + good + "]");
    add("deep nesting", std::string(100000, '['));
    add("deep objects", [] { std::string s; for (int i = 0; i < 50000; ++i) s += "{\"a\":"; return s; }());
    add("UTF-16", [&] { std::string s("\xFF\xFE", 2); for (const char c : good) s += c, s += '\0'; return s; }());
    add("a zero byte", std::string(good).insert(40, 1, '\0'));
    add("latin-1", replaced("everything", "caf\xE9"));
    add("control character", replaced("everything", "every\x01thing"));
    add("unknown escape", replaced("everything", "every\\qthing"));
    add("lone surrogate", replaced("everything", "every\\ud800thing"));
    add("escaped zero", replaced("everything", "every\\u0000thing"));
    add("escaped zero in a key", replaced("\"ball\"", "\"ba\\u0000ll\""));
    add("endless dendrite", replaced("400 um", "1e200 um"));
    add("hair-thin dendrite", replaced("\"dendrite\": \"400 um\"", "\"diameter\": \"1e-200 um\""));
    add("point-like dendrite", replaced("400 um", "1e-200 um"));
    return all;
}

TEST(malformed_experiment, is_refused_with_its_place_and_reason) {
    const auto all = spoilings();
    EXPECT_GE(all.size(), 60u);
    for (const auto& [what, text] : all) {
        const auto complaint = complaint_about(text);
        EXPECT_TRUE(complaint.empty()) << what << ": " << complaint;
    }
}

/// Many receptors, and trains onto others that are not there.
std::string with_wrong_labels(int many) {
    std::string receptors, trains;
    for (int i = 0; i < many; ++i) {
        receptors += (i ? ", " : "") + ("{\"label\": \"synapse" + std::to_string(i)) + "\", \"receptor\": \"exp2syn\"}";
        trains += (i ? ", " : "") + ("{\"onto\": \"missing contact" + std::to_string(i)) + "\", \"weight\": \"1 nS\"}";
    }
    return R"({"cells": {"c": {"model": "ball_and_stick"}}, "run": {"until": "1 ms"}, "receptors": [)" + receptors + "], \"spike_trains\": [" + trains + "]}";
}

TEST(malformed_experiment, with_mistakes_without_end_is_refused_in_short) {
    try {
        parse_experiment(with_wrong_labels(1500), "spoilt.json", {});
        FAIL() << "it passed";
    } catch (const invalid_input& e) {
        EXPECT_EQ(e.problems().size(), findings::most + 1);
        EXPECT_LT(std::string(e.what()).size(), 2000000u);
    }
}

TEST(malformed_experiment, the_unspoilt_one_passes) {
    EXPECT_EQ(complaint_about(sample_experiment()), "it passed");
}

TEST(malformed_experiment, changed_bytes_are_refused_with_their_place_or_still_a_valid_experiment) {
    int refused = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        random_stream random(seed, identity("malformed experiment"));
        auto text = sample_experiment();
        for (std::uint64_t k = 0; k <= random.below(3); ++k) text[random.below(text.size())] = static_cast<char>(random.below(256));
        const auto complaint = complaint_about(text);
        refused += complaint.empty();
        EXPECT_TRUE(complaint.empty() || complaint == "it passed") << "seed " << seed << ": " << complaint;
    }
    EXPECT_GT(refused, 150);
}

}  // namespace
}  // namespace apical
