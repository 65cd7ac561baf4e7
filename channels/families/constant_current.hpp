// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/channel.hpp"

/// Synapses that are currents, whatever the potential is: what models of many point neurons use. A positive weight excites.
namespace apical::channels::constant_current {

/// The outward current of an inward one, of U: with no slope where a slope is asked for.
template <class V, class U> [[gnu::always_inline]] constexpr U inward(V i, const U&) {
    if constexpr (is_dual<U>) return U(-i, V(0.0));
    else return -i;
}

}  // namespace apical::channels::constant_current
