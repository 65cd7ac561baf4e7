// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

namespace apical::testing {

/// What a run of the program left.
struct outcome {
    int code = -1;              ///< exit code; negative: the signal that ended it
    std::string out, err;
};

/// Runs the program with these arguments, each passed as it is.
outcome apical(const std::vector<std::string>& arguments);

/// A short experiment: one ball and stick that fires. `run` is put into its "run" object.
std::string small_experiment(const std::string& run = R"("until": "40 ms")");

}  // namespace apical::testing
