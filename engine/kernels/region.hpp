// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>

#include "core/single_pack.hpp"
#include "engine/kernels/view.hpp"
#include "engine/kernels/voltage_gated.hpp"

/// The kernels themselves, as templates over layout, scheme and mechanisms. Included only where they are instantiated.
namespace apical::kernels {

template <class M> inline constexpr bool is_channel = std::same_as<decltype(M::info), const channel_info>;
template <class M> inline constexpr bool is_pool = std::same_as<decltype(M::info), const pool_info>;
template <class M> inline constexpr bool is_receptor = std::same_as<decltype(M::info), const receptor_info>;

template <class M> constexpr std::size_t parameter_count() { return member_count<typename M::template parameters<double>>(); }
template <class M> constexpr std::size_t state_count() {
    if constexpr (is_pool<M>) return 1;
    else return member_count<typename M::template state<double>>();
}

/// Whether a pool does part of a step's work once and for all, as `prepare(parameters, dt)`.
template <class M> concept prepares = requires { typename M::template constants_of_step<double>; };
template <class M> constexpr std::size_t prepared_count() {
    if constexpr (prepares<M>) return member_count<typename M::template constants_of_step<double>>();
    else return 0;
}

/// Pack k of a column of the plan.
template <layout L> [[gnu::always_inline]] inline V table(const double* column, int k) {
    if constexpr (L == along_rows) return V::load(column + k*width);
    else return V(native_pack(column[2*k]), native_pack(column[2*k + 1]));
}
/// v measured from the reference of its cell.
template <layout L> [[gnu::always_inline]] inline V from_reference(V v, const double* reference) {
    if constexpr (L == along_rows) return v - V(*reference);
    else return v - V(native_pack::load(reference), native_pack::load(reference));
}
template <class M, layout L> [[gnu::always_inline]] inline auto load_parameters(const double* p, std::size_t stride, int k) {
    return make_record<typename M::template parameters<V>>([&](std::size_t i) { return table<L>(p + i*stride, k); });
}
template <class M> [[gnu::always_inline]] inline auto load_states(const double* s, std::size_t stride, int k) {
    return make_record<typename M::template state<V>>([&](std::size_t i) { return V::load(s + i*stride + k*width); });
}
template <class R> [[gnu::always_inline]] inline void store_states(const R& record, double* s, std::size_t stride, int k) {
    for_each_member(record, [&](const V& x) { x.store(s + k*width), s += stride; });
}

/// As many singles as V has doubles.
using S = single_pack<width>;
template <layout L> [[gnu::always_inline]] inline S table(const float* column, int k) {
    if constexpr (L == along_rows) return S::load(column + k*width);
    else return S::of_two(column[2*k], column[2*k + 1]);
}
/// How many gates of single precision a channel has where there are any.
template <class M> constexpr std::size_t gate_count() {
    if constexpr (follows_voltage<M>()) return state_count<M>();
    else return 0;
}
[[gnu::always_inline]] inline V widened(S x) { return static_cast<V>(x); }

/// Current and its slope, summed over channels in their order.
template <class T> struct sums_of {
    T i{0.0}, g{0.0};
    [[gnu::always_inline]] sums_of& operator+=(const sums_of& s) { return i += s.i, g += s.g, *this; }
};
using sums = sums_of<V>;
[[gnu::always_inline]] inline const sums& widened(const sums& s) { return s; }
[[gnu::always_inline]] inline sums widened(const sums_of<S>& s) { return {widened(s.i), widened(s.g)}; }

/// The ion current over the last step, at the voltage the scheme uses for it.
template <bool second_order> [[gnu::always_inline]] inline V ion_current(const region_view& r, int ion, V x, int k) {
    const V intercept = V::load(r.ion_intercept[ion] + k*width);
    if constexpr (second_order) return math::fma(V::load(r.ion_slope[ion] + k*width), x, intercept);
    else return intercept;
}
/// Keeps what the next step's pools need of this step's ion current: with second order it is taken at the midpoint voltage x,
/// which is not known yet, so as a line in x. Both u and x are from the reference.
template <bool second_order> [[gnu::always_inline]] inline void keep_ion_current(const region_view& r, int ion, V u, const sums& s, int k) {
    if constexpr (second_order) {
        s.g.store(r.ion_slope[ion] + k*width);
        math::fma(-s.g, u, s.i).store(r.ion_intercept[ion] + k*width);
    } else {
        s.i.store(r.ion_intercept[ion] + k*width);
    }
}

template <class T> struct ion_state_of { T c_in, e_rev; };
using ion_state = ion_state_of<V>;

/// Advances a pool and gives the concentration now and the reversal potential at the look-ahead, `single`: right to single precision.
template <class P, layout L, bool second_order, bool single>
[[gnu::always_inline]] inline ion_state advance_pool(const region_view& r, const step& t, const double* parameters, const double* prepared,
                                                     double* c, V x, int k) {
    constexpr int ion = static_cast<int>(P::info.of);
    const V before = V::load(c + k*width);
    V now = before;
    if (t.pools) {
        const auto p = load_parameters<P, L>(parameters, r.parameter_stride, k);
        const V i = ion_current<second_order>(r, ion, x, k)*table<L>(r.pool_density, k);
        if constexpr (prepares<P>)
            now = P::advance(before, p, i, make_record<typename P::template constants_of_step<V>>(
                                               [&](std::size_t n) { return table<L>(prepared + n*r.parameter_stride, k); }));
        else now = P::advance(before, p, i, t.dt);
        now.store(c + k*width);
    }
    V later = now;
    if constexpr (second_order) later = math::fma(V(t.look_ahead), now - before, now);
    if constexpr (single) return {now, widened(channels::nernst<S>(S(later), S(r.ions[ion].c_out), r.rt_f, valence(P::info.of)))};
    else return {now, channels::nernst<V>(later, V(r.ions[ion].c_out), r.rt_f, valence(P::info.of))};
}

/// Advances a channel that follows the voltage by its own functions.
template <class M> void gate_kernel(const region_view& view, const step& t) {
    const region_view r = view;
    const auto unused = make_record<typename M::template parameters<V>>([](std::size_t) { return V(0.0); });
    for (int k = 0; k < r.packs; ++k) {
        const membrane<V> at{V::load(r.v + k*width), V(0.0), V(0.0), V(0.0), r.q[0], r.rt_f};
        if (!r.gates) {
            store_states(channels::advance<M>(load_states<M>(r.states, r.state_stride, k), at, unused, t.gates), r.states, r.state_stride, k);
            continue;
        }
        float* gate = r.gates + k*width;
        float* remainder = r.gate_remainders + k*width;
        const auto before = make_record<typename M::template state<V>>(
            [&](std::size_t i) { return widened(S::load(gate + i*r.gate_stride)) + widened(S::load(remainder + i*r.gate_stride)); });
        const auto after = channels::advance<M>(before, at, unused, t.gates);
        for_each_member(after, [&](const V& x) {
            const S rounded(x);
            rounded.store(gate), S(x - widened(rounded)).store(remainder);
            gate += r.gate_stride, remainder += r.gate_stride;
        });
    }
}

/// The current of a channel as the line in v that is solved.
template <class M> [[gnu::always_inline]] inline sums line_of(const region_view& r, const typename M::template state<V>& s, const membrane<V>& at,
                                                               const typename M::template parameters<V>& p) {
    const auto i = M::current(s, at, p, variable(at.v));
    if constexpr (!is_straight<M>())
        if (r.slope_over > 0) return {i.value, (M::current(s, at, p, at.v + V(r.slope_over)) - i.value)/V(r.slope_over)};
    return {i.value, i.slope};
}

[[gnu::always_inline]] inline membrane<S> in_single(const membrane<V>& at) { return {S(at.v), S(at.e_rev), S(at.c_in), S(at.c_out), at.q, at.rt_f}; }

/// Whether a kernel advances the channel itself; else it has no states, or a table or gate_kernel has advanced them.
template <class M> consteval bool moves_itself() { return state_count<M>() > 0 && !follows_voltage<M>(); }

/// Advances the states of a channel that moves itself.
template <class M, layout L>
[[gnu::always_inline]] inline void advance_channel(const region_view& r, const step& t, const membrane<V>& at, const double* parameters, double* states, int k) {
    const auto p = load_parameters<M, L>(parameters, r.parameter_stride, k);
    store_states(channels::advance<M>(load_states<M>(states, r.state_stride, k), at, p, t.gates), states, r.state_stride, k);
}
/// The same with where its gates tend to, and how fast, from single precision.
template <class M, layout L>
[[gnu::always_inline]] inline void advance_channel(const region_view& r, const step& t, const membrane<S>& at, const float* parameters, double* states, int k) {
    const auto p = make_record<typename M::template parameters<S>>([&](std::size_t i) { return table<L>(parameters + i*r.parameter_stride, k); });
    const auto gates = as_array<channels::gate<S>>(M::gates(at, p));
    for (std::size_t i = 0; i < state_count<M>(); ++i) {
        double* const to = states + i*r.state_stride + k*width;
        const V x = V::load(to);
        math::fma(widened(math::approach(gates[i].rate, t.gates)), widened(gates[i].inf) - x, x).store(to);
    }
}
/// The current of a channel at the states it has reached.
template <class M, layout L>
[[gnu::always_inline]] inline sums current_of(const region_view& r, const membrane<V>& at, const double* parameters, const double* states, int k) {
    return line_of<M>(r, load_states<M>(states, r.state_stride, k), at, load_parameters<M, L>(parameters, r.parameter_stride, k));
}

/// The same in single precision, but for channels whose current bends. `gates` are the channel's own.
template <class M, layout L>
[[gnu::always_inline]] inline sums_of<S> single_current_of(const region_view& r, const membrane<V>& at, const membrane<S>& in_single, const double* parameters,
                                                           const float* single_parameters, const double* states, const float* gates, int k) {
    const auto gate = [&](std::size_t i) { return S::load(gates + i*r.gate_stride + k*width); };
    if constexpr (is_straight<M>()) {
        const auto s = make_record<typename M::template state<S>>([&](std::size_t i) {
            if constexpr (follows_voltage<M>()) return gate(i);
            else return S(V::load(states + i*r.state_stride + k*width));
        });
        const auto p = make_record<typename M::template parameters<S>>([&](std::size_t i) { return table<L>(single_parameters + i*r.parameter_stride, k); });
        const auto i = M::current(s, in_single, p, variable(in_single.v));
        return {i.value, i.slope};
    } else {
        const auto s = make_record<typename M::template state<V>>([&](std::size_t i) {
            if constexpr (follows_voltage<M>()) return widened(gate(i));
            else return V::load(states + i*r.state_stride + k*width);
        });
        const sums line = line_of<M>(r, s, at, load_parameters<M, L>(parameters, r.parameter_stride, k));
        return {S(line.i), S(line.g)};
    }
}

template <layout L> [[gnu::always_inline]] inline void finish_row(const region_view& r, V u, const sums& s, int k) {
    math::fma(table<L>(r.capacitance, k), u, math::fma(s.g, u, -s.i)).store(r.rhs + k*width);
    (table<L>(r.fixed_diagonal, k) + s.g).store(r.diagonal + k*width);
}

/// All mechanisms of a region together: voltage and states are loaded once, right-hand side and diagonal stored once. A strip of rows
/// goes through twice, first what moves, then what flows: the former is one long chain of operations, and a processor does several such
/// at once only where little else stands between them. Pools come first in M.
template <layout L, bool second_order, class... M> struct fused {
    static void run(const region_view& view, const step& time) {
        if (view.gates) in_strips<true>(view, time);
        else in_strips<false>(view, time);
    }

private:
    static constexpr int strip = 16;                    // packs
    using reversals = double* [ion_count];              // of ions that have a pool, from the strip's first pack on [mV]

    template <bool single> static void in_strips(const region_view& view, const step& time) {
        const region_view r = view;
        const step t = time;
        for (int first = 0; first < r.packs; first += strip) {
            const int last = first + strip < r.packs ? first + strip : r.packs;
            double own[ion_count][strip*width];
            reversals e_rev;
            for (int i = 0; i < ion_count; ++i) e_rev[i] = r.ion_e_rev[i] ? r.ion_e_rev[i] + first*width : own[i];
            if constexpr (((is_pool<M> || moves<M>()) || ...))
                for (int k = first; k < last; ++k) move<single>(r, t, e_rev, first, k);
            for (int k = first; k < last; ++k) flow<single>(r, e_rev, first, k);
        }
    }

    template <std::size_t... N> static constexpr std::size_t before(std::size_t m) {
        const std::size_t counts[] = {N...};
        std::size_t total = 0;
        for (std::size_t i = 0; i < m; ++i) total += counts[i];
        return total;
    }
    template <class M1> static constexpr std::size_t index() {
        const bool same[] = {std::is_same_v<M1, M>...};
        std::size_t i = 0;
        while (!same[i]) ++i;
        return i;
    }
    template <class C> static consteval bool moves() {
        if constexpr (is_channel<C>) return moves_itself<C>();
        else return false;
    }
    template <class P> static constexpr bool keeps([[maybe_unused]] ion wanted) {
        if constexpr (is_pool<P>) return P::info.of == wanted;
        else return false;
    }
    static constexpr bool has_pool(ion wanted) { return (keeps<M>(wanted) || ...); }
    template <class M1> static const double* parameters_of(const region_view& r) {
        return r.parameters + before<parameter_count<M>()...>(index<M1>())*r.parameter_stride;
    }
    template <class M1> static double* states_of(const region_view& r) { return r.states + before<state_count<M>()...>(index<M1>())*r.state_stride; }
    template <class M1> static const float* gates_of(const region_view& r) { return r.gates + before<gate_count<M>()...>(index<M1>())*r.gate_stride; }
    template <class M1> static const float* single_parameters_of(const region_view& r) {
        return r.single_parameters + before<parameter_count<M>()...>(index<M1>())*r.parameter_stride;
    }

    /// What a channel sees; `ions` as advance_pool left them.
    template <class C, class T> [[gnu::always_inline]] static inline membrane<T> membrane_of(const region_view& r, T v, const ion_state_of<T>* ions) {
        constexpr int carries = static_cast<int>(C::info.carries), reads = static_cast<int>(C::info.reads);
        return {v, ions[carries].e_rev, ions[reads].c_in, T(r.ions[reads].c_out), r.q[index<C>()], r.rt_f};
    }
    template <bool single> [[gnu::always_inline]] static inline void move(const region_view& r, const step& t, const reversals& e_rev, int first, int k) {
        const V v = V::load(r.v + k*width), x = V::load(r.rhs + k*width);
        ion_state ions[ion_count];
        for (int i = 0; i < ion_count; ++i) ions[i] = {V(r.ions[i].c_in), V(r.ions[i].e_rev)};
        (advance_if_pool<M, single>(r, t, x, ions, k), ...);
        (advance_if_it_moves<M, single>(r, t, v, ions, k), ...);
        for (int i = 0; i < ion_count; ++i)
            if (has_pool(static_cast<ion>(i))) ions[i].e_rev.store(e_rev[i] + (k - first)*width);
    }
    template <class P, bool single>
    [[gnu::always_inline]] static inline void advance_if_pool(const region_view& r, const step& t, V x, ion_state* ions, int k) {
        if constexpr (is_pool<P>) {
            constexpr int ion = static_cast<int>(P::info.of);
            ions[ion] = advance_pool<P, L, second_order, single>(r, t, parameters_of<P>(r), r.prepared + before<prepared_count<M>()...>(index<P>())*r.parameter_stride,
                                                                 states_of<P>(r), x, k);
        }
    }
    template <class C, bool single>
    [[gnu::always_inline]] static inline void advance_if_it_moves(const region_view& r, const step& t, V v, const ion_state* ions, int k) {
        if constexpr (moves<C>()) {
            const auto at = membrane_of<C>(r, v, ions);
            if constexpr (single && channels::gated<C>) advance_channel<C, L>(r, t, in_single(at), single_parameters_of<C>(r), states_of<C>(r), k);
            else advance_channel<C, L>(r, t, at, parameters_of<C>(r), states_of<C>(r), k);
        }
    }

    template <bool single> [[gnu::always_inline]] static inline void flow(const region_view& r, const reversals& e_rev, int first, int k) {
        using T = std::conditional_t<single, S, V>;
        const V v = V::load(r.v + k*width), u = from_reference<L>(v, r.reference);
        const T at_v(v);
        ion_state ions[ion_count];
        ion_state_of<T> seen[ion_count];
        for (int i = 0; i < ion_count; ++i) {
            ions[i] = {V(r.ions[i].c_in), has_pool(static_cast<ion>(i)) ? V::load(e_rev[i] + (k - first)*width) : V(r.ions[i].e_rev)};
            seen[i] = {T(r.ions[i].c_in), has_pool(static_cast<ion>(i)) ? T(ions[i].e_rev) : T(r.ions[i].e_rev)};
        }
        (load_if_pool<M>(r, ions, seen, k), ...);
        sums_of<T> all, of_ion[ion_count];
        (add_if_channel<M>(r, v, at_v, ions, seen, all, of_ion, k), ...);
        (keep_if_pool<M>(r, u, of_ion, k), ...);
        finish_row<L>(r, u, widened(all), k);
    }
    template <class P, class T> [[gnu::always_inline]] static inline void load_if_pool(const region_view& r, ion_state* ions, ion_state_of<T>* seen, int k) {
        if constexpr (is_pool<P>) {
            constexpr int ion = static_cast<int>(P::info.of);
            ions[ion].c_in = V::load(states_of<P>(r) + k*width), seen[ion].c_in = T(ions[ion].c_in);
        }
    }
    template <class P, class T> [[gnu::always_inline]] static inline void keep_if_pool(const region_view& r, V u, const sums_of<T>* of_ion, int k) {
        if constexpr (is_pool<P>) {
            constexpr int ion = static_cast<int>(P::info.of);
            keep_ion_current<second_order>(r, ion, u, widened(of_ion[ion]), k);
        }
    }
    template <class C, class T>
    [[gnu::always_inline]] static inline void add_if_channel(const region_view& r, V v, T at_v, const ion_state* ions, const ion_state_of<T>* seen, sums_of<T>& all,
                                                             sums_of<T>* of_ion, int k) {
        if constexpr (is_channel<C>) {
            const auto at = membrane_of<C>(r, v, ions);
            sums_of<T> s;
            if constexpr (std::same_as<T, V>) s = current_of<C, L>(r, at, parameters_of<C>(r), states_of<C>(r), k);
            else s = single_current_of<C, L>(r, at, membrane_of<C>(r, at_v, seen), parameters_of<C>(r), single_parameters_of<C>(r), states_of<C>(r), gates_of<C>(r), k);
            all += s;
            if constexpr (has_pool(C::info.carries)) of_ion[static_cast<int>(C::info.carries)] += s;
        }
    }
};

/// The conductance that takes a current i at a distance from its reversal potential; at none, the slope.
[[gnu::always_inline]] inline V chord(V i, V slope, V distance) {
    const auto is_near = math::absolute(distance) < V(1e-3);
    return math::select(is_near, slope, i/math::select(is_near, V(1.0), distance));
}

template <class C, layout L> [[gnu::always_inline]] inline void advance_in_single(const region_view& r, const step& t, const membrane<V>& at, int k) {
    if constexpr (channels::gated<C>) advance_channel<C, L>(r, t, in_single(at), r.single_parameters, r.states, k);
}

/// One channel of a region that is run mechanism by mechanism; rhs and diagonal are the running sums.
template <layout L, class C> void channel_kernel(const region_view& view, const step& t) {
    const region_view r = view;
    constexpr int carries = static_cast<int>(C::info.carries), reads = static_cast<int>(C::info.reads);
    const double* const pooled_e = r.ion_e_rev[carries];
    const double* const pooled_c = r.ion_c_in[reads];
    double* const i_ion = r.ion_intercept[carries];
    double* const g_ion = r.ion_slope[carries];
    for (int k = 0; k < r.packs; ++k) {
        const V v = V::load(r.v + k*width);
        const membrane<V> at{v, pooled_e ? V::load(pooled_e + k*width) : V(r.ions[carries].e_rev),
                             pooled_c ? V::load(pooled_c + k*width) : V(r.ions[reads].c_in), V(r.ions[reads].c_out), r.q[0], r.rt_f};
        if constexpr (moves_itself<C>()) {
            if (channels::gated<C> && r.gates) advance_in_single<C, L>(r, t, at, k);
            else advance_channel<C, L>(r, t, at, r.parameters, r.states, k);
        }
        const auto add = [&]<class T>(double* to, T x) {
            if constexpr (std::same_as<T, V>) (V::load(to + k*width) + x).store(to + k*width);
            else widened(S(V::load(to + k*width)) + x).store(to + k*width);   // sums of singles: nothing is lost
        };
        const auto add_line = [&](const auto& s) {
            add(r.rhs, s.i), add(r.diagonal, s.g);
            if (i_ion) add(i_ion, s.i), add(g_ion, s.g);
        };
        if (!r.gates) add_line(current_of<C, L>(r, at, r.parameters, r.states, k));
        else {
            add_line(single_current_of<C, L>(r, at, in_single(at), r.parameters, r.single_parameters, r.states, r.gates, k));
        }
    }
}

template <layout L, bool second_order, class P> void pool_kernel(const region_view& view, const step& t) {
    const region_view r = view;
    constexpr int ion = static_cast<int>(P::info.of);
    for (int k = 0; k < r.packs; ++k) {
        const V x = V::load(r.rhs + k*width);
        const auto s = r.gates ? advance_pool<P, L, second_order, true>(r, t, r.parameters, r.prepared, r.states, x, k)
                               : advance_pool<P, L, second_order, false>(r, t, r.parameters, r.prepared, r.states, x, k);
        s.e_rev.store(r.ion_e_rev[ion] + k*width);
        V(0.0).store(r.ion_intercept[ion] + k*width), V(0.0).store(r.ion_slope[ion] + k*width);
    }
}

/// What a channel let pass in the step just solved: at the states its current was computed with, on the line in v that was solved.
template <layout L, class C> void channel_ledger(const region_view& view, const ledger_view& ledger) {
    const region_view r = view;
    const ledger_view to = ledger;
    constexpr int carries = static_cast<int>(C::info.carries), reads = static_cast<int>(C::info.reads);
    const double* const pooled_e = r.ion_e_rev[carries];
    const double* const pooled_c = r.ion_c_in[reads];
    const V weight = L == along_rows ? V(*to.weights) : V(native_pack::load(to.weights), native_pack::load(to.weights));
    for (int k = 0; k < r.packs; ++k) {
        const V v = V::load(r.v + k*width), x = V::load(to.x + k*width);
        const membrane<V> at{v, pooled_e ? V::load(pooled_e + k*width) : V(r.ions[carries].e_rev),
                             pooled_c ? V::load(pooled_c + k*width) : V(r.ions[reads].c_in), V(r.ions[reads].c_out), r.q[0], r.rt_f};
        const auto s = make_record<typename C::template state<V>>([&](std::size_t i) {
            return follows_voltage<C>() && r.gates ? widened(S::load(r.gates + i*r.gate_stride + k*width)) : V::load(r.states + i*r.state_stride + k*width);
        });
        const sums line = line_of<C>(r, s, at, load_parameters<C, L>(r.parameters, r.parameter_stride, k));
        const V i = math::fma(line.g, x - v, line.i);
        const auto add = [&](double* sum, V what) { what.store(sum + k*width); };
        add(to.charge, math::fma(weight, i, V::load(to.charge + k*width)));
        if constexpr (C::info.carries == ion::none) {
            if (to.conductance) add(to.conductance, math::fma(weight, chord(i, line.g, x - table<L>(to.e_rev, k)), V::load(to.conductance + k*width)));
        } else {
            if (to.of_ion) add(to.of_ion, to.is_first ? i : V::load(to.of_ion + k*width) + i);
        }
    }
}

}  // namespace apical::kernels
