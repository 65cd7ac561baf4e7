// SPDX-License-Identifier: BSD-3-Clause
// Against NEST on the same equations; bench/peers/point_reference.py wrote the file.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/neurons/neurons.hpp"

namespace apical {
namespace {

using namespace units;

/// A row of a reference file.
struct reference {
    std::string name, model, set;
    std::vector<double> currents;
    double length;
    std::vector<double> times;
};
std::vector<reference> references(const std::string& file) {
    std::ifstream in(APICAL_SOURCE_DIR "/tests/reference/points/" + file);
    std::vector<reference> all;
    std::string line;
    std::getline(in, line);
    while (std::getline(in, line)) {
        std::vector<std::string> words;
        std::istringstream fields(line);
        for (std::string word; std::getline(fields, word, ',');) words.push_back(word);
        reference r{words.at(0), words.at(1), words.at(2), {std::stod(words.at(3)), std::stod(words.at(4))}, std::stod(words.at(5)), {}};
        std::istringstream times(words.at(6));
        for (double t; times >> t;) r.times.push_back(t);
        all.push_back(std::move(r));
    }
    return all;
}

std::vector<double> ours(const reference& r, const run_options& o) {
    auto currents = r.currents;
    if (currents[1] == 0) currents.pop_back();
    return test::spike_times(test::driven(r.model, {{"set", r.set}}, currents), r.length, o);
}
void expect_near(const reference& r, const std::vector<double>& times, double tolerance_ms) {
    ASSERT_EQ(times.size(), r.times.size()) << r.name;
    for (std::size_t k = 0; k < times.size(); ++k) EXPECT_NEAR(times[k], r.times[k], tolerance_ms) << r.name << ", spike " << k;
}

TEST(nest, exact_spikes_agree) {
    for (const auto& r : references("nest.csv"))
        if (r.name == "lif_exact") {
            expect_near(r, ours(r, {.dt = 0.1*ms}), 1e-6);
            expect_near(r, ours(r, test::adaptive()), 1e-6);
        }
}
/// Other models of NEST fire on its grid, 1e-3 ms here: every spike is late by up to a step more.
TEST(nest, models_on_its_grid_agree_within_their_steps) {
    int compared = 0;
    for (const auto& r : references("nest.csv")) {
        if (r.name == "lif_exact") continue;
        const auto times = ours(r, test::adaptive());
        ASSERT_EQ(times.size(), r.times.size()) << r.name;
        for (std::size_t k = 0; k < times.size(); ++k, ++compared)
            EXPECT_NEAR(times[k], r.times[k], 1.5e-3*static_cast<double>(k + 1)) << r.name << ", spike " << k;
        expect_near(r, ours(r, {.dt = 0.1*ms}), 0.1);
    }
    EXPECT_GT(compared, 80);
}

}  // namespace
}  // namespace apical
