// SPDX-License-Identifier: BSD-3-Clause
#include "models/circuits/brunel.hpp"

#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "models/circuit_model.hpp"

namespace apical::models {
namespace {

constexpr int full_excitatory = 10000, full_inhibitory = 2500, excitatory_inputs = 1000, inhibitory_inputs = 250;

}  // namespace

circuit brunel(const brunel_options& o) {
    using namespace units;
    const auto e = static_cast<int>(std::lround(full_excitatory*o.scale)), i = static_cast<int>(std::lround(full_inhibitory*o.scale));
    if (!(o.scale <= 1) || e < excitatory_inputs || i < inhibitory_inputs) throw invalid_model("brunel / scale", fmt::format("{:g}", o.scale), "0.1 to 1");
    if (!(o.g >= 0 && o.nu_ext >= 0)) throw invalid_model("brunel", fmt::format("g {:g}, nu_ext {:g}", o.g, o.nu_ext), "not negative");
    const auto tau = 0.5*ms, jump_time = 20*ms;    // of the synapse and of the membrane
    const auto weight = 0.1*mV*(250*pF)/tau;       // of the charge that makes the potential jump by 0.1 mV
    const double threshold_rate = 20/(0.1*jump_time.coherent());   // events that hold the potential at the threshold, 20 mV [1/ms]
    const std::map<std::string, any_quantity> parameters{{"tau", {tau.coherent(), dimensions::time}}};
    const auto set = models::build("lif", {{"set", "brunel_2000"}});
    circuit c;
    for (const auto& [name, size] : {std::pair{"excitatory", e}, {"inhibitory", i}}) {
        c.populations.push_back({name, set, size});
        c.detectors.push_back({.on = {name}});
        c.receptors.push_back({name, {name}, "psc_exp", parameters});
        c.poisson_trains.push_back({.receptor = name, .rate = o.nu_ext*threshold_rate*1000*Hz, .weight = weight});
        c.projections.push_back({.name = fmt::format("excitatory to {}", name), .source = "excitatory", .target = name, .rule = fixed_indegree{excitatory_inputs, false},
                                 .receptor = "psc_exp", .parameters = parameters, .weight = weight, .delay = 1.5*ms});
        c.projections.push_back({.name = fmt::format("inhibitory to {}", name), .source = "inhibitory", .target = name, .rule = fixed_indegree{inhibitory_inputs, false},
                                 .receptor = "psc_exp", .parameters = parameters, .weight = weight*-o.g, .delay = 1.5*ms});
    }
    return c;
}

circuit_model brunel_circuit() {
    return {.name = "brunel",
            .summary = "a random network of excitatory and inhibitory integrate-and-fire neurons in one of four states",
            .source = "Brunel (2000) J Comput Neurosci 8:183",
            .dt = 0.1*units::ms,
            .options = {{"state", "asynchronous_irregular", "sets g and nu_ext: 3 and 2, 6 and 4, 5 and 2, 4.5 and 0.9",
                         {"synchronous_regular", "fast_oscillation", "asynchronous_irregular", "slow_oscillation"}},
                        {"g", "", "an inhibitory weight over an excitatory one, if not as the state says"},
                        {"nu_ext", "", "external rate over the one that just reaches the threshold, if not as the state says"},
                        {"scale", "1", "part of the neurons"}},
            .make = [](const option_values& v) {
                const auto& state = v.at("state");
                auto o = state == "synchronous_regular" ? brunel_options::synchronous_regular()
                       : state == "fast_oscillation"    ? brunel_options::fast_oscillation()
                       : state == "slow_oscillation"    ? brunel_options::slow_oscillation()
                                                        : brunel_options::asynchronous_irregular();
                if (!v.at("g").empty()) o.g = number(v, "g", 0, 100);
                if (!v.at("nu_ext").empty()) o.nu_ext = number(v, "nu_ext", 0, 20);
                o.scale = number(v, "scale", 0.1, 1);
                return brunel(o);
            }};
}

}  // namespace apical::models
