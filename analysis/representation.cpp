// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/representation.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include "analysis/gradient.hpp"
#include "core/error.hpp"

namespace apical {
namespace {

double setting(const layered_net& net, const std::string& name, double otherwise) {
    const auto found = net.settings.find(name);
    return found == net.settings.end() ? otherwise : found->second;
}

void require_scheme(const layered_training& run, const char* scheme, const char* what) {
    if (run.net().scheme != scheme) throw unsupported(what, fmt::format("of the scheme '{}'", run.net().scheme), fmt::format("it is of '{}'", scheme));
}

/// Mean inputs of the examples that have one feature alone, [features][inputs]. Empty where one never is.
std::vector<std::vector<double>> alone(const data_set& d, const data_set& told) {
    std::vector<std::vector<double>> sums(told.outputs, std::vector<double>(d.inputs, 0.0));
    std::vector<std::size_t> counts(told.outputs, 0);
    for (std::size_t i = 0; i < d.size(); ++i) {
        const double* t = told.target(i);
        if (std::count_if(t, t + told.outputs, [](double x) { return x > 0.5; }) != 1) continue;
        const auto k = told.label(i);
        ++counts[k];
        for (std::size_t j = 0; j < d.inputs; ++j) sums[k][j] += d.input(i)[j];
    }
    if (std::ranges::count(counts, 0u) > 0) return {};
    for (std::size_t k = 0; k < sums.size(); ++k)
        for (double& x : sums[k]) x /= static_cast<double>(counts[k]);
    return sums;
}

}  // namespace

principal_directions principal_directions_of(const data_set& d) {
    check(d, "principal directions");
    const auto n = static_cast<Eigen::Index>(d.inputs), examples = static_cast<Eigen::Index>(d.size());
    Eigen::MatrixXd x = Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(d.x.data(), examples, n);
    x.rowwise() -= x.colwise().mean();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> found(x.transpose()*x/static_cast<double>(examples));
    principal_directions p;
    for (Eigen::Index k = n - 1; k >= 0; --k) {
        p.variances.push_back(found.eigenvalues()[k]);
        const Eigen::VectorXd v = found.eigenvectors().col(k);
        p.directions.emplace_back(v.data(), v.data() + n);
    }
    return p;
}

std::vector<double> alignment_with_directions(const layered_training& run, const data_set& d) {
    require_scheme(run, "components", "alignment with principal directions");
    const auto p = principal_directions_of(d);
    const auto& w = run.weights("forward", 0);
    const bool in_turns = setting(run.net(), "turns", 1) != 0;
    std::vector<double> all;
    for (std::size_t i = 0; i*d.inputs < w.size(); ++i) {
        const auto row = w.begin() + static_cast<std::ptrdiff_t>(i*d.inputs);
        const std::size_t k = in_turns ? i : 0;
        all.push_back(k < d.inputs ? std::abs(cosine({row, row + static_cast<std::ptrdiff_t>(d.inputs)}, p.directions[k])) : 0);
    }
    return all;
}

map_quality quality_of_map(const layered_training& run, const data_set& d) {
    require_scheme(run, "map", "quality of a map");
    const auto near = run.shown(d, "layer 1", "potential", layered_training::teaching::without);
    const std::size_t units = near.size()/d.size();
    const auto asked = static_cast<std::size_t>(setting(run.net(), "columns", 0)), columns = asked > 0 ? asked : static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(units))));
    map_quality q{0, 0};
    for (std::size_t i = 0; i < d.size(); ++i) {
        std::vector<std::size_t> order(units);
        for (std::size_t k = 0; k < units; ++k) order[k] = k;
        const auto nearer = [&](std::size_t a, std::size_t b) { return near[i*units + a] > near[i*units + b] || (near[i*units + a] == near[i*units + b] && a < b); };
        std::ranges::partial_sort(order, order.begin() + std::min<std::ptrdiff_t>(2, std::ssize(order)), nearer);
        q.quantisation_error -= near[i*units + order[0]];
        if (units < 2) continue;
        const auto far = [](std::size_t a, std::size_t b) { return a > b ? a - b : b - a; };
        q.topographic_error += std::max(far(order[0] % columns, order[1] % columns), far(order[0]/columns, order[1]/columns)) > 1;
    }
    q.topographic_error /= static_cast<double>(d.size()), q.quantisation_error /= static_cast<double>(d.size());
    return q;
}

feature_units units_of_features(const layered_training& run, const data_set& d, const data_set& told) {
    if (told.size() != d.size()) throw invalid_model("units of features", fmt::format("{} examples and {} with targets", d.size(), told.size()));
    const auto shapes = alone(d, told);
    if (shapes.empty()) throw invalid_model("units of features", "some feature is never alone", "more examples");
    const auto& w = run.weights("forward", 0);
    const std::size_t columns = run.columns("forward", 0), units = w.size()/columns;
    std::vector<bool> is_taken(units, false);
    feature_units f{.features = shapes.size(), .distinct = 0, .margin = std::numeric_limits<double>::infinity()};
    for (const auto& shape : shapes) {
        std::vector<double> excitation(units, 0.0);
        for (std::size_t i = 0; i < units; ++i)
            for (std::size_t j = 0; j < d.inputs; ++j) excitation[i] += w[i*columns + j]*shape[j];
        const auto best = static_cast<std::size_t>(std::ranges::max_element(excitation) - excitation.begin());
        is_taken[best] = true;
        std::ranges::sort(excitation, std::greater());
        if (units > 1 && excitation[1] > 0) f.margin = std::min(f.margin, excitation[0]/excitation[1]);
    }
    f.distinct = static_cast<std::size_t>(std::ranges::count(is_taken, true));
    return f;
}

std::vector<std::pair<std::string, double>> representation(const layered_training& run, const data_set& d, const data_set& told) {
    std::vector<std::pair<std::string, double>> all;
    const auto& scheme = run.net().scheme;
    if (scheme == "components") {
        const auto cosines = alignment_with_directions(run, run.examples());
        for (std::size_t k = 0; k < cosines.size(); ++k) all.emplace_back(fmt::format("|cos| of unit {} with its principal direction", k), cosines[k]);
    } else if (scheme == "map") {
        const auto q = quality_of_map(run, d);
        all = {{"topographic error", q.topographic_error}, {"quantisation error", q.quantisation_error}};
    } else if (scheme == "inhibition" && !alone(d, told).empty()) {
        const auto f = units_of_features(run, d, told);
        all = {{"features", static_cast<double>(f.features)}, {"units that stand for them", static_cast<double>(f.distinct)}, {"margin", f.margin}};
    }
    return all;
}

}  // namespace apical
