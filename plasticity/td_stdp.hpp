// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Synapses that helped the cell to spike lately change by the error of prediction: how a population of spiking cells learns the value of
/// places.
///
///     at a postsynaptic spike  h += p,  p = sum over the arrivals since the spike before of eps0/(tau_m - tau_s) (exp(-t/tau_m) - exp(-t/tau_s))
///     w' = eta (D - tonic) e,  e = h filtered by (exp(-t/tau_k) - exp(-t/tau_n))/(tau_k - tau_n)
///
/// D: dopamine of the region. Constants are by memory: take them for examples.
struct td_stdp : rule {
    static constexpr rule_info info{.name = "td_stdp", .summary = "what helped to spike lately changes by the error of prediction",
                                    .source = "Fremaux, Sprekeler & Gerstner (2013) PLoS Comput Biol 9:e1003024"};

    template <class V> struct parameters { V eta, eps0, tau_m, tau_s, tau_k, tau_n, tonic; };
    static constexpr parameters<field> defaults{
        {"eta", 10, "1/ms", "learning rate", -1e6, 1e6},
        {"eps0", 20, "ms", "area of an arrival's potential", 0, 1e6},
        {"tau_m", 20, "ms", "decay of an arrival's potential", 1e-3, 1e6},
        {"tau_s", 5, "ms", "rise of it", 1e-3, 1e6},
        {"tau_k", 200, "ms", "decay of the filter by which spikes tell a value", 1e-3, 1e6},
        {"tau_n", 50, "ms", "rise of it", 1e-3, 1e6},
        {"tonic", 0, "", "dopamine when all is as expected", -1e6, 1e6},
    };

    template <class V> struct synapse { V slow, fast, late, early; };
    static constexpr synapse<field> keeps{
        {"slow", 0, "", "of an arrival's potential, what decays", 0, 1e9},
        {"fast", 0, "", "and what rises", 0, 1e9},
        {"late", 0, "", "of the eligibility, what decays", 0, 1e9},
        {"early", 0, "", "and what rises", 0, 1e9},
    };
    static constexpr synapse<double> fades(const parameters<double>& p) { return {p.tau_m, p.tau_s, p.tau_k, p.tau_n}; }

    template <class V> struct third { V dopamine; };
    static constexpr third<reading> is_told(const parameters<double>&) { return {modulator("dopamine")}; }

    template <class V> static constexpr V on_arrival(kept<td_stdp, V>& k, const local<td_stdp, V>&) {
        k.slow += V(1.0), k.fast += V(1.0);
        return V(0.0);
    }
    template <class V> static constexpr V on_spike(kept<td_stdp, V>& k, const local<td_stdp, V>& at) {
        const V helped = at.p.eps0/(at.p.tau_m - at.p.tau_s)*(k.slow - k.fast);
        k.late += helped, k.early += helped;
        k.slow = V(0.0), k.fast = V(0.0);
        return V(0.0);
    }
    template <class V> static constexpr V each_step(kept<td_stdp, V>& k, const local<td_stdp, V>& at, V dt) {
        return dt*at.p.eta*(at.third.dopamine - at.p.tonic)*(k.late - k.early)/(at.p.tau_k - at.p.tau_n);
    }
};

}  // namespace apical::plasticity
