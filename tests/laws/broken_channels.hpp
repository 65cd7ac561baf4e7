// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <type_traits>

#include "channels/channel.hpp"

/// Channels that are wrong, each in one way. A law that lets its twin pass is no law.
namespace apical::laws::broken {

using channels::gate;

/// A sound channel; the others replace one of its functions.
struct sound {
    static constexpr channel_info info{.name = "sound", .summary = "a test channel", .source = "Nobody (2020)",
                                       .carries = ion::na};
    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 0.1, "S/cm2", "peak conductance density", 0, 10}};
    template <class V> struct state { V m; };
    static constexpr state<field> meaning{{"m", 0, "", "activation", 0, 1}};

    template <class V> static constexpr gate<V> m(V v) {
        return {math::logistic<V>((v + V(38.0))*V(0.1)), math::linoid<V>((v + V(38.0))*V(-0.1)) + V(0.1)};
    }
    template <class V> static constexpr state<V> rest(const membrane<V>& at, const parameters<V>&) { return {m(at.v).inf}; }
    template <class V>
    static constexpr state<V> advance(state<V> s, const membrane<V>& at, const parameters<V>&, double dt) {
        return {channels::relax(s.m, m(at.v), dt)};
    }
    template <class V, class U>
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*(v - at.e_rev);
    }
};

/// Explicit Euler: leaves [0, 1] and is no exact solution.
struct euler : sound {
    template <class V>
    static constexpr state<V> advance(state<V> s, const membrane<V>& at, const parameters<V>&, double dt) {
        return {s.m + V(dt)*m(at.v).rate*(m(at.v).inf - s.m)};
    }
};
/// Starts where it does not stay.
struct wrong_rest : sound {
    template <class V> static constexpr state<V> rest(const membrane<V>& at, const parameters<V>&) {
        return {m(at.v + V(1e-9)).inf};
    }
};
/// Follows the potential at once, also in no time.
struct jumpy : sound {
    template <class V>
    static constexpr state<V> advance(state<V>, const membrane<V>& at, const parameters<V>&, double) { return {m(at.v).inf}; }
};
/// 0/0 at -38 mV.
struct singular : sound {
    template <class V> static constexpr state<V> rest(const membrane<V>& at, const parameters<V>&) {
        const V x = (at.v + V(38.0))*V(0.1);
        return {x/(math::exp<V>(x) - V(1.0))*V(1e-8)};
    }
};
/// Forgets whose potential drives it.
struct no_reversal : sound {
    template <class V, class U>
    static constexpr U current(const state<V>& s, const membrane<V>&, const parameters<V>& p, U v) {
        return p.g_max*s.m*v;
    }
};
/// Counts electrode current as membrane current.
struct inward : sound {
    template <class V, class U>
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*(at.e_rev - v);
    }
};
/// Hides an instantaneous gate from the derivative.
struct flat_slope : sound {
    template <class V, class U>
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.m*m(at.v).inf*(v - at.e_rev);
    }
};
struct squared_density : sound {
    template <class V, class U>
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*p.g_max*s.m*(v - at.e_rev);
    }
};
/// Takes another exponential as a double than as a pack.
struct two_faced : sound {
    template <class V> static constexpr state<V> rest(const membrane<V>& at, const parameters<V>&) {
        const V x = (at.v + V(38.0))*V(-0.1);
        if constexpr (std::is_same_v<V, double>) return {1/(1 + std::exp(x))};
        else return {V(1.0)/(V(1.0) + math::exp<V>(x))};
    }
};
struct bad_unit : sound {
    static constexpr parameters<field> defaults{{"g_max", 0.1, "Siemens", "peak conductance density", 0, 10}};
};
struct bad_range : sound {
    static constexpr parameters<field> defaults{{"g_max", 0.1, "S/cm2", "peak conductance density", 1, 10}};
};
struct no_meaning : sound {
    static constexpr state<field> meaning{{"m", 0, "", "", 0, 1}};
};
struct no_year : sound {
    static constexpr channel_info info{.name = "no_year", .summary = "a test channel", .source = "personal communication"};
};

/// A sound Markov scheme, closed and open; its twins replace the step.
struct sound_scheme : sound {
    static constexpr channel_info info{.name = "sound_scheme", .summary = "a test channel", .source = "Nobody (2020)",
                                       .carries = ion::na, .is_markov = true};
    template <class V> struct state { V closed, open; };
    static constexpr state<field> meaning{{"closed", 0, "", "closed", 0, 1}, {"open", 0, "", "open", 0, 1}};

    template <class V> static constexpr state<V> rest(const membrane<V>& at, const parameters<V>&) {
        const V open = m(at.v).inf;
        return {V(1.0) - open, open};
    }
    template <class V> static constexpr state<V> relaxed(const state<V>& s, const membrane<V>& at, V part) {
        const V open = s.open + part*(m(at.v).inf - s.open);
        return {s.closed + (s.open - open), open};
    }
    template <class V>
    static constexpr state<V> advance(state<V> s, const membrane<V>& at, const parameters<V>&, double dt) {
        const V x = V(dt)*m(at.v).rate;
        return relaxed<V>(s, at, x/(V(1.0) + x));
    }
    template <class V, class U>
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.open*(v - at.e_rev);
    }
};
/// Takes a microsecond for whatever it is asked for.
struct hasty_scheme : sound_scheme {
    template <class V>
    static constexpr state<V> advance(state<V> s, const membrane<V>& at, const parameters<V>& p, double) {
        return sound_scheme::advance<V>(s, at, p, 1e-3);
    }
};
/// Loses what closes.
struct leaky_scheme : sound_scheme {
    template <class V>
    static constexpr state<V> advance(state<V> s, const membrane<V>& at, const parameters<V>& p, double dt) {
        return {s.closed, sound_scheme::advance<V>(s, at, p, dt).open};
    }
};

}  // namespace apical::laws::broken
