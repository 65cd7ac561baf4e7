// SPDX-License-Identifier: BSD-3-Clause
#include "circuit/projection.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical {

double distance(const position& a, const position& b) { return std::hypot(a.x - b.x, a.y - b.y, a.z - b.z); }

namespace {

random_value of_two(random_value::kind kind, any_quantity a, any_quantity b) {
    if (a.dimension != b.dimension)
        throw invalid_model("random value", fmt::format("{} and {} are not of one kind", to_text(a), to_text(b)), "give both the same unit");
    return {kind, a, b};
}

}  // namespace

random_value random_value::uniform(any_quantity low, any_quantity high) { return of_two(kind::uniform, low, high); }
random_value random_value::normal(any_quantity mean, any_quantity sd) { return of_two(kind::normal, mean, sd); }
random_value random_value::lognormal(any_quantity mean, any_quantity sd) { return of_two(kind::lognormal, mean, sd); }

spatial_probability spatial_probability::gaussian(double p0, double sigma_um, double reach) {
    return {[=](const position& a, const position& b) {
                const double d = distance(a, b);
                return d > reach*sigma_um ? 0 : p0*std::exp(-d*d/(2*sigma_um*sigma_um));
            }, p0};
}
spatial_probability spatial_probability::exponential(double p0, double lambda_um, double reach) {
    return {[=](const position& a, const position& b) {
                const double d = distance(a, b);
                return d > reach*lambda_um ? 0 : p0*std::exp(-d/lambda_um);
            }, p0};
}

contact_list contact_list::of(const std::vector<int>& source, const std::vector<int>& target, const std::vector<double>& weight,
                              const std::vector<double>& delay_ms, const std::vector<location>& where) {
    const auto n = target.size();
    const auto fits = [n](const auto& column) { return column.empty() || column.size() == n; };
    if (source.size() != n || !fits(weight) || !fits(delay_ms) || !fits(where))
        throw invalid_model("contact list", fmt::format("{} targets, {} sources, {} weights, {} delays, {} places", n, source.size(), weight.size(), delay_ms.size(), where.size()),
                            "as many of each, or none of the last three");
    struct table {
        std::vector<int> targets;              // ascending
        std::vector<contact> contacts;         // by target, then as given
    };
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return target[i]; });
    auto all = std::make_shared<table>();
    for (const auto i : order) {
        contact c{.source = source[i]};
        if (!weight.empty()) c.weight = weight[i];
        if (!delay_ms.empty()) c.delay = delay_ms[i];
        if (!where.empty()) c.where = where[i];
        all->targets.push_back(target[i]), all->contacts.push_back(c);
    }
    return {[all](int one, std::vector<contact>& to) {
        const auto [first, last] = std::ranges::equal_range(all->targets, one);
        to.insert(to.end(), all->contacts.begin() + (first - all->targets.begin()), all->contacts.begin() + (last - all->targets.begin()));
    }};
}

}  // namespace apical
