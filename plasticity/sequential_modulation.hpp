// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// With acetylcholine any pair of spikes depresses; dopamine that comes within a minute turns it into growth.
///
///     e' = -e/tau_e,  e += x at a postsynaptic spike, e += y at a presynaptic one, whatever the order
///     w' = (eta_plus D - eta_minus A) e
struct sequential_modulation : rule {
    static constexpr rule_info info{.name = "sequential_modulation", .summary = "acetylcholine depresses, dopamine afterwards reverses it",
                                    .source = "Brzosko, Schultz & Paulsen (2015) eLife 4:e09685; Brzosko, Zannone, Schultz, Clopath & Paulsen (2017) eLife 6:e27756"};

    template <class V> struct parameters { V tau_plus, tau_minus, tau_e, eta_plus, eta_minus; };
    static constexpr parameters<field> defaults{
        {"tau_plus", 20, "ms", "of the presynaptic trace", 1e-3, 1e6},
        {"tau_minus", 20, "ms", "of the postsynaptic trace", 1e-3, 1e6},
        {"tau_e", 20000, "ms", "of the mark that pairs leave; uncertain", 1e-3, 1e9},
        {"eta_plus", 1e-4, "1/ms", "growth per dopamine", 0, 1e6},
        {"eta_minus", 1e-5, "1/ms", "loss per acetylcholine", 0, 1e6},
    };

    template <class V> struct synapse { V e; };
    static constexpr synapse<field> keeps{{"e", 0, "", "eligibility", 0, 1e9}};
    static constexpr synapse<double> fades(const parameters<double>& p) { return {p.tau_e}; }

    template <class V> struct pre { V trace; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau_plus)}; }
    template <class V> struct post { V trace; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {spikes().trace(p.tau_minus)}; }
    template <class V> struct third { V dopamine, acetylcholine; };
    static constexpr third<reading> is_told(const parameters<double>&) { return {modulator("dopamine"), modulator("acetylcholine")}; }

    template <class V> static constexpr V on_arrival(kept<sequential_modulation, V>& k, const local<sequential_modulation, V>& at) {
        k.e += at.post.trace;
        return V(0.0);
    }
    template <class V> static constexpr V on_spike(kept<sequential_modulation, V>& k, const local<sequential_modulation, V>& at) {
        k.e += at.pre.trace;
        return V(0.0);
    }
    template <class V> static constexpr V each_step(kept<sequential_modulation, V>& k, const local<sequential_modulation, V>& at, V dt) {
        return dt*(at.p.eta_plus*at.third.dopamine - at.p.eta_minus*at.third.acetylcholine)*k.e;
    }
};

}  // namespace apical::plasticity
