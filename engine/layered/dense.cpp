// SPDX-License-Identifier: BSD-3-Clause
#include "engine/layered/dense.hpp"

#include "core/pack.hpp"

namespace apical::layered {

double dot(const double* a, const double* b, std::size_t n) {
    using eight = pack<8>;
    eight even(0.0), odd(0.0);
    std::size_t k = 0;
    for (; k + 16 <= n; k += 16) {
        even += eight::load(a + k)*eight::load(b + k);
        odd += eight::load(a + k + 8)*eight::load(b + k + 8);
    }
    even += odd;
    double sum = ((even[0] + even[4]) + (even[1] + even[5])) + ((even[2] + even[6]) + (even[3] + even[7]));
    for (; k < n; ++k) sum += a[k]*b[k];
    return sum;
}

void dense::drive(const double* pre, double* to) const {
    for (std::size_t i = 0; i < units; ++i) to[i] = dot(row(i), pre, inputs) + (has_bias ? row(i)[inputs] : 0.0);
}

void dense::add_drive(const double* pre, double* to) const {
    for (std::size_t i = 0; i < units; ++i) to[i] += dot(row(i), pre, inputs) + (has_bias ? row(i)[inputs] : 0.0);
}

void dense::add_back(const double* post, double* to) const {
    for (std::size_t i = 0; i < units; ++i) {
        const double* weights = row(i);
        const double x = post[i];
        for (std::size_t j = 0; j < inputs; ++j) to[j] += weights[j]*x;
    }
}

}  // namespace apical::layered
