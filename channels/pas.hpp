// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/channel.hpp"

namespace apical::channels {

/// Passive leak.
struct pas {
    static constexpr channel_info info{.name = "pas",
                                       .summary = "passive leak",
                                       .source = "Rall (1959) Exp Neurol 1:491"};

    template <class V> struct parameters { V g, e_rev; };
    static constexpr parameters<field> defaults{{"g", 0.001, "S/cm2", "conductance density", 0, 100},
                                                {"e_rev", -70, "mV", "reversal potential", -200, 200}};

    template <class V> struct state {};
    static constexpr state<field> meaning{};

    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>&, const membrane<V>&, const parameters<V>& p, U v) {
        return p.g*(v - p.e_rev);
    }
};

}  // namespace apical::channels
