// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/work_precision.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "analysis/cell_sample.hpp"
#include "analysis/spike_matching.hpp"
#include "core/error.hpp"
#include "engine/plan.hpp"

namespace apical {
namespace {

constexpr double good_voltage = 0.1;      ///< [mV]
constexpr double worth_repeating = 0.1;   ///< [s] in all: short runs are timed more than once
constexpr int most_repeats = 3;

struct timed_run {
    simulation done;
    double seconds;
};

/// Some cells, and what they hear of the others.
struct cells_with_inputs {
    cell_sample sample;
    std::vector<spike> heard;
};

/// The nearest of the run's steps at which events may arrive.
double on_step(const run_options& base, double time) {
    const double step = base.dt.coherent()*base.steps_per_input;
    return step*std::ceil(time/step - 0.5 - 1e-9);
}

/// The spikes of a run by `base`, which every scheme hears as that run did: at the nearest of its steps, those too that take events at any time.
std::vector<spike> common_inputs(const circuit& c, const run_options& base, duration until, std::optional<std::span<const spike>> at_hand) {
    auto heard = heard_in(c, base, until, at_hand);
    for (auto& s : heard) s.time = s.step_time = on_step(base, base.scheme == scheme::backward_euler ? s.step_time : s.time);
    return heard;
}

timed_run run(const circuit& c, const run_options& o, const cells_with_inputs& cells, duration until) {
    const simulation s(compile(c, o), cells.sample, cells.heard);
    std::optional<simulation> done;
    double fastest = std::numeric_limits<double>::infinity(), total = 0;
    for (int n = 0; n < most_repeats && total < worth_repeating; ++n) {
        done.emplace(s);
        const auto begin = std::chrono::steady_clock::now();
        done->run(until);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        fastest = std::min(fastest, seconds), total += seconds;
    }
    return {std::move(*done), fastest};
}

/// The same inputs in a step that is a part of the run's.
run_options in_parts(run_options o, int divisor) {
    o.dt = o.dt/static_cast<double>(divisor), o.steps_per_input *= divisor;
    return o;
}

bool has(const circuit& c, bool point) {
    return std::ranges::any_of(c.populations, [&](const population& p) { return (p.cell.point() != nullptr) == point; });
}

/// As long as the schemes can end there.
bool ends_on(const run_options& o, duration until) {
    const double steps = until.coherent()/(o.dt.coherent()*(o.scheme == scheme::automatic ? 4 : 1));
    return std::abs(steps - std::round(steps)) < 1e-6;
}

std::vector<run_options> ladder(const circuit& c, const run_options& base, duration until) {
    std::vector<run_options> all;
    const auto add = [&](run_options o) {
        o.lanes = 1;
        if (ends_on(o, until)) all.push_back(o);
    };
    const auto with = [&](scheme s, int divisor) {
        auto o = in_parts(base, divisor);
        o.scheme = s;
        return o;
    };
    if (!has(c, false)) {
        for (const int divisor : {1, 2, 4, 8}) add(in_parts(base, divisor));
        for (const double tolerance : {1e-4, 1e-6, 1e-8}) {
            auto o = base;
            o.neurons = neuron_method::adaptive, o.tolerance = tolerance;
            add(o);
        }
        return all;
    }
    for (const int divisor : {1, 4}) add(with(scheme::backward_euler, divisor));
    for (const int divisor : {1, 2, 4}) add(with(scheme::crank_nicolson, divisor));
    for (const auto& [divisor, change] : {std::pair{1, 2.0}, {1, 1.0}, {1, 0.5}, {2, 0.5}, {2, 0.25}}) {
        auto o = with(scheme::automatic, divisor);
        o.max_change = change*units::mV;
        add(o);
    }
    for (const auto s : {scheme::precise, scheme::cvode})
        for (const double error : {1.0, 0.1, 0.03, 0.01, 0.001}) {
            auto o = with(s, 1);
            o.max_error = error*units::mV;
            add(o);
        }
    return all;
}

std::string in_words(const circuit& c, const run_options& o) {
    if (!has(c, false)) return o.neurons == neuron_method::adaptive ? fmt::format("adaptive, {:g}", o.tolerance) : fmt::format("fixed_step, {:g} ms", o.dt.coherent());
    if (coupled(o.scheme)) return fmt::format("{}, {:g} mV", name_of(o.scheme), o.max_error.coherent());
    if (o.scheme == scheme::automatic) return fmt::format("auto, {:g} mV in {:g} ms", o.max_change.coherent(), o.dt.coherent());
    return fmt::format("{}, {:g} ms", name_of(o.scheme), o.dt.coherent());
}

/// Largest difference at the probes of voltage, at the times the reference has.
double voltage_error(const simulation& a, const simulation& reference) {
    double most = work_precision::none;
    for (std::size_t i = 0; i < reference.recordings().size(); ++i) {
        const auto& x = a.recordings()[i];
        const auto& y = reference.recordings()[i];
        if (y.variable != "v") continue;
        for (std::size_t row = 0; row < y.rows(); ++row) {
            const auto other = static_cast<std::size_t>(std::llround((y.time(row) - x.start)/x.interval));
            for (std::size_t k = 0; k < y.columns() && other < x.rows(); ++k)
                if (const double d = std::abs(x.samples[other*x.columns() + k] - y.samples[row*y.columns() + k]); !std::isnan(d))
                    most = std::isnan(most) ? d : std::max(most, d);
        }
    }
    return most;
}

void compare(work_precision::point& to, const simulation& found, const simulation& reference, const cell_sample& sample, double limit) {
    std::vector<double> errors;
    std::size_t expected = 0;
    const auto all_mine = trains_of(found, sample), all_settled = trains_of(reference, sample);
    for (std::size_t n = 0; n < sample.size(); ++n) {
        const auto &mine = all_mine[n], &settled = all_settled[n];
        const auto m = match_spikes(mine, settled, limit);
        to.spikes += static_cast<int>(mine.size()), expected += settled.size();
        to.extra += static_cast<int>(m.only_first.size()), to.missed += static_cast<int>(m.only_second.size());
        for (const auto& [i, k] : m.pairs) errors.push_back(std::abs(mine[i] - settled[k]));
    }
    to.median = quantile(errors, 0.5), to.p95 = quantile(errors, 0.95), to.largest = quantile(errors, 1);
    if (to.spikes == 0 && expected == 0) to.voltage = voltage_error(found, reference);
}

}  // namespace

std::optional<std::size_t> work_precision::cheapest(duration error) const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto& p = points[i];
        const bool is_right = p.failure.empty() && p.missed == 0 && p.extra == 0 && (p.spikes > 0 ? p.p95 <= error.coherent() : p.voltage <= good_voltage);
        if (is_right && (!best || p.seconds < points[*best].seconds)) best = i;
    }
    return best;
}

