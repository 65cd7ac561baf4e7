// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>

#include "engine/kernels/mechanism.hpp"

/// What a library that was compiled apart hands over of its mechanisms: plain records, so that no class of the standard library goes
/// across.
namespace apical::kernels {

struct exported_field {
    const char *name, *unit, *meaning;
    double value, low, high;
};

struct exported_mechanism {
    int width, table_size;                     ///< of the packs it is compiled for; sizeof(mechanism_table)
    mechanism_kind kind;
    const char *name, *summary, *source;
    ion carries, reads;
    double q10, q10_at;
    bool is_linear;
    const exported_field *parameters, *states;
    int parameter_count, state_count;
    const mechanism_table* table;
};

struct exported_set {
    int width;
    region_kernel run[2];                      ///< of one layout: [second order]
};

/// A schema as plain records. Text of `field` is that of literals, which end in 0.
template <class R> auto exported_fields(const R& schema) {
    std::array<exported_field, member_count<R>() + 1> all{};
    std::size_t n = 0;
    for_each_member(schema, [&](const field& f) { all[n++] = {f.name.data(), f.unit.data(), f.meaning.data(), f.value, f.low, f.high}; });
    return all;
}

template <class M> const exported_mechanism* exported() {
    static const auto table = table_of<M>();
    static const auto parameters = exported_fields(M::defaults);
    static const auto states = [] { if constexpr (is_pool<M>) return std::array<exported_field, 1>{}; else return exported_fields(M::meaning); }();
    static const exported_mechanism all = [] {
        exported_mechanism e{.width = width, .table_size = sizeof(mechanism_table), .kind = is_channel<M> ? mechanism_kind::channel : is_pool<M> ? mechanism_kind::pool : mechanism_kind::receptor,
                             .name = M::info.name.data(), .summary = M::info.summary.data(), .source = M::info.source.data(), .carries = ion::none, .reads = ion::none,
                             .q10 = 1, .q10_at = 6.3, .is_linear = true, .parameters = parameters.data(), .states = states.data(),
                             .parameter_count = static_cast<int>(parameters.size()) - 1, .state_count = static_cast<int>(states.size()) - 1, .table = table.get()};
        if constexpr (is_channel<M>) e.carries = M::info.carries, e.reads = M::info.reads, e.q10 = M::info.q10, e.q10_at = M::info.q10_at;
        if constexpr (is_receptor<M>) e.is_linear = M::info.is_linear, e.carries = M::info.carries;
        if constexpr (is_pool<M>) e.carries = e.reads = M::info.of;
        return e;
    }();
    return &all;
}

template <layout L, class... M> const exported_set* exported_fused() {
    static constexpr exported_set all{width, {fused<L, false, M...>::run, fused<L, true, M...>::run}};
    return &all;
}

}  // namespace apical::kernels
