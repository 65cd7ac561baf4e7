// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/rule.hpp"

namespace apical::plasticity {

/// Calcium that spikes of both sides bring decides the synapse's efficacy, which rests in two states.
///
///     c' = -c/tau_ca,  c += c_pre at a presynaptic spike, `late` after its arrival,  c += c_post at a postsynaptic one
///     tau e' = -e (1 - e)(1/2 - e) + gamma_p (1 - e) [c > theta_p] - gamma_d e [c > theta_d] + sigma sqrt(tau ([c > theta_d] + [c > theta_p])) noise
///     w = w_0 + (w_1 - w_0) e
///
/// Between spikes c decays, so that the times above the thresholds are known; over each of these e is advanced at once: by its linear
/// drift and noise, and then by its cubic drift, each exactly.
struct graupner_brunel : rule {
    static constexpr rule_info info{.name = "graupner_brunel", .summary = "calcium above two thresholds moves a bistable efficacy",
                                    .source = "Graupner & Brunel (2012) PNAS 109:3991"};
    static constexpr bool is_noisy = true;

    template <class V> struct parameters { V tau_ca, c_pre, c_post, theta_d, theta_p, gamma_d, gamma_p, sigma, tau, late, w_0, w_1; };
    static constexpr parameters<field> defaults{
        {"tau_ca", 22.6936, "ms", "of calcium", 1e-3, 1e6},
        {"c_pre", 0.5617539, "", "calcium of a presynaptic spike", 0, 1e3},
        {"c_post", 1.23964, "", "calcium of a postsynaptic spike", 0, 1e3},
        {"theta_d", 1, "", "calcium above which efficacy falls", 1e-9, 1e3},
        {"theta_p", 1.3, "", "calcium above which efficacy rises", 1e-9, 1e3},
        {"gamma_d", 331.909, "", "speed of the fall", 0, 1e9},
        {"gamma_p", 725.085, "", "speed of the rise", 0, 1e9},
        {"sigma", 3.3501, "", "of the noise", 0, 1e3},
        {"tau", 346361.5, "ms", "of the efficacy", 1e-3, 1e12},
        {"late", 4.6098, "ms", "of a presynaptic spike's calcium, after its arrival", 0, 1e3},
        {"w_0", 0, "", "weight in the low state", -1e9, 1e9},
        {"w_1", 1, "", "weight in the high state", -1e9, 1e9},
    };
    static constexpr std::array<parameter_set<parameters<double>>, 4> published{{
        {"cortical_slices", "table S2; Sjoestroem et al. (2001)", {22.6936, 0.5617539, 1.23964, 1, 1.3, 331.909, 725.085, 3.3501, 346361.5, 4.6098, 0, 1}},
        {"hippocampal_slices", "table S2; Wittenberg & Wang (2006)", {48.8373, 1, 0.275865, 1, 1.3, 313.0965, 1645.59, 9.1844, 688355, 18.8008, 0, 1}},
        {"hippocampal_cultures", "table S2; Wang et al. (2005)", {11.9536, 0.58156, 1.76444, 1, 1.3, 61.141, 113.6545, 2.5654, 33759.6, 10, 0, 1}},
        {"dp_curve", "figure 2, a curve with depression before potentiation", {20, 1, 2, 1, 1.3, 200, 321.808, 2.8284, 150000, 13.7, 0, 1}},
    }};

    template <class V> struct synapse { V c, e; };
    static constexpr synapse<field> keeps{{"c", 0, "", "calcium", 0, 1e9}, {"e", 0, "", "efficacy", -10, 10}};
    static constexpr synapse<double> begins(double w, const parameters<double>& p) { return {0, (w - p.w_0)/(p.w_1 - p.w_0)}; }
    static constexpr double after_arrival(const parameters<double>& p) { return p.late; }

    template <class V> static constexpr V on_arrival(kept<graupner_brunel, V>& k, const local<graupner_brunel, V>& at) {
        k.c += at.p.c_pre;
        return V(0.0);
    }
    template <class V> static constexpr V on_spike(kept<graupner_brunel, V>& k, const local<graupner_brunel, V>& at) {
        k.c += at.p.c_post;
        return V(0.0);
    }
    /// First the time above both thresholds, then that above one, then the rest, as calcium decays. One number of chance is shared by
    /// the two noisy spans: their noises add up to one of the summed variance.
    template <class V> static constexpr V relax(kept<graupner_brunel, V>& k, const local<graupner_brunel, V>& at, V elapsed) {
        const auto& p = at.p;
        const auto above = [&](V threshold) { return math::at_most(p.tau_ca*math::log(math::at_least(k.c/threshold, V(1.0))), elapsed); };
        const V over_d = above(p.theta_d), over_p = above(p.theta_p);
        const V lower = math::at_most(over_d, over_p), higher = math::at_least(over_d, over_p);
        const V rises = math::select(over_p > over_d, V(1.0), V(0.0)), falls = V(1.0) - rises;
        const V before = k.e;
        V variance(0.0);
        k.e = pulled(p, k.e, lower, p.gamma_p, p.gamma_d, V(2.0), variance);
        k.e = pulled(p, k.e, higher - lower, rises*p.gamma_p, falls*p.gamma_d, V(1.0), variance);
        k.e = math::fma(math::sqrt(variance), at.chance, drifted(p, k.e, elapsed - higher));
        k.c = k.c*math::exp(-elapsed/p.tau_ca);
        return (p.w_1 - p.w_0)*(k.e - before);
    }

private:
    /// e after a span with these speeds. The noise of so many thresholds that are exceeded adds to the variance, and what was there fades.
    template <class V> static constexpr V pulled(const parameters<V>& p, V e, V span, V up, V down, V thresholds, V& variance) {
        const V speed = math::at_least(up + down, V(1e-12)), left = math::exp(-speed*span/p.tau);
        const V share = V(1.0) - left*left;
        variance = variance*left*left + thresholds*p.sigma*p.sigma*share/(V(2.0)*speed);
        return drifted(p, math::fma(V(1.0) - left, up/speed - e, e), span);
    }
    /// e after a span of the cubic drift alone: with x = e - 1/2, x^2 is logistic.
    template <class V> static constexpr V drifted(const parameters<V>& p, V e, V span) {
        const V x = e - V(0.5), square = x*x;
        return math::fma(x, math::sqrt(V(0.25)/math::fma(V(0.25) - square, math::exp(V(-0.5)*span/p.tau), square)), V(0.5));
    }
};

}  // namespace apical::plasticity
