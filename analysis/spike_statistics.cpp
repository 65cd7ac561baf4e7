// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/spike_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical {
namespace {

double mean(std::span<const double> x) { return std::accumulate(x.begin(), x.end(), 0.0)/static_cast<double>(x.size()); }

double standard_deviation(std::span<const double> x) {
    const double m = mean(x);
    double squares = 0;
    for (const double v : x) squares += (v - m)*(v - m);
    return std::sqrt(squares/static_cast<double>(x.size() - 1));
}

double adaptation_index(std::span<const double> intervals) {
    double sum = 0;
    for (std::size_t k = 1; k < intervals.size(); ++k) sum += (intervals[k] - intervals[k - 1])/(intervals[k] + intervals[k - 1]);
    return sum/static_cast<double>(intervals.size() - 1);
}

}  // namespace

spike_statistics describe_spikes(std::span<const double> times, double from, double until) {
    if (!(until > from)) throw invalid_input("describe_spikes", fmt::format("the window from {} to {} ms is empty", from, until));
    std::vector<double> t;
    for (const double x : times) {
        if (!std::isfinite(x)) throw invalid_input("describe_spikes", fmt::format("a spike at {} ms", x));
        if (x >= from && x < until) t.push_back(x);
    }
    std::sort(t.begin(), t.end());
    spike_statistics s;
    s.count = static_cast<int>(t.size());
    s.rate = 1000*s.count/(until - from);
    if (t.empty()) return s;
    s.first = t.front();
    s.last = t.back();
    std::vector<double> intervals;
    for (std::size_t k = 1; k < t.size(); ++k) intervals.push_back(t[k] - t[k - 1]);
    if (intervals.empty()) return s;
    s.mean_interval = mean(intervals);
    if (intervals.size() < 2) return s;
    s.interval_cv = standard_deviation(intervals)/s.mean_interval;
    s.adaptation = adaptation_index(intervals);
    return s;
}

}  // namespace apical
