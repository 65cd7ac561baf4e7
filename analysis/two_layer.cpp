// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/two_layer.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "analysis/least_squares.hpp"
#include "core/error.hpp"

namespace apical {
namespace {

using row = std::span<const double>;

double sigmoid(double x) { return 1/(1 + std::exp(-std::clamp(x, -200.0, 200.0))); }

/// A model of the cell with its parameters in a row: top, middle and width of g; weights of all groups but the first; and threshold,
/// width and slope of a branch, in a two-layer model.
struct cell_model {
    const placements& data;
    int groups;
    bool has_subunits;

    static constexpr int of_soma = 3, of_branch = 3;
    double weight(row p, int group) const { return group == 0 ? 1 : p[static_cast<std::size_t>(of_soma + group - 1)]; }
    branch_subunit branch(row p) const {
        const auto own = p.last(of_branch);
        return {own[0], own[1], own[2], 0};
    }
    double operator()(row p, int placement) const {
        const double* n = data.active.data() + static_cast<std::ptrdiff_t>(placement)*data.branches;
        double sum = 0;
        for (int b = 0; b < data.branches; ++b) {
            if (n[b] == 0) continue;
            const double of_branch = has_subunits ? branch(p)(n[b]) - branch(p)(0) : n[b];
            sum += weight(p, data.group[static_cast<std::size_t>(b)])*of_branch;
        }
        return p[0]*sigmoid((sum - p[1])/p[2]);
    }
};

void require(bool holds, const char* what, const char* hint) {
    if (!holds) throw invalid_input("placements", what, hint);
}

int checked_groups(const placements& d) {
    const auto branches = static_cast<std::size_t>(std::max(d.branches, 0)), size = d.rates.size();
    require(d.branches > 0 && d.group.size() == branches, "each branch needs a group", "group: one number a branch");
    require(d.active.size() == size*branches, "active synapses are not [placements x branches]", "one row a rate, one column a branch");
    require(size >= 40, "too few placements", "40 or more; half of them judge the fit");
    const auto is_fine = [](double x) { return std::isfinite(x) && x >= 0; };
    require(std::ranges::all_of(d.active, is_fine) && std::ranges::all_of(d.rates, is_fine), "a count or rate is negative or not finite", "0 or more");
    const auto [least, most] = std::ranges::minmax(d.rates);
    require(most > least, "all rates are the same", "there is nothing to explain");
    const int groups = *std::ranges::max_element(d.group) + 1;
    for (int g = 0; g < groups; ++g) require(std::ranges::count(d.group, g) > 0, "group numbers have gaps", "0, 1, 2, ...");
    require(*std::ranges::min_element(d.group) == 0, "a group is negative", "0, 1, 2, ...");
    return groups;
}

double share_explained(const placements& d, const std::vector<double>& predicted) {
    double mean = 0, count = 0, variance = 0, residual = 0;
    for (std::size_t k = 1; k < d.rates.size(); k += 2) mean += d.rates[k], ++count;
    mean /= count;
    for (std::size_t k = 1; k < d.rates.size(); k += 2) {
        variance += (d.rates[k] - mean)*(d.rates[k] - mean);
        residual += (d.rates[k] - predicted[k])*(d.rates[k] - predicted[k]);
    }
    return 1 - residual/variance;
}

/// Least squares of the even placements, from several starts, since a sigmoid of a sum of sigmoids has more than one valley.
std::vector<double> best_parameters(const cell_model& cell) {
    const auto residuals = [&cell](row p, std::span<double> difference) {
        for (std::size_t k = 0; k < difference.size(); ++k) difference[k] = cell(p, static_cast<int>(2*k)) - cell.data.rates[2*k];
    };
    const double top = 1.2*std::ranges::max(cell.data.rates);
    least_squares_fit best{.parameters = {}, .norm = INFINITY};
    for (const double threshold : cell.has_subunits ? std::vector{3.0, 5.0, 8.0} : std::vector{0.0})
        for (const double middle : {2.0, 5.0, 10.0, 20.0, 40.0}) {
            std::vector<double> start{top, middle, std::max(1.0, middle/3)};
            start.resize(static_cast<std::size_t>(cell_model::of_soma + cell.groups - 1), 1.0);
            if (cell.has_subunits) start.insert(start.end(), {threshold, 1, 0.1});
            auto found = least_squares(residuals, (cell.data.rates.size() + 1)/2, std::move(start));
            if (found.norm < best.norm && std::ranges::all_of(found.parameters, [](double x) { return std::isfinite(x); })) best = std::move(found);
        }
    require(!best.parameters.empty(), "no fit was found", "look at the rates: do they depend on the placement?");
    return best.parameters;
}

placement_fit fitted(const placements& data, bool has_subunits) {
    const cell_model cell{data, checked_groups(data), has_subunits};
    const auto p = best_parameters(cell);
    placement_fit f;
    for (int k = 0; k < data.size(); ++k) f.predicted.push_back(cell(p, k));
    for (int g = 0; g < cell.groups; ++g) f.weight.push_back(cell.weight(p, g));
    if (has_subunits) f.branch = cell.branch(p);
    f.explained = share_explained(data, f.predicted);
    return f;
}

}  // namespace

double branch_subunit::operator()(double n) const { return sigmoid((n - threshold)/width) + linear*n + quadratic*n*n; }
double two_layer_rate(double x) { return 0.96*x/(1 + 1509*std::exp(-0.26*x)); }

placement_fit fit_one_layer(const placements& data) { return fitted(data, false); }
placement_fit fit_two_layer(const placements& data) { return fitted(data, true); }

}  // namespace apical
