// SPDX-License-Identifier: BSD-3-Clause
// Spikes that are sent while a simulation runs, as an environment does.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/checkpoint.hpp"
#include "tests/engine/networks.hpp"

namespace apical {
namespace {

using namespace units;
using trains = std::vector<std::pair<int, double>>;

/// Cells and point neurons that learn, and a source that both hear.
circuit shown(const trains& given = {}) {
    auto c = test::school(6);
    c.spike_sources.push_back({.name = "eyes", .size = 5, .spikes = given});
    c.projections.push_back({.name = "eyes", .source = "eyes", .target = "cells", .rule = all_to_all{}, .receptor = "exp2syn", .weight = 3*nS, .delay = 0.5*ms, .at = "apic[0](0.5)",
                             .learns = learning{.rule = "pair_stdp", .high = 3}});
    c.projections.push_back({.name = "eyes points", .source = "eyes", .target = "points", .rule = all_to_all{}, .receptor = "expsyn", .parameters = {{"tau", parse_quantity("3 ms")}}, .weight = 2*nS, .delay = 1.3*ms});
    return c;
}
trains seen() {
    trains all;
    for (int k = 0; k < 200; ++k) all.emplace_back(k*7 % 5, 0.2*k + 0.013*(k % 11));
    return all;
}
/// Those with times in [from, to), the last first.
trains part(const trains& all, double from, double to) {
    trains some;
    std::ranges::copy_if(all, std::back_inserter(some), [&](const auto& x) { return x.second >= from && x.second < to; });
    std::ranges::reverse(some);
    return some;
}
void expect_same(const simulation& a, const simulation& b) {
    EXPECT_FALSE(a.spikes().empty());
    EXPECT_TRUE(std::ranges::equal(a.spikes(), b.spikes()));
    EXPECT_EQ(a["v"].samples, b["v"].samples);
    EXPECT_EQ(a.weights("eyes").strength, b.weights("eyes").strength);
    EXPECT_NE(a.weights("eyes").strength, simulation(shown()).weights("eyes").strength);
}

TEST(sent_spikes, piece_by_piece_are_those_that_are_known_beforehand) {
    simulation known(shown(seen()), {.threads = 2}), told(shown());
    known.run(40*ms);
    double now = 0;
    for (const double next : {0.025, 0.3, 7.2, 7.225, 19.0, 40.0}) {
        told.send("eyes", part(seen(), now, next));
        told.run(next*ms);
        now = next;
    }
    expect_same(known, told);
}
TEST(sent_spikes, wait_for_their_time_through_copies_and_checkpoints) {
    simulation known(shown(seen())), told(shown()), later(shown());
    known.run(40*ms);
    told.send("eyes", part(seen(), 20, 1e9));
    told.send("eyes", part(seen(), 0, 20));
    told.run(11*ms);
    auto copy = told;
    later.restore(checkpoint_of(to_bytes(told.checkpoint())));
    for (auto* s : {&told, &copy, &later}) s->run(40*ms);
    expect_same(known, told), expect_same(known, copy), expect_same(known, later);
    auto expected = seen();
    std::ranges::stable_sort(expected, {}, [](const auto& x) { return std::pair(x.second, x.first); });
    EXPECT_EQ(later.sent().back(), expected) << "what was sent can be asked for";
}
TEST(sent_spikes, of_nowhere_or_of_the_past_are_refused) {
    simulation s(shown());
    s.run(5*ms);
    const auto complaint = [&](const char* source, const trains& spikes) -> std::string {
        try {
            s.send(source, spikes);
            return "accepted";
        } catch (const invalid_model& e) {
            return e.what();
        }
    };
    EXPECT_EQ(complaint("eyes", {{0, 5.0}, {4, 1e6}}), "accepted");
    EXPECT_NE(complaint("ears", {}).find("no spike source 'ears'"), std::string::npos);
    EXPECT_NE(complaint("cells", {{0, 6}}).find("no spike source 'cells'"), std::string::npos);
    EXPECT_NE(complaint("eyes", {{5, 6}}).find("0 to 4"), std::string::npos);
    EXPECT_NE(complaint("eyes", {{-1, 6}}).find("0 to 4"), std::string::npos);
    EXPECT_NE(complaint("eyes", {{0, 6}, {0, 4.9}}).find("send it before its time"), std::string::npos);
    EXPECT_NE(complaint("eyes", {{0, HUGE_VAL}}).find("send it before its time"), std::string::npos);
    EXPECT_EQ(s.sent().back().size(), 2u) << "of a call that is refused, nothing";
}

}  // namespace
}  // namespace apical
