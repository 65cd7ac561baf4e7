// SPDX-License-Identifier: BSD-3-Clause
#include "models/learner.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "core/error.hpp"

namespace apical::models {
namespace {

std::vector<layered_net::layer> layers(const std::vector<int>& units, nonlinearity hidden, nonlinearity output) {
    std::vector<layered_net::layer> all;
    for (std::size_t l = 0; l < units.size(); ++l) all.push_back({units[l], l + 1 == units.size() ? output : hidden});
    return all;
}

layered_net errors_down(const std::vector<int>& units, feedback_mode mode, nonlinearity hidden = nonlinearity::logistic) {
    return {.layers = layers(units, hidden, nonlinearity::logistic), .learning = {{"forward", {.rule = "feedback_alignment", .parameters = {{"eta", 0.5}}}}}, .back = {.mode = mode}};
}

layered_net direct(const std::vector<int>& units) {
    auto net = errors_down(units, feedback_mode::random);
    net.back.is_direct = true;
    return net;
}

layered_net kolen_pollack(const std::vector<int>& units) {
    auto net = errors_down(units, feedback_mode::learned);
    net.learning["forward"].stages = {{"decay", {{"rate", 1e-4}}}};
    net.learning["feedback"] = {.rule = "kolen_pollack", .parameters = {{"eta", 0.5}}, .stages = {{"decay", {{"rate", 1e-4}}}}};
    return net;
}

layered_net dale(const std::vector<int>& units) {
    auto net = errors_down(units, feedback_mode::random, nonlinearity::relu);
    net.learning["forward"].parameters = {{"eta", 0.1}};
    net.learning["forward"].stages = {{"dale", {{"excitatory", 0.5}}}};
    return net;
}

/// Learning rates are per update, and updates many: what is taken from a synapse in one is small.
layered_net rewiring(const std::vector<int>& units) {
    auto net = errors_down(units, feedback_mode::transpose);
    net.learning["output"] = net.learning["forward"];
    net.learning["forward"].stages = {{"rewiring", {{"connectivity", 0.05}, {"shrink", 2e-4}, {"noise", 2e-3}}}};
    net.learning["output"].stages = {{"rewiring", {{"connectivity", 0.3}, {"shrink", 2e-4}, {"noise", 2e-3}}}};
    return net;
}

layered_net settling(const std::vector<int>& units, const char* rule, double eta) {
    return {.layers = layers(units, nonlinearity::logistic, nonlinearity::logistic), .scheme = "settling",
            .learning = {{"forward", {.rule = rule, .parameters = {{"eta", eta}}}}}, .back = {.mode = feedback_mode::transpose}, .start = 0.5};
}

layered_net recirculation(const std::vector<int>& units) {
    auto net = settling(units, "generec", 0.2);
    net.back = {.mode = feedback_mode::learned, .starts_as_transpose = true};
    net.learning["feedback"] = net.learning["forward"];
    return net;
}

layered_net leabra(const std::vector<int>& units) {
    auto net = settling(units, "xcal", 0.4);
    net.settings = {{"free_steps", 75}, {"clamped_steps", 25}, {"step", 0.3}};
    return net;
}

layered_net energy(const std::vector<int>& units) {
    layered_net net{.layers = layers(units, nonlinearity::hard_clip, nonlinearity::hard_clip), .scheme = "energy",
                    .learning = {{"forward", {.rule = "equilibrium_propagation", .parameters = {{"eta", 1}}}}}, .back = {.mode = feedback_mode::transpose}, .measure = layered_net::loss::squared};
    auto& rates = net.learning["forward"].rates;
    for (std::size_t k = 0; k + 1 < units.size(); ++k) rates.push_back(0.5/static_cast<double>(1u << k));
    net.settings = {{"beta", 1}};
    if (units.size() > 3) net.settings = {{"free_steps", 150}, {"nudged_steps", 6}, {"beta", 1}};
    return net;
}

layered_net targets(const std::vector<int>& units) {
    layered_net net{.layers = layers(units, nonlinearity::tanh, nonlinearity::logistic), .scheme = "targets",
                    .learning = {{"forward", {.rule = "difference_target", .parameters = {{"eta", 0.25}}}}}, .back = {.mode = feedback_mode::none}};
    if (units.size() > 3) net.learning["inverse"] = {.rule = "difference_target", .parameters = {{"eta", 0.1}}};
    return net;
}

layered_net segregated(const std::vector<int>& units) {
    return {.layers = layers(units, nonlinearity::logistic, nonlinearity::logistic), .scheme = "segregated",
            .learning = {{"forward", {.rule = "segregated_dendrites"}}}, .back = {.mode = feedback_mode::random, .range = 1, .is_direct = true}};
}

layered_net bursting(const std::vector<int>& units) {
    return {.layers = layers(units, nonlinearity::logistic, nonlinearity::logistic), .scheme = "bursting",
            .learning = {{"forward", {.rule = "burst_dependent_rate"}}}, .back = {.mode = feedback_mode::random, .range = 1}};
}

layered_net microcircuit(const std::vector<int>& units) {
    layered_net net{.layers = layers(units, nonlinearity::logistic, nonlinearity::logistic), .scheme = "microcircuit", .settings = {{"swing", 2}, {"free_steps", 8}, {"taught_steps", 8}, {"step", 0.7}},
                    .learning = {{"forward", {.rule = "dendritic_prediction", .parameters = {{"eta", 0.3}}}}}, .back = {.mode = feedback_mode::random, .range = 1}};
    auto& rates = net.learning["forward"].rates;
    for (std::size_t k = 0; k + 2 < units.size(); ++k) rates.push_back(10);   // what comes down is attenuated on its way
    rates.push_back(1);
    if (units.size() > 2) {
        net.learning["to_interneurons"] = {.rule = "dendritic_prediction", .parameters = {{"eta", 0.6}}};
        net.learning["from_interneurons"] = {.rule = "apical_silence", .parameters = {{"eta", 0.05}}};
    }
    return net;
}

/// Units above the inputs that nobody teaches.
layered_net untaught(const std::vector<int>& units, const char* scheme, nonlinearity f) {
    return {.layers = layers(units, f, f), .scheme = scheme, .back = {.mode = feedback_mode::none}, .measure = layered_net::loss::squared};
}
layered_net first_component(const std::vector<int>& units) {
    auto net = untaught(units, "components", nonlinearity::linear);
    net.settings = {{"turns", 0}};
    net.learning["forward"] = {.rule = "oja"};
    return net;
}
layered_net components_in_order(const std::vector<int>& units) {
    auto net = untaught(units, "components", nonlinearity::linear);
    net.learning["forward"] = {.rule = "sanger", .stages = {{"slow_down", {{"updates", 14000}}}}};   // ten times the digits
    return net;
}
layered_net self_organizing(const std::vector<int>& units) {
    auto net = untaught(units, "map", nonlinearity::linear);
    net.learning["forward"] = {.rule = "self_organizing_map"};
    net.start = 0.1;
    return net;
}
layered_net features(const std::vector<int>& units) {
    auto net = untaught(units, "inhibition", nonlinearity::logistic);
    net.learning = {{"forward", {.rule = "competitive_hebbian"}}, {"lateral", {.rule = "anti_hebbian", .stages = {{"clip", {{"low", -1e9}, {"high", 0}}}, {"no_self"}}}},
                    {"threshold", {.rule = "threshold_adaptation"}}};
    return net;
}

/// Of a retina of 24 units in a length of 1: discs as the scheme has them by default. Rates are over the number of synapses of a unit.
layered_net sheet_of_cortex(const std::vector<int>& units) {
    auto net = untaught(units, "sheet", nonlinearity::relu);
    constexpr double density = 24, afferent = 0.27083, lateral = 0.22917, disc = 3.14159, around_geniculate = 18, around_sheet = 30;   // units of the retina, on both sides together
    const double retina = std::sqrt(units.front()), width = std::max(1.0, retina - around_sheet)/density, extent = std::max(1.0, retina - around_geniculate)/density/width;
    const auto synapses = [&](double radius, double per_length) { return std::max(1.0, disc*radius*radius*per_length*per_length); };
    net.learning = {{"forward", {.rule = "hebbian", .parameters = {{"eta", 0.1/(2*synapses(afferent, density))}}, .stages = {{"disc", {{"planes", 2}, {"extent", extent}, {"radius", afferent/width}}}, {"l1"}}}},
                    {"lateral", {.rule = "hebbian", .parameters = {{"eta", 0.3/synapses(lateral, std::sqrt(units.back())/width)}}, .stages = {{"disc", {{"radius", lateral/width}}}, {"l1"}}}},
                    {"threshold", {.rule = "threshold_adaptation", .parameters = {{"eta", 0.01}, {"p", 0.024}}}}};
    return net;
}

constexpr auto lillicrap = "Lillicrap et al. (2016) Nat Commun 7:13276", liao = "Liao, Leibo & Poggio (2016) AAAI", oreilly = "O'Reilly (1996) Neural Comput 8:895";

}  // namespace

std::vector<learner> all_learners() {
    using m = feedback_mode;
    const auto by = [](m mode) { return [mode](const std::vector<int>& units) { return errors_down(units, mode); }; };
    return {
        {"backprop", "errors come down through the weights of the way up: the gradient", "Rumelhart, Hinton & Williams (1986) Nature 323:533", true, false, 10, 0, 1, 0, 1, by(m::transpose)},
        {"feedback_alignment", "errors come down through random weights", lillicrap, false, false, 10, 0, 1, 0, 1, by(m::random)},
        {"direct_feedback_alignment", "errors come from the output to every layer through random weights", "Nokland (2016) NIPS", false, false, 10, 0, 1, 0, 1, direct},
        {"sign_feedback", "errors come down through the signs of the weights", liao, false, false, 10, 0, 1, 0, 1, by(m::sign)},
        {"redrawn_sign_feedback", "the same, with sizes drawn for each batch", liao, false, false, 10, 0, 1, 0, 1, by(m::redrawn_sign)},
        {"fixed_sign_feedback", "the same, with sizes drawn once", liao, false, false, 10, 0, 1, 0, 1, by(m::fixed_sign)},
        {"kolen_pollack", "feedback weights that learn to be those of the way up", "Kolen & Pollack (1994) IEEE ICNN 3:1375", false, false, 10, 0, 1, 0, 1, kolen_pollack},
        {"dale", "feedback alignment with units that excite or inhibit", "Cornford et al. (2021) ICLR; ColEI", false, false, 10, 0, 1, 0, 1, dale},
        {"deep_rewiring", "the gradient, with a twentieth of the synapses, which come and go", "Bellec, Kappel, Maass & Legenstein (2018) ICLR", true, false, 10, 0, 1, 0, 1, rewiring},
        {"generec", "generalised recirculation: outcome less expectation", oreilly, false, true, 10, 0, 1, 0, 1, recirculation},
        {"contrastive_hebbian", "coincidence in the outcome less that in the expectation", oreilly, true, true, 10, 0, 1, 0, 1, [](const auto& u) { return settling(u, "contrastive_hebbian", 0.2); }},
        {"xcal", "recent coactivity above that of just before potentiates", "O'Reilly et al. (2012)", true, true, 1, 0, 1, 0, 1, leabra},
        {"equilibrium_propagation", "coincidence with nudged outputs less that without", "Scellier & Bengio (2017) Front Comput Neurosci 11:24", true, true, 20, 0, 1, 0, 1, energy},
        {"difference_target", "layers are given the outputs they should have had; only the last hidden one hears through the weights", "Lee et al. (2015) ECML 498", true, true, 10, -1, 1, 0, 1, targets},
        {"segregated_dendrites", "apical plateaus with a teacher less those without", "Guerguiev, Lillicrap & Richards (2017) eLife 6:e22901", false, true, 1, 0, 1, 0, 1, segregated},
        {"burstprop", "bursts go down while events go up", "Payeur et al. (2021) Nat Neurosci 24:1010", false, true, 10, 0, 1, 0.1, 0.9, bursting},
        {"microcircuit", "interneurons foresee the feedback; what they do not is the error", "Sacramento et al. (2018) NeurIPS 31:8721", false, true, 1, 0, 1, 0, 1, microcircuit},
        {"oja", "nobody teaches: every unit finds the direction in which inputs vary most", "Oja (1982) J Math Biol 15:267", false, false, 1, 0, 1, 0, 1, first_component, false, true},
        {"sanger", "nobody teaches: principal components in their order", "Sanger (1989) Neural Netw 2:459", false, false, 1, 0, 1, 0, 1, components_in_order, false, true},
        {"self_organizing_map", "nobody teaches: neighbours come to stand for what is alike", "Kohonen (1982) Biol Cybern 43:59", false, false, 1, 0, 1, 0, 1, self_organizing, false},
        {"foldiak", "nobody teaches: units that inhibit each other come to stand for different features", "Foeldiak (1990) Biol Cybern 64:165", false, false, 1, 0, 1, 0, 1, features, false},
        {"gcal", "nobody teaches: a sheet of cortex behind a retina; a map of orientations", "Stevens, Law, Antolik & Bednar (2013) J Neurosci 33:15747", false, false, 1, 0, 1, 0, 1, sheet_of_cortex, false},
    };
}

learner learner_named(std::string_view name) {
    auto all = all_learners();
    std::ranges::copy(learners_in_time(), std::back_inserter(all));
    const auto found = std::ranges::find(all, name, &learner::name);
    if (found != all.end()) return *found;
    std::vector<std::string> known;
    for (const auto& l : all) known.push_back(l.name);
    throw invalid_model("rule '" + std::string(name) + "'", "unknown way to learn", suggestion(name, known));
}

}  // namespace apical::models
