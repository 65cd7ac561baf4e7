// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/soma_currents.hpp"

#include <algorithm>
#include <cmath>

namespace apical::sonata {
namespace {

using namespace units;

constexpr double moment = 1e-9;                    ///< [ms] in which a signal begins or ends

/// A signal that is linear between its values, a time apart, and 0 outside.
waveform_current sampled(const random_current& c, std::vector<double> values) {
    waveform_current w;
    const auto add = [&](double t, double x) { w.times_ms.push_back(t), w.values_nA.push_back(x); };
    for (std::size_t k = 0; k < values.size(); ++k) add(c.delay + static_cast<double>(k)*c.interval, values[k]);
    const double end = c.delay + c.duration;
    if (end > w.times_ms.back() + 2*moment) add(end - moment, values.back());
    add(std::max(end, w.times_ms.back() + moment), 0);
    return w;
}

std::size_t samples(const random_current& c) { return static_cast<std::size_t>(std::floor(c.duration/c.interval*(1 + 1e-12))) + 1; }

waveform_current white(const random_current& c, double mean, double variance, random_stream& draws) {
    std::vector<double> values(samples(c));
    for (double& x : values) x = draws.normal(mean, std::sqrt(variance));
    return sampled(c, std::move(values));
}

/// From silence on. Between samples both exponentials of the sum are what is left of them, and of each shot since.
waveform_current shots(const random_current& c, const shot_statistics& s, random_stream& draws) {
    std::vector<double> values(samples(c), 0.0);
    const double size = std::abs(s.mean), sign = s.mean < 0 ? -1 : 1, scale = s.variance/size, peak = shot_peak(c.rise, c.decay);
    double decaying = 0, rising = 0, next = draws.exponential(1/s.rate);
    for (std::size_t k = 1; k < values.size(); ++k) {
        const double now = static_cast<double>(k)*c.interval;
        decaying *= std::exp(-c.interval/c.decay), rising *= std::exp(-c.interval/c.rise);
        for (; next <= now; next += draws.exponential(1/s.rate)) {
            const double height = sign*draws.gamma(size/scale, scale)/peak;
            decaying += height*std::exp(-(now - next)/c.decay), rising += height*std::exp(-(now - next)/c.rise);
        }
        values[k] = decaying - rising;
    }
    return sampled(c, std::move(values));
}

}  // namespace

double shot_peak(double rise, double decay) {
    const double at = std::log(decay/rise)/(1/rise - 1/decay);
    return std::exp(-at/decay) - std::exp(-at/rise);
}

shot_statistics shots_for(double mean, double sd, double cv, double rise, double decay) {
    const double rate = (1 + cv*cv)/2*(mean*mean/(sd*sd))/(decay + rise), peak = mean*shot_peak(rise, decay)/rate/(decay - rise);
    return {rate, peak, cv*cv*peak*peak};
}

std::vector<injection> injections_of(const soma_current& c, const soma_place& at) {
    const target to{at.population, "soma(0.5)", at.cells};
    const double start = c.amplitude_start*at.whole/100, end = c.amplitude_end*at.whole/100;
    if (c.frequency == 0) return {{to, ramp_current{c.delay*ms, c.duration*ms, start*nA, end*nA}}};
    std::vector<injection> pulses;
    for (double t = 0; t < c.duration; t += 1000/c.frequency) pulses.push_back({to, step_current{(c.delay + t)*ms, std::min(c.width, c.duration - t)*ms, start*nA}});
    return pulses;
}

std::vector<injection> injections_of(const random_current& c, const soma_place& at, random_stream draws, std::uint64_t number) {
    const target to{at.population, "soma(0.5)", at.cells};
    const double share = at.whole/100, mean = c.mean*share, spread = c.spread*share;
    if (!(c.duration > 0)) return {};
    switch (c.of) {
    case random_current::kind::noise: return {{to, white(c, mean, spread, draws)}};       // a variance that is relative is so, too
    case random_current::kind::ornstein_uhlenbeck: return {{to, noise_current{c.delay*ms, c.duration*ms, mean*nA, spread*nA, c.tau*ms, number}}};
    case random_current::kind::shot_noise: break;
    }
    const auto s = c.shot_cv > 0 ? shots_for(mean, spread, c.shot_cv, c.rise, c.decay) : shot_statistics{c.rate/1000, c.shot_mean*share, c.shot_variance};
    if (!(s.rate > 0) || s.mean == 0) return {};
    return {{to, shots(c, s, draws)}};
}

}  // namespace apical::sonata
