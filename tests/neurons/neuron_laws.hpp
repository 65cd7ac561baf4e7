// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cctype>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/pack.hpp"
#include "core/quantity_text.hpp"
#include "engine/kernels/neuron.hpp"

/// What is true of every model of the neurons folder. A law returns what breaks it.
namespace apical::laws {

using findings_list = std::vector<std::string>;

template <class M> using parameters = kernels::neuron_parameters<M>;
template <class M> using state = kernels::neuron_state<M>;

/// The members of a record as a list, and back.
template <class R> std::vector<double> listed_values(const R& r) {
    std::vector<double> all;
    for_each_member(r, [&](double x) { all.push_back(x); });
    return all;
}
inline std::vector<double> units_of(const auto& schema) {
    std::vector<double> all;
    for_each_member(schema, [&](const field& f) { all.push_back(parse_unit(f.unit).value); });
    return all;
}
/// A published set in coherent units.
template <class M> parameters<M> coherent(const parameters<M>& published) {
    auto values = listed_values(published);
    const auto units = units_of(M::defaults);
    for (std::size_t k = 0; k < values.size(); ++k) values[k] *= units[k];
    return kernels::gathered<parameters<M>>(values.data());
}

inline bool has_year(std::string_view source) {
    for (std::size_t i = 0; i + 4 <= source.size(); ++i)
        if ((source.substr(i, 2) == "19" || source.substr(i, 2) == "20") && std::isdigit(static_cast<unsigned char>(source[i + 2]))) return true;
    return false;
}

/// Names, units, meanings and ranges of all parameters and states, the papers with their years, sets within their ranges.
template <class M> findings_list schema_is_complete() {
    findings_list found;
    if (!has_year(M::info.source)) found.push_back("the source names no year");
    if (M::info.summary.empty()) found.push_back("no summary");
    const auto check = [&](const field& f) {
        if (f.name.empty() || f.meaning.empty()) found.push_back("a field without name or meaning");
        if (!(f.low < f.high) || f.value < f.low || f.value > f.high) found.push_back(std::string(f.name) + ": range");
        try {
            (void)parse_unit(f.unit);
        } catch (const error& e) {
            found.push_back(std::string(f.name) + ": " + e.what());
        }
    };
    for_each_member(M::defaults, check);
    for_each_member(M::meaning, check);
    for (const auto& set : M::published) {
        if (set.name.empty() || !has_year(set.source)) found.push_back("a set without name or year");
        const auto values = listed_values(set.values);
        std::size_t k = 0;
        for_each_member(M::defaults, [&](const field& f) {
            if (values[k] < f.low || values[k] > f.high) found.push_back(std::string(set.name) + "." + std::string(f.name) + " is out of range");
            ++k;
        });
    }
    for (int c = 0; c < M::info.compartment_count(); ++c)
        if (const int v = M::info.voltage[static_cast<std::size_t>(c)]; v >= static_cast<int>(member_count<state<M>>())) found.push_back("voltage is no state");
    return found;
}

inline surroundings<double> weak_input(bool free) {
    surroundings<double> at{};
    for (auto& in : at.in) in = {0.02, 1e-4};
    at.free = free ? 1 : 0;
    return at;
}

/// One step of `advance` differs from the same by many small Runge-Kutta steps of `rates` by a term of third order: halved, the step
/// errs by a sixth of that or less, or by rounding only. Free and refractory; from rest and from a state off rest.
template <class M> findings_list steps_follow_the_rates() {
    findings_list found;
    for (const auto& set : M::published)
        for (const bool free : {true, false}) {
            const auto p = coherent<M>(set.values);
            auto start = listed_values(M::rest(p));
            const auto at = weak_input(free);
            for (std::size_t k = 0; k < start.size(); ++k) start[k] += M::info.voltage[0] >= 0 ? 0.01*std::abs(start[k]) : 0.1;
            const auto s = kernels::gathered<state<M>>(start.data());
            const auto error_of = [&](double dt) {
                constexpr int steps = 200;
                auto fine = s;
                for (int n = 0; n < steps; ++n) fine = neurons::runge_kutta<M>(fine, p, at, dt/steps);
                const auto one = listed_values(M::advance(s, p, at, dt)), many = listed_values(fine);
                double worst = 0;
                for (std::size_t k = 0; k < one.size(); ++k) worst = std::max(worst, std::abs(one[k] - many[k])/std::max(1.0, std::abs(many[k])));
                return worst;
            };
            const double whole = error_of(0.1), half = error_of(0.05);
            if (!(half < whole/6 || half < 3e-11)) found.push_back(fmt::format("{}{}: {:.3g} after 0.1 ms, {:.3g} after 0.05 ms", set.name, free ? "" : ", refractory", whole, half));
            if (!(whole < 1e-2)) found.push_back(fmt::format("{}: off by {:.3g}", set.name, whole));
        }
    return found;
}

/// A refractory neuron keeps the potentials that make its spikes: nothing rises over the threshold in the dark.
template <class M> findings_list a_refractory_neuron_waits() {
    findings_list found;
    if constexpr (kernels::refractory<M>) {
        const auto p = coherent<M>(M::published[0].values);
        auto at = weak_input(false);
        at.in[0].i = 10;
        const auto s = M::rest(p);
        const auto after = M::advance(s, p, at, 1.0);
        if (listed_values(after)[static_cast<std::size_t>(M::info.voltage[0])] != listed_values(s)[static_cast<std::size_t>(M::info.voltage[0])])
            found.push_back("v moves");
    }
    return found;
}

/// The lanes of a pack have the bits of doubles.
template <class M> findings_list packs_equal_doubles() {
    using V = twin<native_pack>;
    findings_list found;
    for (const auto& set : M::published) {
        const auto p = coherent<M>(set.values);
        const auto values = listed_values(p), rest = listed_values(M::rest(p));
        const auto pv = make_record<typename M::template parameters<V>>([&](std::size_t k) { return V(values[k]); });
        const auto off = [&](std::size_t k, int lane) { return rest[k] + 0.37*lane*(M::info.voltage[0] >= 0 ? std::abs(rest[k])*0.05 + 1e-3 : 0.1); };
        surroundings<V> at{};
        for (auto& in : at.in) in = {V(0.3), V(0.002)};
        at.free = V(1.0);
        for (int l = 0; l < V::width; ++l) at.in[0].i.set(l, 0.1*l), at.free.set(l, l % 3 == 2 ? 0 : 1);
        const auto sv = make_record<typename M::template state<V>>([&](std::size_t k) {
            V x(0.0);
            for (int l = 0; l < V::width; ++l) x.set(l, off(k, l));
            return x;
        });
        const auto packed = M::advance(sv, pv, at, 0.1);
        for (int l = 0; l < V::width; ++l) {
            surroundings<double> here{};
            for (std::size_t c = 0; c < here.in.size(); ++c) here.in[c] = {at.in[c].i[l], at.in[c].g[l]};
            here.free = at.free[l];
            const auto alone = listed_values(M::advance(make_record<state<M>>([&](std::size_t k) { return off(k, l); }), p, here, 0.1));
            std::size_t k = 0;
            for_each_member(packed, [&](const V& x) {
                if (x[l] != alone[k]) found.push_back(fmt::format("{}, state {}, lane {}: {} and {}", set.name, k, l, x[l], alone[k]));
                ++k;
            });
        }
    }
    return found;
}

/// After a spike, and the wait that follows it, the neuron is below its threshold.
template <class M> findings_list a_spike_ends() {
    findings_list found;
    if constexpr (kernels::spiking<M>) {
        if (!M::info.resets) return found;
        for (const auto& set : M::published) {
            const auto p = coherent<M>(set.values);
            auto s = M::spiked(M::rest(p), p);
            if constexpr (kernels::releasing<M>) s = M::released(s, p);
            if (M::excess(s, p) > 0) found.push_back(std::string(set.name) + " is above its threshold after a spike");
        }
    }
    return found;
}

}  // namespace apical::laws
