// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/channel.hpp"

/// Conductance b - a, whose components jump together at an event and decay with the time constants of rise and decay [ms].
/// Scaled so that one event of weight w from rest peaks at w.
namespace apical::channels::double_exponential {

/// The rise, kept apart from the decay: closer than 1 in 10^4, and above 1e-9 of it (as NEURON's Exp2Syn does).
template <class V> [[gnu::always_inline]] constexpr V guarded(V rise, V decay) {
    return math::at_least(math::at_most(rise, V(0.9999)*decay), V(1e-9)*decay);
}

/// The jump of both components that makes the peak of b - a equal to 1.
constexpr double unit_jump(double rise, double decay) {
    rise = guarded(rise, decay);
    const double peak = rise*decay/(decay - rise)*math::log(decay/rise);
    return 1/(math::exp(-peak/decay) - math::exp(-peak/rise));
}
/// What is left of x after dt.
template <class V> [[gnu::always_inline]] constexpr V decayed(V x, V tau, double dt) { return x*math::exp<V>(V(-dt)/tau); }

}  // namespace apical::channels::double_exponential
