// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Spike trains are learned as if a spike had a derivative: that of a smooth function of the membrane potential.
///
///     dw = eta e (alpha * [s'(u) x]) dt,   s'(u) = 1/(1 + beta |u - threshold|)^2
///
/// x: potential that presynaptic spikes make; alpha: the filter of errors, here of eligibilities; e: error that is brought to the cell. With rho above 0
/// weights of cells that fire too much shrink, by rho w z^4, z: spikes of the last tau_rate.
struct superspike : rule {
    static constexpr rule_info info{.name = "superspike", .summary = "a smooth function of the potential stands for spikes, and errors meet what it has left",
                                    .source = "Zenke & Ganguli (2018) Neural Comput 30:1514"};

    template <class V> struct parameters { V eta, beta, threshold, tau, tau_syn, tau_rise, tau_decay, rho, tau_rate; };
    static constexpr parameters<field> defaults{
        {"eta", 1, "", "learning rate", -1e6, 1e6},
        {"beta", 1, "1/mV", "steepness of the smooth function", 0, 1e3},
        {"threshold", -50, "mV", "of a spike", -200, 200},
        {"tau", 10, "ms", "of the membrane", 1e-3, 1e6},
        {"tau_syn", 5, "ms", "of the current of a spike", 1e-3, 1e6},
        {"tau_rise", 5, "ms", "of the filter of errors", 1e-3, 1e6},
        {"tau_decay", 10, "ms", "of the filter of errors", 1e-3, 1e6},
        {"rho", 0, "1/ms", "by how much too many spikes shrink a weight", 0, 1e6},
        {"tau_rate", 100, "ms", "over which spikes of the cell are counted", 1e-3, 1e6},
    };

    template <class V> struct synapse { V slow, fast; };
    static constexpr synapse<field> keeps{{"slow", 0, "", "eligibility, as it decays", -1e9, 1e9}, {"fast", 0, "", "eligibility, as it rises", -1e9, 1e9}};
    static constexpr synapse<double> fades(const parameters<double>& p) { return {p.tau_decay, p.tau_rise}; }

    template <class V> struct pre { V slow, fast; };
    static constexpr pre<reading> hears(const parameters<double>& p) {
        return {spikes().trace(p.tau, 1/(p.tau - p.tau_syn)), spikes().trace(p.tau_syn, 1/(p.tau - p.tau_syn))};
    }
    template <class V> struct post { V u, error, spikes; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {potential(), error_signal(), plasticity::spikes().trace(p.tau_rate)}; }

    template <class V> static constexpr V each_step(kept<superspike, V>& k, const local<superspike, V>& at, V dt) {
        const auto& p = at.p;
        const V off = V(1.0) + p.beta*math::absolute(at.post.u - p.threshold);
        const V mark = dt*(at.pre.slow - at.pre.fast)/(off*off);
        k.slow += mark, k.fast += mark;
        const V often = at.post.spikes*at.post.spikes;
        return p.eta*dt*(at.post.error*(k.slow - k.fast)/(p.tau_decay - p.tau_rise) - p.rho*at.w*often*often);
    }
};

}  // namespace apical::plasticity
