// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cmath>
#include <random>

#include "tests/laws/law.hpp"

/// Laws of channels: what holds for any first-order gate and any membrane current, whatever its formulas.
namespace apical::laws {

/// The functions of a channel on doubles, compiled once for all laws: in the channel itself they are always inlined.
template <class C> struct plain {
    using state = state_of<C, double>;
    using parameters = parameters_of<C, double>;
    [[gnu::noinline]] static state rest(const membrane<double>& at, const parameters& p) { return channels::rest<C>(at, p); }
    [[gnu::noinline]] static state advance(const state& s, const membrane<double>& at, const parameters& p, double dt) {
        return channels::advance<C>(s, at, p, dt);
    }
    [[gnu::noinline]] static double current(const state& s, const membrane<double>& at, const parameters& p, double v) {
        return C::current(s, at, p, v);
    }
    [[gnu::noinline]]
    static dual<double> current(const state& s, const membrane<double>& at, const parameters& p, dual<double> v) {
        return C::current(s, at, p, v);
    }
};

inline constexpr std::array steps{1e-3, 0.025, 0.1, 1.0, 10.0, 1e3};  // [ms]

template <class C> membrane<double> place(double v, double c_in = 1e-4) {
    const double rt_f = constants::thermal_voltage(307.15), c_out = 2;
    double e_rev = C::info.carries == ion::na ? 50 : C::info.carries == ion::k ? -85 : 120;
    if (C::info.reads != ion::none && C::info.reads == C::info.carries)
        e_rev = channels::nernst(c_in, c_out, rt_f, valence(C::info.carries));
    return {v, e_rev, c_in, c_out, std::pow(C::info.q10, 1.1), rt_f};
}

/// Every tenth of a mV in [-160, 110], where the singular points of published formulas lie, and the close neighbours of each;
/// for a channel that reads a concentration also a range of those.
template <class C> std::vector<membrane<double>> places() {
    std::vector<membrane<double>> list;
    for (int tenth = -1600; tenth <= 1100; ++tenth)
        for (const double offset : {0.0, 1e-9, -1e-9, 1e-6, -1e-6, 1e-3, -1e-3}) list.push_back(place<C>(tenth/10.0 + offset));
    if (C::info.reads != ion::none)
        for (const double c : {0.0, 1e-18, 1e-9, 1e-7, 1e-6, 5e-5, 1e-4, 4.3e-4, 1e-3, 1e-2, 1.0, 10.0})
            for (const double v : {-90.0, -38.0, 0.0, 40.0}) list.push_back(place<C>(v, c));
    return list;
}

template <class C> std::string at_text(const membrane<double>& at, double dt = 0) {
    return fmt::format("{} at v = {:.12g} mV, c_in = {:.3g} mM, dt = {} ms", C::info.name, at.v, at.c_in, dt);
}

/// All states at the bottom of their range, at the top, and between. Of a Markov scheme, whose states sum to 1: all in the first state,
/// all in the last, and as many in each.
template <class C> std::array<state_of<C, double>, 3> starts() {
    const auto fields = fields_of(C::meaning);
    if constexpr (C::info.is_markov) {
        const auto all_in = [&](std::size_t which) { return make_record<state_of<C, double>>([&](std::size_t i) { return i == which ? 1.0 : 0.0; }); };
        const double share = 1/static_cast<double>(fields.size());
        return {all_in(0), all_in(fields.size() - 1), make_record<state_of<C, double>>([&](std::size_t) { return share; })};
    }
    const auto at = [&](double part) {
        return make_record<state_of<C, double>>(
            [&](std::size_t i) { return fields[i].low + part*(fields[i].high - fields[i].low); });
    };
    return {at(0), at(1), at(0.37)};
}

/// Calls f(at, start, dt) over all places, starts and steps.
template <class C, class F> void for_each_case(F&& f) {
    for (const auto& at : places<C>())
        for (const auto& start : starts<C>())
            for (const double dt : steps) f(at, start, dt);
}

/// States stay in their range for any potential and step.
template <class C> faults states_stay_in_range() {
    faults found;
    const auto fields = fields_of(C::meaning);
    const auto p = default_parameters<C>();
    const auto check = [&](const state_of<C, double>& s, const membrane<double>& at, double dt) {
        const auto values = values_of(s);
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double slack = 1e-14*(fields[i].high - fields[i].low);
            if (!(values[i] >= fields[i].low - slack && values[i] <= fields[i].high + slack))
                found.push_back(fmt::format("{}: {} = {:.17g}", at_text<C>(at, dt), fields[i].name, values[i]));
        }
    };
    for (const auto& at : places<C>()) check(plain<C>::rest(at, p), at, 0);
    for_each_case<C>([&](const auto& at, const auto& start, double dt) { check(plain<C>::advance(start, at, p, dt), at, dt); });
    return found;
}

