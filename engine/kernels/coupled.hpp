// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/dual.hpp"
#include "engine/kernels/region.hpp"

/// The equations of a mechanism as they stand, coupled to the voltage and the concentrations of its place, and their derivatives. One
/// cell at a time, packs along its rows.
namespace apical::kernels {

/// Whether a pool gives its rate of change, as `rate(c, parameters, i)`.
template <class P> concept changing = requires(const typename P::template parameters<double>& p) { P::rate(1e-4, p, 0.0); };

/// Pack k of what a channel sees.
template <class M> [[gnu::always_inline]] inline membrane<V> seen(const coupled_view& r, int k) {
    constexpr int carries = static_cast<int>(M::info.carries), reads = static_cast<int>(M::info.reads);
    const double* const e = r.e_rev[carries];
    const double* const c = r.c_in[reads];
    return {V::load(r.v + k*width), e ? V::load(e + k*width) : V(r.ions[carries].e_rev),
            c ? V::load(c + k*width) : V(r.ions[reads].c_in), V(r.ions[reads].c_out), r.q, r.rt_f};
}

[[gnu::always_inline]] inline void add_to(double* column, int k, V x) { (V::load(column + k*width) + x).store(column + k*width); }

template <class M> void channel_rates(const coupled_view& view, const coupled_rates& out) {
    const coupled_view r = view;
    const coupled_rates to = out;
    constexpr int carries = static_cast<int>(M::info.carries);
    for (int k = 0; k < r.packs; ++k) {
        const auto at = seen<M>(r, k);
        const auto p = load_parameters<M, along_rows>(r.parameters, r.stride, k);
        const auto s = load_states<M>(r.states, r.stride, k);
        if constexpr (!channels::stateless<M>) {
            const auto gates = as_array<channels::gate<V>>(M::gates(at, p));
            const auto x = as_array<V>(s);
            for (std::size_t i = 0; i < x.size(); ++i) ((gates[i].inf - x[i])*gates[i].rate).store(to.states + i*r.stride + k*width);
        }
        const V i = M::current(s, at, p, at.v);
        add_to(to.i, k, i);
        if (to.i_ion[carries]) add_to(to.i_ion[carries], k, i);
    }
}

/// The derivatives of a channel in one direction: of the voltage, of a concentration, or of a state.
template <class M> struct direction {
    using D = dual<V>;
    membrane<D> at;
    typename M::template state<D> s;
    typename M::template parameters<D> p;

    direction(const membrane<V>& here, const auto& states, const auto& parameters)
        : at{still(here.v), still(here.e_rev), still(here.c_in), still(here.c_out), here.q, here.rt_f},
          s(still_record<typename M::template state<D>>(states)), p(still_record<typename M::template parameters<D>>(parameters)) {}

    [[gnu::always_inline]] V current() const { return M::current(s, at, p, at.v).slope; }
    /// Of the rates of change of the states.
    [[gnu::always_inline]] auto rates() const {
        const auto gates = as_array<channels::gate<D>>(M::gates(at, p));
        const auto x = as_array<D>(s);
        return make_record<typename M::template state<V>>([&](std::size_t i) { return ((gates[i].inf - x[i])*gates[i].rate).slope; });
    }

private:
    [[gnu::always_inline]] static D still(V x) { return {x, V(0.0)}; }
    template <class R> [[gnu::always_inline]] static R still_record(const auto& record) {
        if constexpr (member_count<R>() == 0) return {};
        else {
            const auto values = as_array<V>(record);
            return make_record<R>([&](std::size_t i) { return still(values[i]); });
        }
    }
};

template <class M> void channel_slopes(const coupled_view& view, const coupled_slopes& out) {
    const coupled_view r = view;
    const coupled_slopes to = out;
    constexpr int carries = static_cast<int>(M::info.carries), reads = static_cast<int>(M::info.reads);
    constexpr auto states = member_count<typename M::template state<double>>();
    const auto put = [&](double* columns, const auto& record, int k) {
        for_each_member(record, [&](const V& x) { x.store(columns + k*width), columns += r.stride; });
    };
    for (int k = 0; k < r.packs; ++k) {
        const auto at = seen<M>(r, k);
        const auto p = load_parameters<M, along_rows>(r.parameters, r.stride, k);
        const auto s = load_states<M>(r.states, r.stride, k);
        const direction<M> none(at, s, p);
        auto d = none;
        d.at.v.slope = V(1.0);
        const V i_v = d.current();
        add_to(to.i_v, k, i_v);
        if (to.ion_v[carries]) add_to(to.ion_v[carries], k, i_v);
        if constexpr (states > 0) {
            put(to.by_v, d.rates(), k);
            const auto gates = as_array<channels::gate<V>>(M::gates(at, p));
            for (std::size_t i = 0; i < states; ++i) {
                gates[i].rate.store(to.decay + i*r.stride + k*width);
                auto along = none;
                std::size_t n = 0;
                for_each_member(along.s, [&](dual<V>& x) { x.slope = V(n++ == i ? 1.0 : 0.0); });
                along.current().store(to.into_i + i*r.stride + k*width);
            }
        }
        const auto by_concentration = [&](int ion) {
            d = none;
            if (ion == reads) d.at.c_in.slope = V(1.0);
            if (ion == carries) d.at.e_rev.slope = V::load(r.e_rev_by_c[ion] + k*width);
            const V i_c = d.current();
            add_to(to.i_c[ion], k, i_c);
            if (to.ion_c[carries][ion]) add_to(to.ion_c[carries][ion], k, i_c);
            if constexpr (states > 0) put(to.by_c[ion], d.rates(), k);
        };
        if (reads != 0 && r.c_in[reads]) by_concentration(reads);
        if (carries != 0 && carries != reads && r.c_in[carries]) by_concentration(carries);
    }
}

template <class P> void pool_reversal(const coupled_view& view) {
    const coupled_view r = view;
    constexpr int ion = static_cast<int>(P::info.of);
    for (int k = 0; k < r.packs; ++k) {
        const auto e = channels::nernst(variable(V::load(r.states + k*width)), dual<V>(r.ions[ion].c_out), r.rt_f, valence(P::info.of));
        e.value.store(r.e_rev[ion] + k*width);
        e.slope.store(r.e_rev_by_c[ion] + k*width);
    }
}

/// After its ion's current is known.
template <class P> void pool_rates(const coupled_view& view, const coupled_rates& out) {
    const coupled_view r = view;
    const coupled_rates to = out;
    constexpr int ion = static_cast<int>(P::info.of);
    for (int k = 0; k < r.packs; ++k) {
        const V i = V::load(to.i_ion[ion] + k*width)*V::load(r.pool_density + k*width);
        P::rate(V::load(r.states + k*width), load_parameters<P, along_rows>(r.parameters, r.stride, k), i).store(to.states + k*width);
    }
}

/// `i_v` holds the ion's current here, which the rate need not be linear in.
template <class P> void pool_slopes(const coupled_view& view, const coupled_slopes& out) {
    using D = dual<V>;
    const coupled_view r = view;
    const coupled_slopes to = out;
    constexpr int ion = static_cast<int>(P::info.of);
    for (int k = 0; k < r.packs; ++k) {
        const V c = V::load(r.states + k*width), density = V::load(r.pool_density + k*width), i = V::load(to.i_v + k*width)*density;
        const auto values = as_array<V>(load_parameters<P, along_rows>(r.parameters, r.stride, k));
        const auto p = make_record<typename P::template parameters<D>>([&](std::size_t n) { return D{values[n], V(0.0)}; });
        (-P::rate(D{c, V(1.0)}, p, D{i, V(0.0)}).slope).store(to.decay + k*width);
        (P::rate(D{c, V(0.0)}, p, D{i, V(1.0)}).slope*density).store(to.pool_by_i[ion] + k*width);
    }
}

}  // namespace apical::kernels
