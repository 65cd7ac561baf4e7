// SPDX-License-Identifier: BSD-3-Clause
#include "models/circuits/potjans_diesmann.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "models/circuit_model.hpp"

namespace apical::models {
namespace {

using namespace units;

constexpr std::size_t count = 8;
constexpr double sizes[count] = {20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948};
constexpr double external[count] = {1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100};
constexpr double start_mean[count] = {-68.28, -63.16, -63.33, -63.45, -63.11, -61.66, -66.72, -61.43};
constexpr double start_sd[count] = {5.36, 4.57, 4.74, 4.94, 4.94, 4.55, 5.46, 4.48};
/// Probabilities of connection, [target][source]: table 5 of the paper.
constexpr double probability[count][count] = {{.1009, .1689, .0437, .0818, .0323, 0, .0076, 0},      {.1346, .1371, .0316, .0515, .0755, 0, .0042, 0},
                                              {.0077, .0059, .0497, .1350, .0067, .0003, .0453, 0},  {.0691, .0029, .0794, .1597, .0033, 0, .1057, 0},
                                              {.1004, .0622, .0505, .0057, .0831, .3726, .0204, 0},  {.0548, .0269, .0257, .0022, .0600, .3158, .0086, 0},
                                              {.0156, .0066, .0211, .0166, .0572, .0197, .0396, .2252}, {.0364, .0010, .0034, .0005, .0277, .0080, .0658, .1443}};
constexpr double thalamic_cells = 902, thalamic[count] = {0, 0, .0983, .0619, 0, 0, .0512, .0196};
constexpr double relative_inhibition = -4, background_rate = 8, weight_sd = 0.1, delay_sd = 0.5;   // [1, Hz, of the mean, of the mean]
constexpr duration tau_membrane = 10*ms, tau_synapse = 0.5*ms;

bool excites(std::size_t population) { return population % 2 == 0; }

/// How many connections make up a probability that a pair is connected at all, if both ends of each are drawn.
double connections(double p, double sources, double targets) { return p > 0 ? std::log(1 - p)/std::log(1 - 1/(sources*targets)) : 0; }

/// In units of the excitatory weight; the projection from layer 4 to layer 2/3 is twice as strong.
double strength(std::size_t target, std::size_t source) { return !excites(source) ? relative_inhibition : target == 0 && source == 2 ? 2 : 1; }

class builder {
public:
    explicit builder(const potjans_diesmann_options& o)
        : o_(o), weight_(synaptic_current(0.15*mV, 250*pF, tau_membrane, tau_synapse)*(1/std::sqrt(o.synapses))) {
        for (const auto& [part, name] : {std::pair{o.neurons, "neurons"}, {o.synapses, "synapses"}})
            if (!(part > 0 && part <= 1)) throw invalid_model(fmt::format("potjans_diesmann / {}", name), fmt::format("{:g}", part), "above 0 and at most 1");
    }

    circuit operator()() {
        for (std::size_t k = 0; k < count; ++k) populate(k);
        if (o_.thalamus) c_.spike_sources.push_back({.name = "thalamus", .size = size(thalamic_cells), .rate = 120*Hz, .start = o_.thalamus_start, .length = 10*ms});
        for (std::size_t target = 0; target < count; ++target) {
            for (std::size_t source = 0; source < count; ++source)
                project(potjans_diesmann_names[source], target, connections(probability[target][source], sizes[source], sizes[target]), strength(target, source));
            if (o_.thalamus) project("thalamus", target, connections(thalamic[target], thalamic_cells, sizes[target]), 1);
            drive(target);
        }
        return std::move(c_);
    }

private:
    int size(double full) const { return std::max(1, static_cast<int>(std::round(full*o_.neurons))); }

    void populate(std::size_t k) {
        const bool original = o_.potentials == potjans_diesmann_options::start::original;
        const auto mean = (original ? -58 : start_mean[k])*mV, sd = (original ? 10 : start_sd[k])*mV;
        c_.populations.push_back({.name = potjans_diesmann_names[k], .cell = cell(neuron{"lif", {}}), .size = size(sizes[k]), .start = random_value::normal(any(mean), any(sd))});
        c_.detectors.push_back({.on = {potjans_diesmann_names[k]}});
        c_.receptors.push_back({potjans_diesmann_names[k], {potjans_diesmann_names[k]}, "psc_exp", {{"tau", any(tau_synapse)}}});
    }

