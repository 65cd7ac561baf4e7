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

double distance_profile::operator()(const position& source, const position& target) const {
    const double d = distance(source, target)/length_um;
    if (d > reach) return 0;
    return p0*std::exp(of == kind::gaussian ? -d*d/2 : -d);
}

spatial_probability spatial_probability::gaussian(double p0, double sigma_um, double reach) {
    return {distance_profile{distance_profile::kind::gaussian, p0, sigma_um, reach}, p0};
}
spatial_probability spatial_probability::exponential(double p0, double lambda_um, double reach) {
    return {distance_profile{distance_profile::kind::exponential, p0, lambda_um, reach}, p0};
}

contact_table::contact_table(std::vector<int> targets, std::vector<contact> contacts)
    : held_(std::make_shared<const columns>(columns{std::move(targets), std::move(contacts)})) {}

void contact_table::operator()(int target, std::vector<contact>& to) const {
    const auto [first, last] = std::ranges::equal_range(held_->targets, target);
    const auto begin = held_->targets.begin();
    to.insert(to.end(), held_->contacts.begin() + (first - begin), held_->contacts.begin() + (last - begin));
}

contact_list contact_list::of(const std::vector<int>& source, const std::vector<int>& target, const std::vector<double>& weight,
                              const std::vector<double>& delay_ms, const std::vector<location>& where) {
    const auto n = target.size();
    const auto fits = [n](const auto& column) { return column.empty() || column.size() == n; };
    if (source.size() != n || !fits(weight) || !fits(delay_ms) || !fits(where))
        throw invalid_model("contact list", fmt::format("{} targets, {} sources, {} weights, {} delays, {} places", n, source.size(), weight.size(), delay_ms.size(), where.size()),
                            "as many of each, or none of the last three");
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return target[i]; });
    std::vector<int> targets;
    std::vector<contact> contacts;
    targets.reserve(n), contacts.reserve(n);
    for (const auto i : order) {
        contact c{.source = source[i]};
        if (!weight.empty()) c.weight = weight[i];
        if (!delay_ms.empty()) c.delay = delay_ms[i];
        if (!where.empty()) c.where = where[i];
        targets.push_back(target[i]), contacts.push_back(c);
    }
    return {contact_table(std::move(targets), std::move(contacts))};
}

}  // namespace apical
