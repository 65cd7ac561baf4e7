// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/gradient.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>

#include "analysis/gradient_in_time.hpp"
#include "core/error.hpp"
#include "core/math.hpp"
#include "core/random.hpp"

namespace apical {
namespace {

bool goes_up_once(const layered_net& net) { return net.scheme == "feedforward" || net.scheme == "targets" || net.scheme == "bursting"; }

/// Output and slope of a unit: written apart from the engine's, which it is to judge.
struct response { double y, slope; };
response response_of(nonlinearity f, double u) {
    const double s = 1/(1 + std::exp(-u)), t = std::tanh(u);
    switch (f) {
        case nonlinearity::logistic: return {s, s*(1 - s)};
        case nonlinearity::tanh: return {t, 1 - t*t};
        case nonlinearity::relu: return {std::max(u, 0.0), u > 0 ? 1.0 : 0.0};
        case nonlinearity::softplus: return {u > 30 ? u : std::log1p(std::exp(u)), s};
        case nonlinearity::hard_clip: return {std::clamp(u, 0.0, 1.0), u >= 0 && u <= 1 ? 1.0 : 0.0};
        case nonlinearity::linear: break;
    }
    return {u, 1};
}

using vectors = std::vector<std::vector<double>>;

/// Adds the way down of one example.
void descend(const layered_training& run, const double* x, const double* target, vectors& sum) {
    const auto& net = run.net();
    const std::size_t top = net.layers.size() - 1;
    vectors y(top + 1), slope(top + 1);
    y[0].assign(x, x + net.layers[0].units);
    for (std::size_t l = 1; l <= top; ++l) {
        const auto& w = run.weights("forward", l - 1);
        const std::size_t columns = y[l - 1].size() + 1;
        for (std::size_t i = 0; i < static_cast<std::size_t>(net.layers[l].units); ++i) {
            double u = w[i*columns + columns - 1];
            for (std::size_t j = 0; j + 1 < columns; ++j) u += w[i*columns + j]*y[l - 1][j];
            const auto r = response_of(net.layers[l].f, u);
            y[l].push_back(r.y), slope[l].push_back(r.slope);
        }
    }
    std::vector<double> delta;
    for (std::size_t k = 0; k < y[top].size(); ++k)
        delta.push_back((target[k] - y[top][k])*(net.measure == layered_net::loss::squared ? slope[top][k] : 1.0));
    for (std::size_t l = top; l >= 1; --l) {
        const auto& w = run.weights("forward", l - 1);
        const std::size_t columns = y[l - 1].size() + 1;
        std::vector<double> below(columns - 1, 0.0);
        for (std::size_t i = 0; i < delta.size(); ++i) {
            for (std::size_t j = 0; j + 1 < columns; ++j) {
                sum[l - 1][i*columns + j] += delta[i]*y[l - 1][j];
                below[j] += w[i*columns + j]*delta[i];
            }
            sum[l - 1][i*columns + columns - 1] += delta[i];
        }
        if (l == 1) return;
        for (std::size_t j = 0; j < below.size(); ++j) below[j] *= slope[l - 1][j];
        delta = std::move(below);
    }
}

std::vector<std::size_t> some_places(std::size_t of, std::size_t wanted, std::uint64_t seed, std::uint64_t k) {
    std::vector<std::size_t> all(of);
    for (std::size_t i = 0; i < of; ++i) all[i] = i;
    random_stream draw(seed, identity("places of differences"), k);
    for (std::size_t i = 0; i < std::min(wanted, of); ++i) std::swap(all[i], all[i + draw.below(of - i)]);
    all.resize(std::min(wanted, of));
    return all;
}

void copy_weights(const layered_training& from, layered_training& to) {
    for (const auto& kind : from.kinds())
        for (std::size_t k = 0; k < from.projections(kind); ++k) to.set_weights(kind, k, from.weights(kind, k));
}

}  // namespace

vectors exact_descent(const layered_training& run, const data_set& d) {
    if (!goes_up_once(run.net())) throw unsupported("exact gradient", fmt::format("of the scheme '{}'", run.net().scheme), "differences of the loss");
    vectors sum;
    for (std::size_t k = 0; k < run.projections("forward"); ++k) sum.emplace_back(run.weights("forward", k).size(), 0.0);
    for (std::size_t i = 0; i < d.size(); ++i) descend(run, d.input(i), d.target(i), sum);
    for (auto& list : sum)
        for (double& x : list) x /= static_cast<double>(d.size());
    return sum;
}

sampled_descent descent_by_differences(const layered_training& run, layered_training& scratch, const data_set& d, std::size_t weights, std::uint64_t seed, double step) {
    copy_weights(run, scratch);
    sampled_descent all;
    for (std::size_t k = 0; k < run.projections("forward"); ++k) {
        auto w = run.weights("forward", k);
        all.places.push_back(some_places(w.size(), weights, seed, k));
        all.values.emplace_back();
        for (const auto place : all.places.back()) {
            const double before = w[place];
            w[place] = before + step, scratch.set_weights("forward", k, w);
            const double above = scratch.score(d).loss;
            w[place] = before - step, scratch.set_weights("forward", k, w);
            all.values.back().push_back((scratch.score(d).loss - above)/(2*step));
            w[place] = before;
        }
        scratch.set_weights("forward", k, w);
    }
    return all;
}

double cosine(const std::vector<double>& a, const std::vector<double>& b) {
    double ab = 0, aa = 0, bb = 0;
    for (std::size_t k = 0; k < a.size(); ++k) ab += a[k]*b[k], aa += a[k]*a[k], bb += b[k]*b[k];
    return aa > 0 && bb > 0 ? ab/std::sqrt(aa*bb) : std::numeric_limits<double>::quiet_NaN();
}
double angle(const std::vector<double>& a, const std::vector<double>& b) { return std::acos(std::clamp(cosine(a, b), -1.0, 1.0))*180/std::numbers::pi; }

std::vector<double> angles_to_gradient(const layered_training& run, layered_training& scratch, const data_set& d, std::size_t weights, std::uint64_t seed) {
    const auto asked = run.proposal(d);
    std::vector<double> all;
    if (run.examples().rows > 1) {
        const auto down = descent_in_time(run, d);
        for (std::size_t k = 0; k < asked.size(); ++k) all.push_back(angle(asked[k], down.forward[k]));
        return all;
    }
    if (goes_up_once(run.net())) {
        const auto down = exact_descent(run, d);
        for (std::size_t k = 0; k < asked.size(); ++k) all.push_back(angle(asked[k], down[k]));
        return all;
    }
    const auto down = descent_by_differences(run, scratch, d, weights, seed);
    for (std::size_t k = 0; k < asked.size(); ++k) {
        std::vector<double> at_places;
        for (const auto place : down.places[k]) at_places.push_back(asked[k][place]);
        all.push_back(angle(at_places, down.values[k]));
    }
    return all;
}

}  // namespace apical
