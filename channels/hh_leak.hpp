// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/channel.hpp"

namespace apical::channels {

/// Leak of the squid giant axon.
struct hh_leak {
    static constexpr channel_info info{.name = "hh_leak",
                                       .summary = "squid axon leak current",
                                       .source = "Hodgkin & Huxley (1952) J Physiol 117:500, Table 3"};

    template <class V> struct parameters { V g, e_rev; };
    static constexpr parameters<field> defaults{{"g", 0.0003, "S/cm2", "conductance density", 0, 100},
                                                {"e_rev", -54.3, "mV", "reversal potential", -200, 200}};

    template <class V> struct state {};
    static constexpr state<field> meaning{};

    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>&, const membrane<V>&, const parameters<V>& p, U v) {
        return p.g*(v - p.e_rev);
    }
};

}  // namespace apical::channels
