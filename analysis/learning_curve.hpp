// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "circuit/data_set.hpp"
#include "engine/layered_training.hpp"

namespace apical {

/// Where a training stands after an epoch.
struct curve_point {
    int epoch = 0;
    double train_error = 0, test_error = 0, test_missed = 0, test_loss = 0;   ///< as training_score has them
    double restlessness = 0;
    std::vector<double> angles = {};    ///< [degrees] between what rules ask for and minus the gradient, of each forward projection; empty: not measured
    double seconds = 0;                 ///< of wall time that learning has taken so far, without what was measured in between
};

/// What is measured on the way.
struct curve_options {
    int epochs = 10;                    ///< up to which
    int angle_examples = 0;             ///< first examples of the training set whose angles are measured; 0: none
    int angle_every = 1;                ///< epochs; the first and the last are measured anyway
    double seconds_before = 0;          ///< of a training that goes on
};

/// Trains up to an epoch. `told` is called after each, and may say false to stop.
std::vector<curve_point> follow_learning(layered_training& run, const data_set& test, const curve_options& options, const std::function<bool(const curve_point&)>& told = {});

/// Presentations after which the test error is first no larger than this; nothing if it never is.
std::optional<double> samples_to(const std::vector<curve_point>& curve, double error, std::size_t examples);

/// Part of examples that are told right with normal noise of this standard deviation on every input.
double right_with_noise(const layered_training& run, const data_set& d, double sigma, std::uint64_t seed);

/// Examples with every input moved by epsilon in the direction that raises the example's loss, as differences of the outputs tell it:
/// the fast gradient sign method, Goodfellow, Shlens & Szegedy (2015) ICLR. Of a trained net of any scheme.
data_set adversarial(const layered_training& run, const data_set& d, double epsilon);

}  // namespace apical
