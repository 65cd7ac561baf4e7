// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/operations.hpp"

#include <array>
#include <cmath>
#include <utility>

#include "channels/nmodl/arithmetic.hpp"

namespace apical::nmodl {
namespace {

using P = native_pack;

/// f of each lane.
template <class F> [[gnu::always_inline]] inline P each(P a, F f) {
    for (int lane = 0; lane < P::width; ++lane) a.set(lane, f(a[lane]));
    return a;
}
template <class F> [[gnu::always_inline]] inline P each(P a, P b, F f) {
    for (int lane = 0; lane < P::width; ++lane) a.set(lane, f(a[lane], b[lane]));
    return a;
}

/// ln |gamma(x)|, without the sign that the C library leaves in a global variable.
double log_gamma(double x) {
    int sign = 0;
    return lgamma_r(x, &sign);
}

template <operation o> [[gnu::always_inline]] inline P apply(P a) {
    using enum operation;
    if constexpr (o == copy) return a;
    else if constexpr (o == negate) return -a;
    else if constexpr (o == neither) return arithmetic::neither(a);
    else if constexpr (o == truth) return arithmetic::truth(a);
    else if constexpr (o == exp) return math::exp(a);
    else if constexpr (o == log) return arithmetic::log(a);
    else if constexpr (o == log10) return arithmetic::log10(a);
    else if constexpr (o == sqrt) return math::sqrt(a);
    else if constexpr (o == fabs) return math::absolute(a);
    else if constexpr (o == sinh) return arithmetic::sinh(a);
    else if constexpr (o == cosh) return arithmetic::cosh(a);
    else if constexpr (o == tanh) return arithmetic::tanh(a);
    else if constexpr (o == exprel) return arithmetic::exprel(a);
    else if constexpr (o == exprel_slope) return arithmetic::exprel_slope(a);
    else if constexpr (o == expm1) return arithmetic::expm1(a);
    else if constexpr (o == phi) return arithmetic::phi(a);
    else if constexpr (o == log1p) return arithmetic::log1p(a);
    else if constexpr (o == sin) return each(a, [](double x) { return std::sin(x); });
    else if constexpr (o == cos) return each(a, [](double x) { return std::cos(x); });
    else if constexpr (o == tan) return each(a, [](double x) { return std::tan(x); });
    else if constexpr (o == asin) return each(a, [](double x) { return std::asin(x); });
    else if constexpr (o == acos) return each(a, [](double x) { return std::acos(x); });
    else if constexpr (o == atan) return each(a, [](double x) { return std::atan(x); });
    else if constexpr (o == floor) return each(a, [](double x) { return std::floor(x); });
    else if constexpr (o == ceil) return each(a, [](double x) { return std::ceil(x); });
    else if constexpr (o == erf) return each(a, [](double x) { return std::erf(x); });
    else if constexpr (o == erfc) return each(a, [](double x) { return std::erfc(x); });
    else return each(a, [](double x) { return log_gamma(x); });
}

template <operation o> [[gnu::always_inline]] inline P apply(P a, P b) {
    using enum operation;
    if constexpr (o == add) return a + b;
    else if constexpr (o == subtract) return a - b;
    else if constexpr (o == multiply) return a*b;
    else if constexpr (o == divide) return a/b;
    else if constexpr (o == power) return arithmetic::pow(a, b);
    else if constexpr (o == less) return arithmetic::less(a, b);
    else if constexpr (o == less_equal) return arithmetic::less_equal(a, b);
    else if constexpr (o == equal) return arithmetic::equal(a, b);
    else if constexpr (o == not_equal) return arithmetic::not_equal(a, b);
    else if constexpr (o == both) return arithmetic::both(a, b);
    else if constexpr (o == either) return arithmetic::either(a, b);
    else if constexpr (o == minimum) return arithmetic::minimum(a, b);
    else if constexpr (o == maximum) return arithmetic::maximum(a, b);
    else if constexpr (o == atan2) return each(a, b, [](double x, double y) { return std::atan2(x, y); });
    else return each(a, b, [](double x, double y) { return std::fmod(x, y); });
}

/// The places from k on, or the one number for all.
template <bool is_uniform> [[gnu::always_inline]] inline P operand(const double* x, P one, int k) {
    if constexpr (is_uniform) return one;
    else return P::load(x + k);
}

template <operation o, unsigned uniform>
void sweep(const double* a, [[maybe_unused]] const double* b, [[maybe_unused]] const double* c, double* to, int n) {
    const P one_a(*a);
    if constexpr (operands_of(o) == 1) {
        for (int k = 0; k < n; k += P::width) apply<o>(operand<uniform & 1>(a, one_a, k)).store(to + k);
    } else if constexpr (operands_of(o) == 2) {
        const P one_b(*b);
        for (int k = 0; k < n; k += P::width)
            apply<o>(operand<uniform & 1>(a, one_a, k), operand<(uniform & 2) != 0>(b, one_b, k)).store(to + k);
    } else {
        const P one_b(*b), one_c(*c);
        for (int k = 0; k < n; k += P::width) {
            const P chosen = operand<uniform & 1>(a, one_a, k), other = operand<(uniform & 2) != 0>(b, one_b, k);
            math::select(arithmetic::is_true(operand<(uniform & 4) != 0>(c, one_c, k)), chosen, other).store(to + k);
        }
    }
}

template <operation o, unsigned... uniform>
constexpr std::array<kernel, 8> variants(std::integer_sequence<unsigned, uniform...>) {
    constexpr unsigned mask = (1u << operands_of(o)) - 1;
    return {sweep<o, (uniform & mask)>...};
}
template <std::size_t... o> constexpr auto all_kernels(std::index_sequence<o...>) {
    return std::array{variants<static_cast<operation>(o)>(std::make_integer_sequence<unsigned, 8>{})...};
}
constexpr auto kernels = all_kernels(std::make_index_sequence<static_cast<std::size_t>(operation::select) + 1>{});

}  // namespace

kernel kernel_of(operation o, unsigned is_uniform) { return kernels[static_cast<std::size_t>(o)][is_uniform & 7]; }

double result_of(operation o, double a, double b, double c) {
    alignas(64) double to[8];
    kernel_of(o, 7)(&a, &b, &c, to, 8);
    return to[0];
}

}  // namespace apical::nmodl
