// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include "core/math.hpp"
#include "core/random.hpp"

/// Short-term plasticity of a connection. At each presynaptic spike, an interval h after the last one,
///
///     u <- u e^(-h/tau_facilitation),  x <- 1 - (1 - x) e^(-h/tau_recovery)      in between
///     u <- u + U (1 - u)                                                         facilitation, before release
///     released <- u x,  x <- x (1 - u)                                           depression, after it
///
/// from u = 0, x = 1; without facilitation (time constant 0) u is U at every spike. Tsodyks & Markram (1997) PNAS 94:719;
/// Markram, Wang & Tsodyks (1998) PNAS 95:5323. By chance, with N vesicles: each that is missing comes back with probability
/// 1 - e^(-h/tau_recovery), each that is there is released with probability u; released is their share of N, whose mean is that of
/// the equations above. Fuhrmann et al. (2002) J Neurophysiol 87:140.
namespace apical::plasticity {

struct tsodyks_markram {
    double use = 0.5;                          ///< U
    double tau_recovery = 800;                 ///< [ms]
    double tau_facilitation = 0;               ///< [ms]
    int vesicles = 0;                          ///< 0: their mean, without chance

    struct state {
        double u = 0, x = 1;                   ///< after the last spike; with vesicles, x is how many are there, as a share
        double last = -HUGE_VAL;               ///< its time [ms]
    };

    /// What a spike at this time releases, 0 to 1. Draws are taken with vesicles only: a binomial one for those that come back,
    /// and one for those that go.
    double release(state& s, double time, random_stream* draws = nullptr) const {
        const double h = time - s.last;
        const auto left = [h](double tau) { return tau > 0 ? math::exp(-h/tau) : 0.0; };   // of what decays
        s.u = tau_facilitation > 0 ? s.u*left(tau_facilitation) : 0;
        s.u += use*(1 - s.u);
        s.last = time;
        if (vesicles == 0 || !draws) {
            s.x = 1 - (1 - s.x)*left(tau_recovery);
            const double released = s.u*s.x;
            s.x -= released;
            return released;
        }
        const auto missing = static_cast<std::int64_t>(std::lround((1 - s.x)*vesicles));
        const auto there = vesicles - missing + draws->binomial(missing, 1 - left(tau_recovery));
        const auto released = draws->binomial(there, s.u);
        s.x = static_cast<double>(there - released)/vesicles;
        return static_cast<double>(released)/vesicles;
    }
};

}  // namespace apical::plasticity
