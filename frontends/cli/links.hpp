// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/communicator.hpp"

namespace apical::cli {

/// What messages between processes take.
struct links {
    double latency = 0;                            ///< of one [s]
    double bandwidth = 0;                          ///< with which a process receives [bytes/s]
};

/// Measured on exchanges of spikes, of none and of many; medians. All processes call it together, and all have the same result.
links measured_links(communicator& ranks);

}  // namespace apical::cli
