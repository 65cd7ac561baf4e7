// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

#include "core/dual.hpp"
#include "core/math.hpp"
#include "core/members.hpp"
#include "core/schema.hpp"
#include "core/units.hpp"

namespace apical {

/// Ions a model keeps account of. `none`: a non-specific current, whose reversal potential is its own parameter.
enum class ion : int { none, na, k, ca, cl };
inline constexpr int ion_count = 5;
constexpr std::string_view ion_name(ion i) {
    constexpr std::string_view names[] = {"none", "na", "k", "ca", "cl"};
    return names[static_cast<int>(i)];
}
constexpr int valence(ion i) { return i == ion::ca ? 2 : i == ion::cl ? -1 : 1; }

/// What every channel file says about itself.
struct channel_info {
    std::string_view name;         ///< catalogue name: that of the struct and of the file
    std::string_view summary;      ///< one line
    std::string_view source;       ///< the paper, with its year
    apical::ion carries = ion::none;   ///< whose current it is; its reversal potential is membrane::e_rev
    apical::ion reads = ion::none;     ///< whose concentrations are membrane::c_in and c_out
    double q10 = 1;                ///< rate factor per 10 degrees; membrane::q is q10^((T - q10_at)/10)
    double q10_at = 6.3;           ///< temperature at which the rates hold as written [degC]
    /// Whether the states are the occupancies of one Markov scheme: they sum to 1, and `advance` is an implicit Euler step, of
    /// first order.
    bool is_markov = false;
};

/// The same for a concentration mechanism: it turns the current of one ion into that ion's inner concentration.
struct pool_info {
    std::string_view name, summary, source;
    apical::ion of = ion::ca;
};

/// The same for a receptor: a ligand-gated channel that takes events, each with a weight.
struct receptor_info {
    std::string_view name, summary, source;
    bool is_linear = true;         ///< states and conductance are linear in the weights: inputs at one place share one state
    apical::ion carries = ion::none;   ///< whose current it is; none: sodium and potassium, as the reversal potential says
    std::string_view weight_unit = "uS";   ///< of an event's weight: a conductance, or a current where the potential does not matter
};

/// What a channel can see where it sits. V is double or a pack.
template <class V> struct membrane {
    V v;              ///< membrane potential [mV]
    V e_rev;          ///< reversal potential of the ion it carries [mV]
    V c_in, c_out;    ///< concentrations of the ion it reads [mM]
    double q = 1;     ///< rate factor of the temperature, see channel_info::q10
    double rt_f = 0;  ///< RT/F [mV]
};

namespace channels {

/// A first-order gate: where it tends to, and how fast, rate = 1/tau [1/ms].
template <class V> struct gate {
    V inf, rate;
    /// The same gate, faster by a factor: that of the temperature, or a parameter.
    [[gnu::always_inline]] friend constexpr gate operator*(V factor, gate g) { return {g.inf, factor*g.rate}; }
};

/// From opening and closing rates alpha and beta [1/ms].
template <class V> [[gnu::always_inline]] constexpr gate<V> from_rates(V alpha, V beta) {
    const V rate = alpha + beta;
    return {alpha/rate, rate};
}
/// From the steady state and the time constant [ms].
template <class V> [[gnu::always_inline]] constexpr gate<V> from_tau(V inf, V tau) { return {inf, V(1.0)/tau}; }

/// The exact solution of x' = (inf - x) rate over dt with v held: NEURON's cnexp.
template <class V> [[gnu::always_inline]] constexpr V relax(V x, gate<V> g, double dt) {
    return math::fma(math::approach<V>(g.rate, dt), g.inf - x, x);
}

/// Whether the states of a channel are first-order gates, which its `gates(membrane, parameters)` gives as a state<gate<V>>. A channel
/// of another kind has `rest` and `advance` of its own, with the arguments of the functions below.
template <class C> concept gated = requires(const membrane<double>& at, const typename C::template parameters<double>& p) { C::gates(at, p); };
template <class C> concept stateless = member_count<typename C::template state<double>>() == 0;

/// States that a held membrane potential leads to.
template <class C, class V>
[[gnu::always_inline]] constexpr auto rest(const membrane<V>& at, const typename C::template parameters<V>& p) {
    using state = typename C::template state<V>;
    if constexpr (stateless<C>) return state{};
    else if constexpr (!gated<C>) return C::rest(at, p);
    else {
        const auto gates = as_array<gate<V>>(C::gates(at, p));
        return make_record<state>([&](std::size_t i) { return gates[i].inf; });
    }
}
/// States that a run starts from: those at rest, or what the channel gives as `start(membrane, parameters)` because published
/// simulations start elsewhere.
template <class C> constexpr auto start(const membrane<double>& at, const typename C::template parameters<double>& p) {
    if constexpr (requires { C::start(at, p); }) return C::start(at, p);
    else return rest<C>(at, p);
}
/// States dt [ms] later, with the potential held.
template <class C, class V>
[[gnu::always_inline]] constexpr auto advance(const typename C::template state<V>& s, const membrane<V>& at,
                                              const typename C::template parameters<V>& p, double dt) {
    using state = typename C::template state<V>;
    if constexpr (stateless<C>) return s;
    else if constexpr (!gated<C>) return C::advance(s, at, p, dt);
    else {
        const auto gates = as_array<gate<V>>(C::gates(at, p));
        const auto x = as_array<V>(s);
        return make_record<state>([&](std::size_t i) { return relax(x[i], gates[i], dt); });
    }
}

/// Reversal potential (RT/zF) ln(c_out/c_in) [mV]; concentrations [mM], thermal voltage rt_f = RT/F [mV].
/// c_in is kept above 1e-18 mM, so that a depleted pool gives a large potential and not an infinite one.
template <class V> [[gnu::always_inline]] constexpr V nernst(V c_in, V c_out, double rt_f, int z) {
    return V(rt_f/z)*(math::log<V>(c_out) - math::log<V>(math::at_least(c_in, V(1e-18))));
}

/// Goldman-Hodgkin-Katz current per permeability [pC/um3 = nA ms/um3]: multiply by a permeability [um/ms] to get nA/um2.
/// Goldman (1943) J Gen Physiol 27:37; Hodgkin & Katz (1949) J Physiol 108:37.
template <class V, class U> [[gnu::always_inline]] constexpr U ghk(U v, V c_in, V c_out, double rt_f, int z) {
    const U x = v*V(z/rt_f);
    return V(z*constants::faraday)*(c_in*math::linoid(-x) - c_out*math::linoid(x));
}

}  // namespace channels
}  // namespace apical
