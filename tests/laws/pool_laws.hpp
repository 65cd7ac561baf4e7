// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <random>

#include "tests/laws/law.hpp"

/// Laws of concentration pools that relax to a rest and are moved by a current. Currents are outward densities [nA/um2]:
/// 1e-5 nA/um2 is 1 mA/cm2, more than any cell carries for long.
namespace apical::laws {

inline constexpr std::array pool_steps{1e-3, 0.025, 1.0, 100.0, 1e4};  // [ms]
inline constexpr std::array concentrations{0.0, 1e-9, 5e-5, 1e-4, 1e-2, 1.0};  // [mM]
inline constexpr std::array influxes{0.0, -1e-9, -1e-7, -1e-5};

/// Without current the pool goes to one concentration, and there a step of any length leaves it.
template <class P> faults the_pool_has_one_rest() {
    faults found;
    const auto p = default_parameters<P>();
    const double rest = P::advance(1e-3, p, 0.0, 1e9);
    if (!(rest > 0)) found.push_back(fmt::format("rests at {} mM", rest));
    for (const double c : concentrations)
        if (const double end = P::advance(c, p, 0.0, 1e9); !(std::abs(end - rest) <= 1e-15*(rest + c)))
            found.push_back(fmt::format("{} mM ends at {}, not {}", c, end, rest));
    for (const double dt : pool_steps)
        if (const double next = P::advance(rest, p, 0.0, dt); !(std::abs(next - rest) <= 1e-14*rest))
            found.push_back(fmt::format("rest moves from {} to {} in {} ms", rest, next, dt));
    return found;
}

/// Without current every step comes nearer to rest, and none goes past it.
template <class P> faults the_pool_relaxes_monotonically() {
    faults found;
    const auto p = default_parameters<P>();
    const double rest = P::advance(1e-3, p, 0.0, 1e9);
    for (const double c : {0.0, 5e-5, 1e-2, 1.0})
        for (const double dt : {0.025, 1.0, 100.0}) {
            const double next = P::advance(c, p, 0.0, dt);
            const bool nearer = c < rest ? next > c && next <= rest : next < c && next >= rest;
            if (!nearer) found.push_back(fmt::format("{} mM goes to {} in {} ms; rest is {}", c, next, dt, rest));
        }
    return found;
}

/// Concentrations are positive numbers, however strong the current and long the step.
template <class P> faults the_pool_stays_positive() {
    faults found;
    const auto p = default_parameters<P>();
    for (const double c : concentrations)
        for (const double dt : pool_steps)
            for (const double i : {-1e3, -1e-5, -1e-7, 0.0, 1e-7, 1e-5, 1e3})
                if (const double next = P::advance(c, p, i, dt); !(next >= 0 && std::isfinite(next)))
                    found.push_back(fmt::format("{} mM and {} nA/um2 give {} after {} ms", c, i, next, dt));
    return found;
}

/// An inward current raises the concentration, in proportion to itself.
template <class P> faults inward_current_fills_the_pool() {
    faults found;
    const auto p = default_parameters<P>();
    for (const double c : concentrations)
        for (const double dt : pool_steps) {
            const auto after = [&](double i) { return P::advance(c, p, i, dt); };
            const double still = after(0), once = after(-1e-6), twice = after(-2e-6);
            if (!(once > still)) found.push_back(fmt::format("{} mM: {} without, {} with influx", c, still, once));
            if (!(std::abs(twice - still - 2*(once - still)) <= 1e-12*twice))
                found.push_back(fmt::format("{} mM: {}, {}, {} are not on a line", c, still, once, twice));
        }
    return found;
}

template <class P> faults the_pool_keeps_in_no_time() {
    faults found;
    const auto p = default_parameters<P>();
    for (const double c : concentrations)
        for (const double i : {-1e-5, 0.0, 1e-5})
            if (const double next = P::advance(c, p, i, 0.0); next != c)
                found.push_back(fmt::format("{} mM goes to {}", c, next));
    return found;
}

template <class P> faults the_pool_is_a_semigroup() {
    faults found;
    const auto p = default_parameters<P>();
    const double rest = P::advance(1e-3, p, 0.0, 1e9);
    for (const double c : concentrations)
        for (const double dt : pool_steps)
            for (const double i : influxes) {
                const double whole = P::advance(c, p, i, dt), halves = P::advance(P::advance(c, p, i, dt/2), p, i, dt/2);
                if (!(std::abs(whole - halves) <= 1e-12*(whole + rest)))
                    found.push_back(fmt::format("{} mM, {} nA/um2, {} ms: {} and {}", c, i, dt, whole, halves));
            }
    return found;
}

template <class P> faults pool_packs_equal_doubles() {
    faults found;
    std::mt19937 engine(7);
    const auto draw = [&] { return std::generate_canonical<double, 53>(engine); };
    using record = parameters_of<P, native_pack>;
    const auto defaults = values_of(default_parameters<P>());
    for (int round = 0; round < 200; ++round) {
        native_pack c(0.0), i(0.0);
        record p = make_record<record>([](std::size_t) { return native_pack(0.0); });
        for (int lane = 0; lane < native_width; ++lane) {
            c.set(lane, draw()*1e-3), i.set(lane, (draw() - 0.7)*1e-6);
            std::size_t k = 0;
            for_each_member(p, [&](native_pack& x) { x.set(lane, defaults[k++]*(0.5 + draw())); });
        }
        const auto next = P::advance(c, p, i, 0.025);
        for (int lane = 0; lane < native_width; ++lane) {
            const double one = P::advance(c[lane], lane_of<parameters_of<P, double>>(p, lane), i[lane], 0.025);
            if (!same_bits(one, next[lane])) found.push_back(fmt::format("lane {}: {} and {}", lane, one, next[lane]));
        }
    }
    return found;
}

}  // namespace apical::laws
