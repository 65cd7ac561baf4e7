// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <stdexcept>

#include "engine/catalogue.hpp"
#include "engine/kernels/coupled.hpp"
#include "engine/kernels/region.hpp"

/// add<M>(catalogue) compiles one mechanism and lists it; add_fused<M...>(catalogue) compiles a set into one kernel.
namespace apical {
namespace kernels {

template <class M> mechanism_schema schema_of() {
    mechanism_schema s{.kind = is_channel<M> ? mechanism_kind::channel : is_pool<M> ? mechanism_kind::pool : mechanism_kind::receptor,
                       .name = std::string(M::info.name), .summary = std::string(M::info.summary),
                       .source = std::string(M::info.source), .parameters = {}, .states = {}};
    const auto append = [](std::vector<field>& to) { return [&to](const field& f) { to.push_back(f); }; };
    for_each_member(M::defaults, append(s.parameters));
    if constexpr (is_channel<M>) {
        s.carries = M::info.carries, s.reads = M::info.reads, s.q10 = M::info.q10, s.q10_at = M::info.q10_at;
    }
    if constexpr (is_receptor<M>) s.is_linear = M::info.is_linear, s.carries = M::info.carries, s.weight_unit = M::info.weight_unit;
    if constexpr (is_pool<M>) {
        s.carries = s.reads = M::info.of;
        s.states.push_back({"c", 0, "mM", "concentration", 0, 1e3});
    } else {
        for_each_member(M::meaning, append(s.states));
    }
    return s;
}

template <class R> R gather(const double* p, std::size_t stride) {
    return make_record<R>([&](std::size_t i) { return p[i*stride]; });
}
template <class R> void scatter(const R& record, double* p, std::size_t stride) {
    for_each_member(record, [&](double x) { *p = x, p += stride; });
}

template <class M> using row_of = typename M::template state<double>;
template <class M> using settings_of = typename M::template parameters<double>;
template <class M> auto settings(const scalar_view& s) { return gather<settings_of<M>>(s.parameters, s.parameter_stride); }
template <class M> auto row(const scalar_view& s) { return gather<row_of<M>>(s.states, s.state_stride); }

template <class M> void scalar_rest(const scalar_view& s, const membrane<double>& at) {
    scatter(channels::rest<M>(at, settings<M>(s)), s.states, s.state_stride);
}
template <class M> void scalar_start(const scalar_view& s, const membrane<double>& at) {
    scatter(channels::start<M>(at, settings<M>(s)), s.states, s.state_stride);
}
template <class M> void scalar_advance(const scalar_view& s, const membrane<double>& at, double dt) {
    if constexpr (state_count<M>() > 0) scatter(channels::advance<M>(row<M>(s), at, settings<M>(s), dt), s.states, s.state_stride);
}
template <class M> current_and_slope scalar_current(const scalar_view& s, const membrane<double>& at) {
    const auto i = M::current(row<M>(s), at, settings<M>(s), variable(at.v));
    return {i.value, i.slope};
}
template <class M> void scalar_prepare(const scalar_view& s, double dt, double* to, std::size_t stride) {
    scatter(M::prepare(settings<M>(s), dt), to, stride);
}
template <class M> double scalar_pool_advance(double c, const scalar_view& s, double i, double dt) {
    return M::advance(c, settings<M>(s), i, dt);
}
template <class M> void scalar_event(const scalar_view& s, double weight) {
    scatter(M::on_event(row<M>(s), settings<M>(s), weight), s.states, s.state_stride);
}
/// What is linear takes several events as one that weighs as much as all of them.
template <class M> void scalar_events(const scalar_view& first, int n, const double* counts, double weight) {
    const auto p = settings<M>(first);
    for (int k = 0; k < n; ++k) {
        if constexpr (!M::info.is_linear)
            if (!(counts[k] > 0)) continue;
        auto s = gather<row_of<M>>(first.states + k, first.state_stride);
        if constexpr (M::info.is_linear) s = M::on_event(s, p, counts[k]*weight);   // of no event too: no branch
        else
            for (double left = counts[k]; left > 0; --left) s = M::on_event(s, p, weight);
        scatter(s, first.states + k, first.state_stride);
    }
}
template <class M> current_and_slope scalar_receptor_current(const scalar_view& s, double v) {
    const auto i = M::current(row<M>(s), settings<M>(s), variable(v));
    return {i.value, i.slope};
}
template <class M> void scalar_receptor_advance(const scalar_view& s, double dt) {
    scatter(M::advance(row<M>(s), settings<M>(s), dt), s.states, s.state_stride);
}

/// Element of instance k and lane l in columns of rows.
template <layout L> [[gnu::always_inline]] inline int element(const int* rows, int k, int l) {
    return L == along_rows ? rows[k*width + l] : rows[(k*width + l)/lane_count]*lane_count + l % lane_count;
}

/// For a ledger.
template <class M, class S, class P, class I>
[[gnu::noinline]] void keep_current(const receptor_view& r, const S& s, const P& p, const V& v, const I& i, int k) {
    const auto keep = [&](kept_columns column, V x) { x.store(r.kept + static_cast<std::size_t>(column)*r.state_stride + k*width); };
    keep(kept_i, i.value), keep(kept_g, i.slope);
    if constexpr (requires { M::calcium_current(s, p, variable(v)); }) {
        const auto calcium = M::calcium_current(s, p, variable(v));
        keep(kept_calcium_i, calcium.value), keep(kept_calcium_g, calcium.slope);
    }
}

/// Receptors: v is gathered from their rows and what they add is scattered back, in the order of the instances.
template <layout L, class M> void receptor_run(const receptor_view& r) {
    const int packs = r.instances*(L == along_rows ? 1 : lane_count)/width;
    for (int k = 0; k < packs; ++k) {
        const auto p = load_parameters<M, L>(r.parameters, r.parameter_stride, k);
        double gathered[width];
        for (int l = 0; l < width; ++l) gathered[l] = r.v[element<L>(r.rows, k, l)];
        const V v = V::load(gathered);
        const auto s = M::advance(load_states<M>(r.states, r.state_stride, k), p, r.before);
        const auto i = M::current(s, p, variable(v));
        store_states(M::advance(s, p, r.after), r.states, r.state_stride, k);
        if (r.kept) keep_current<M>(r, s, p, v, i, k);
        const V add = math::fma(i.slope, from_reference<L>(v, r.reference), -i.value);
        for (int l = 0; l < width; ++l) {
            const int to = element<L>(r.rows, k, l);
            r.rhs[to] += add[l], r.diagonal[to] += i.slope[l];
        }
    }
}

/// The same for receptors whose instances are the rows, with parameters that are the same for all.
template <class M> void receptor_run_in_order(const receptor_view& r) {
    const auto p = make_record<typename M::template parameters<V>>([&](std::size_t i) { return V(r.parameters[i]); });
    for (int k = 0; k < r.instances; k += width) {
        const V v = V::load(r.v + k);
        const auto s = M::advance(load_states<M>(r.states, r.state_stride, k/width), p, r.before);
        const auto i = M::current(s, p, variable(v));
        store_states(M::advance(s, p, r.before), r.states, r.state_stride, k/width);
        (V::load(r.rhs + k) + math::fma(i.slope, v, -i.value)).store(r.rhs + k);
        (V::load(r.diagonal + k) + i.slope).store(r.diagonal + k);
    }
}

template <class M> std::shared_ptr<const mechanism_table> table_of() {
    auto t = std::make_shared<mechanism_table>();
    if constexpr (is_channel<M>) {
        t->channel[along_rows] = channel_kernel<along_rows, M>, t->channel[across_cells] = channel_kernel<across_cells, M>;
        t->ledger[along_rows] = channel_ledger<along_rows, M>, t->ledger[across_cells] = channel_ledger<across_cells, M>;
        if constexpr (follows_voltage<M>()) t->gates = gate_kernel<M>;
        if constexpr (channels::gated<M> || channels::stateless<M>) t->rates = channel_rates<M>, t->slopes = channel_slopes<M>;
        t->rest = scalar_rest<M>, t->start = scalar_start<M>, t->advance = scalar_advance<M>, t->current = scalar_current<M>;
    } else if constexpr (is_pool<M>) {
        t->pool[along_rows][false] = pool_kernel<along_rows, false, M>, t->pool[along_rows][true] = pool_kernel<along_rows, true, M>;
        t->pool[across_cells][false] = pool_kernel<across_cells, false, M>, t->pool[across_cells][true] = pool_kernel<across_cells, true, M>;
        if constexpr (prepares<M>) t->prepared = static_cast<int>(prepared_count<M>()), t->prepare = scalar_prepare<M>;
        if constexpr (changing<M>) t->rates = pool_rates<M>, t->slopes = pool_slopes<M>, t->reversal = pool_reversal<M>;
        t->pool_advance = scalar_pool_advance<M>;
    } else {
        t->receptor[along_rows] = receptor_run<along_rows, M>, t->receptor[across_cells] = receptor_run<across_cells, M>;
        t->receptor_in_order = receptor_run_in_order<M>;
        t->on_event = scalar_event<M>, t->on_events = scalar_events<M>;
        t->receptor_current = scalar_receptor_current<M>, t->receptor_advance = scalar_receptor_advance<M>;
    }
    return t;
}

}  // namespace kernels

/// Compiles the channel, pool or receptor M into the catalogue. Throws invalid_model if its name is taken.
template <class M> void add(catalogue& c) { c.add({kernels::schema_of<M>(), kernels::table_of<M>()}); }

/// Compiles a set of mechanisms, pools first and then channels by name, into one kernel. Regions that hold exactly these run
/// faster; the results do not change by a bit.
template <class... M> void add_fused(catalogue& c) {
    using namespace kernels;
    auto t = std::make_shared<fused_table>();
    t->mechanisms = {std::string(M::info.name)...};
    t->run[along_rows][false] = fused<along_rows, false, M...>::run, t->run[along_rows][true] = fused<along_rows, true, M...>::run;
    t->run[across_cells][false] = fused<across_cells, false, M...>::run, t->run[across_cells][true] = fused<across_cells, true, M...>::run;
    c.add(std::move(t));
}

}  // namespace apical
