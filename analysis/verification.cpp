// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/verification.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "analysis/cell_sample.hpp"
#include "analysis/spike_matching.hpp"
#include "core/error.hpp"

namespace apical {
namespace {

using cells = cell_sample;
using estimate = verification::estimate;

/// The run and its refinements.
constexpr std::array divisors{1, 2, 4};
using runs = std::array<simulation, 3>;

simulation refined(const circuit& c, run_options o, const cells& sample, std::span<const spike> heard, duration until, int divisor) {
    o.dt = o.dt/static_cast<double>(divisor);
    o.steps_per_input *= divisor;
    o.max_change = o.max_change/static_cast<double>(divisor);
    o.tolerance /= std::pow(10, std::log2(divisor)), o.max_error = o.max_error/std::pow(10, std::log2(divisor));
    o.lanes = 1;
    simulation s(compile(c, o), sample, heard);
    s.run(until);
    return s;
}

/// From what a quantity is in the three runs: the size of the first one's error.
estimate error_of(double coarse, double half, double quarter, double order) {
    const double limit = quarter + (quarter - half)/(std::exp2(order) - 1);
    const double left = std::abs(quarter - half), seen = std::abs(coarse - quarter);
    return {std::abs(coarse - limit), std::max(0.0, seen - left), seen + left};
}

estimate quantile(const std::vector<estimate>& all, double part) {
    const auto of = [&](double estimate::*member) {
        std::vector<double> x;
        for (const auto& e : all) x.push_back(e.*member);
        return apical::quantile(std::move(x), part);
    };
    return {of(&estimate::value), of(&estimate::low), of(&estimate::high)};
}

/// Of the method that advances a population.
double order_of(const circuit& c, const run_options& o, std::string_view population) {
    const auto found = std::ranges::find(c.populations, population, &apical::population::name);
    const bool is_point = found != c.populations.end() && found->cell.point();
    return is_point || o.scheme != scheme::backward_euler ? 2 : 1;
}

verification::of_population compare_spikes(const runs& r, const circuit& c, int population, const cells& sample, double order, double limit) {
    verification::of_population result;
    result.name = c.populations[static_cast<std::size_t>(population)].name;
    std::vector<estimate> errors;
    cells own;
    std::ranges::copy_if(sample, std::back_inserter(own), [&](const auto& cell) { return cell.first == population; });
    const std::array trains{trains_of(r[0], own), trains_of(r[1], own), trains_of(r[2], own)};
    for (std::size_t n = 0; n < own.size(); ++n) {
        const auto &coarse = trains[0][n], &half = trains[1][n], &quarter = trains[2][n];
        const auto found = match_spikes(coarse, quarter, limit), finer = match_spikes(quarter, half, limit);
        ++result.cells;
        result.spikes += static_cast<int>(coarse.size());
        result.extra += static_cast<int>(found.only_first.size());
        result.missed += static_cast<int>(found.only_second.size());
        for (const auto& [i, k] : found.pairs) {
            const auto partner = std::ranges::find(finer.pairs, k, &std::pair<std::size_t, std::size_t>::first);
            if (partner != finer.pairs.end()) errors.push_back(error_of(coarse[i], half[partner->second], quarter[k], order));
        }
    }
    result.median = quantile(errors, 0.5), result.p95 = quantile(errors, 0.95), result.largest = quantile(errors, 1);
    return result;
}

verification::of_probe compare_samples(const runs& r, std::size_t probe, double order) {
    const std::array all{&r[0].recordings()[probe], &r[1].recordings()[probe], &r[2].recordings()[probe]};
    verification::of_probe result{.label = all[0]->label, .variable = all[0]->variable, .unit = all[0]->unit, .rms = {}, .largest = {}};
    const auto columns = all[0]->columns();
    // a probe of every step has more samples in finer runs
    const auto row_in = [&](std::size_t which, std::size_t row) {
        return static_cast<std::size_t>(std::llround((all[0]->time(row) - all[which]->start)/all[which]->interval));
    };
    double squares = 0, seen = 0, left = 0;
    estimate largest{0, 0, 0};
    std::size_t n = 0;
    for (std::size_t row = 0; row < all[0]->rows(); ++row)
        for (std::size_t k = 0; k < columns; ++k) {
            std::array<double, 3> x{};
            for (std::size_t i = 0; i < 3; ++i) x[i] = all[i]->samples[row_in(i, row)*columns + k];
            if (std::isnan(x[0])) continue;   // a cell outside the sample
            const auto e = error_of(x[0], x[1], x[2], order);
            ++n, squares += e.value*e.value;
            seen += (x[0] - x[2])*(x[0] - x[2]), left += (x[1] - x[2])*(x[1] - x[2]);
            largest = {std::max(largest.value, e.value), std::max(largest.low, e.low), std::max(largest.high, e.high)};
        }
    if (n == 0) return result;
    const auto root = [&](double sum) { return std::sqrt(sum/static_cast<double>(n)); };
    result.rms = {root(squares), std::max(0.0, root(seen) - root(left)), root(seen) + root(left)};
    result.largest = largest;
    return result;
}

}  // namespace

verification verify(const circuit& c, const run_options& options, duration until, const verify_options& how) {
    findings found;
    if (how.cells_per_population < 1) found.add("verify / cells_per_population", fmt::format("{}", how.cells_per_population), "at least 1");
    if (!(how.limit.coherent() > 0)) found.add("verify / limit", fmt::format("{} ms", how.limit.coherent()), "positive");
    found.throw_if_any<invalid_model>();
    const auto sample = draw_sample(c, how.cells_per_population, how.seed);
    const auto heard = heard_in(c, options, until, how.spikes);
    const auto run = [&](int divisor) { return refined(c, options, sample, heard, until, divisor); };
    const runs r{run(divisors[0]), run(divisors[1]), run(divisors[2])};
    verification v{.dt = options.dt.coherent(), .max_error = coupled(options.scheme) ? options.max_error.coherent() : verification::none, .until = until.coherent(), .populations = {}, .probes = {}};
    for (int p = 0; p < static_cast<int>(c.populations.size()); ++p)
        v.populations.push_back(compare_spikes(r, c, p, sample, order_of(c, options, c.populations[static_cast<std::size_t>(p)].name),
                                               how.limit.coherent()));
    for (std::size_t i = 0; i < c.probes.size(); ++i) v.probes.push_back(compare_samples(r, i, order_of(c, options, c.probes[i].on.population)));
    return v;
}

}  // namespace apical
