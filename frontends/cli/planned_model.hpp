// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/options.hpp"
#include "io/experiment.hpp"

namespace apical::cli {

/// What can be run, as the command line names it.
struct named_model {
    std::string name;                              ///< an experiment, a SONATA configuration, or a ready circuit
    std::vector<std::string> set;                  ///< of a ready circuit: option=value
    std::string scale, time, dt;                   ///< empty: its own
    std::uint64_t seed = 0;
};

/// The same, described; not compiled.
struct described_model {
    circuit model;
    run_options run;
    duration until;
    double held_samples = static_cast<double>(output_options{}.held_samples);   ///< until the end of the run
};

/// Reads or makes it. Throws invalid_model or invalid_input, also for options that this sort of model does not have.
described_model describe(const named_model& wanted);

/// "option=value" of a ready circuit, by name.
std::map<std::string, std::string> option_values(const std::vector<std::string>& set, const std::string& scale);

}  // namespace apical::cli
