// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "core/pack.hpp"
#include "neurons/neuron.hpp"
#include "tests/laws/law.hpp"

/// Laws of point and few-compartment neurons: what holds whatever the equations.
namespace apical::laws {

template <class M> using neuron_state = state_of<M, double>;
template <class M> using neuron_parameters = parameters_of<M, double>;
template <class M> concept fires = requires(const neuron_state<M>& s, const neuron_parameters<M>& p) { M::excess(s, p); };

/// A published set in coherent units.
template <class M> neuron_parameters<M> coherent(const neuron_parameters<M>& printed) {
    const auto fields = fields_of(M::defaults);
    const auto values = values_of(printed);
    return make_record<neuron_parameters<M>>([&](std::size_t i) { return values[i]*parse_unit(fields[i].unit).value; });
}
template <class M> surroundings<double> quiet() {
    surroundings<double> at{};
    at.free = 1;
    return at;
}
template <class M> double excess_of(const neuron_state<M>& s, const neuron_parameters<M>& p) {
    if constexpr (fires<M>) return M::excess(s, p);
    else return -1;
}
/// The state after a spike, refractoriness included, as if that took no time.
template <class M> neuron_state<M> after_spike(const neuron_state<M>& s, const neuron_parameters<M>& p) {
    const auto next = M::spiked(s, p);
    if constexpr (requires { M::released(next, p); }) return M::released(next, p);
    else return next;
}
/// How long the rates stay smooth [ms].
template <class M> double smooth_for(const neuron_state<M>& s, const neuron_parameters<M>& p) {
    if constexpr (requires { M::next_turn(s, p); }) return M::next_turn(s, p);
    else return std::numeric_limits<double>::infinity();
}
/// Runge and Kutta's method on the rates, in steps far smaller than those under test.
template <class M> neuron_state<M> followed(neuron_state<M> s, const neuron_parameters<M>& p, const surroundings<double>& at, double time, int steps) {
    for (int n = 0; n < steps; ++n) s = neurons::runge_kutta<M>(s, p, at, time/steps);
    return s;
}

/// A current [nA] that makes the neuron fire within 300 ms; 1 nA if it never does.
template <class M> double strong_current(const neuron_parameters<M>& p) {
    for (double i = 1e-3; i < 50; i *= 2) {
        auto at = quiet<M>();
        at.in[0].i = i;
        auto s = M::rest(p);
        for (int n = 0; n < 6000; ++n)
            if (s = M::advance(s, p, at, 0.05); excess_of<M>(s, p) > 0) return i;
    }
    return 1;
}

/// A neuron in the middle of things.
template <class M> struct moment {
    neuron_state<M> s;
    surroundings<double> at;
};
/// States met under currents and conductances that change every 5 ms, spikes included, with what reaches the neuron there.
template <class M> std::vector<moment<M>> moments(const neuron_parameters<M>& p) {
    std::mt19937 engine(11);
    const auto draw = [&] { return std::generate_canonical<double, 53>(engine); };
    const double strong = strong_current<M>(p);
    std::vector<moment<M>> list;
    auto s = M::rest(p);
    auto at = quiet<M>();
    for (int n = 0; n < 20000; ++n) {
        if (n % 100 == 0)
            for (auto& in : at.in) in = {strong*(2*draw() - 0.4), strong*0.005*draw()};
        s = M::advance(s, p, at, 0.05);
        if constexpr (fires<M>)
            if (M::info.resets && M::excess(s, p) > 0) s = after_spike<M>(s, p);
        if (n % 37 == 0) list.push_back({s, at});
    }
    return list;
}

/// Every published set has a name, a source with a year, and values within the ranges of the schema.
template <class M> faults published_sets_are_in_range() {
    faults found;
    const auto fields = fields_of(M::defaults);
    if (M::published.empty()) found.push_back("nothing is published");
    for (const auto& set : M::published) {
        if (set.name.empty()) found.push_back("a set without a name");
        if (!std::regex_search(std::string(set.source), std::regex("\\b(19|20)[0-9][0-9]\\b")))
            found.push_back(fmt::format("{}: no year in the source '{}'", set.name, set.source));
        const auto values = values_of(set.values);
        for (std::size_t i = 0; i < values.size(); ++i)
            if (!(fields[i].low <= values[i] && values[i] <= fields[i].high))
                found.push_back(fmt::format("{}: {} = {} is outside [{}, {}]", set.name, fields[i].name, values[i], fields[i].low, fields[i].high));
    }
    return found;
}

/// Without input nothing moves at rest; where rest is only a place to start from, no potential moves fast.
template <class M> faults rest_is_a_fixed_point() {
    faults found;
    const auto fields = fields_of(M::meaning);
    for (const auto& set : M::published) {
        const auto p = coherent<M>(set.values);
        const auto rates = values_of(M::rates(M::rest(p), p, quiet<M>()));
        for (std::size_t i = 0; i < rates.size(); ++i) {
            const double most = M::info.rests ? 1e-12 : fields[i].unit == "mV" ? 0.5 : std::numeric_limits<double>::infinity();
            if (!(std::abs(rates[i]) <= most)) found.push_back(fmt::format("{}: {}' = {}", set.name, fields[i].name, rates[i]));
        }
    }
    return found;
}

/// (advance(h) - s)/h goes to the rates with h, free and refractory; its part linear in h is taken off.
template <class M> faults rates_are_the_limit_of_small_steps() {
    faults found;
    const auto p = default_parameters<M>();
    const double h = 1e-3;
    for (auto [s, at] : moments<M>(p)) {
        if (excess_of<M>(s, p) > -1 || smooth_for<M>(s, p) < 2*h) continue;
        for (const double free : {1.0, 0.0}) {
            at.free = free;
            const auto now = values_of(s), whole = values_of(M::advance(s, p, at, h)), half = values_of(M::advance(s, p, at, h/2));
            const auto rates = values_of(M::rates(s, p, at));
            if (largest_difference(M::rates(s, p, at), make_record<neuron_state<M>>([](std::size_t) { return 0.0; })) > 50) continue;   // h is no small step
            for (std::size_t i = 0; i < now.size(); ++i) {
                const double slope = 4*(half[i] - now[i])/h - (whole[i] - now[i])/h, scale = 1 + std::abs(now[i]) + std::abs(rates[i]);
                if (!(std::abs(slope - rates[i]) <= 1e-4*scale && std::abs(slope - rates[i]) <= 1e-4*std::abs(rates[i]) + 1e-6*(1 + std::abs(now[i]))))
                    found.push_back(fmt::format("{}: state {} = {} changes by {}/ms in steps, by {}/ms in the equations", M::info.name, i, now[i], slope, rates[i]));
            }
        }
    }
    return found;
}

/// Steps half as long err by less than a third, unless they do not err: second order or better.
template <class M> faults steps_are_of_second_order() {
    const auto p = default_parameters<M>();
    const double time = 0.4;
    double errors[2] = {};
    int samples = 0;
    for (const auto& [s, at] : moments<M>(p)) {
        if (smooth_for<M>(s, p) < 2*time || excess_of<M>(M::advance(s, p, at, 2*time), p) > -1) continue;
        const auto exact = values_of(followed<M>(s, p, at, time, 400));
        for (int k = 0; k < 2; ++k) {
            auto x = s;
            const int steps = 8 << k;
            for (int n = 0; n < steps; ++n) x = M::advance(x, p, at, time/steps);
            const auto reached = values_of(x);
            for (std::size_t i = 0; i < reached.size(); ++i) errors[k] += std::abs(reached[i] - exact[i])/(1 + std::abs(exact[i]));
        }
        ++samples;
    }
    if (samples < 20) return {fmt::format("{} samples", samples)};
    if (errors[0] < 1e-10*samples || errors[0] > 3*errors[1]) return {};
    return {fmt::format("errors {} and {} of {} samples", errors[0], errors[1], samples)};
}

template <class M, class V> void compare_lanes(const neuron_parameters<M>& p, const std::vector<moment<M>>& list, faults& found) {
    constexpr int width = static_cast<int>(sizeof(V)/sizeof(double));
    for (std::size_t first = 0; first + width <= list.size(); first += width) {
        auto s = make_record<state_of<M, V>>([](std::size_t) { return V(0.0); });
        surroundings<V> at{};
        for (auto& in : at.in) in = {V(0.0), V(0.0)};
        at.free = V(0.0);
        for (int l = 0; l < width; ++l) {
            const auto& one = list[first + static_cast<std::size_t>(l)];
            const auto values = values_of(one.s);
            std::size_t i = 0;
            for_each_member(s, [&](V& x) { x.set(l, values[i++]); });
            for (std::size_t c = 0; c < at.in.size(); ++c) at.in[c].i.set(l, one.at.in[c].i), at.in[c].g.set(l, one.at.in[c].g);
            at.free.set(l, l % 3 ? 1 : 0);
        }
        const auto values = values_of(p);
        const auto next = M::advance(s, make_record<parameters_of<M, V>>([&](std::size_t i) { return V(values[i]); }), at, 0.1);
        for (int l = 0; l < width; ++l) {
            auto one = list[first + static_cast<std::size_t>(l)];
            one.at.free = l % 3 ? 1 : 0;
            const auto alone = values_of(M::advance(one.s, p, one.at, 0.1)), together = values_of(lane_of<neuron_state<M>>(next, l));
            for (std::size_t i = 0; i < alone.size(); ++i)
                if (!same_bits(alone[i], together[i])) found.push_back(fmt::format("state {}: {} alone, {} in lane {}", i, alone[i], together[i], l));
        }
    }
}
template <class M> faults neuron_packs_equal_doubles() {
    faults found;
    const auto p = default_parameters<M>();
    const auto list = moments<M>(p);
    compare_lanes<M, native_pack>(p, list, found);
    compare_lanes<M, twin<native_pack>>(p, list, found);
    return found;
}

/// After a spike a neuron is below the threshold, from any state in which it may have been met.
template <class M> faults a_spike_ends_below_the_threshold() {
    faults found;
    if constexpr (fires<M>)
        if (M::info.resets)
            for (const auto& set : M::published) {
                const auto p = coherent<M>(set.values);
                for (const auto& [s, at] : moments<M>(p))
                    if (const double left = M::excess(after_spike<M>(s, p), p); !(left < 0))
                        found.push_back(fmt::format("{}: {} above the threshold", set.name, left));
            }
    return found;
}

/// A potential that is no number stays none: the engine must see it to say where it is.
template <class M> faults nothing_hides_a_nan() {
    faults found;
    const auto p = default_parameters<M>();
    for (int c = 0; c < M::info.compartment_count(); ++c) {
        const int v = M::info.voltage[static_cast<std::size_t>(c)];
        if (v < 0) continue;
        auto values = values_of(M::rest(p));
        values[static_cast<std::size_t>(v)] = std::nan("");
        const auto next = values_of(M::advance(make_record<neuron_state<M>>([&](std::size_t i) { return values[i]; }), p, quiet<M>(), 0.1));
        if (!std::isnan(next[static_cast<std::size_t>(v)])) found.push_back(fmt::format("a NaN in compartment {} becomes {}", c, next[static_cast<std::size_t>(v)]));
    }
    return found;
}

}  // namespace apical::laws
