// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Synapses that were active lately change by how much better things have gone than expected: TD(lambda).
///
///     e' = -e/tau_e,  e += 1 at a presynaptic spike;   w' = eta (D - tonic) e
///
/// D: dopamine of the region, which says by how much reward and what is now expected exceed what was expected before. Between two time steps of
/// T a trace loses gamma lambda = exp(-T/tau_e). With one time step for each trial this is the rule of Rescorla & Wagner (1972).
struct temporal_difference : rule {
    static constexpr rule_info info{.name = "temporal_difference", .summary = "what was active lately changes by the error of prediction",
                                    .source = "Sutton (1988) Mach Learn 3:9; Schultz, Dayan & Montague (1997) Science 275:1593"};

    template <class V> struct parameters { V eta, tau_e, tonic; };
    static constexpr parameters<field> defaults{
        {"eta", 1e-3, "1/ms", "learning rate", -1e6, 1e6},
        {"tau_e", 100, "ms", "of the eligibility", 1e-3, 1e9},
        {"tonic", 0, "", "dopamine when all is as expected", -1e6, 1e6},
    };

    template <class V> struct synapse { V e; };
    static constexpr synapse<field> keeps{{"e", 0, "", "eligibility", 0, 1e9}};
    static constexpr synapse<double> fades(const parameters<double>& p) { return {p.tau_e}; }

    template <class V> struct third { V dopamine; };
    static constexpr third<reading> is_told(const parameters<double>&) { return {modulator("dopamine")}; }

    template <class V> static constexpr V on_arrival(kept<temporal_difference, V>& k, const local<temporal_difference, V>&) {
        k.e += V(1.0);
        return V(0.0);
    }
    template <class V> static constexpr V each_step(kept<temporal_difference, V>& k, const local<temporal_difference, V>& at, V dt) {
        return dt*at.p.eta*(at.third.dopamine - at.p.tonic)*k.e;
    }
};

}  // namespace apical::plasticity