/// At rest nothing moves, and rest is where everything moves to.
template <class C> faults rest_is_the_fixed_point() {
    faults found;
    const auto p = default_parameters<C>();
    for (const auto& at : places<C>()) {
        const auto rest = plain<C>::rest(at, p);
        for (const double dt : steps)
            if (const double off = largest_difference(plain<C>::advance(rest, at, p, dt), rest); !(off <= 1e-14))
                found.push_back(fmt::format("{}: rest moves by {}", at_text<C>(at, dt), off));
        for (auto s : starts<C>()) {
            for (int step = C::info.is_markov ? 4 : 1; step > 0; --step) s = plain<C>::advance(s, at, p, 1e8);   // implicit steps arrive step by step
            if (const double off = largest_difference(s, rest); !(off <= 1e-13)) found.push_back(fmt::format("{}: ends {} from rest", at_text<C>(at, 1e8), off));
        }
    }
    return found;
}

template <class C> faults a_step_of_zero_changes_nothing() {
    faults found;
    const auto p = default_parameters<C>();
    for (const auto& at : places<C>())
        for (const auto& start : starts<C>())
            if (const double off = largest_difference(plain<C>::advance(start, at, p, 0), start); off != 0)
                found.push_back(fmt::format("{}: moves by {}", at_text<C>(at), off));
    return found;
}

/// The steps of a Markov scheme are of first order: what is still wrong is halved by steps half as long.
template <class C> faults implicit_steps_converge() {
    faults found;
    const auto p = default_parameters<C>();
    for (double v = -140; v <= 100; v += 12.7)
        for (const auto& start : starts<C>()) {
            const auto at = place<C>(v);
            const auto after = [&](int steps) {
                auto s = start;
                for (int n = 0; n < steps; ++n) s = plain<C>::advance(s, at, p, 0.1/steps);
                return s;
            };
            const auto coarse = after(512), medium = after(1024), fine = after(2048);
            const double once = largest_difference(coarse, medium), twice = largest_difference(medium, fine);
            if (!(once <= 1e-9 || std::abs(once/twice - 2) <= 0.2)) found.push_back(fmt::format("{}: differences {} and {}", at_text<C>(at, 0.1), once, twice));
        }
    return found;
}

/// The states of a Markov scheme are all there is.
template <class C> faults occupancies_sum_to_one() {
    faults found;
    if constexpr (C::info.is_markov) {
        const auto p = default_parameters<C>();
        const auto check = [&](const state_of<C, double>& s, const membrane<double>& at, double dt) {
            double sum = 0;
            for (const double x : values_of(s)) sum += x;
            if (!(std::abs(sum - 1) <= 1e-13)) found.push_back(fmt::format("{}: sum is {:.17g}", at_text<C>(at, dt), sum));
        };
        for (const auto& at : places<C>()) check(plain<C>::rest(at, p), at, 0);
        for_each_case<C>([&](const auto& at, const auto& start, double dt) { check(plain<C>::advance(start, at, p, dt), at, dt); });
    }
    return found;
}

