// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "circuit/layered_net.hpp"
#include "engine/layered_training.hpp"
#include "models/learner.hpp"
#include "models/tasks/task.hpp"

namespace apical {

/// A training as people ask for it, by names; what is not given is as the task and the way to learn have it.
struct learning_request {
    std::string task = "digits", rule = {};              ///< rule: empty: as the task has it
    std::vector<int> hidden = {};                        ///< units of each hidden layer
    std::uint64_t seed = 1;
    int batch = 0;                                       ///< 0: as the way to learn has it
    double rate = 1;                                     ///< factor of all learning rates
    std::map<std::string, double> settings = {};         ///< of the scheme
    std::size_t examples = 0;                            ///< the first so many of the training set; 0: all
    int threads = 1;
};

/// The same with everything in it.
struct learning_setup {
    models::learning_task task;
    models::learner how;
    layered_net net;
    data_set train, test;                                ///< as the way to learn wants them
    std::vector<double> middle = {};                     ///< taken from inputs, of ways to learn that want them centred; empty: nothing
    training_options options;
    std::string identity;                                ///< one line that tells all of this: what a checkpoint belongs to

    /// `ranks`: the processes that train it together; null: this one.
    layered_training begin(communicator* ranks = nullptr) const;
    /// Examples as the way to learn wants them.
    data_set prepared(const data_set& d) const;
};

/// Throws invalid_model or invalid_input for what does not exist or does not fit.
learning_setup set_up(const learning_request& r);

/// Throws invalid_input if there is something at the path that is no checkpoint of a training, which writing one would destroy.
void check_training_replaceable(const std::filesystem::path& path);

/// Writes the state of a training to an HDF5 file, in place of one that is there, with numbers of the caller's, such as the curve. The file
/// is whole or not there.
void write_training(const std::filesystem::path& path, layered_training& run, const std::string& identity, const std::vector<double>& beside);
/// Reads it back into a training of the same identity; the caller's numbers. Throws invalid_input for what is no such file, damaged, or of
/// another training.
std::vector<double> read_training(const std::filesystem::path& path, layered_training& run, const std::string& identity);

}  // namespace apical
