// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/scoreboard.hpp"

#include <algorithm>
#include <cmath>

namespace apical {

grades grade(layered_training& run, const data_set& test, const grading_options& o, const std::function<bool(const curve_point&)>& told) {
    grades g;
    g.curve = follow_learning(run, test, {.epochs = o.epochs, .angle_examples = o.angle_examples, .angle_every = std::max(1, o.epochs/5)}, told);
    if (g.curve.empty()) return g;
    const auto &first = g.curve.front(), &last = g.curve.back();
    g.train_error = last.train_error, g.test_error = last.test_error, g.seconds = last.seconds;
    g.samples = samples_to(g.curve, o.criterion, run.examples().size());
    g.first_angles = first.angles, g.last_angles = last.angles;
    for (const double sigma : o.noise) g.right_with_noise.push_back(right_with_noise(run, test, sigma*o.range, o.seed));
    const auto some = part(test, 0, o.adversarial_examples);
    for (const double epsilon : o.adversarial) g.right_adversarial.push_back(1 - run.score(adversarial(run, some, epsilon*o.range)).wrong);
    if (some.rows > 1) return g;
    using teaching = layered_training::teaching;
    g.atp_of_inference = atp_of_trial(run.traffic(some, teaching::without), o.costs);
    g.atp_of_update = atp_of_trial(run.traffic(some, teaching::with), o.costs);
    return g;
}

mean_of summarised(const std::vector<double>& all) {
    const auto n = static_cast<double>(all.size());
    double mean = 0, squares = 0;
    for (const double x : all) mean += x/n;
    for (const double x : all) squares += (x - mean)*(x - mean);
    return {mean, n > 1 ? std::sqrt(squares/(n - 1)/n) : 0};
}

}  // namespace apical