/// The exact solution at a held potential is a semigroup.
template <class C> faults two_half_steps_make_a_whole() {
    faults found;
    if constexpr (C::info.is_markov) return implicit_steps_converge<C>();
    const auto p = default_parameters<C>();
    for_each_case<C>([&](const auto& at, const auto& start, double dt) {
        const auto halves = plain<C>::advance(plain<C>::advance(start, at, p, dt/2), at, p, dt/2);
        if (const double off = largest_difference(halves, plain<C>::advance(start, at, p, dt)); !(off <= 1e-12))
            found.push_back(fmt::format("{}: differ by {}", at_text<C>(at, dt), off));
    });
    return found;
}

template <class C> double reversal(const membrane<double>& at, const parameters_of<C, double>& p) {
    if constexpr (requires { p.e_rev; }) return p.e_rev;
    else return at.e_rev;
}

/// No current at the reversal potential: that of the ion (Nernst, where the channel reads its own ion), or the channel's own
/// for a non-specific current. Outward above it, inward below.
template <class C> faults current_reverses_where_it_should() {
    faults found;
    const auto p = default_parameters<C>();
    const auto s = starts<C>()[2];
    for (const double c_in : {1e-7, 5e-5, 1e-3, 1.0}) {
        const double e = reversal<C>(place<C>(0, c_in), p);
        const auto i = [&](double v) { return plain<C>::current(s, place<C>(v, c_in), p, v); };
        if (!(std::abs(i(e)) <= 1e-11*std::abs(i(e + 1)))) found.push_back(fmt::format("{} nA at the reversal {} mV", i(e), e));
        if (!(i(e + 1) > 0)) found.push_back(fmt::format("{} nA above the reversal {} mV", i(e + 1), e));
        if (!(i(e - 1) < 0)) found.push_back(fmt::format("{} nA below the reversal {} mV", i(e - 1), e));
    }
    return found;
}

/// The slope the solver gets is the derivative of the current at held states.
template <class C> faults slope_is_the_derivative() {
    faults found;
    const auto p = default_parameters<C>();
    const auto s = starts<C>()[2];
    const double h = 1e-3;
    for (int tenth = -1600; tenth <= 1100; ++tenth) {
        const double v = tenth/10.0 + 0.0137;
        const auto i = [&](double x) { return plain<C>::current(s, place<C>(x), p, x); };
        const auto exact = plain<C>::current(s, place<C>(v), p, variable(v));
        const double central = (i(v + h) - i(v - h))/(2*h), scale = std::abs(exact.slope) + std::abs(exact.value);
        if (!(std::abs(exact.slope - central) <= 1e-6*scale))
            found.push_back(fmt::format("{}: slope {} is not {}", at_text<C>(place<C>(v)), exact.slope, central));
        if (!(std::abs(exact.value - i(v)) <= 1e-14*std::abs(i(v))))
            found.push_back(fmt::format("{}: {} as a dual, {} as a double", at_text<C>(place<C>(v)), exact.value, i(v)));
    }
    return found;
}

inline bool is_density(const field& f) {
    const auto d = parse_unit(f.unit).dimension;
    return d == dimensions::conductance_density || d == dimensions::permeability || d == dimensions::current_density;
}

/// The engine multiplies densities by the area once, at compile time: twice the densities must be twice the current.
template <class C> faults current_is_proportional_to_densities() {
    faults found;
    const auto fields = fields_of(C::defaults);
    const auto p = values_of(default_parameters<C>());
    int densities = 0;
    for (const auto& f : fields) densities += is_density(f);
    if (densities == 0) found.push_back("no parameter is a density");
    const auto scaled = make_record<parameters_of<C, double>>(
        [&](std::size_t i) { return is_density(fields[i]) ? 2*p[i] : p[i]; });
    for (double v = -120; v <= 60; v += 7.3) {
        const double once = plain<C>::current(starts<C>()[2], place<C>(v), default_parameters<C>(), v);
        const double twice = plain<C>::current(starts<C>()[2], place<C>(v), scaled, v);
        if (!(twice == 2*once)) found.push_back(fmt::format("{}: {} nA becomes {}", at_text<C>(place<C>(v)), once, twice));
    }
    return found;
}

