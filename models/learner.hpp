// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/data_set.hpp"
#include "circuit/layered_net.hpp"

namespace apical::models {

/// A way for a layered net to learn, complete: rule, scheme, feedback, stages and rates.
struct learner {
    std::string name;
    std::string summary;           ///< one line
    std::string source;            ///< the papers, with their years
    bool transports_weights;       ///< what comes down goes through the very weights of the way up
    bool needs_phases;             ///< a trial has more than one
    int batch = 10;                ///< examples after which weights change
    double low = 0, high = 1;      ///< inputs that 0 and 1 of a data set stand for
    double target_low = 0, target_high = 1;   ///< and targets
    /// The net for layers of so many units, the input first.
    std::function<layered_net(const std::vector<int>& units)> make;
    bool is_taught = true;         ///< targets mean something; if not, there is one layer of units above the inputs
    bool is_centred = false;       ///< inputs are taken from their mean over the training set

    bool is_in_time = false;       ///< of tasks that go on in time

    /// Examples as this way to learn wants them.
    data_set prepared(const data_set& d) const { return d.scaled(low, high, target_low, target_high); }
};

/// All that learn from examples that are there at once, in the order in which they are shown.
std::vector<learner> all_learners();
/// All that learn from examples that go on in time.
std::vector<learner> learners_in_time();

/// The one of this name, of either. Throws invalid_model with a suggestion.
learner learner_named(std::string_view name);

}  // namespace apical::models
