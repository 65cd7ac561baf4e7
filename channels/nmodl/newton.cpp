// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "channels/nmodl/arithmetic.hpp"
#include "channels/nmodl/strip.hpp"

/// Systems of equations: Newton's method for every instance by itself, a pack of them at once.
namespace apical::nmodl {
namespace {

using P = native_pack;
constexpr int most_steps = 50;

using mask = P::words;

bool any(mask m) { return math::any_positive(arithmetic::number<P>(m)); }
void swap_where(mask m, P& a, P& b) {
    const P first = math::select(m, b, a);
    b = math::select(m, a, b);
    a = first;
}

/// Solves a x = b by elimination; x takes the place of b. In each lane the largest of what is left of a column becomes its pivot: rows
/// below change places with the first until it is the largest. Rows that have nothing in the column are left alone, as most do where
/// only neighbours react.
void solve_dense(P* a, P* b, int n) {
    for (int k = 0; k < n; ++k) {
        P* const pivot = a + k*n;
        for (int i = k + 1; i < n; ++i) {
            P* const row = a + i*n;
            const mask is_there = arithmetic::is_true(row[k]);
            if (!any(is_there)) continue;
            if (const mask is_larger = math::absolute(row[k]) > math::absolute(pivot[k]); any(is_larger)) {
                for (int j = k; j < n; ++j) swap_where(is_larger, pivot[j], row[j]);
                swap_where(is_larger, b[k], b[i]);
            }
        }
        for (int i = k + 1; i < n; ++i) {
            P* const row = a + i*n;
            const mask is_there = arithmetic::is_true(row[k]);
            if (!any(is_there)) continue;
            const P factor = row[k]/pivot[k];
            for (int j = k + 1; j < n; ++j) row[j] = math::select(is_there, row[j] - factor*pivot[j], row[j]);
            b[i] = math::select(is_there, b[i] - factor*b[k], b[i]);
        }
    }
    for (int i = n - 1; i >= 0; --i) {
        for (int j = i + 1; j < n; ++j) b[i] -= a[i*n + j]*b[j];
        b[i] = b[i]/a[i*n + i];
    }
}

}  // namespace

/// Takes unknowns to where all residuals are 0. Instances that have arrived, and those that cannot, stop changing.
void strip::solve(const code::equations& s, int body) {
    const auto n = s.unknowns.size();
    newton_.open.assign(lanes_, 1.0);
    newton_.change.assign(lanes_, std::numeric_limits<double>::infinity());
    if (s.active >= 0) for (int lane = 0; lane < lanes_; ++lane) newton_.open[lane] = is_true(s.active, lane);
    newton_.matrix.resize(n*n), newton_.step.resize(n);
    for (int step = 0; step < (s.is_linear ? 1 : most_steps) && is_open(); ++step) {
        execute(body, s.end);
        if (s.by_differences) difference_jacobian(s, body);
        for (int lane = 0; lane < lanes_; lane += native_width) newton_step(s, lane);
    }
    bool is_told = false;
    for (int lane = 0; lane < lanes_; ++lane) {
        if (newton_.open[lane] == 0) continue;
        for (const int x : s.unknowns) slots_[x][lane] = std::numeric_limits<double>::quiet_NaN();
        if (!is_told && lane < count_) report(s.site, lane), is_told = true;
    }
}

bool strip::is_open() const {
    return std::ranges::any_of(newton_.open, [](double x) { return x != 0; });
}

/// One step for the instances of a pack. They have arrived when it changes nothing that rounding would not; or when, near there, steps
/// no longer get smaller, as happens where the system is badly conditioned.
void strip::newton_step(const code::equations& s, int lane) {
    constexpr double smallest = 1e-11, stagnant = 1e-7;
    const auto n = static_cast<int>(s.unknowns.size());
    P* const a = newton_.matrix.data();
    P* const b = newton_.step.data();
    const auto load = [&](int slot) { return code_.is_uniform(slot) ? P(*slots_[slot]) : P::load(slots_[slot] + lane); };
    const auto kept = [&](const aligned_vector& of, int k) { return P::load(of.data() + static_cast<std::size_t>(k)*lanes_ + lane); };
    if (s.by_differences) {
        for (int k = 0; k < n*n; ++k) a[k] = kept(newton_.jacobian, k);
        for (int k = 0; k < n; ++k) b[k] = kept(newton_.residuals, k);
    } else {
        std::fill_n(a, n*n, P(0.0));
        for (const auto& j : s.jacobian) a[j.row*n + j.column] += load(j.slot);
        for (int k = 0; k < n; ++k) b[k] = load(s.residuals[k]);
    }
    solve_dense(a, b, n);
    P largest(0.0), change(0.0);
    for (int k = 0; k < n; ++k) largest = arithmetic::maximum(largest, math::absolute(load(s.unknowns[k]) - b[k]));
    const P open = P::load(newton_.open.data() + lane), before = P::load(newton_.change.data() + lane);
    for (int k = 0; k < n; ++k) {
        const P old = load(s.unknowns[k]), x = old - b[k];
        math::select(arithmetic::is_true(open), x, old).store(slots_[s.unknowns[k]] + lane);
        const P relative = math::absolute(b[k])/(math::absolute(x) + P(1e-9)*largest + P(1e-300));
        change = math::select(relative > change, relative, change);
        change = math::select(arithmetic::detail::equal(relative, relative), change, relative);   // NaN stays
    }
    change.store(newton_.change.data() + lane);
    const auto has_stopped = (change > P(0.5)*before) & (change < P(stagnant));
    const auto has_arrived = s.is_linear ? change < P(std::numeric_limits<double>::infinity()) : (change < P(smallest)) | has_stopped;
    math::select(has_arrived, P(0.0), open).store(newton_.open.data() + lane);
}

/// Derivatives of the residuals, as differences. The body is run once for each unknown.
void strip::difference_jacobian(const code::equations& s, int body) {
    const auto n = s.unknowns.size();
    const auto lanes = static_cast<std::size_t>(lanes_);
    newton_.jacobian.resize(n*n*lanes), newton_.residuals.resize(n*lanes), newton_.unknowns.resize(lanes);
    for (std::size_t r = 0; r < n; ++r)
        for (int lane = 0; lane < lanes_; ++lane) newton_.residuals[r*lanes + lane] = at(s.residuals[r], lane);
    for (std::size_t k = 0; k < n; ++k) {
        double* const x = slots_[s.unknowns[k]];
        std::copy_n(x, lanes_, newton_.unknowns.data());
        for (int lane = 0; lane < lanes_; ++lane) x[lane] += 1.5e-8*(std::abs(x[lane]) + 1e-6);
        execute(body, s.end);
        for (std::size_t r = 0; r < n; ++r)
            for (int lane = 0; lane < lanes_; ++lane)
                newton_.jacobian[(r*n + k)*lanes + lane] =
                    (at(s.residuals[r], lane) - newton_.residuals[r*lanes + lane])/(x[lane] - newton_.unknowns[lane]);
        std::copy_n(newton_.unknowns.data(), lanes_, x);
    }
}

}  // namespace apical::nmodl
