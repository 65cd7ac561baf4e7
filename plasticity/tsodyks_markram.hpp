// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "plasticity/release.hpp"

namespace apical::plasticity {

/// Depression and facilitation of release. At each presynaptic spike, an interval h after the last one,
///
///     u <- u e^(-h/tau_facilitation),  x <- 1 - (1 - x) e^(-h/tau_recovery)      in between
///     u <- u + U (1 - u)                                                         facilitation, before release
///     released <- u x,  x <- x (1 - u)                                           depression, after it
///
/// from u = u_start, x = x_start at time 0; without facilitation (time constant 0) u is U at every spike. Markram, Wang & Tsodyks (1998)
/// PNAS 95:5323. By chance, with N vesicles: each that is missing comes back with probability 1 - e^(-h/tau_recovery), each that is there
/// is released with probability u; released is their share of N, whose mean is that of the equations above. Fuhrmann et al. (2002)
/// J Neurophysiol 87:140.
struct tsodyks_markram {
    static constexpr release_info info{.name = "tsodyks_markram", .summary = "depression and facilitation, of the mean or of vesicles by chance",
                                       .source = "Tsodyks & Markram (1997) PNAS 94:719; Fuhrmann et al. (2002) J Neurophysiol 87:140"};

    template <class V> struct parameters { V use, tau_recovery, tau_facilitation, vesicles, u_start, x_start; };
    static constexpr parameters<field> defaults{{"use", 0.5, "", "release probability from rest, U", 0, 1},
                                                {"tau_recovery", 100, "ms", "time constant of the recovery from depression; 0: at once", 0, 1e9},
                                                {"tau_facilitation", 0, "ms", "time constant of facilitation; 0: none", 0, 1e9},
                                                {"vesicles", 0, "", "ready for release, each released by chance; 0: the mean of very many, without chance", 0, 1000},
                                                {"u_start", 0, "", "facilitation at the start", 0, 1},
                                                {"x_start", 1, "", "share that is there at the start", 0, 1}};

    /// After the last spike, and its time [ms]. With vesicles, x is how many are there, as a share.
    template <class V> struct state { V u, x, last; };

    static state<double> at_start(const parameters<double>& p) {
        return {p.u_start, p.vesicles > 0 ? std::round(p.x_start*p.vesicles)/p.vesicles : p.x_start, 0};
    }
    static bool by_chance(const parameters<double>& p) { return p.vesicles > 0; }

    /// The draws are a binomial one for those that come back, and one for those that go.
    static double release(state<double>& s, const parameters<double>& p, double time, random_stream* draws) {
        const double h = time - s.last;
        s.u = p.tau_facilitation > 0 ? s.u*left_after(h, p.tau_facilitation) : 0;
        s.u += p.use*(1 - s.u);
        s.last = time;
        if (!draws) {
            s.x = 1 - (1 - s.x)*left_after(h, p.tau_recovery);
            const double released = s.u*s.x;
            s.x -= released;
            return released;
        }
        const auto missing = static_cast<std::int64_t>(std::lround((1 - s.x)*p.vesicles));
        const auto there = std::lround(p.vesicles) - missing + draws->binomial(missing, 1 - left_after(h, p.tau_recovery));
        const auto released = draws->binomial(there, s.u);
        s.x = static_cast<double>(there - released)/p.vesicles;
        return static_cast<double>(released)/p.vesicles;
    }
};

}  // namespace apical::plasticity
