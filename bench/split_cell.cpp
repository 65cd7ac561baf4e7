// SPDX-License-Identifier: BSD-3-Clause
//
// One cell on several threads against the same on one: the layer-5 pyramidal cell of Hay et al. (2011), cut ever finer.
//
// run: bench_split_cell [threads] [rounds]       (markdown on standard output)
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <vector>

#include <fmt/format.h>

#include "engine/simulation.hpp"
#include "models/model.hpp"

namespace {

using namespace apical;
using namespace apical::units;

circuit cut_into(double um) {
    circuit c;
    c.populations.push_back({"cell", models::build("l5pc", {{"compartments", fmt::format("per_length({} um)", um)}}), 1});
    c.injections.push_back({{"cell", "soma(0.5)", {}}, step_current{0*ms, 1000*ms, 1*nA}});
    return c;
}

struct timing {
    double seconds, v;
};
timing run(const std::shared_ptr<const plan>& p, duration until) {
    simulation s(p);
    s.run(1*ms);
    const auto begin = std::chrono::steady_clock::now();
    s.run(until);
    return {std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(), s.voltage("cell", 0)};
}
double median(std::vector<double> x) {
    std::ranges::sort(x);
    return x[x.size()/2];
}

}  // namespace

int main(int argc, char** argv) {
    const int threads = argc > 1 ? std::atoi(argv[1]) : 2, rounds = argc > 2 ? std::atoi(argv[2]) : 5;
    std::cout << "| compartments | one thread [ns] | " << threads << " threads [ns] | ratio, median (range) |\n|---|---|---|---|\n";
    for (const double um : {20.0, 10.0, 5.0, 2.5, 1.2}) {
        const auto c = cut_into(um);
        const run_options o{.temperature = celsius(34), .threads = threads};
        auto alone_options = o;
        alone_options.split = splitting::never;
        const auto together = compile(c, o), alone = compile(c, alone_options);
        const auto compartments = summary(*together).populations.front().compartments;
        const auto steps = std::clamp(24000000/compartments, 200, 100000);
        std::vector<double> one, several, ratios;
        for (int round = 0; round < rounds; ++round) {
            const auto a = run(alone, (1 + 0.025*steps)*ms), b = run(together, (1 + 0.025*steps)*ms);
            if (a.v != b.v) return std::cerr << "the bits differ\n", 1;
            const double unit = 1e9/(static_cast<double>(steps)*compartments);
            one.push_back(a.seconds*unit), several.push_back(b.seconds*unit), ratios.push_back(a.seconds/b.seconds);
        }
        std::cout << fmt::format("| {} | {:.1f} | {:.1f} | {:.2f} ({:.2f} to {:.2f}) |\n", compartments, median(one), median(several), median(ratios),
                                 std::ranges::min(ratios), std::ranges::max(ratios));
    }
}
