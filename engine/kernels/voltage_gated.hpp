// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <limits>

#include "channels/channel.hpp"

/// Whether the states of a channel follow the voltage and nothing else, and whether its current is a straight line in it: asked of
/// the channel itself when it is compiled.
namespace apical::kernels {
namespace detail {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

template <class M> constexpr auto values(const typename M::template state<double>& s) {
    std::array<double, member_count<typename M::template state<double>>()> out{};
    std::size_t i = 0;
    for_each_member(s, [&](double x) { out[i++] = x; });
    return out;
}

/// State `which` after a step, where everything but it and the voltage is `other`.
template <class M> constexpr double advanced(std::size_t which, double v, double other) {
    using state = typename M::template state<double>;
    const auto s = make_record<state>([&](std::size_t i) { return i == which ? 0.25 : other; });
    const auto p = make_record<typename M::template parameters<double>>([&](std::size_t) { return other; });
    return values<M>(channels::advance<M>(s, membrane<double>{v, other, other, other, 1.25, other}, p, 0.025))[which];
}

}  // namespace detail

/// True if every state of the channel advances by itself, by the voltage and the temperature: not by parameters, concentrations,
/// reversal potentials or the other states. Told by what `advance` makes of unknown (NaN) values in their place, over a sweep of
/// voltages: it must not notice them.
template <class M> consteval bool follows_voltage() {
    if constexpr (!std::same_as<decltype(M::info), const channel_info>) {
        return false;
    } else {
        constexpr auto states = member_count<typename M::template state<double>>();
        for (std::size_t i = 0; i < states; ++i)
            for (double v = -147.3; v < 100; v += 16.1)
                if (detail::advanced<M>(i, v, detail::unknown) != detail::advanced<M>(i, v, 0.5)) return false;   // NaN differs from all
        return states > 0;
    }
}

/// True if the current of the channel, its states held, is a straight line in the voltage: its slope is the same over a sweep.
template <class M> consteval bool is_straight() {
    const auto slope = [](double v) {
        const auto s = make_record<typename M::template state<double>>([](std::size_t) { return 0.25; });
        const auto p = make_record<typename M::template parameters<double>>([](std::size_t) { return 0.5; });
        return M::current(s, membrane<double>{v, 0.5, 0.5, 0.5, 1.25, 0.5}, p, variable(v)).slope;
    };
    constexpr double lowest = -147.3;   // not where a published formula is 0/0
    for (double v = lowest; v < 100; v += 16.1)
        if (slope(v) != slope(lowest)) return false;
    return true;
}

}  // namespace apical::kernels
