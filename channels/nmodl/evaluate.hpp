// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include "channels/nmodl/bytecode.hpp"
#include "channels/nmodl/mechanism.hpp"

namespace apical::nmodl {

/// What a compiled block is run over, and what it finds there besides the columns.
struct evaluation {
    const instance_view& at;
    int first = 0, count = 0;                    ///< instances of the view
    const current_view* currents = nullptr;
    event_sink* sink = nullptr;                  ///< null: events are lost
    double* connection = nullptr;
    double flag = 0;
    std::span<const double> arguments = {};
    double* result = nullptr;                    ///< [count]
};

/// Runs a block for each instance. What an instance gets does not depend on which others there are.
void run(const code&, const evaluation&);

/// Runs a block that was compiled with currents but without slopes, and leaves differences over current_view::slope_over [mV] as slopes.
void run_with_differences(const code&, const evaluation&, double over);

}  // namespace apical::nmodl
