// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "circuit/data_set.hpp"
#include "engine/layered_training.hpp"

/// What nets that nobody teaches have made of their inputs.
namespace apical {

/// The directions in which the inputs of examples vary about their mean, the largest variance first: eigenvectors of their covariance.
struct principal_directions {
    std::vector<double> variances;                 ///< [inputs]
    std::vector<std::vector<double>> directions;   ///< [inputs][inputs], of length 1
};
principal_directions principal_directions_of(const data_set& d);

/// Absolute cosine of each unit's weights with a principal direction of the examples: of the scheme `components` in turns, unit k with the
/// k-th, all at once each with the first. Throws unsupported for other schemes.
std::vector<double> alignment_with_directions(const layered_training& run, const data_set& d);

/// Of the scheme `map`: part of the examples whose nearest unit and second nearest are not neighbours, of the eight a unit has.
/// Kiviluoto (1996) ICNN 1:294. And the mean distance of an example from the weights of its nearest unit. Throws unsupported for other schemes.
struct map_quality { double topographic_error, quantisation_error; };
map_quality quality_of_map(const layered_training& run, const data_set& d);

/// Which unit stands for which feature. `told` has the same examples with targets that say which features are there; those with one feature
/// count. A feature's unit is the one that its inputs excite most; `margin` is the smallest ratio, over features, of its excitation
/// to the next one's. Throws invalid_model if the sets differ in size or some feature is never alone.
struct feature_units {
    std::size_t features = 0, distinct = 0;    ///< how many there are, and how many units stand for them
    double margin = 0;
};
feature_units units_of_features(const layered_training& run, const data_set& d, const data_set& told);

/// All of these that the scheme has, by name: what people are told of a net that nobody teaches; nothing of others.
std::vector<std::pair<std::string, double>> representation(const layered_training& run, const data_set& d, const data_set& told);

}  // namespace apical
