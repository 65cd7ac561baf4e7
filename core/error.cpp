// SPDX-License-Identifier: BSD-3-Clause
#include "core/error.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

#include <fmt/format.h>

namespace apical {
namespace {

std::string joined(const std::vector<problem>& problems) {
    std::string all;
    for (const auto& p : problems) {
        if (!all.empty()) all += '\n';
        all += p.text();
    }
    return all;
}

/// Levenshtein distance, letter case ignored.
std::size_t edits(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = diagonal + (lower(a[i - 1]) != lower(b[j - 1]));
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
        }
    }
    return row.back();
}

std::string described(const divergence& d) {
    return fmt::format("{} = {} at t = {:.6g} ms{}{}", d.quantity, d.value, d.time_ms, d.reason.empty() ? "" : ": ", d.reason);
}

}  // namespace

std::string problem::text() const {
    std::string s = where.empty() ? what : where + ": " + what;
    return hint.empty() ? s : s + "; " + hint;
}

error::error(std::vector<problem> problems) : std::runtime_error(joined(problems)), problems_(std::move(problems)) {}

error::error(std::string where, std::string what, std::string hint)
    : error(std::vector<problem>{{std::move(where), std::move(what), std::move(hint)}}) {}

diverged::diverged(divergence d)
    : error(fmt::format("{}[{}] / {}", d.population, d.cell, d.location), described(d),
            "the model or the time step is unstable here: try a smaller dt, and check the parameters of this place"),
      at_(std::move(d)) {}

void findings::add(std::string where, std::string what, std::string hint) {
    if (problems_.size() < most) problems_.push_back({std::move(where), std::move(what), std::move(hint)});
    else ++untold_;
}

std::vector<problem> findings::told() const {
    auto all = problems_;
    if (untold_ > 0) all.push_back({all.back().where, fmt::format("and {} more problems", untold_), {}});
    return all;
}

std::string suggestion(std::string_view name, std::span<const std::string> candidates) {
    constexpr std::size_t longest = 100, most = 50;   // the time to compare grows with the product of the lengths
    if (candidates.empty()) return {};
    const std::string* nearest = nullptr;
    std::size_t fewest = std::max<std::size_t>(1, (name.size() + 1)/3) + 1;
    for (const auto& c : candidates) {
        if (name.size() > longest || c.size() > longest) continue;
        if (const auto n = edits(name, c); n < fewest) fewest = n, nearest = &c;
    }
    if (nearest) return fmt::format("did you mean '{}'?", *nearest);
    std::vector<std::string_view> shown;
    for (const auto& c : candidates)
        if (c.size() <= longest && shown.size() < most) shown.push_back(c);
    const auto more = candidates.size() - shown.size();
    return fmt::format("known: {}{}", fmt::join(shown, ", "), more > 0 ? fmt::format(" and {} more", more) : "");
}

}  // namespace apical
