// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <string_view>

#include "core/math.hpp"
#include "core/members.hpp"
#include "core/random.hpp"
#include "core/schema.hpp"

/// A model of release is one file: a struct that says what a presynaptic terminal keeps from spike to spike, and what a spike releases of its
/// weight. It has no queues and no clock; whoever hosts it tells it the times of the spikes, in order.
///
///     struct fading {
///         static constexpr release_info info{.name = "fading", ...};
///         template <class V> struct parameters { V use, tau_recovery; };
///         static constexpr parameters<field> defaults{...};
///         template <class V> struct state { V x, last; };
///         static state<double> at_start(const parameters<double>&) { return {1, 0}; }
///         static double release(state<double>& s, const parameters<double>& p, double time, random_stream* draws) {...}
///     };
///
/// `release` is given draws only if the model has `by_chance(parameters)` and it says so. They belong to the terminal and the time of the spike.
namespace apical::plasticity {

/// What a model of release says about itself.
struct release_info {
    std::string_view name;         ///< catalogue name: that of the struct and of the file
    std::string_view summary;      ///< one line
    std::string_view source;       ///< the paper, with its year
};

/// What is left after h of something that decays with tau; nothing if tau is 0 [ms].
inline double left_after(double h, double tau) { return tau > 0 ? math::exp(-h/tau) : 0.0; }

}  // namespace apical::plasticity
