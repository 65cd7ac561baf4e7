// SPDX-License-Identifier: BSD-3-Clause
#include "circuit/data_set.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/random.hpp"

namespace apical {

std::size_t data_set::label(std::size_t i) const { return static_cast<std::size_t>(std::max_element(target(i), target(i) + outputs) - target(i)); }

bool data_set::has_classes() const {
    for (std::size_t i = 0; i < size(); ++i)
        if (std::count_if(target(i), target(i) + outputs, [](double v) { return v > 0.5; }) != 1) return false;
    return outputs > 1;
}

void data_set::add(const std::vector<double>& input, const std::vector<double>& target) {
    x.insert(x.end(), input.begin(), input.end());
    t.insert(t.end(), target.begin(), target.end());
}

data_set data_set::scaled(double low, double high, double target_low, double target_high) const {
    auto d = *this;
    for (double& v : d.x) v = low + (high - low)*v;
    for (double& v : d.t) v = target_low + (target_high - target_low)*v;
    return d;
}

std::vector<double> data_set::mean() const {
    std::vector<double> m(inputs, 0.0);
    for (std::size_t i = 0; i < x.size(); ++i) m[i % inputs] += x[i];
    for (double& v : m) v /= static_cast<double>(size());
    return m;
}

data_set data_set::less(const std::vector<double>& from_inputs) const {
    auto d = *this;
    for (std::size_t i = 0; i < d.x.size(); ++i) d.x[i] -= from_inputs[i % inputs];
    return d;
}

data_set data_set::untold(std::size_t targets) const { return {name, inputs, targets, x, std::vector<double>(size()*targets, 0.0)}; }

void check(const data_set& d, const std::string& where) {
    const auto at = fmt::format("{} / data set '{}'", where, d.name);
    if (d.inputs == 0 || d.outputs == 0 || d.x.empty()) throw invalid_model(at, "has no examples");
    if (d.x.size() % d.inputs != 0 || d.t.size() != d.size()*d.outputs)
        throw invalid_model(at, fmt::format("{} inputs and {} targets are not rows of {} and {}", d.x.size(), d.t.size(), d.inputs, d.outputs));
    if (d.rows == 0 || d.inputs % d.rows != 0 || (d.target_rows != 1 && d.target_rows != d.rows) || d.outputs % d.target_rows != 0)
        throw invalid_model(at, fmt::format("{} inputs in {} rows and {} targets in {}", d.inputs, d.rows, d.outputs, d.target_rows), "rows of one length, and as many of targets as of inputs, or one");
    const auto bad = [](double v) { return !std::isfinite(v); };
    const auto in = std::ranges::find_if(d.x, bad);
    if (in != d.x.end()) throw invalid_model(at, fmt::format("an input of example {} is not finite", static_cast<std::size_t>(in - d.x.begin())/d.inputs));
    const auto out = std::ranges::find_if(d.t, bad);
    if (out != d.t.end()) throw invalid_model(at, fmt::format("a target of example {} is not finite", static_cast<std::size_t>(out - d.t.begin())/d.outputs));
}

std::pair<data_set, data_set> split(const data_set& d, std::size_t first, std::uint64_t seed) {
    if (first == 0 || first >= d.size()) throw invalid_model("data set '" + d.name + "'", fmt::format("{} of {} examples", first, d.size()), "some in each part");
    std::vector<std::size_t> order(d.size());
    std::iota(order.begin(), order.end(), 0);
    random_stream draw(seed, identity("split of a data set"));
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[draw.below(i)]);
    data_set a{d.name, d.inputs, d.outputs, {}, {}, d.rows, d.target_rows}, b = a;
    for (std::size_t k = 0; k < order.size(); ++k) {
        auto& to = k < first ? a : b;
        to.x.insert(to.x.end(), d.input(order[k]), d.input(order[k]) + d.inputs);
        to.t.insert(to.t.end(), d.target(order[k]), d.target(order[k]) + d.outputs);
    }
    return {std::move(a), std::move(b)};
}

data_set part(const data_set& d, std::size_t from, std::size_t count) {
    const auto begin = std::min(from, d.size()), end = std::min(begin + count, d.size());
    return {d.name, d.inputs, d.outputs, {d.input(begin), d.input(end)}, {d.target(begin), d.target(end)}, d.rows, d.target_rows};
}

}  // namespace apical
