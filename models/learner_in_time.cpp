// SPDX-License-Identifier: BSD-3-Clause
#include <map>

#include "models/learner.hpp"

namespace apical::models {
namespace {

std::vector<layered_net::layer> layers(const std::vector<int>& units) {
    std::vector<layered_net::layer> all;
    for (const int n : units) all.push_back({n, nonlinearity::linear});
    return all;
}

std::vector<weight_stage> adam(double rate) { return {{"adam", {{"rate", rate}}}}; }

layered_net eprop(const std::vector<int>& units, feedback_mode mode, bool is_direct, double eta) {
    layered_net net{.layers = layers(units), .scheme = "recurrent", .learning = {{"output", {.rule = "leaky_readout", .stages = adam(3e-3)}}},
                    .back = {.mode = mode, .range = 1, .is_direct = is_direct}, .measure = layered_net::loss::squared};
    if (units.size() < 3) return net;
    net.learning["forward"] = {.rule = "eprop", .parameters = {{"eta", eta}}, .stages = adam(3e-3)};
    net.learning["recurrent"] = net.learning["forward"];
    return net;
}

layered_net superspike(const std::vector<int>& units, feedback_mode mode) {
    layered_net net{.layers = layers(units), .scheme = "spike_trains", .learning = {{"forward", {.rule = "superspike", .stages = {{"rmax", {{"rate", 0.01}}}, {"cooling", {{"after", 350}}}}}}},
                    .back = {.mode = mode, .range = 1.7}, .measure = layered_net::loss::squared};
    return net;
}

constexpr auto bellec = "Bellec et al. (2020) Nat Commun 11:3625", zenke = "Zenke & Ganguli (2018) Neural Comput 30:1514";

learner in_time(const char* name, const char* summary, const char* source, bool transports, std::function<layered_net(const std::vector<int>&)> make) {
    return {.name = name, .summary = summary, .source = source, .transports_weights = transports, .needs_phases = false, .batch = 32, .make = std::move(make), .is_in_time = true};
}

}  // namespace

std::vector<learner> learners_in_time() {
    using m = feedback_mode;
    return {
        in_time("eprop", "eligibilities times errors that come through the weights of the outputs", bellec, true, [](const auto& u) { return eprop(u, m::transpose, false, 1); }),
        in_time("eprop_random", "the same, through random weights from the outputs to every layer", bellec, false, [](const auto& u) { return eprop(u, m::random, true, 1); }),
        in_time("readout_only", "outputs learn, and the units below stay as they are", bellec, false, [](const auto& u) { return eprop(u, m::none, false, 0); }),
        in_time("superspike", "a smooth function of the potential stands for spikes; errors come through the weights of the way up", zenke, true, [](const auto& u) { return superspike(u, m::transpose); }),
        in_time("superspike_random", "the same, through random weights", zenke, false, [](const auto& u) { return superspike(u, m::random); }),
    };
}

}  // namespace apical::models
