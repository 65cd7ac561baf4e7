// SPDX-License-Identifier: BSD-3-Clause
//
// Example 10: cells that hear each other
//
// run: ./example_10_network
// run: ./example_10_network --delay "8 ms" --threads 2
//
// A ring of cells passes one spike around: a lap takes the delays and, at each cell, the time from a spike's arrival to its own, which
// two cells on their own show. Then excitatory and inhibitory cells are connected at random; the excitatory ones fire less when they hear
// the inhibition, and not a bit of it depends on the number of threads.
//
// Shows: projections by list and by rule, random values, sources of spikes, threads.

#include "engine/simulation.hpp"
#include "examples/example.hpp"
#include "models/model.hpp"

using namespace apical;
using namespace apical::units;

namespace {

/// Cells in a row, each exciting the next; a closed one is a ring. The first is given a kick.
circuit row_of(int cells, bool is_closed, duration delay) {
    circuit c;
    c.populations.push_back({.name = "cells", .cell = models::build("ball_and_stick"), .size = cells});
    std::vector<int> from, to;
    for (int k = 0; k < (is_closed ? cells : cells - 1); ++k) from.push_back(k), to.push_back((k + 1) % cells);
    c.projections.push_back({.name = "next", .source = "cells", .target = "cells", .rule = contact_list::of(from, to), .receptor = "expsyn",
                             .parameters = {{"tau", parse_quantity("2 ms")}}, .weight = 40*nS, .delay = delay, .at = "dend[0](0.3)"});
    c.injections.push_back({{"cells", "soma(0.5)", {0}}, step_current{1*ms, 2*ms, 1*nA}});
    return c;
}

std::vector<spike> spikes_of(const circuit& c, duration until, const run_options& options = {}) {
    simulation s(c, options);
    s.run(until);
    return {s.spikes().begin(), s.spikes().end()};
}

/// Cells driven from outside, and inhibition that they may be without.
circuit random_network(conductance inhibition) {
    circuit c;
    c.populations.push_back({.name = "e", .cell = models::build("ball_and_stick"), .size = 40});
    c.populations.push_back({.name = "i", .cell = models::build("lif"), .size = 10});
    c.spike_sources.push_back({.name = "outside", .size = 100, .rate = 20*Hz});
    const auto weight = random_value::lognormal(parse_quantity("3 nS"), parse_quantity("1.5 nS"));
    const auto delay = random_value::normal(parse_quantity("1.5 ms"), parse_quantity("0.5 ms")).at_least(parse_quantity("0.5 ms"));
    c.projections.push_back({.name = "drive", .source = "outside", .target = "e", .rule = fixed_indegree{25}, .receptor = "exp2syn", .weight = weight, .delay = delay, .at = "in all"});
    c.projections.push_back({.name = "e e", .source = "e", .target = "e", .rule = pairwise_probability{0.1}, .receptor = "exp2syn", .weight = weight, .delay = delay,
                             .at = "in basal", .short_term = short_term_plasticity{any_quantity{0.5, {}}, 150*ms, 0*ms, 0}});
    c.projections.push_back({.name = "e i", .source = "e", .target = "i", .rule = pairwise_probability{0.4}, .receptor = "expsyn", .weight = 100*nS, .delay = delay});
    c.projections.push_back({.name = "i e", .source = "i", .target = "e", .rule = pairwise_probability{0.5}, .receptor = "exp2syn",
                             .parameters = {{"e_rev", parse_quantity("-75 mV")}, {"tau_decay", parse_quantity("8 ms")}}, .weight = inhibition, .delay = 1*ms});
    return c;
}

double rate_of(const std::vector<spike>& spikes, int population, int cells, duration until) {
    const auto n = std::count_if(spikes.begin(), spikes.end(), [&](const spike& s) { return s.population == population; });
    return static_cast<double>(n)/cells/until.in(s);
}

int compare(const example::arguments& given) {
    const auto delay = given("--delay", 5*ms);
    example::report report;

    const auto two = spikes_of(row_of(2, false, delay), 20*ms);
    const double each = two.at(1).time - two.at(0).time;
    const auto laps = spikes_of(row_of(6, true, delay), 10*(delay + 5*ms));
    report.value("from a spike to the next cell's", each, "ms");
    report.near("a lap of six cells", laps.at(6).time - laps.at(0).time, 6*each, 0.3, "ms");

    const auto until = 200*ms;
    run_options options;
    options.threads = std::stoi(given("--threads", "1"));
    const auto network = random_network(15*nS);
    const auto together = spikes_of(network, until, options), alone = spikes_of(random_network(0*nS), until, options);
    const double e = rate_of(together, 0, 40, until), i = rate_of(together, 1, 10, until);
    report.value("rate of excitatory cells", e, "Hz");
    report.value("rate of inhibitory cells", i, "Hz");
    report.that(e > 1 && i > 1, "both fire");
    report.that(e < 0.9*rate_of(alone, 0, 40, until), "inhibition makes itself felt");
    options.threads += 1;
    report.that(spikes_of(network, until, options) == together, "one more thread, and the same bits");
    return report.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
    return example::run([&] { return compare({argc, argv, {"--delay", "--threads"}}); });
}