/// Nothing overflows or divides by zero, also at potentials far outside the living range.
template <class C> faults everything_is_finite() {
    faults found;
    const auto p = default_parameters<C>();
    auto list = places<C>();
    for (const double v : {-1000.0, -500.0, -300.0, -200.0, 200.0, 300.0, 500.0, 1000.0}) list.push_back(place<C>(v));
    for (const auto& at : list)
        for (const auto& start : starts<C>()) {
            const auto i = plain<C>::current(start, at, p, variable(at.v));
            bool finite = std::isfinite(i.value) && std::isfinite(i.slope);
            for (const double x : values_of(plain<C>::rest(at, p))) finite &= std::isfinite(x);
            for (const double x : values_of(plain<C>::advance(start, at, p, 0.025))) finite &= std::isfinite(x);
            if (!finite) found.push_back(at_text<C>(at));
        }
    return found;
}

/// A place, parameters and states that differ from lane to lane.
template <class C, int N> struct packed_case {
    membrane<pack<N>> at;
    parameters_of<C, pack<N>> p;
    state_of<C, pack<N>> s;

    template <class Random> explicit packed_case(Random& draw)
        : at{0.0, 0.0, 0.0, 2.0, place<C>(0).q, place<C>(0).rt_f},
          p(make_record<parameters_of<C, pack<N>>>([](std::size_t) { return pack<N>(0.0); })),
          s(make_record<state_of<C, pack<N>>>([](std::size_t) { return pack<N>(0.0); })) {
        const auto defaults = values_of(default_parameters<C>());
        for (int lane = 0; lane < N; ++lane) {
            const auto one = place<C>(-150 + 250*draw(), std::exp(-20 + 20*draw()));
            at.v.set(lane, one.v), at.e_rev.set(lane, one.e_rev), at.c_in.set(lane, one.c_in);
            std::size_t i = 0;
            for_each_member(p, [&](pack<N>& x) { x.set(lane, defaults[i++]*(0.5 + draw())); });
            for_each_member(s, [&](pack<N>& x) { x.set(lane, draw()); });
        }
    }
};

template <class C, int N> void compare_pack(faults& found) {
    std::mt19937 engine(7);
    const auto draw = [&] { return std::generate_canonical<double, 53>(engine); };
    for (int round = 0; round < 200; ++round) {
        const packed_case<C, N> c(draw);
        const auto rest = channels::rest<C>(c.at, c.p);
        const auto next = channels::advance<C>(c.s, c.at, c.p, 0.025);
        const auto i = C::current(c.s, c.at, c.p, variable(c.at.v));
        for (int lane = 0; lane < N; ++lane) {
            const membrane<double> at{c.at.v[lane], c.at.e_rev[lane], c.at.c_in[lane], c.at.c_out[lane], c.at.q, c.at.rt_f};
            const auto p = lane_of<parameters_of<C, double>>(c.p, lane);
            const auto s = lane_of<state_of<C, double>>(c.s, lane);
            const auto one = plain<C>::current(s, at, p, variable(at.v));
            bool same = same_bits(one.value, i.value[lane]) && same_bits(one.slope, i.slope[lane]);
            const auto compare = [&](const auto& a, const auto& b) {
                const auto x = values_of(a), y = values_of(lane_of<state_of<C, double>>(b, lane));
                for (std::size_t k = 0; k < x.size(); ++k) same &= same_bits(x[k], y[k]);
            };
            compare(plain<C>::rest(at, p), rest);
            compare(plain<C>::advance(s, at, p, 0.025), next);
            if (!same) found.push_back(fmt::format("{}: lane {} of {}", at_text<C>(at, 0.025), lane, N));
        }
    }
}

/// A lane of a pack has the bits of the double, at the narrowest width and at the machine's own.
template <class C> faults packs_equal_doubles() {
    faults found;
    compare_pack<C, 2>(found);
    if constexpr (native_width != 2) compare_pack<C, native_width>(found);
    return found;
}

}  // namespace apical::laws
