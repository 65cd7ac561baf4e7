// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/dense_stepper.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>

namespace apical::solvers {
namespace {

namespace odeint = boost::numeric::odeint;
using values = std::vector<double>;
using pair = odeint::runge_kutta_dopri5<values>;
using controlled = odeint::controlled_runge_kutta<pair>;

constexpr std::size_t stages_per_step = 6;   // beside the first, which is the last of the step before

/// The shortest step that moves the clock at t, with room for the stages in between.
double shortest(double t) { return 64*std::numeric_limits<double>::epsilon()*std::max(std::abs(t), 1e-3); }

}  // namespace

struct dense_stepper::state {
    controlled method;
    double from = 0, to = 0, next = 0.01;    // [ms]
    values old_y, old_rates, y, rates;       // at `from` and `to`
    values new_y, new_rates;
    std::vector<values> stages;              // f within the last step, in the order in which the method asked for it

    state(double absolute, double relative)
        : method(odeint::default_error_checker<double, odeint::range_algebra, odeint::default_operations>(absolute, relative)) {}
};

dense_stepper::dense_stepper(double absolute, double relative) : state_(std::make_unique<state>(absolute, relative)) {}
dense_stepper::dense_stepper(const dense_stepper& other) : state_(std::make_unique<state>(*other.state_)) {}
dense_stepper::dense_stepper(dense_stepper&&) noexcept = default;
dense_stepper& dense_stepper::operator=(dense_stepper other) noexcept {
    state_.swap(other.state_);
    return *this;
}
dense_stepper::~dense_stepper() = default;

void dense_stepper::start(const rates_of& f, double t, std::span<const double> y, double longest) {
    auto& s = *state_;
    s.from = s.to = t;
    s.y.assign(y.begin(), y.end());
    s.rates.resize(y.size());
    f(t, s.y, s.rates);
    s.old_y = s.new_y = s.y, s.old_rates = s.new_rates = s.rates;
    s.next = std::max(std::min(s.next, longest), 16*shortest(t));
}

bool dense_stepper::step(const rates_of& f, double limit) {
    auto& s = *state_;
    std::size_t stage = 0;
    s.stages.resize(stages_per_step);
    const auto system = [&](const values& y, values& rates, double t) {
        f(t, y, rates);
        s.stages[stage++] = rates;
    };
    double wanted = s.next;
    for (;;) {
        double t = s.to, h = std::min(wanted, limit - s.to);
        const double tried = h;
        stage = 0;
        const bool is_last = !(wanted < limit - s.to);
        const auto result = s.method.try_step(system, s.y, s.rates, t, s.new_y, s.new_rates, h);
        const bool is_finite = std::ranges::all_of(s.new_y, [](double x) { return std::isfinite(x); });
        if (result == odeint::success && is_finite) {
            std::swap(s.old_y, s.y), std::swap(s.old_rates, s.rates);
            std::swap(s.y, s.new_y), std::swap(s.rates, s.new_rates);
            s.from = s.to;
            s.to = is_last ? limit : s.to + tried;
            s.next = is_last ? std::max(wanted, h) : h;
            return true;
        }
        wanted = is_finite ? std::min(h, 0.9*tried) : 0.1*tried;
        if (!(wanted > shortest(s.to))) return false;
    }
}

/// The method keeps the rates within a step to itself, for the continuous output: it is given them again as it asks for them.
void dense_stepper::transfer(image& i) {
    auto& s = *state_;
    for (double* x : {&s.from, &s.to, &s.next}) i(*x);
    for (auto* v : {&s.old_y, &s.old_rates, &s.y, &s.rates}) i(*v);
    i(s.stages, i);
    if (!i.reads()) return;
    s.new_y = s.y, s.new_rates = s.rates;
    if (s.stages.empty()) return;
    if (s.stages.size() != stages_per_step || std::ranges::any_of(s.stages, [&](const values& v) { return v.size() != s.y.size(); }))
        throw std::out_of_range("an image has other stages in it than the method");
    std::size_t stage = 0;
    const auto system = [&](const values&, values& rates, double) { rates = s.stages[stage++]; };
    s.method.stepper().do_step(system, s.old_y, s.old_rates, s.from, s.new_y, s.new_rates, s.to - s.from);
}

double dense_stepper::from() const { return state_->from; }
double dense_stepper::to() const { return state_->to; }
std::span<const double> dense_stepper::end() const { return state_->y; }
std::span<const double> dense_stepper::end_rates() const { return state_->rates; }

void dense_stepper::at(double t, std::span<double> y) const {
    const auto& s = *state_;
    if (t >= s.to || s.from == s.to) {
        std::ranges::copy(s.y, y.begin());
        return;
    }
    values result(y.size());
    s.method.stepper().calc_state(t, result, s.old_y, s.old_rates, s.from, s.y, s.rates, s.to);
    std::ranges::copy(result, y.begin());
}

double rising_root(const std::function<double(double)>& g, double low, double high, double within) {
    double at_low = g(low), at_high = g(high);
    for (int side = 0, n = 0; n < 100 && high - low > within; ++n) {
        // the Illinois variant of the false position; every fourth guess is the middle, for functions with a wall
        double guess = high - at_high*(high - low)/(at_high - at_low);
        if (n % 4 == 3 || !(guess > low && guess < high)) guess = 0.5*(low + high);
        if (!(guess > low && guess < high)) break;
        const double value = g(guess);
        if (value > 0) {
            high = guess, at_high = value;
            if (side == 1) at_low *= 0.5;
            side = 1;
        } else {
            low = guess, at_low = value;
            if (side == -1) at_high *= 0.5;
            side = -1;
        }
    }
    return high;
}

}  // namespace apical::solvers
