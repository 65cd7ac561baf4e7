// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/spike_matching.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical {
namespace {

void check(std::span<const double> train) {
    for (const double t : train)
        if (!std::isfinite(t)) throw invalid_input("match_spikes", fmt::format("a spike at {} ms", t));
    if (!std::ranges::is_sorted(train)) throw invalid_input("match_spikes", "spikes are not in order of time");
}

enum class move : std::uint8_t { pair, skip_first, skip_second };

/// Matches one stretch of both trains, whose indices start at `a0` and `b0`.
void match_stretch(std::span<const double> a, std::span<const double> b, std::size_t a0, std::size_t b0, double limit, spike_matching& out) {
    const auto width = b.size() + 1;
    std::vector<double> cost(width), next(width);
    std::vector<move> moves((a.size() + 1)*width);
    for (std::size_t j = 0; j <= b.size(); ++j) cost[j] = 0.5*limit*static_cast<double>(j), moves[j] = move::skip_second;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        next[0] = 0.5*limit*static_cast<double>(i), moves[i*width] = move::skip_first;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const double paired = cost[j - 1] + std::abs(a[i - 1] - b[j - 1]), alone = cost[j] + 0.5*limit, other = next[j - 1] + 0.5*limit;
            next[j] = std::min({paired, alone, other});
            moves[i*width + j] = next[j] == paired ? move::pair : next[j] == alone ? move::skip_first : move::skip_second;
        }
        std::swap(cost, next);
    }
    for (std::size_t i = a.size(), j = b.size(); i > 0 || j > 0;) {
        const move m = moves[i*width + j];
        if (m != move::skip_second) --i;
        if (m != move::skip_first) --j;
        if (m == move::pair) out.pairs.emplace_back(a0 + i, b0 + j);
        else if (m == move::skip_first) out.only_first.push_back(a0 + i);
        else out.only_second.push_back(b0 + j);
    }
}

}  // namespace

spike_matching match_spikes(std::span<const double> first, std::span<const double> second, double limit) {
    check(first), check(second);
    if (!(limit > 0)) throw invalid_input("match_spikes", fmt::format("a limit of {} ms", limit), "positive");
    // trains fall into stretches between which nothing can meet
    spike_matching out;
    std::size_t i = 0, j = 0;
    while (i < first.size() || j < second.size()) {
        const auto from_i = i, from_j = j;
        double reach = -INFINITY;   // the last spike of the stretch
        for (;;) {
            const double a = i < first.size() ? first[i] : INFINITY, b = j < second.size() ? second[j] : INFINITY, t = std::min(a, b);
            if (t == INFINITY || (reach > -INFINITY && t > reach + limit)) break;
            reach = t;
            ++(a <= b ? i : j);
        }
        match_stretch(first.subspan(from_i, i - from_i), second.subspan(from_j, j - from_j), from_i, from_j, limit, out);
    }
    std::ranges::sort(out.pairs), std::ranges::sort(out.only_first), std::ranges::sort(out.only_second);
    return out;
}

}  // namespace apical