work_precision measure_work_precision(const circuit& model, const run_options& base, duration until, const work_precision_options& how) {
    auto c = model;
    for (auto& source : c.spike_sources)
        for (auto& [number, time] : source.spikes) time = std::max(0.0, on_step(base, time));
    c.meters.clear();   // what is measured is the scheme, not what else is asked of it
    findings found;
    if (how.cells_per_population < 1) found.add("work precision / cells_per_population", fmt::format("{}", how.cells_per_population), "at least 1");
    if (!(how.limit.coherent() > 0)) found.add("work precision / limit", fmt::format("{} ms", how.limit.coherent()), "positive");
    found.throw_if_any<invalid_model>();
    compile(c, base);   // what is wrong with the model itself is said of the model as it stands
    const cells_with_inputs cells{draw_sample(c, how.cells_per_population, how.seed), common_inputs(c, base, until, how.spikes)};
    work_precision result;
    result.cells = static_cast<int>(cells.sample.size()), result.until = until.coherent();
    result.reference = base;
    result.reference.lanes = 1, result.reference.scheme = scheme::precise, result.reference.max_error = 1e-6*units::mV;
    result.reference.neurons = neuron_method::adaptive, result.reference.tolerance = 1e-11;
    const auto settle = [&]() -> timed_run {
        try {
            return run(c, result.reference, cells, until);
        } catch (const invalid_model&) {
            result.reference = in_parts(result.reference, 64);
            result.reference.scheme = scheme::crank_nicolson;
            return run(c, result.reference, cells, until);
        }
    };
    const auto reference = settle();
    result.reference_setting = in_words(c, result.reference);
    for (const auto& o : how.candidates.empty() ? ladder(c, base, until) : how.candidates) {
        work_precision::point p{.options = o, .setting = in_words(c, o), .failure = {}};
        try {
            const auto r = run(c, o, cells, until);
            p.seconds = r.seconds;
            compare(p, r.done, reference.done, cells.sample, how.limit.coherent());
        } catch (const error& e) {
            p.failure = e.what();
        }
        result.points.push_back(std::move(p));
    }
    return result;
}

}  // namespace apical
