// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include "channels/nmodl/arithmetic.hpp"
#include "channels/nmodl/compiled_table.hpp"
#include "core/dual.hpp"

/// What C++ written from a mechanism is made of: arithmetic, comparisons and choices on the lanes of a value V, which is a double, a pack,
/// or a dual of one. A lane's bits do not depend on its neighbours.
namespace apical::nmodl::lanes {

template <class V> inline constexpr int width_of = V::width;
template <> inline constexpr int width_of<double> = 1;

/// One lane of a value or a mask.
[[gnu::always_inline]] inline double lane(double x, int) { return x; }
template <int N> [[gnu::always_inline]] inline double lane(pack<N> x, int n) { return x[n]; }
[[gnu::always_inline]] inline bool lane(bool mask, int) { return mask; }
[[gnu::always_inline]] inline void set_lane(double& to, int, double x) { to = x; }
template <int N> [[gnu::always_inline]] inline void set_lane(pack<N>& to, int n, double x) { to.set(n, x); }

/// From, and to, place k of a column.
template <class V> [[gnu::always_inline]] inline V load(const double* column, int k) {
    if constexpr (width_of<V> == 1) return column[k];
    else return V::load(column + k);
}
[[gnu::always_inline]] inline void store(double x, double* column, int k) { column[k] = x; }
template <int N> [[gnu::always_inline]] inline void store(pack<N> x, double* column, int k) { x.store(column + k); }

/// A dual without its slope.
[[gnu::always_inline]] inline double value(double x) { return x; }
template <int N> [[gnu::always_inline]] inline pack<N> value(pack<N> x) { return x; }
template <class V> [[gnu::always_inline]] inline V value(dual<V> x) { return x.value; }
template <class V> [[gnu::always_inline]] inline void store(dual<V> x, double* column, int k) { store(x.value, column, k); }

/// x as a value of type U: of a dual's, with slope 0.
template <class U, class V> [[gnu::always_inline]] inline U as(V x) {
    if constexpr (is_dual<U> && !is_dual<V>) return U(x, V(0.0));
    else return x;
}

/// Comparisons look at values and give masks: bool, or words of all ones and all zeros.
namespace detail {
[[gnu::always_inline]] inline bool less(double a, double b) { return a < b; }
[[gnu::always_inline]] inline bool at_most(double a, double b) { return a <= b; }
[[gnu::always_inline]] inline bool equal(double a, double b) { return a == b; }
template <int N> [[gnu::always_inline]] inline auto less(pack<N> a, pack<N> b) { return a < b; }
template <int N> [[gnu::always_inline]] inline auto at_most(pack<N> a, pack<N> b) { return typename pack<N>::words(a.v <= b.v); }
template <int N> [[gnu::always_inline]] inline auto equal(pack<N> a, pack<N> b) { return typename pack<N>::words(a.v == b.v); }
}  // namespace detail
[[gnu::always_inline]] inline bool no(bool m) { return !m; }
template <class M> requires(sizeof(M) > sizeof(bool)) [[gnu::always_inline]] inline M no(M m) { return ~m; }

/// As in NMODL.
template <class A, class B> [[gnu::always_inline]] inline auto less(A a, B b) { return detail::less(value(a), value(b)); }
template <class A, class B> [[gnu::always_inline]] inline auto greater(A a, B b) { return detail::less(value(b), value(a)); }
template <class A, class B> [[gnu::always_inline]] inline auto less_equal(A a, B b) { return detail::at_most(value(a), value(b)); }
template <class A, class B> [[gnu::always_inline]] inline auto greater_equal(A a, B b) { return detail::at_most(value(b), value(a)); }
template <class A, class B> [[gnu::always_inline]] inline auto equal(A a, B b) { return detail::equal(value(a), value(b)); }
template <class A, class B> [[gnu::always_inline]] inline auto not_equal(A a, B b) { return no(equal(a, b)); }
/// NMODL's truth of a number: it is not 0.
template <class A> [[gnu::always_inline]] inline auto truth(A a) { return no(detail::equal(value(a), decltype(value(a))(0.0))); }
template <class M> [[gnu::always_inline]] inline M both(M a, M b) { return a & b; }
template <class M> [[gnu::always_inline]] inline M either(M a, M b) { return a | b; }
/// NMODL's number of a truth: 1 or 0.
template <class V, class M> [[gnu::always_inline]] inline V number(M mask) { return math::select(mask, V(1.0), V(0.0)); }

/// Whether any lane, and whether lane n, of a mask is set.
[[gnu::always_inline]] inline bool any(bool mask) { return mask; }
template <class M> requires(sizeof(M) > sizeof(bool)) [[gnu::always_inline]] inline bool any(M mask) {
    return math::any_positive(pack<sizeof(M)/8>(typename pack<sizeof(M)/8>::lanes(mask & (M)(0x3ff0000000000000LL - M{}))));
}
template <class M> requires(sizeof(M) > sizeof(bool)) [[gnu::always_inline]] inline bool lane(M mask, int n) { return mask[n] != 0; }

/// to = x, and the same in the lanes of a mask.
template <class U, class X> [[gnu::always_inline]] inline void put(U& to, X x) { to = as<U>(x); }
template <class U, class X, class M> [[gnu::always_inline]] inline void put(U& to, X x, M mask) { to = math::select(mask, as<U>(x), to); }

/// Where a number with its fraction cut off is i; and where it is no index of an array.
template <class V> [[gnu::always_inline]] inline auto is_element(V at, int i) {
    return both(detail::less(V(i == 0 ? -1.0 : i - 0x1p-30), at), detail::less(at, V(i + 1.0)));
}
template <class V> [[gnu::always_inline]] inline auto is_beyond(V at, int length) {
    return no(both(detail::less(V(-1.0), at), detail::less(at, V(length))));
}
/// The element of an array that an index names in each lane; beyond the array, NaN.
template <class U, class I> [[gnu::always_inline]] inline U element(const U* array, int length, I index) {
    U found(__builtin_nan(""));
    for (int i = 0; i < length; ++i) found = math::select(is_element(value(index), i), array[i], found);
    return found;
}
/// Beyond the array, all of it becomes NaN.
template <class U, class I, class X, class M> [[gnu::always_inline]] inline void put_element(U* array, int length, I index, X x, M mask) {
    const auto beyond = both(mask, is_beyond(value(index), length));
    for (int i = 0; i < length; ++i) {
        put(array[i], x, both(mask, is_element(value(index), i)));
        put(array[i], U(__builtin_nan("")), beyond);
    }
}

/// f of each lane.
template <class F> [[gnu::always_inline]] inline double each(double x, F f) { return f(x); }
template <int N, class F> [[gnu::always_inline]] inline pack<N> each(pack<N> x, F f) {
    for (int n = 0; n < N; ++n) x.set(n, f(x[n]));
    return x;
}
template <class F> [[gnu::always_inline]] inline double each(double x, double y, F f) { return f(x, y); }
template <int N, class F> [[gnu::always_inline]] inline pack<N> each(pack<N> x, pack<N> y, F f) {
    for (int n = 0; n < N; ++n) x.set(n, f(x[n], y[n]));
    return x;
}
/// The functions of NMODL: those of channels/nmodl/arithmetic.hpp, with their derivatives.
template <class U> [[gnu::always_inline]] inline U exp(U x) { return math::exp<U>(x); }
template <class U> [[gnu::always_inline]] inline U fabs(U x) { return math::absolute(x); }
template <class V> [[gnu::always_inline]] inline V log(V x) { return arithmetic::log<V>(x); }
template <class V> [[gnu::always_inline]] inline dual<V> log(dual<V> x) {
    const V r = log(x.value);
    return {r, V(1.0)/x.value*x.slope};
}
template <class V> [[gnu::always_inline]] inline V log10(V x) { return arithmetic::log10<V>(x); }
template <class V> [[gnu::always_inline]] inline dual<V> log10(dual<V> x) {
    const V r = log10(x.value);
    return {r, V(0.43429448190325182765)/x.value*x.slope};
}
template <class V> [[gnu::always_inline]] inline V sqrt(V x) { return math::sqrt(x); }
template <class V> [[gnu::always_inline]] inline dual<V> sqrt(dual<V> x) {
    const V r = sqrt(x.value);
    return {r, V(0.5)/r*x.slope};
}
template <class V> [[gnu::always_inline]] inline V exprel(V x) { return arithmetic::exprel<V>(x); }
template <class V> [[gnu::always_inline]] inline dual<V> exprel(dual<V> x) {
    const V r = exprel(x.value);
    return {r, arithmetic::exprel_slope<V>(x.value)*x.slope};
}
template <class V> [[gnu::always_inline]] inline V expm1(V x) { return arithmetic::expm1<V>(x); }
template <class V> [[gnu::always_inline]] inline dual<V> expm1(dual<V> x) {
    const V r = expm1(x.value);
    return {r, math::exp<V>(x.value)*x.slope};
}
template <class V> [[gnu::always_inline]] inline V log1p(V x) { return arithmetic::log1p<V>(x); }
template <class V> [[gnu::always_inline]] inline dual<V> log1p(dual<V> x) {
    const V r = log1p(x.value);
    return {r, V(1.0)/(V(1.0) + x.value)*x.slope};
}
template <class V> [[gnu::always_inline]] inline V sinh(V x) { return arithmetic::sinh<V>(x); }
template <class V> [[gnu::always_inline]] inline dual<V> sinh(dual<V> x) {
    const V r = sinh(x.value);
    return {r, arithmetic::cosh<V>(x.value)*x.slope};
}
template <class V> [[gnu::always_inline]] inline V cosh(V x) { return arithmetic::cosh<V>(x); }
template <class V> [[gnu::always_inline]] inline dual<V> cosh(dual<V> x) {
    const V r = cosh(x.value);
    return {r, arithmetic::sinh<V>(x.value)*x.slope};
}
template <class V> [[gnu::always_inline]] inline V tanh(V x) { return arithmetic::tanh<V>(x); }
template <class V> [[gnu::always_inline]] inline dual<V> tanh(dual<V> x) {
    const V r = tanh(x.value);
    return {r, (V(1.0) - r*r)*x.slope};
}
template <class V> [[gnu::always_inline]] inline V sin(V x) { return each(x, [](double y) { return std::sin(y); }); }
template <class V> [[gnu::always_inline]] inline dual<V> sin(dual<V> x) {
    const V r = sin(x.value);
    return {r, each(x.value, [](double y) { return std::cos(y); })*x.slope};
}
template <class V> [[gnu::always_inline]] inline V cos(V x) { return each(x, [](double y) { return std::cos(y); }); }
template <class V> [[gnu::always_inline]] inline dual<V> cos(dual<V> x) {
    const V r = cos(x.value);
    return {r, -each(x.value, [](double y) { return std::sin(y); })*x.slope};
}
template <class V> [[gnu::always_inline]] inline V tan(V x) { return each(x, [](double y) { return std::tan(y); }); }
template <class V> [[gnu::always_inline]] inline dual<V> tan(dual<V> x) {
    const V r = tan(x.value);
    return {r, (V(1.0) + r*r)*x.slope};
}
template <class V> [[gnu::always_inline]] inline V asin(V x) { return each(x, [](double y) { return std::asin(y); }); }
template <class V> [[gnu::always_inline]] inline dual<V> asin(dual<V> x) {
    const V r = asin(x.value);
    return {r, V(1.0)/math::sqrt(V(1.0) - x.value*x.value)*x.slope};
}
template <class V> [[gnu::always_inline]] inline V acos(V x) { return each(x, [](double y) { return std::acos(y); }); }
template <class V> [[gnu::always_inline]] inline dual<V> acos(dual<V> x) {
    const V r = acos(x.value);
    return {r, V(-1.0)/math::sqrt(V(1.0) - x.value*x.value)*x.slope};
}
template <class V> [[gnu::always_inline]] inline V atan(V x) { return each(x, [](double y) { return std::atan(y); }); }
template <class V> [[gnu::always_inline]] inline dual<V> atan(dual<V> x) {
    const V r = atan(x.value);
    return {r, V(1.0)/(V(1.0) + x.value*x.value)*x.slope};
}
template <class V> [[gnu::always_inline]] inline V erf(V x) { return each(x, [](double y) { return std::erf(y); }); }
template <class V> [[gnu::always_inline]] inline dual<V> erf(dual<V> x) {
    const V r = erf(x.value);
    return {r, V(1.1283791670955125739)*math::exp<V>(-(x.value*x.value))*x.slope};
}
template <class V> [[gnu::always_inline]] inline V erfc(V x) { return each(x, [](double y) { return std::erfc(y); }); }
template <class V> [[gnu::always_inline]] inline dual<V> erfc(dual<V> x) {
    const V r = erfc(x.value);
    return {r, V(-1.1283791670955125739)*math::exp<V>(-(x.value*x.value))*x.slope};
}
/// Without derivatives: constant between jumps, or not wanted.
template <class V> [[gnu::always_inline]] inline V floor(V x) { return each(x, [](double y) { return std::floor(y); }); }
template <class V> [[gnu::always_inline]] inline V ceil(V x) { return each(x, [](double y) { return std::ceil(y); }); }
template <class V> [[gnu::always_inline]] inline V gamma_ln(V x) {
    return each(x, [](double y) { int sign = 0; return lgamma_r(y, &sign); });
}
template <class V> [[gnu::always_inline]] inline dual<V> floor(dual<V> x) { return {floor(x.value), V(0.0)}; }
template <class V> [[gnu::always_inline]] inline dual<V> ceil(dual<V> x) { return {ceil(x.value), V(0.0)}; }
template <class V> [[gnu::always_inline]] inline dual<V> gamma_ln(dual<V> x) { return {gamma_ln(x.value), V(0.0)}; }

/// Of two values, with the derivatives of duals.
template <class U> [[gnu::always_inline]] inline U minimum(U a, U b) { return math::select(less(b, a), b, a); }
template <class U> [[gnu::always_inline]] inline U maximum(U a, U b) { return math::select(less(a, b), b, a); }
template <class V> [[gnu::always_inline]] inline V fmod(V a, V b) { return each(a, b, [](double x, double y) { return std::fmod(x, y); }); }
template <class V> [[gnu::always_inline]] inline dual<V> fmod(dual<V> a, dual<V> b) {
    const V r = fmod(a.value, b.value);
    return {r, a.slope - (a.value - r)/b.value*b.slope};
}
/// The angle of (b, a).
template <class V> [[gnu::always_inline]] inline V atan2(V a, V b) { return each(a, b, [](double x, double y) { return std::atan2(x, y); }); }
template <class V> [[gnu::always_inline]] inline dual<V> atan2(dual<V> a, dual<V> b) {
    return {atan2(a.value, b.value), (a.slope*b.value - a.value*b.slope)/(a.value*a.value + b.value*b.value)};
}
/// x^y for any x; where it is not above 0, only x counts as varying.
template <class V> [[gnu::always_inline]] inline V power(V x, V y) { return arithmetic::pow(x, y); }
template <class V> [[gnu::always_inline]] inline dual<V> power(dual<V> x, dual<V> y) {
    const V p = power(x.value, y.value), by_x = y.value*power(x.value, y.value - V(1.0))*x.slope;
    return {p, by_x + math::select(detail::less(V(0.0), x.value), arithmetic::log<V>(x.value)*p*y.slope, V(0.0))};
}
/// x^n for a whole n >= 0, by squaring.
template <int n, class U> [[gnu::always_inline]] inline U whole_power(U x) {
    if constexpr (n == 0) return as<U>(decltype(value(x))(1.0));
    else if constexpr (n == 1) return x;
    else if constexpr (n % 2 == 1) return whole_power<n - 1>(x)*x;
    else return whole_power<n/2>(x*x);
}

/// RT/F [mV] at a temperature [degC].
inline constexpr double gas_constant = 8.31446261815324, faraday = 96485.33212331001;
template <class V> [[gnu::always_inline]] inline V thermal_voltage(V celsius) { return (celsius + V(273.15))*V(1000*gas_constant/faraday); }
/// Reversal potential of an ion [mV], and NEURON's Goldman-Hodgkin-Katz current per permeability [mC/cm3].
template <class U, class V> [[gnu::always_inline]] inline U nernst(U c_in, U c_out, U z, V celsius) {
    return thermal_voltage(celsius)/z*log(c_out/c_in);
}
template <class U, class V> [[gnu::always_inline]] inline U ghk(U v, U c_in, U c_out, U z, V celsius) {
    const U x = z*v/thermal_voltage(celsius);
    return V(1e-3*faraday)*z*(c_in*exprel(-x) - c_out*exprel(x));
}

/// x after dt of x' = a + b x, with a and b held.
template <class V> [[gnu::always_inline]] inline V relaxed(V x, V a, V b, V dt) { return x + dt*arithmetic::phi<V>(b*dt)*(a + b*x); }

/// Whether the step that ends at t passes a time: 1 or 0.
template <class V> [[gnu::always_inline]] inline V at_time(V time, V t, V dt) {
    const V x = time - V(1e-11);
    return number<V>(both(less_equal(x, t), less(t - dt, x)));
}

/// A FUNCTION_TABLE at x, lane by lane.
template <class V, class... X> inline V table_at(const compiled::view& in, int table, V x, X... more) {
    V found(0.0);
    for (int n = 0; n < width_of<V>; ++n) {
        const double at[] = {lane(x, n), lane(more, n)...};
        set_lane(found, n, in.services->table(in.self, table, at, 1 + static_cast<int>(sizeof...(X))));
    }
    return found;
}
template <class V, class... X> inline dual<V> table_at(const compiled::view& in, int table, dual<V> x, X... more) {
    return {table_at(in, table, x.value, value(more)...), V(0.0)};
}

/// Tells the host what went wrong in the first lane of a mask.
template <class M> inline void report(const compiled::view& at, int k, M mask, compiled::site where) {
    constexpr int lanes = sizeof(M) > sizeof(bool) ? static_cast<int>(sizeof(M)/8) : 1;
    for (int n = 0; n < lanes && k + n < at.count; ++n)
        if (lane(mask, n)) return at.services->fault(at.self, k + n, where);
}

/// Random numbers for the lanes of pack k: those of an instance are numbered as it asks for them.
template <class V> class random_numbers {
public:
    random_numbers(const compiled::view& at, int k) : at_(at), first_(k) {}
    template <class M> V operator()(M mask, int kind, int stream, V a, V b) {
        V found(0.0);
        for (int n = 0; n < width_of<V>; ++n)
            if (lane(mask, n) && first_ + n < at_.count)
                set_lane(found, n, at_.services->random(at_.self, first_ + n, kind, stream, drawn_[n]++, lane(a, n), lane(b, n)));
        return found;
    }

private:
    const compiled::view& at_;
    int first_, drawn_[width_of<V>]{};
};

/// Adds the lanes of pack k that are instances.
template <class V> [[gnu::always_inline]] inline void add(double* column, V x, int k, int count) {
    if (!column) return;
    if (k + width_of<V> <= count) return store(load<V>(column, k) + x, column, k);
    for (int n = 0; k + n < count; ++n) column[k + n] += lane(x, n);
}

/// Runs f(k, v, currents of ions, whether results are kept), which gives the sum of all currents, with v a dual or, for slopes that are
/// differences, plain: those wanted, or where there are no derivatives.
template <class V, int ions, bool is_differentiable, class F> inline void add_currents(const compiled::view& at, const compiled::currents& to, const double* v_column, F f) {
    for (int k = 0; k < at.count; k += width_of<V>) {
        const V v = v_column ? load<V>(v_column, k) : V(0.0);
        const auto give = [&](V i, V g, const V* ion_i, const V* ion_g) {
            add(to.i, i, k, at.count), add(to.g, g, k, at.count);
            for (int n = 0; n < ions; ++n) {
                if (to.ion_i) add(to.ion_i[n], ion_i[n], k, at.count);
                if (to.ion_g) add(to.ion_g[n], ion_g[n], k, at.count);
            }
        };
        V i[ions + 1], g[ions + 1];
        if (!is_differentiable || to.slope_over > 0) {
            const V over(to.slope_over > 0 ? to.slope_over : 1e-3);
            const V later = f(k, V(v + over), g, false), now = f(k, v, i, true);
            for (int n = 0; n < ions; ++n) g[n] = (g[n] - i[n])/over;
            give(now, v_column ? (later - now)/over : V(0.0), i, g);
            continue;
        }
        if constexpr (is_differentiable) {
        struct { alignas(dual<V>) unsigned char bytes[sizeof(dual<V>)*(ions + 1)]; } memory;
        auto* of_ion = reinterpret_cast<dual<V>*>(memory.bytes);
        const dual<V> all = f(k, variable(v), of_ion, true);
        for (int n = 0; n < ions; ++n) i[n] = of_ion[n].value, g[n] = of_ion[n].slope;
        give(all.value, all.slope, i, g);
        }
    }
}

/// For blocks whose events nobody takes.
inline constexpr compiled::host nobody{nullptr, [](void*, int, double, double) {}, [](void*, int, double) {}, [](void*, int, double) {},
                                       [](void*, int, int, double) {}, [](void*, int, double* const**) { return 0; }};

}  // namespace apical::nmodl::lanes
