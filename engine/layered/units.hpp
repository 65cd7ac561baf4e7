// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

#include "circuit/layered_net.hpp"
#include "core/math.hpp"

namespace apical::layered {

/// Output of a unit.
inline double output_of(nonlinearity f, double u) {
    switch (f) {
        case nonlinearity::logistic: return math::logistic(u);
        case nonlinearity::tanh: return 2*math::logistic(2*u) - 1;
        case nonlinearity::relu: return u > 0 ? u : 0;
        case nonlinearity::softplus: return math::at_least(u, 0.0) + math::log(1 + math::exp(-math::absolute(u)));
        case nonlinearity::hard_clip: return math::at_most(math::at_least(u, 0.0), 1.0);
        case nonlinearity::linear: break;
    }
    return u;
}

/// Its derivative, given the output y as well. At the corners of hard_clip it is 1: a unit that sits there must be able to come back.
inline double slope_of(nonlinearity f, double u, double y) {
    switch (f) {
        case nonlinearity::logistic: return y*(1 - y);
        case nonlinearity::tanh: return 1 - y*y;
        case nonlinearity::relu: return u > 0 ? 1 : 0;
        case nonlinearity::softplus: return math::logistic(u);
        case nonlinearity::hard_clip: return u >= 0 && u <= 1 ? 1 : 0;
        case nonlinearity::linear: break;
    }
    return 1;
}

inline void outputs_of(nonlinearity f, const double* u, double* y, std::size_t n) {
    if (f == nonlinearity::logistic) {
        for (std::size_t i = 0; i < n; ++i) y[i] = math::logistic(u[i]);
        return;
    }
    for (std::size_t i = 0; i < n; ++i) y[i] = output_of(f, u[i]);
}
inline void slopes_of(nonlinearity f, const double* u, const double* y, double* to, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) to[i] = slope_of(f, u[i], y[i]);
}

}  // namespace apical::layered
