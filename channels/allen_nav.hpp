// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "channels/families/markov.hpp"
#include "channels/families/rates.hpp"

namespace apical::channels {

/// Sodium channel of the interneurons of the Allen Cell Types Database (NaV): a Markov scheme whose chain of closed states c1 to c5
/// ends in the open one, o; beside each lies an inactivated state, i1 to i6. Steps are implicit Euler steps, as in the published
/// simulations.
struct allen_nav {
    static constexpr channel_info info{.name = "allen_nav",
                                       .summary = "sodium current, Markov scheme of 12 states",
                                       .source = "Carter, Giessel, Sabatini & Bean (2012) Neuron 75:1081; Gouwens et al. (2018) Nat "
                                                 "Commun 9:710",
                                       .carries = ion::na,
                                       .q10 = 2.3,
                                       .q10_at = 37,
                                       .is_markov = true};

    template <class V> struct parameters { V g_max; };
    static constexpr parameters<field> defaults{{"g_max", 0.015, "S/cm2", "peak conductance density", 0, 100}};

    /// In the order of elimination: each exchanges with the next two at most.
    template <class V> struct state { V c1, i1, c2, i2, c3, i3, c4, i4, c5, i5, o, i6; };
    static constexpr state<field> meaning{
        {"c1", 0, "", "closed, no sensor activated", 0, 1},  {"i1", 0, "", "inactivated from c1", 0, 1},
        {"c2", 0, "", "closed, one activated", 0, 1},        {"i2", 0, "", "inactivated from c2", 0, 1},
        {"c3", 0, "", "closed, two activated", 0, 1},        {"i3", 0, "", "inactivated from c3", 0, 1},
        {"c4", 0, "", "closed, three activated", 0, 1},      {"i4", 0, "", "inactivated from c4", 0, 1},
        {"c5", 0, "", "closed, four activated", 0, 1},       {"i5", 0, "", "inactivated from c5", 0, 1},
        {"o", 0, "", "open", 0, 1},                          {"i6", 0, "", "inactivated from the open state", 0, 1}};

    static constexpr std::size_t states = 12;
    template <class V> using occupancies = std::array<V, states>;

    /// Inactivation makes activation faster by 2.51 and deactivation slower by 5.32, and with every activated sensor it becomes
    /// faster, and recovery slower, by as much.
    template <class V> [[gnu::always_inline]] static constexpr markov::rates<V, states> rates(V v, double q) {
        constexpr double faster = 2.51, slower = 5.32;
        const V e = exp_at<V>(v, 0, 24), f = V(400*q)*e, b = V(12*q)/e;
        markov::rates<V, states> k;
        double into = 0.01*q, out_of = 40*q;
        for (std::size_t n = 0; n < states; ++n) k.to_next[n] = k.from_next[n] = k.to_second[n] = k.from_second[n] = V(0.0);
        for (std::size_t n = 0; n < 5; ++n, into *= faster, out_of /= slower) {
            const double sensors = 4.0 - static_cast<double>(n), back = static_cast<double>(n) + 1;
            k.to_next[2*n] = V(into), k.from_next[2*n] = V(out_of);
            k.to_second[2*n] = n < 4 ? V(sensors)*f : V(250*q), k.from_second[2*n] = n < 4 ? V(back)*b : V(60*q);
            k.to_second[2*n + 1] = n < 4 ? V(sensors*faster)*f : V(250*q), k.from_second[2*n + 1] = n < 4 ? V(back/slower)*b : V(60*q);
        }
        k.to_next[10] = V(8*q), k.from_next[10] = V(0.05*q);
        return k;
    }

    template <class V> [[gnu::always_inline]] static constexpr state<V> as_state(const occupancies<V>& x) {
        return make_record<state<V>>([&](std::size_t n) { return x[n]; });
    }
    template <class V> [[gnu::always_inline]] static constexpr state<V> rest(const membrane<V>& at, const parameters<V>&) {
        return as_state<V>(markov::steady<V, states>(rates<V>(at.v, at.q)));
    }
    template <class V> [[gnu::always_inline]]
    static constexpr state<V> advance(const state<V>& s, const membrane<V>& at, const parameters<V>&, double dt) {
        return as_state<V>(markov::implicit_step<V, states>(rates<V>(at.v, at.q), as_array<V>(s), dt));
    }

    /// The published file starts from balances one of which is wrong: what comes into i3 from i4 has the rate of i3 to c3. So it
    /// starts beside the steady state, by little.
    static constexpr state<double> start(const membrane<double>& at, const parameters<double>&) {
        const auto k = rates<double>(at.v, at.q);
        std::array<occupancies<double>, states> balance{};
        const auto exchange = [&](std::size_t a, std::size_t b, double there, double back) {
            balance[a][a] += there, balance[b][b] += back, balance[a][b] -= back, balance[b][a] -= there;
        };
        for (std::size_t n = 0; n + 1 < states; ++n) exchange(n, n + 1, k.to_next[n], k.from_next[n]);
        for (std::size_t n = 0; n + 2 < states; ++n) exchange(n, n + 2, k.to_second[n], k.from_second[n]);
        constexpr std::size_t c3 = 4, i3 = 5, i4 = 7;
        balance[i3][i4] = -k.from_next[c3];
        balance.back().fill(1);
        occupancies<double> sum{};
        sum.back() = 1;
        return as_state<double>(markov::solve(balance, sum));
    }

    template <class V, class U> [[gnu::always_inline]]
    static constexpr U current(const state<V>& s, const membrane<V>& at, const parameters<V>& p, U v) {
        return p.g_max*s.o*(v - at.e_rev);
    }
};

}  // namespace apical::channels
