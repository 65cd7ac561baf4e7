// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "analysis/learning_curve.hpp"
#include "analysis/signalling.hpp"

namespace apical {

/// How ways to learn are compared.
struct grading_options {
    int epochs = 20;
    double criterion = 0.1;                                ///< test error that counts as learned
    std::vector<double> noise{0.1, 0.2, 0.4};              ///< standard deviations on inputs from 0 to 1
    std::vector<double> adversarial{0.02, 0.05, 0.1};      ///< distances of every input, from 0 to 1
    std::size_t adversarial_examples = 100;                ///< first of the test set; also those whose ATP is counted
    int angle_examples = 100;                              ///< first of the training set; 0: none
    signalling_costs costs = {};
    double range = 1;                                      ///< inputs of the training are this times as wide as from 0 to 1
    std::uint64_t seed = 0;                                ///< of noise
};

/// Grades of one training.
struct grades {
    std::vector<curve_point> curve;
    double train_error = 0, test_error = 0;
    std::optional<double> samples;                         ///< presentations to the criterion
    std::vector<double> right_with_noise, right_adversarial;   ///< parts, one for each of the options
    std::vector<double> first_angles, last_angles;         ///< [degrees] of each forward projection; empty: not measured
    double seconds = 0;                                    ///< of learning
    double atp_of_inference = 0, atp_of_update = 0;        ///< of an example told without teaching, and of one learned from: see atp_of_trial; 0: not counted, of examples in time
};

/// Trains and grades. `told` as for follow_learning.
grades grade(layered_training& run, const data_set& test, const grading_options& o, const std::function<bool(const curve_point&)>& told = {});

/// Mean of some numbers, and its standard error; 0 of one.
struct mean_of { double mean, error; };
mean_of summarised(const std::vector<double>& all);

}  // namespace apical
