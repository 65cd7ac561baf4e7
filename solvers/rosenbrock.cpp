// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/rosenbrock.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "solvers/largest_weighted.hpp"

namespace apical::solvers {
namespace {

constexpr int stage_count = 6;
constexpr double gamma = 0.25;
/// In the transformed variables of Hairer & Wanner, eq. IV.7.25.
constexpr double a[stage_count - 1][stage_count - 2] = {
    {},
    {1.544},
    {0.9466785280815826, 0.2557011698983284},
    {3.314825187068521, 2.896124015972201, 0.9986419139977817},
    {1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950}};
constexpr double c[stage_count][stage_count - 1] = {
    {},
    {-5.6688},
    {-2.430093356833875, -0.2063599157091915},
    {-0.1073529058151375, -9.594562251023355, -20.47028614809616},
    {7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160},
    {8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054}};
constexpr double at[stage_count] = {0, 0.386, 0.21, 0.63, 1, 1};
constexpr double in_time[stage_count] = {0.25, -0.1043, 0.1035, -0.0362, 0, 0};
/// Of the continuous output.
constexpr double d[2][stage_count - 1] = {
    {10.12623508344586, -7.487995877610167, -34.80091861555747, -7.992771707568823, 1.025137723295662},
    {-0.6762803392801253, 6.087714651680015, 16.43084320892478, 24.76722511418386, -6.594389125716872}};

/// The first n of a row of coefficients.
template <int n> constexpr auto first(const auto& row) {
    std::array<double, n> out{};
    for (int i = 0; i < n; ++i) out[static_cast<std::size_t>(i)] = row[i];
    return out;
}
/// to = from + sum factors_j x_j
template <std::size_t n> void add(const std::vector<double>& from, const std::array<double, n>& factors, std::span<const std::vector<double>> x, std::vector<double>& to) {
    std::array<const double*, n> columns;
    for (std::size_t j = 0; j < n; ++j) columns[j] = x[j].data();
    const double* const base = from.data();
    double* const out = to.data();
    for (std::size_t i = 0; i < to.size(); ++i) {
        double sum = base[i];
        for (std::size_t j = 0; j < n; ++j) sum += factors[j]*columns[j][i];
        out[i] = sum;
    }
}

constexpr double safety = 0.9, most_growth = 6, most_shrinking = 0.2;
constexpr int most_tries = 60;

}  // namespace

rosenbrock::rosenbrock(double longest) : longest_(longest) {}

void rosenbrock::start(stiff_system& system, double t, std::span<const double> y) {
    const auto n = system.size();
    time_ = before_ = t;
    y_.assign(y.begin(), y.end()), start_ = y_;
    for (auto* v : {&f_, &in_time_, &weights_, &next_, &u_[0], &u_[1], &u_[2], &u_[3], &u_[4], &u_[5], &dense_[0], &dense_[1]}) v->assign(n, 0);
    h_ = 0, last_h_ = 0, progress_ = {};
}

/// What came before says little of what comes now: begin with the step that f itself suggests, if that is shorter.
bool rosenbrock::jump(stiff_system& system) {
    system.weights(y_.data(), weights_.data());
    system.rates(time_, y_.data(), f_.data());
    ++counts_.rates;
    double fastest = 0;
    for (std::size_t i = 0; i < y_.size(); ++i) fastest = std::max(fastest, std::abs(f_[i]*weights_[i]));
    // the step in which f alone would move an unknown by 100 tolerances; an error of order 4 is far below that
    const double suggested = fastest > 0 ? 100/fastest : longest_;
    h_ = std::clamp(h_ > 0 ? std::min(h_, suggested) : suggested, 1e-9, longest_);
    last_h_ = 0;
    return false;
}

void rosenbrock::transfer(image& i) {
    for (double* x : {&h_, &time_, &before_, &last_error_, &last_h_}) i(*x);
    i(was_rejected_), i(y_), i(start_), i(dense_[0]), i(dense_[1]), counts_.transfer(i), progress_.transfer(i);
    if (!i.reads()) return;
    for (auto* v : {&f_, &in_time_, &weights_, &next_}) v->resize(y_.size());
    for (auto& u : u_) u.resize(y_.size());
    failure_.clear();
}

bool rosenbrock::step(stiff_system& system, double limit) {
    if (h_ == 0) jump(system);
    system.weights(y_.data(), weights_.data());
    system.rates(time_, y_.data(), f_.data());
    system.linearise(time_, y_.data());
    system.rates_in_time(time_, y_.data(), in_time_.data());
    ++counts_.rates, ++counts_.jacobians;
    double finest = 0;   // of the values that doubles tell apart, in tolerances
    for (std::size_t i = 0; i < y_.size(); ++i) finest = std::max(finest, std::abs(y_[i]*weights_[i])*std::numeric_limits<double>::epsilon());
    if (finest > 1) {
        failure_ = below_precision;
        return false;
    }
    for (int n = 0; n < most_tries; ++n) {
        const double left = limit - time_;
        // two steps of like length rather than a long one and a speck
        double h = h_;
        const bool ends = h >= left*(1 - 1e-10);
        if (ends) h = left;
        else if (h > left/2) h = left/2;
        if (!(h > 1e-13*std::max(1.0, std::abs(time_)))) {
            failure_ = fmt::format("a step of {:.3g} ms is too short to be told from none", h);
            return false;
        }
        const double error = try_step(system, h);
        if (!(error <= 1)) {
            ++counts_.rejected;
            was_rejected_ = true;
            h_ = h*(std::isfinite(error) ? std::clamp(safety*std::pow(error, -0.25), most_shrinking, 0.9) : most_shrinking);
            continue;
        }
        double factor = safety*std::pow(std::max(error, 1e-10), -0.25);
        if (last_h_ > 0) factor = std::min(factor, safety*h/last_h_*std::pow(std::max(last_error_, 1e-2)/std::max(error*error, 1e-20), 0.25));   // Gustafsson
        factor = std::clamp(factor, most_shrinking, was_rejected_ ? 1.0 : most_growth);
        last_error_ = error, last_h_ = h;
        before_ = time_, time_ = ends ? limit : time_ + h;
        start_.swap(y_), y_.swap(next_);
        // a step that was cut to meet the limit says nothing against the one there was before
        h_ = std::min(longest_, h < h_ ? std::max(h*factor, std::min(h_, h*most_growth)) : h*factor);
        was_rejected_ = false;
        ++counts_.steps;
        if (progress_.has_stalled(time_)) failure_ = progress::complaint;
        return failure_.empty();
    }
    failure_ = fmt::format("no step down to {:.3g} ms meets the tolerance", h_);
    return false;
}

double rosenbrock::try_step(stiff_system& system, double h) {
    system.factorise(gamma*h);
    stages(system, h);
    counts_.solves += stage_count, counts_.rates += stage_count - 1;
    const auto n = y_.size();
    const auto add_last = std::array<double, 1>{1};
    add(next_, add_last, std::span(u_ + 5, 1), next_);
    for (int k = 0; k < 2; ++k) {
        std::ranges::fill(dense_[k], 0.0);
        add(dense_[k], std::to_array(d[k]), std::span(u_, 5), dense_[k]);
    }
    return largest_weighted(u_[5].data(), weights_.data(), n);
}

/// (1 - gamma h J) u_s = gamma h (f(t + at_s h, y + sum a_sj u_j) + sum c_sj u_j/h + in_time_s h f_t)
template <int s> void rosenbrock::stage(stiff_system& system, double h) {
    auto& u = u_[s];
    if constexpr (s == 0) {
        u = f_;
    } else {
        if constexpr (s < stage_count - 1) add(y_, first<s>(a[s]), std::span(u_, s), next_);
        else add(next_, std::array<double, 1>{1}, std::span(u_ + 4, 1), next_);
        system.rates(time_ + at[s]*h, next_.data(), u.data());
    }
    for (std::size_t i = 0; i < u.size(); ++i) u[i] = gamma*h*(u[i] + in_time[s]*h*in_time_[i]);
    if constexpr (s > 0) {
        auto factors = first<s>(c[s]);
        for (double& x : factors) x *= gamma;
        add(u, factors, std::span(u_, s), u);
    }
    system.solve(u.data());
}

void rosenbrock::stages(stiff_system& system, double h) {
    [&]<int... s>(std::integer_sequence<int, s...>) { (stage<s>(system, h), ...); }(std::make_integer_sequence<int, stage_count>{});
}

void rosenbrock::interpolate(double t, std::span<const int> which, double* to) {
    const double s = time_ > before_ ? (t - before_)/(time_ - before_) : 1;
    for (const int w : which) {
        const auto i = static_cast<std::size_t>(w);
        *to++ = start_[i]*(1 - s) + s*(y_[i] + (1 - s)*(dense_[0][i] + s*dense_[1][i]));
    }
}

}  // namespace apical::solvers
