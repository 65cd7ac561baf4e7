// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>

#include "channels/nmodl/compiled_table.hpp"
#include "core/dual.hpp"

/// What C++ written from a mechanism is made of: arithmetic, comparisons and choices on the lanes of a value V, which is a double, a pack,
/// or a dual of one. A lane's bits do not depend on its neighbours.
namespace apical::nmodl::lanes {

template <class V> inline constexpr int width_of = V::width;
template <> inline constexpr int width_of<double> = 1;

[[gnu::always_inline]] inline double lane(double x, int) { return x; }
template <int N> [[gnu::always_inline]] inline double lane(pack<N> x, int n) { return x[n]; }
[[gnu::always_inline]] inline bool lane(bool mask, int) { return mask; }
[[gnu::always_inline]] inline void set_lane(double& to, int, double x) { to = x; }
template <int N> [[gnu::always_inline]] inline void set_lane(pack<N>& to, int n, double x) { to.set(n, x); }

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

/// The element of an array that an index names in each lane; beyond the array, NaN, and nothing is kept there.
template <class U, class I> [[gnu::always_inline]] inline U element(const U* array, int length, I index) {
    U found(__builtin_nan(""));
    const auto at = value(index);
    for (int i = 0; i < length; ++i) found = math::select(detail::less(decltype(at)(i - 0.5), at), array[i], found);
    return math::select(detail::less(decltype(at)(length - 0.5), at), U(__builtin_nan("")), found);
}
template <class U, class I, class X, class M> [[gnu::always_inline]] inline void put_element(U* array, int length, I index, X x, M mask) {
    const auto at = value(index);
    using V = decltype(value(index));
    for (int i = 0; i < length; ++i)
        put(array[i], x, both(mask, both(detail::less(V(i - 0.5), at), detail::less(at, V(i + 0.5)))));
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
/// The same of a dual, with the derivative f' given.
template <class V, class F, class D> [[gnu::always_inline]] inline dual<V> each(dual<V> x, F f, D slope) {
    return {each(x.value, f), each(x.value, slope)*x.slope};
}
template <class V, class F, class D> [[gnu::always_inline]] inline V each(V x, F f, D) { return each(x, f); }

/// The functions of NMODL.
template <class U> [[gnu::always_inline]] inline U exp(U x) { return math::exp<U>(x); }
template <class U> [[gnu::always_inline]] inline U log(U x) {
    const auto is_positive = detail::less(decltype(value(x))(0.0), value(x));
    return math::select(is_positive, math::log<U>(x), each(x, [](double y) { return std::log(y); }, [](double y) { return 1/y; }));
}
template <class U> [[gnu::always_inline]] inline U log10(U x) { return log(x)*decltype(value(x))(0.43429448190325182765); }
template <class V> [[gnu::always_inline]] inline V sqrt(V x) { return math::sqrt(x); }
template <class V> [[gnu::always_inline]] inline dual<V> sqrt(dual<V> x) {
    const V root = math::sqrt(x.value);
    return {root, x.slope/(root + root)};
}
template <class U> [[gnu::always_inline]] inline U fabs(U x) { return math::absolute(x); }
template <class U> [[gnu::always_inline]] inline U exprel(U x) { return math::linoid<U>(x); }

template <class U> [[gnu::always_inline]] inline U sin(U x) {
    return each(x, [](double y) { return std::sin(y); }, [](double y) { return std::cos(y); });
}
template <class U> [[gnu::always_inline]] inline U cos(U x) {
    return each(x, [](double y) { return std::cos(y); }, [](double y) { return -std::sin(y); });
}
template <class U> [[gnu::always_inline]] inline U tan(U x) {
    return each(x, [](double y) { return std::tan(y); }, [](double y) { return 1/(std::cos(y)*std::cos(y)); });
}
template <class U> [[gnu::always_inline]] inline U asin(U x) {
    return each(x, [](double y) { return std::asin(y); }, [](double y) { return 1/std::sqrt(1 - y*y); });
}
template <class U> [[gnu::always_inline]] inline U acos(U x) {
    return each(x, [](double y) { return std::acos(y); }, [](double y) { return -1/std::sqrt(1 - y*y); });
}
template <class U> [[gnu::always_inline]] inline U atan(U x) {
    return each(x, [](double y) { return std::atan(y); }, [](double y) { return 1/(1 + y*y); });
}
template <class U> [[gnu::always_inline]] inline U sinh(U x) {
    return each(x, [](double y) { return std::sinh(y); }, [](double y) { return std::cosh(y); });
}
template <class U> [[gnu::always_inline]] inline U cosh(U x) {
    return each(x, [](double y) { return std::cosh(y); }, [](double y) { return std::sinh(y); });
}
template <class U> [[gnu::always_inline]] inline U tanh(U x) {
    return each(x, [](double y) { return std::tanh(y); }, [](double y) { return 1 - std::tanh(y)*std::tanh(y); });
}
template <class U> [[gnu::always_inline]] inline U floor(U x) {
    return each(x, [](double y) { return std::floor(y); }, [](double) { return 0.0; });
}
template <class U> [[gnu::always_inline]] inline U ceil(U x) {
    return each(x, [](double y) { return std::ceil(y); }, [](double) { return 0.0; });
}
template <class U> [[gnu::always_inline]] inline U erf(U x) {
    return each(x, [](double y) { return std::erf(y); }, [](double y) { return 1.1283791670955125739*std::exp(-y*y); });
}
template <class U> [[gnu::always_inline]] inline U erfc(U x) {
    return each(x, [](double y) { return std::erfc(y); }, [](double y) { return -1.1283791670955125739*std::exp(-y*y); });
}
template <class U> [[gnu::always_inline]] inline U expm1(U x) {
    return each(x, [](double y) { return std::expm1(y); }, [](double y) { return std::exp(y); });
}
template <class U> [[gnu::always_inline]] inline U log1p(U x) {
    return each(x, [](double y) { return std::log1p(y); }, [](double y) { return 1/(1 + y); });
}
/// Without a derivative: its slope counts as 0.
template <class U> [[gnu::always_inline]] inline U gamma_ln(U x) {
    return each(x, [](double y) { return std::lgamma(y); }, [](double) { return 0.0; });
}

template <class U> [[gnu::always_inline]] inline U minimum(U a, U b) { return math::select(less(b, a), b, a); }
template <class U> [[gnu::always_inline]] inline U maximum(U a, U b) { return math::select(less(a, b), b, a); }
template <class V> [[gnu::always_inline]] inline V fmod(V a, V b) { return each(a, b, [](double x, double y) { return std::fmod(x, y); }); }
template <class V> [[gnu::always_inline]] inline dual<V> fmod(dual<V> a, dual<V> b) { return {fmod(a.value, b.value), a.slope}; }
template <class V> [[gnu::always_inline]] inline V atan2(V a, V b) { return each(a, b, [](double x, double y) { return std::atan2(x, y); }); }
template <class V> [[gnu::always_inline]] inline dual<V> atan2(dual<V> a, dual<V> b) {
    return {atan2(a.value, b.value), (a.slope*b.value - a.value*b.slope)/(a.value*a.value + b.value*b.value)};
}
/// x^y for any x; of duals where x is not above 0, only x counts as varying.
template <class V> [[gnu::always_inline]] inline V power(V x, V y) {
    const auto is_positive = detail::less(V(0.0), x);
    if (!any(no(is_positive))) return math::pow<V>(x, y);
    return math::select(is_positive, math::pow<V>(x, y), each(x, y, [](double a, double b) { return std::pow(a, b); }));
}
template <class V> [[gnu::always_inline]] inline dual<V> power(dual<V> x, dual<V> y) {
    const V p = power(x.value, y.value);
    const V by_x = y.value*power(x.value, y.value - V(1.0))*x.slope;
    const auto is_positive = detail::less(V(0.0), x.value);
    return {p, by_x + math::select(is_positive, p*math::log<V>(x.value)*y.slope, V(0.0))};
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

/// x after dt of x' = a + b x, with a and b held: x + (a + b x) (e^(b dt) - 1)/b.
template <class V> [[gnu::always_inline]] inline V relaxed(V x, V a, V b, V dt) { return x + (a + b*x)*dt/math::linoid<V>(b*dt); }

/// Whether the step that ends at t passes a time: 1 or 0.
template <class V> [[gnu::always_inline]] inline V at_time(V time, V t, V dt) {
    const V x = time - V(1e-11);
    return number<V>(both(less_equal(x, t), less(t - dt, x)));
}

/// A FUNCTION_TABLE at x, lane by lane.
template <class V, class... X> inline V table_at(const compiled::services& with, int table, V x, X... more) {
    V found(0.0);
    for (int n = 0; n < width_of<V>; ++n) {
        const double at[] = {lane(x, n), lane(more, n)...};
        set_lane(found, n, with.table(with.tables, table, at, 1 + static_cast<int>(sizeof...(X))));
    }
    return found;
}
template <class V, class... X> inline dual<V> table_at(const compiled::services& with, int table, dual<V> x, X... more) {
    return {table_at(with, table, x.value, value(more)...), V(0.0)};
}

/// Random numbers for the lanes of pack k: those of an instance are numbered as it asks for them.
template <class V> class random_numbers {
public:
    random_numbers(const compiled::view& at, const compiled::services& with, int k) : at_(at), with_(with), first_(k) {}
    template <class M> V operator()(M mask, int kind, int stream, V a, V b) {
        V found(0.0);
        for (int n = 0; n < width_of<V>; ++n)
            if (lane(mask, n) && first_ + n < at_.count)
                set_lane(found, n, with_.random(at_, first_ + n, kind, stream, drawn_[n]++, lane(a, n), lane(b, n)));
        return found;
    }

private:
    const compiled::view& at_;
    const compiled::services& with_;
    int first_, drawn_[width_of<V>]{};
};

/// Adds the lanes of pack k that are instances.
template <class V> [[gnu::always_inline]] inline void add(double* column, V x, int k, int count) {
    if (!column) return;
    if (k + width_of<V> <= count) return store(load<V>(column, k) + x, column, k);
    for (int n = 0; k + n < count; ++n) column[k + n] += lane(x, n);
}

/// Runs f(k, v, currents of ions, whether results are kept), which gives the sum of all currents, with v a dual or, for slopes that are
/// differences, plain.
template <class V, int ions, class F> inline void add_currents(const compiled::view& at, const compiled::currents& to, const double* v_column, F f) {
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
        if (to.slope_over > 0) {
            const V later = f(k, V(v + V(to.slope_over)), g, false), now = f(k, v, i, true);
            for (int n = 0; n < ions; ++n) g[n] = (g[n] - i[n])/V(to.slope_over);
            give(now, (later - now)/V(to.slope_over), i, g);
            continue;
        }
        struct { alignas(dual<V>) unsigned char bytes[sizeof(dual<V>)*(ions + 1)]; } memory;
        auto* of_ion = reinterpret_cast<dual<V>*>(memory.bytes);
        const dual<V> all = f(k, variable(v), of_ion, true);
        for (int n = 0; n < ions; ++n) i[n] = of_ion[n].value, g[n] = of_ion[n].slope;
        give(all.value, all.slope, i, g);
    }
}

/// For blocks whose events nobody takes.
inline constexpr compiled::host nobody{nullptr, [](void*, int, double, double) {}, [](void*, int, double) {}, [](void*, int, double) {},
                                       [](void*, int, int, double) {}, [](void*, int, double* const**) { return 0; }};

}  // namespace apical::nmodl::lanes
