// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string_view>

#include "engine/plugged_channel.hpp"
#include "engine/sampler.hpp"

namespace apical {

/// Where and how a channel that was read from NMODL and has kernels sits, for what its kernels do not keep.
struct plugged_place {
    double v = 0;                       ///< [mV]
    row_ions ions;                      ///< [mM, mV], by `ion`
    std::span<const double> states, parameters;   ///< of its schema; parameters coherent, densities not yet times the area
    double area = 0, diameter = 0;      ///< [um2, um]
    double celsius = 0;                 ///< [degC]
    double t = 0;                       ///< [ms]
};

/// The variable of storage `instance` with this offset, as the file computes it from the states at `at` [the file's unit]: currents, steady
/// states, time constants. Evaluated, so for probes only.
double plugged_value(const plugged_channel& channel, const plugged_place& at, int offset);

}  // namespace apical