    void project(const std::string& source, std::size_t target, double full, double strength) {
        const auto total = static_cast<std::int64_t>(std::round(full*o_.neurons*o_.synapses));
        if (total == 0) return;
        const auto mean = weight_*strength, zero = 0*nA;
        auto weight = random_value::normal(any(mean), any(weight_*(weight_sd*std::abs(strength))));
        (strength > 0 ? weight.low : weight.high) = any(zero);
        const auto delay = strength > 0 ? 1.5*ms : 0.75*ms;
        c_.projections.push_back({.name = fmt::format("{} to {}", source, potjans_diesmann_names[target]), .source = source, .target = potjans_diesmann_names[target],
                                  .rule = fixed_total{total}, .receptor = "psc_exp", .parameters = {{"tau", any(tau_synapse)}}, .weight = weight,
                                  .delay = random_value::normal(any(delay), any(delay*delay_sd)).at_least(any(0.05*ms))});
    }

    /// Background, and what scaling takes from the mean input.
    void drive(std::size_t target) {
        const bool is_random = o_.background == potjans_diesmann_options::drive::poisson;
        const auto full_weight = weight_*std::sqrt(o_.synapses);
        const auto mean_of = [&](double events_per_second) { return full_weight*(events_per_second*1e-3*tau_synapse.coherent()); };
        const double arriving = external[target]*background_rate;
        if (is_random) c_.poisson_trains.push_back({.receptor = potjans_diesmann_names[target], .rate = arriving*o_.synapses*Hz, .weight = weight_});
        double lost = is_random ? arriving : 0;
        for (std::size_t source = 0; source < count; ++source)
            lost += strength(target, source)*connections(probability[target][source], sizes[source], sizes[target])/sizes[target]*potjans_diesmann_rates[source];
        const auto direct = mean_of((1 - std::sqrt(o_.synapses))*lost + (is_random ? 0 : arriving));
        if (direct.coherent() != 0) c_.injections.push_back({{potjans_diesmann_names[target]}, step_current{0*ms, 1e9*ms, direct}});
    }

    template <dimension D> static any_quantity any(quantity<D> q) { return {q.coherent(), D}; }

    potjans_diesmann_options o_;
    current weight_;                               // of an excitatory contact
    circuit c_;
};

}  // namespace

current synaptic_current(voltage peak, quantity<dimensions::capacitance> membrane, duration tau_membrane, duration tau_synapse) {
    const double m = tau_membrane.coherent(), s = tau_synapse.coherent();
    const double of_unit = m*s/((s - m)*membrane.coherent())*(std::pow(m/s, -m/(m - s)) - std::pow(m/s, -s/(m - s)));
    return current::coherent(peak.coherent()/of_unit);
}

circuit potjans_diesmann(const potjans_diesmann_options& o) { return builder(o)(); }

circuit_model potjans_diesmann_circuit() {
    using options = potjans_diesmann_options;
    return {.name = "potjans_diesmann",
            .summary = "a cortical column of 77 169 integrate-and-fire neurons and 0.3 billion synapses",
            .source = "Potjans & Diesmann (2014) Cereb Cortex 24:785",
            .dt = 0.1*ms,
            .options = {{"scale", "1", "part of the neurons and of the inputs of each that is there"},
                        {"neurons", "", "part of the neurons, if not as scale says"},
                        {"synapses", "", "part of the inputs of each, if not as scale says"},
                        {"background", "poisson", "what comes from outside", {"poisson", "direct_current"}},
                        {"start", "optimised", "potentials at the start: one distribution a population, or N(-58, 10) mV for all", {"optimised", "original"}},
                        {"thalamus", "silent", "902 cells that fire once, for 10 ms", {"silent", "pulse"}},
                        {"thalamus_start", "700 ms", "when they do"}},
            .make = [](const option_values& v) {
                const auto part = [&](const char* name) { return number(v, v.at(name).empty() ? "scale" : name, 1e-4, 1); };
                return potjans_diesmann({.neurons = part("neurons"),
                                         .synapses = part("synapses"),
                                         .background = v.at("background") == "poisson" ? options::drive::poisson : options::drive::direct_current,
                                         .potentials = v.at("start") == "original" ? options::start::original : options::start::optimised,
                                         .thalamus = v.at("thalamus") == "pulse",
                                         .thalamus_start = positive<dimensions::time>(v, "thalamus_start")});
            }};
}

}  // namespace apical::models
