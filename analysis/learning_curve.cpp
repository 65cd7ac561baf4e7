// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/learning_curve.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "analysis/gradient.hpp"
#include "core/error.hpp"
#include "core/random.hpp"

namespace apical {
namespace {

constexpr double nudge = 1e-4;   // of an input, for differences

double seconds_of(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double loss_of(const double* y, const double* t, std::size_t n) {
    double sum = 0;
    for (std::size_t k = 0; k < n; ++k) sum += (y[k] - t[k])*(y[k] - t[k])/2;
    return sum;
}

}  // namespace

std::vector<curve_point> follow_learning(layered_training& run, const data_set& test, const curve_options& o, const std::function<bool(const curve_point&)>& told) {
    std::vector<curve_point> curve;
    std::optional<layered_training> scratch;
    const auto probe = part(run.examples(), 0, static_cast<std::size_t>(o.angle_examples));
    if (o.angle_examples > 0 && !run.is_taught()) throw unsupported("angles", fmt::format("of the scheme '{}', which has no loss to descend", run.net().scheme), "without angles");
    if (o.angle_examples > 0) scratch.emplace(run.net(), run.examples(), training_options{.batch = 1});
    double seconds = o.seconds_before;
    while (run.epochs() < o.epochs) {
        seconds += seconds_of([&] { run.epoch(); });
        const auto train = run.score(run.examples()), unseen = run.score(test);
        curve_point p{.epoch = run.epochs(), .train_error = train.wrong, .test_error = unseen.wrong, .test_missed = unseen.missed, .test_loss = unseen.loss, .restlessness = unseen.restlessness,
                      .seconds = seconds};
        const bool is_due = p.epoch == 1 || p.epoch == o.epochs || p.epoch % std::max(o.angle_every, 1) == 0;
        if (scratch && is_due) p.angles = angles_to_gradient(run, *scratch, probe);
        curve.push_back(p);
        if (told && !told(p)) break;
    }
    return curve;
}

std::optional<double> samples_to(const std::vector<curve_point>& curve, double error, std::size_t examples) {
    for (const auto& p : curve)
        if (p.test_error <= error) return static_cast<double>(p.epoch)*static_cast<double>(examples);
    return std::nullopt;
}

double right_with_noise(const layered_training& run, const data_set& d, double sigma, std::uint64_t seed) {
    auto noisy = d;
    for (std::size_t i = 0; i < d.size(); ++i) {
        random_stream draw(seed, identity("noise on inputs"), i);
        for (std::size_t k = 0; k < d.inputs; ++k) noisy.x[i*d.inputs + k] += draw.normal(0, sigma);
    }
    return 1 - run.score(noisy).wrong;
}

data_set adversarial(const layered_training& run, const data_set& d, double epsilon) {
    auto moved = d;
    for (std::size_t i = 0; i < d.size(); ++i) {
        data_set around{d.name, d.inputs, d.outputs, {}, {}, d.rows, d.target_rows};
        for (std::size_t k = 0; k < 2*d.inputs; ++k) {
            std::vector<double> x(d.input(i), d.input(i) + d.inputs);
            x[k/2] += k % 2 == 0 ? nudge : -nudge;
            around.add(x, {d.target(i), d.target(i) + d.outputs});
        }
        const auto y = run.outputs(around);
        for (std::size_t k = 0; k < d.inputs; ++k) {
            const double slope = loss_of(y.data() + 2*k*d.outputs, d.target(i), d.outputs) - loss_of(y.data() + (2*k + 1)*d.outputs, d.target(i), d.outputs);
            moved.x[i*d.inputs + k] += epsilon*((slope > 0) - (slope < 0));
        }
    }
    return moved;
}

}  // namespace apical
