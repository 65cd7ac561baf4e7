// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <random>

#include "tests/laws/law.hpp"

/// Laws of receptors: conductances that take events, let current through, and forget; or currents, if their weights are.
namespace apical::laws {

inline constexpr std::array receptor_steps{1e-3, 0.025, 0.1, 1.0, 10.0, 1e3};  // [ms]

template <class R> state_of<R, double> silent() {
    const auto fields = fields_of(R::meaning);
    return make_record<state_of<R, double>>([&](std::size_t i) { return fields[i].value; });
}
/// Whether events weigh a current, which flows whatever the potential is.
template <class R> inline constexpr bool is_current = R::info.weight_unit == "nA";
/// The conductance, or the current into the cell.
template <class R> double response_to(const state_of<R, double>& s, const parameters_of<R, double>& p) {
    if constexpr (is_current<R>) return -R::current(s, p, -65.0);
    else return R::current(s, p, p.e_rev + 10)/10;
}
/// A state in the middle of things: two events, 3 ms apart, and half a ms more.
template <class R> state_of<R, double> busy(const parameters_of<R, double>& p) {
    auto s = R::on_event(silent<R>(), p, 2e-3);
    s = R::on_event(R::advance(s, p, 3), p, 1e-3);
    return R::advance(s, p, 0.5);
}

/// No current without events, nor at the reversal potential; with events outward above it and inward below. What weighs a current is
/// inward, and the same, at every potential.
template <class R> faults receptor_current_has_its_sign() {
    faults found;
    const auto p = default_parameters<R>();
    const auto s = busy<R>(p);
    for (double v = -120; v <= 60; v += 0.7) {
        if (const double i = R::current(silent<R>(), p, v); i != 0)
            found.push_back(fmt::format("{} nA at {} mV without events", i, v));
        const double i = R::current(s, p, v);
        if constexpr (is_current<R>) {
            if (!(i < 0 && i == R::current(s, p, 0.0))) found.push_back(fmt::format("{} nA at {} mV, {} at 0", i, v, R::current(s, p, 0.0)));
        } else {
            const double from = v - p.e_rev;
            if (!(i*from > 0 || std::abs(from) < 1e-9)) found.push_back(fmt::format("{} nA, {} mV from the reversal", i, from));
        }
    }
    if constexpr (!is_current<R>)
        if (R::current(s, p, p.e_rev) != 0) found.push_back("current at the reversal potential");
    return found;
}

template <class R> faults receptor_slope_is_the_derivative() {
    faults found;
    const auto p = default_parameters<R>();
    const auto s = busy<R>(p);
    const double h = 1e-3;
    for (double v = -120; v <= 60; v += 0.7) {
        const auto exact = R::current(s, p, variable(v));
        const double central = (R::current(s, p, v + h) - R::current(s, p, v - h))/(2*h);
        const double scale = std::abs(exact.slope) + std::abs(exact.value);
        if (!(std::abs(exact.slope - central) <= 1e-6*scale && std::abs(exact.value - R::current(s, p, v)) <= 1e-14*scale))
            found.push_back(fmt::format("at {} mV: slope {} is not {}", v, exact.slope, central));
    }
    return found;
}

template <class R> faults receptor_steps_compose() {
    faults found;
    const auto p = default_parameters<R>();
    const auto s = R::on_event(busy<R>(p), p, 1e-3);
    if (largest_difference(R::advance(s, p, 0), s) != 0) found.push_back("a step of 0 ms changes the state");
    for (const double dt : receptor_steps) {
        const auto whole = values_of(R::advance(s, p, dt)), halves = values_of(R::advance(R::advance(s, p, dt/2), p, dt/2));
        for (std::size_t k = 0; k < whole.size(); ++k)
            if (!(std::abs(whole[k] - halves[k]) <= 1e-12*std::abs(whole[k]) + 1e-300))
                found.push_back(fmt::format("{} ms: {} in one step, {} in two", dt, whole[k], halves[k]));
    }
    return found;
}

/// What is said to be linear adds up: events of different weights at different times, states and currents.
template <class R> faults linear_receptors_superpose() {
    faults found;
    if (!R::info.is_linear) return found;
    const auto p = default_parameters<R>();
    const auto run = [&](double first, double second) {
        auto s = R::advance(R::on_event(silent<R>(), p, first), p, 2);
        return R::advance(R::on_event(s, p, second), p, 1.5);
    };
    const auto a = run(1e-3, 0), b = run(0, 3e-3), both = run(1e-3, 3e-3);
    const auto x = values_of(a), y = values_of(b), sum = values_of(both);
    for (std::size_t i = 0; i < sum.size(); ++i)
        if (!(std::abs(x[i] + y[i] - sum[i]) <= 1e-14*std::abs(sum[i])))
            found.push_back(fmt::format("state {}: {} + {} is not {}", i, x[i], y[i], sum[i]));
    for (const double v : {-80.0, -40.0, 20.0}) {
        const double apart = R::current(a, p, v) + R::current(b, p, v), together = R::current(both, p, v);
        if (!(std::abs(apart - together) <= 1e-13*std::abs(together)))
            found.push_back(fmt::format("{} nA apart, {} nA together", apart, together));
    }
    return found;
}

/// What is open t ms after one event of weight 1.
template <class R> double response(const parameters_of<R, double>& p, double t) {
    return response_to<R>(R::advance(R::on_event(silent<R>(), p, 1), p, t), p);
}

/// The conductance or the current of a linear receptor peaks at the weight of the event; of AMPA and NMDA, the AMPA part does.
template <class R> faults the_peak_is_the_weight() {
    faults found;
    if (!R::info.is_linear) return found;
    auto p = default_parameters<R>();
    if constexpr (requires { p.nmda_ratio; }) p.nmda_ratio = 0;
    double low = 0, high = 200;
    for (int i = 0; i < 200; ++i) {
        const double a = low + (high - low)/3, b = high - (high - low)/3;
        if (response<R>(p, a) > response<R>(p, b)) high = b;
        else low = a;
    }
    if (const double peak = response<R>(p, low); !(std::abs(peak - 1) <= 1e-10))
        found.push_back(fmt::format("peaks at {} of the weight, after {} ms", peak, low));
    return found;
}

/// All events are forgotten, and none makes the conductance negative, or turns the current.
template <class R> faults events_fade() {
    faults found;
    const auto p = default_parameters<R>();
    auto s = R::on_event(busy<R>(p), p, 1e-3);
    for (int i = 0; i < 2000; ++i) {
        s = R::advance(s, p, 0.5);
        if (!(response_to<R>(s, p) >= 0)) found.push_back(fmt::format("{} {}", response_to<R>(s, p), R::info.weight_unit));
    }
    if (const double left = response_to<R>(R::advance(s, p, 1e5), p); !(left <= 1e-20))
        found.push_back(fmt::format("{} {} are left", left, R::info.weight_unit));
    return found;
}

template <class R> faults receptor_packs_equal_doubles() {
    faults found;
    std::mt19937 engine(7);
    const auto draw = [&] { return std::generate_canonical<double, 53>(engine); };
    const auto defaults = values_of(default_parameters<R>());
    const auto zero = [](std::size_t) { return native_pack(0.0); };
    for (int round = 0; round < 200; ++round) {
        auto p = make_record<parameters_of<R, native_pack>>(zero);
        auto s = make_record<state_of<R, native_pack>>(zero);
        native_pack v(0.0);
        for (int lane = 0; lane < native_width; ++lane) {
            v.set(lane, -120 + 180*draw());
            std::size_t k = 0;
            for_each_member(p, [&](native_pack& x) { x.set(lane, defaults[k++]*(0.5 + draw())); });
            for_each_member(s, [&](native_pack& x) { x.set(lane, draw()*0.05); });
        }
        const auto next = R::advance(s, p, 0.025);
        const auto i = R::current(s, p, variable(v));
        for (int lane = 0; lane < native_width; ++lane) {
            const auto p1 = lane_of<parameters_of<R, double>>(p, lane);
            const auto s1 = lane_of<state_of<R, double>>(s, lane);
            const auto one = R::current(s1, p1, variable(v[lane]));
            bool same = same_bits(one.value, i.value[lane]) && same_bits(one.slope, i.slope[lane]);
            const auto x = values_of(R::advance(s1, p1, 0.025)), y = values_of(lane_of<state_of<R, double>>(next, lane));
            for (std::size_t k = 0; k < x.size(); ++k) same &= same_bits(x[k], y[k]);
            if (!same) found.push_back(fmt::format("lane {} at {} mV", lane, v[lane]));
        }
    }
    return found;
}

}  // namespace apical::laws
