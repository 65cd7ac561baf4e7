// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Temporally eXtended Contrastive Attractor Learning: coactivity of the last moments above that of the moments before potentiates,
/// below it depresses, and next to none does nothing.
///
///     dw = eta (C(s_x s_y, m_x m_y) + lambda C(s_x s_y, l_y)),   s = (1 - mix) S + mix M
///     C(s, theta) = 0 below d_thr, s - theta above d_rev theta, and -s (1 - d_rev)/d_rev between
///
/// S, M: activity low-passed over short and medium times, one after the other, at the end of the outcome phase; l: a long-term mean of
/// the receiving unit, once a trial, l += (g_l m_y - l)/tau_l, not below l_min; lambda grows with l, by `self` altogether.
struct xcal : rule {
    static constexpr rule_info info{.name = "xcal", .summary = "recent coactivity above that of just before potentiates, below depresses",
                                    .source = "O'Reilly, Munakata, Frank & Hazy (2012) Computational Cognitive Neuroscience", .phases = {"minus", "plus"}};

    template <class V> struct parameters { V eta, tau_ss, tau_s, tau_m, mix, d_thr, d_rev, g_l, l_min, tau_l, lambda_max, lambda_min, self; };
    static constexpr parameters<field> defaults{
        {"eta", 0.04, "", "learning rate", -1e6, 1e6},
        {"tau_ss", 2, "ms", "of the super-short mean", 1e-3, 1e6},
        {"tau_s", 2, "ms", "of the short mean", 1e-3, 1e6},
        {"tau_m", 10, "ms", "of the medium mean", 1e-3, 1e6},
        {"mix", 0.1, "", "of the medium mean in what counts as recent", 0, 1},
        {"d_thr", 1e-4, "", "coactivity below which nothing happens", 0, 1},
        {"d_rev", 0.1, "", "part of the threshold where depression is strongest", 1e-6, 1},
        {"g_l", 2.5, "", "gain of the long-term mean", 0, 100},
        {"l_min", 0.2, "", "of the long-term mean", 0, 100},
        {"tau_l", 10, "", "trials over which it is taken", 1, 1e9},
        {"lambda_max", 0.5, "", "weight of the second term at the largest mean", 0, 100},
        {"lambda_min", 1e-4, "", "and at the smallest", 0, 100},
        {"self", 0.01, "", "of the second term; in Leabra it follows the layer's error, down to this", 0, 1},
    };

    template <class V> struct synapse { V l; };
    static constexpr synapse<field> keeps{{"l", 0.4, "", "long-term mean of the receiving unit", 0, 1e9}};

    template <class V> struct pre { V s, m; };
    static constexpr pre<reading> hears(const parameters<double>& p) { return {recent(p), medium(p)}; }
    template <class V> struct post { V s, m; };
    static constexpr post<reading> sees(const parameters<double>& p) { return {recent(p), medium(p)}; }

    template <class V> static constexpr V at_phase_end(kept<xcal, V>& k, const local<xcal, V>& at) {
        const auto& p = at.p;
        const auto mixed = [&](const auto& of) { return of.s + p.mix*(of.m - of.s); };
        k.l = math::at_least(k.l + (p.g_l*at.post.m - k.l)/p.tau_l, p.l_min);
        const V s = mixed(at.pre)*mixed(at.post), lambda = p.self*(p.lambda_max - p.lambda_min)/(p.g_l - p.l_min)*(k.l - p.l_min);
        return p.eta*(check_mark(s, at.pre.m*at.post.m, p) + lambda*check_mark(s, k.l, p));
    }

    /// C(s, theta)
    template <class V> static constexpr V check_mark(V s, V theta, const parameters<V>& p) {
        const V above = math::select(s > p.d_rev*theta, s - theta, s*(p.d_rev - V(1.0))/p.d_rev);
        return math::select(s < p.d_thr, V(0.0), above);
    }

private:
    static constexpr reading recent(const parameters<double>& p) { return rate().low_pass(p.tau_ss).low_pass(p.tau_s).after(1); }
    static constexpr reading medium(const parameters<double>& p) { return rate().low_pass(p.tau_ss).low_pass(p.tau_s).low_pass(p.tau_m).after(1); }
};

}  // namespace apical::plasticity
