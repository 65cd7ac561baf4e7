// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Learning in time without going back in it: a synapse remembers how much it has had to do with the spikes of its cell, and is told what
/// is wrong.
///
///     e = psi (z - beta a),   a' = -a/tau_a + e,   f' = -f/tau_out + e,   dw = eta L f dt,   and after a trial  dw = -c_rate (r - r_target) sum e
///
/// z: trace of presynaptic spikes with the time constant of the membrane; psi: what stands for the derivative of a spike; beta: by how much a spike
/// raises the threshold, with tau_a; L: error that is brought to the cell; f: e as the outputs see it, which leak with tau_out; r: rate of the cell
/// in the trial. Without connections between cells, and with feedback by the weights of the outputs, it is the exact gradient.
struct eprop : rule {
    static constexpr rule_info info{.name = "eprop", .summary = "eligibility, as membrane and threshold remember it, times the error that the cell is told",
                                    .source = "Bellec, Scherr, Subramoney, Hajek, Salaj, Legenstein & Maass (2020) Nat Commun 11:3625"};

    template <class V> struct parameters { V eta, tau, tau_out, adaptation, tau_a, c_rate, r_target; };
    static constexpr parameters<field> defaults{
        {"eta", 1, "", "learning rate", -1e6, 1e6},
        {"tau", 20, "ms", "of the membrane", 1e-3, 1e6},
        {"tau_out", 20, "ms", "of the outputs", 1e-3, 1e6},
        {"adaptation", 0, "", "by how much a spike of the cell raises its threshold", 0, 1e6},
        {"tau_a", 2000, "ms", "of a raised threshold", 1e-3, 1e9},
        {"c_rate", 0, "ms", "by how much rates off the target count", 0, 1e9},
        {"r_target", 0.01, "1/ms", "rate of the cell", 0, 10},
    };

    template <class V> struct synapse { V a, f, sum; };
    static constexpr synapse<field> keeps{{"a", 0, "", "part in the raised threshold", -1e9, 1e9}, {"f", 0, "", "eligibility, as the outputs see it", -1e9, 1e9},
                                          {"sum", 0, "", "of eligibilities in the trial", -1e12, 1e12}};
    static constexpr synapse<double> fades(const parameters<double>& p) { return {p.tau_a, p.tau_out, 0}; }

    template <class V> struct pre { V z; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {spikes().trace(p.tau)}; }
    template <class V> struct post { V slope, error, rate; };
    static constexpr post<reading> sees(const parameters<double>&) { return {plasticity::slope(), error_signal(), plasticity::rate()}; }

    /// An eligibility reaches the outputs a step later, and the error that it is met by is that of then.
    template <class V> static constexpr V each_step(kept<eprop, V>& k, const local<eprop, V>& at, V) {
        const V change = at.p.eta*at.post.error*k.f;
        const V e = at.post.slope*(at.pre.z - at.p.adaptation*k.a);
        k.a += e, k.f += e, k.sum += e;
        return change;
    }
    template <class V> static constexpr V at_phase_end(kept<eprop, V>& k, const local<eprop, V>& at) {
        return -at.p.eta*at.p.c_rate*(at.post.rate - at.p.r_target)*k.sum;
    }
};

}  // namespace apical::plasticity
