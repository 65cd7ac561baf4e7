// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/data_set.hpp"

namespace apical::models {

/// Something to learn: examples, others to be tested with, and the hidden layers it is usually given.
struct learning_task {
    std::string name, summary;
    data_set train, test;               ///< the same where there are no others
    std::vector<int> hidden;
    std::map<std::string, double> settings = {};   ///< of schemes in time: those that have them are set like this
    std::string rule = "feedback_alignment";       ///< by which it is learned where nothing is said
};

/// n patterns, each of one active unit, to be given back through fewer hidden ones: 4 through 2, 8 through 3.
data_set encoder(int n);
/// All inputs of n numbers -1 or 1; the target is 1 where an odd number of them is 1.
data_set parity(int n);
/// Pictures of n x n in which each of the 2n bars is there with probability 1/n; the targets say which are.
data_set bars(int n, int examples, std::uint64_t seed);
/// Pairs of pictures of 5 x 5, each with 6 of its 25 units active.
data_set random_pairs(int pairs, std::uint64_t seed);
/// Three classes in the plane, two interleaved drops and the dots in them, as four inputs x, y, 1 - x, 1 - y.
/// Kriener, Goeltz & Petrovici (2022) NICE, the yin-yang data set.
data_set yin_yang(int examples, std::uint64_t seed);

/// Points of a plane, normal about 0 with deviations 1.5 in a direction that the seed draws and 0.5 across it. There is nothing to be told: targets are 0.
data_set gaussian(int examples, std::uint64_t seed);
/// Points evenly in the square from 0 to 1. There is nothing to be told: `units` targets that are 0.
data_set unit_square(int examples, int units, std::uint64_t seed);
/// Light on a retina of side x side, 24 units in a length of 1: in each example two long spots, normals with deviations of 0.044 and 0.206, anywhere and in any direction. There is
/// nothing to be told: `units` targets that are 0. Stevens, Law, Antolik & Bednar (2013) J Neurosci 33:15747.
data_set oriented_spots(int examples, int side, int units, std::uint64_t seed);

/// Noise of 20 inputs that spike at 50 Hz, the same in every trial, in 500 rows of 1 ms; the target is a sum of three sines, 2, 4 and 6 Hz, with
/// amplitudes and phases by chance, of about 1.
data_set pattern_generation(std::uint64_t seed);
/// 100 inputs that spike at 10 Hz, the same in every trial, in 1000 rows of 0.5 ms; the target is a train of 5 spikes.
data_set spike_pattern(std::uint64_t seed);
/// Seven cues of 100 ms, left or right, each followed by a gap of 50 ms; a delay of 1050 ms, and a question of 150 ms: which side had more? Rows
/// of 50 ms are the probabilities of a spike in 1 ms of 40 inputs, ten for each side, ten for the question, and ten of noise.
/// Bellec et al. (2020) Nat Commun 11:3625; the task is Morcos & Harvey's (2016) Nat Neurosci 19:1672.
data_set evidence(int examples, std::uint64_t seed);

/// The tasks that are made up: "encoder_4_2_4", "encoder_8_3_8", "parity", "parity_5", "bars", "bars_8x8", "random_pairs", "yin_yang"; with nothing to be told
/// "gaussian", "unit_square", "oriented_spots"; and in time "pattern_generation", "spike_pattern", "evidence".
std::vector<std::string> generated_tasks();
/// The one of this name. Throws invalid_model with a suggestion.
learning_task generated_task(std::string_view name, std::uint64_t seed);

}  // namespace apical::models
