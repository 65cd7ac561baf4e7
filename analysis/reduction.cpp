// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/reduction.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <span>

#include "analysis/least_squares.hpp"
#include "core/error.hpp"
#include "engine/simulation.hpp"

namespace apical {
namespace {

using namespace units;

constexpr int steps = 12;
constexpr double growth = 1.7, furthest = 3;   // of the currents that look for the rheobase; of those that are fitted, in rheobases
constexpr double delta_t = 2;                  // [mV]

[[noreturn]] void refuse(const char* what, const char* hint) { throw invalid_input("reduce_to_point", what, hint); }

/// Copies of a cell, each under a step of its own.
circuit stepped(const cell& c, const std::vector<double>& nanoamperes, const reduction_options& o) {
    circuit out;
    out.populations.push_back({"cell", c, static_cast<int>(nanoamperes.size())});
    for (int k = 0; const double i : nanoamperes) out.injections.push_back({{"cell", "soma(0.5)", {k++}}, step_current{o.settle, o.step, i*nA}});
    return out;
}

/// Spikes per second within the step, for each current: of trains that last those between the first and the last spike, so that the number
/// does not jump where one more fits in.
std::vector<double> rates(const cell& c, const std::vector<double>& nanoamperes, const run_options& run, const reduction_options& o) {
    auto what = stepped(c, nanoamperes, o);
    what.detectors = {{.on = {"cell"}}};
    simulation s(what, run);
    s.run(o.settle + o.step);
    struct train { int count = 0; double first = 0, last = 0; };
    std::vector<train> trains(nanoamperes.size());
    for (const auto& spike : s.spikes()) {
        auto& t = trains[static_cast<std::size_t>(spike.cell)];
        if (spike.time < o.settle.coherent()) continue;
        if (t.count++ == 0) t.first = spike.time;
        t.last = spike.time;
    }
    std::vector<double> hertz;
    const double length = o.step.coherent();
    for (const auto& t : trains) {
        const bool lasts = t.count > 1 && t.last > o.settle.coherent() + length/2;
        hertz.push_back(lasts ? 1000*(t.count - 1)/(t.last - t.first) : 1000*t.count/length);
    }
    return hertz;
}

/// Rest, resistance and time constant, from a step that is too small for more.
void measure_rest(point_reduction& r, const cell& c, const run_options& run, const reduction_options& o) {
    const double i = o.probe.coherent()/(1*nA).coherent();
    auto what = stepped(c, {i}, o);
    what.probes = {{.label = "v", .on = {"cell", "soma(0.5)"}, .start = o.settle}};
    simulation s(what, run);
    s.run(o.settle + o.step);
    const auto v = s["v"].column(0);
    r.rest = v.front();
    const double deflection = v.back() - v.front(), moved = std::abs(v[v.size() - 1] - v[v.size() - v.size()/10]);
    if (!std::isfinite(deflection) || std::abs(deflection) < 1e-4) refuse("the soma does not answer the probe", "a larger probe current");
    if (!(moved < 0.05*std::abs(deflection))) refuse("the cell does not come to rest under the probe", "longer settle and step, or a cell that does not spike by itself");
    r.resistance = deflection/i;
    std::size_t k = 0;
    while (std::abs(v[k] - v.front()) < (1 - std::exp(-1.0))*std::abs(deflection)) ++k;
    r.time_constant = s["v"].interval*static_cast<double>(k);
}

/// The weakest current that makes the cell spike, and its rates from there on.
void measure_rates(point_reduction& r, const cell& c, const run_options& run, const reduction_options& o) {
    std::vector<double> search;
    for (double i = o.weakest.coherent()/(1*nA).coherent(); search.size() < steps; i *= growth) search.push_back(i);
    const auto found = rates(c, search, run, o);
    const auto first = std::ranges::find_if(found, [](double hertz) { return hertz > 0; });
    if (first == found.end()) refuse("the cell did not spike at any current", "a stronger `weakest`, or channels that make spikes");
    const double above = search[static_cast<std::size_t>(first - found.begin())], below = above/growth;
    std::vector<double> between;
    for (int k = 1; k <= steps; ++k) between.push_back(below + (above - below)*k/steps);
    const auto near = rates(c, between, run, o);
    const auto weakest = std::ranges::find_if(near, [](double hertz) { return hertz > 0; });
    r.rheobase = between[static_cast<std::size_t>(weakest - near.begin())];
    for (int k = 0; k < steps; ++k) r.currents.push_back(r.rheobase*(1 + (furthest - 1)*k/(steps - 1)));
    r.of_cell = rates(c, r.currents, run, o);
}

/// What is fitted, as logarithms of numbers of the order of 1, and the reset between rest and threshold; a search that strays comes no further than
/// these bounds.
struct freedom {
    double threshold, adaptation, pace, reset, refractory;
    explicit freedom(std::span<const double> p)
        : threshold(within(p[0], 0.5)), adaptation(within(p[1], 1.6)), pace(within(p[2], 1.6)), reset(1/(1 + within(-p[3], 3))), refractory(within(p[4], 1)) {}
    static double within(double logarithm, double bound) { return std::exp(std::clamp(logarithm, -bound, bound)); }
};

neuron adex(const point_reduction& r, const freedom& f) {
    const double way = r.rheobase*r.resistance*f.threshold, v_t = r.rest + delta_t + way;   // nA Mohm = mV
    const auto in = []<dimension D>(double value, quantity<D> unit) { return any_quantity{(value*unit).coherent(), D}; };
    return {"adex", {{"c_m", in(r.time_constant/r.resistance, nF)}, {"g_leak", in(1/r.resistance, uS)}, {"e_leak", in(r.rest, mV)}, {"v_t", in(v_t, mV)},
                     {"delta_t", in(delta_t, mV)}, {"a", in(0, nS)}, {"tau_w", in(100*f.pace, ms)},
                     {"b", in(0.1*r.rheobase*f.adaptation, nA)}, {"v_reset", in(v_t - f.reset*(way + delta_t), mV)}, {"v_peak", in(20, mV)},
                     {"t_refractory", in(2*f.refractory, ms)}}};
}

/// The threshold, adaptation, reset and refractory time whose rates are nearest.
void fit(point_reduction& r, const run_options& run, const reduction_options& o) {
    double least = std::numeric_limits<double>::infinity();
    const auto residuals = [&](std::span<const double> p, std::span<double> difference) {
        auto point = adex(r, freedom(p));
        auto answered = rates(cell(point), r.currents, run, o);
        double sum = 0;
        for (std::size_t k = 0; k < answered.size(); ++k) difference[k] = answered[k] - r.of_cell[k], sum += difference[k]*difference[k];
        if (sum < least) least = sum, r.point = std::move(point), r.of_point = std::move(answered);
    };
    for (const double adaptation : {-1.5, 0.0, 1.5})
        for (const double reset : {-1.0, 0.5}) (void)least_squares(residuals, steps, {-0.05, adaptation, 0, reset, 0}, 0.02);
    r.deviation = std::sqrt(least/steps);
}

}  // namespace

point_reduction reduce_to_point(const cell& c, const run_options& run, const reduction_options& o) {
    if (!(o.settle.coherent() > 0 && o.step.coherent() > 0)) refuse("settle and step must be positive", "500 ms and 1000 ms");
    if (!(o.weakest.coherent() > 0) || o.probe.coherent() == 0) refuse("the weakest current must be positive and the probe not 0", "10 pA, -20 pA");
    point_reduction r;
    measure_rest(r, c, run, o);
    measure_rates(r, c, run, o);
    fit(r, run, o);
    return r;
}

}  // namespace apical
