// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace apical {

/// Records of a channel or neuron (`state<V>`, `parameters<V>`) are plain structs whose members all have type V. What follows lets the
/// engine walk their members, so that one record describes a schema row, a row of doubles, a set of registers and columns.
namespace detail {
struct anything { template <class T> operator T() const; };

template <class R, std::size_t... I> constexpr bool takes(std::index_sequence<I...>) {
    return requires { R{(static_cast<void>(I), anything{})...}; };
}
template <class R, std::size_t N> constexpr std::size_t count() {
    if constexpr (N == 0) return 0;
    else if constexpr (takes<R>(std::make_index_sequence<N>{})) return N;
    else return count<R, N - 1>();
}
}  // namespace detail

inline constexpr std::size_t most_members = 22;

/// Number of members of a record.
template <class R> constexpr std::size_t member_count() {
    if constexpr (std::is_empty_v<R>) return 0;
    else return detail::count<R, most_members>();
}

/// Calls f with each member, in order of declaration.
template <class R, class F> [[gnu::always_inline]] constexpr void for_each_member(R& r, F&& f) {
    constexpr auto n = member_count<std::remove_const_t<R>>();
    if constexpr (n == 1) { auto& [a] = r; f(a); }
    else if constexpr (n == 2) { auto& [a, b] = r; f(a), f(b); }
    else if constexpr (n == 3) { auto& [a, b, c] = r; f(a), f(b), f(c); }
    else if constexpr (n == 4) { auto& [a, b, c, d] = r; f(a), f(b), f(c), f(d); }
    else if constexpr (n == 5) { auto& [a, b, c, d, e] = r; f(a), f(b), f(c), f(d), f(e); }
    else if constexpr (n == 6) { auto& [a, b, c, d, e, g] = r; f(a), f(b), f(c), f(d), f(e), f(g); }
    else if constexpr (n == 7) { auto& [a, b, c, d, e, g, h] = r; f(a), f(b), f(c), f(d), f(e), f(g), f(h); }
    else if constexpr (n == 8) { auto& [a, b, c, d, e, g, h, i] = r; f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i); }
    else if constexpr (n == 9) {
        auto& [a, b, c, d, e, g, h, i, j] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j);
    } else if constexpr (n == 10) {
        auto& [a, b, c, d, e, g, h, i, j, k] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j), f(k);
    } else if constexpr (n == 11) {
        auto& [a, b, c, d, e, g, h, i, j, k, l] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j), f(k), f(l);
    } else if constexpr (n == 12) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j), f(k), f(l), f(m);
    } else if constexpr (n == 13) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j), f(k), f(l), f(m), f(n);
    } else if constexpr (n == 14) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j), f(k), f(l), f(m), f(n), f(o);
    } else if constexpr (n == 15) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j), f(k), f(l), f(m), f(n), f(o), f(p);
    } else if constexpr (n == 16) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j), f(k), f(l), f(m), f(n), f(o), f(p), f(q);
    } else if constexpr (n == 17) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, s] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j), f(k), f(l), f(m), f(n), f(o), f(p), f(q), f(s);
    } else if constexpr (n == 18) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, s, t] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j), f(k), f(l), f(m), f(n), f(o), f(p), f(q), f(s), f(t);
    } else if constexpr (n == 19) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, s, t, u] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j), f(k), f(l), f(m), f(n), f(o), f(p), f(q), f(s), f(t), f(u);
    } else if constexpr (n == 20) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, s, t, u, v] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j), f(k), f(l), f(m), f(n), f(o), f(p), f(q), f(s), f(t), f(u), f(v);
    } else if constexpr (n == 21) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, s, t, u, v, w] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j), f(k), f(l), f(m), f(n), f(o), f(p), f(q), f(s), f(t), f(u), f(v), f(w);
    } else if constexpr (n == 22) {
        auto& [a, b, c, d, e, g, h, i, j, k, l, m, n, o, p, q, s, t, u, v, w, x] = r;
        f(a), f(b), f(c), f(d), f(e), f(g), f(h), f(i), f(j), f(k), f(l), f(m), f(n), f(o), f(p), f(q), f(s), f(t), f(u), f(v), f(w), f(x);
    } else static_assert(n == 0, "a record has at most 22 members");
}

/// Builds a record by calling f(0), f(1), ... for its members.
template <class R, class F> [[gnu::always_inline]] constexpr R make_record(F&& f) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
        return R{f(I)...};
    }(std::make_index_sequence<member_count<R>()>{});
}

/// The members of a record, all of type T.
template <class T, class R> [[gnu::always_inline]] constexpr auto as_array(const R& r) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
        const T* members[sizeof...(I)];
        std::size_t n = 0;
        for_each_member(r, [&](const T& x) { members[n++] = &x; });
        return std::array<T, sizeof...(I)>{*members[I]...};
    }(std::make_index_sequence<member_count<R>()>{});
}

}  // namespace apical
