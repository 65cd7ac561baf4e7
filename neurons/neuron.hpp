// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <string_view>
#include <type_traits>

#include "core/math.hpp"
#include "core/members.hpp"
#include "core/schema.hpp"
#include "core/units.hpp"

namespace apical {

inline constexpr int most_neuron_compartments = 3;

/// What every file of the neurons folder says about its model: a neuron of one or a few compartments, told by a handful of
/// differential equations, a threshold and a reset.
struct neuron_info {
    std::string_view name;         ///< catalogue name: that of the struct and of the file
    std::string_view summary;      ///< one line
    std::string_view source;       ///< the papers, with their years
    /// Sections of the neuron, in order. Currents, receptors and probes are placed on them: "soma(0.5)".
    std::array<std::string_view, most_neuron_compartments> compartments = {"soma"};
    /// States that are the membrane potentials of the compartments, by position; -1: there is none (a rate).
    std::array<int, most_neuron_compartments> voltage = {0, -1, -1};
    bool resets = true;            ///< a spike ends in a jump of the state; else it is only noted
    /// Whether each event is answered at its own time, one after the other, and nothing else moves the neuron but its own decay below the
    /// threshold; else events of a step act together at the nearest step.
    bool answers_each = false;
    bool rests = true;             ///< rest() is a fixed point without input; else only a place to start from
    constexpr int compartment_count() const {
        int n = 0;
        while (n < most_neuron_compartments && !compartments[static_cast<std::size_t>(n)].empty()) ++n;
        return n;
    }
};

/// What reaches one compartment: the current i - g v [nA], positive depolarises. Electrodes add to i [nA], receptors to both
/// (g in uS).
template <class V> struct neuron_input { V i, g; };

/// What a neuron sees from outside, the same all through a step. V is double or a pack.
template <class V> struct surroundings {
    std::array<neuron_input<V>, most_neuron_compartments> in;
    V free;                        ///< 1; 0 while the neuron is refractory
};

namespace neurons {

/// x' = (target - x) rate, exactly over dt; also where rate is 0 or negative.
template <class V> [[gnu::always_inline]] constexpr V relaxed(V x, V target, V rate, double dt) {
    return math::fma(V(1.0) - math::exp<V>(rate*V(-dt)), target - x, x);
}
/// What is left of x after dt of exponential decay.
template <class V> [[gnu::always_inline]] constexpr V decayed(V x, V rate, double dt) { return x*math::exp<V>(rate*V(-dt)); }

/// dt (e^(x) - 1)/x for x = rate dt: how much a unit input that grows at this rate adds in dt.
template <class V> [[gnu::always_inline]] constexpr V grown(V rate, double dt) { return V(dt)*math::exprel<V>(rate*V(dt)); }

/// to += factor*rates, member by member.
template <class S, class V> [[gnu::always_inline]] constexpr void add_scaled(S& to, const S& rates, V factor) {
    std::array<const V*, most_members> from{};
    std::size_t n = 0, k = 0;
    for_each_member(rates, [&](const V& x) { from[n++] = &x; });
    for_each_member(to, [&](V& x) { x = math::fma(factor, *from[k++], x); });
}

/// v' = a v^2 + b v + c with a > 0, exactly over dt wherever dt^2 (b^2/4 - a c) is within [-1, 1], else to second order (Kahan's
/// method). The solution is a fraction; 1000 stands for what lies beyond its pole.
template <class V> struct quadratic {
    V a, b, c;

    [[gnu::always_inline]] constexpr V flow(V v, V dt) const {
        const V z = dt*dt*(V(0.25)*b*b - a*c);
        const auto small = math::absolute(z) < V(1.0);
        // cosh(sqrt z) and sinh(sqrt z)/sqrt z
        V even(1/479001600.0), odd(1/6227020800.0);
        for (const double n : {10.0, 8.0, 6.0, 4.0, 2.0}) {
            even = math::fma(even, z, V(1/factorial(n)));
            odd = math::fma(odd, z, V(1/factorial(n + 1)));
        }
        even = math::select(small, math::fma(even, z, V(1.0)), V(1.0)), odd = math::select(small, math::fma(odd, z, V(1.0)), V(1.0));
        const V below = even - dt*odd*math::fma(a, v, V(0.5)*b), above = even*v + dt*odd*math::fma(V(0.5)*b, v, c);
        const V there = above/below;
        return math::select(below < V(1e-300), V(1e3), math::at_most(there, V(1e3)));   // what is no number stays none
    }

private:
    static constexpr double factorial(double n) { return n < 2 ? 1 : n*factorial(n - 1); }
};

/// One step of the classical method of Runge and Kutta on a model's own rates.
template <class M, class S, class P, class A> [[gnu::always_inline]]
constexpr S runge_kutta(const S& s, const P& p, const A& at, double dt) {
    using V = std::remove_cvref_t<decltype(at.free)>;
    const auto moved = [&](const S& rates, double h) {
        S to = s;
        add_scaled(to, rates, V(h));
        return to;
    };
    const S k1 = M::rates(s, p, at), k2 = M::rates(moved(k1, 0.5*dt), p, at), k3 = M::rates(moved(k2, 0.5*dt), p, at), k4 = M::rates(moved(k3, dt), p, at);
    S to = s;
    add_scaled(to, k1, V(dt/6)), add_scaled(to, k2, V(dt/3)), add_scaled(to, k3, V(dt/3)), add_scaled(to, k4, V(dt/6));
    return to;
}

}  // namespace neurons
}  // namespace apical
