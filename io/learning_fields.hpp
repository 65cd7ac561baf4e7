// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuit/circuit.hpp"
#include "io/fields.hpp"

/// The objects of an experiment file that make synapses learn; they continue those of io/circuit_fields.hpp.
namespace apical::experiment_file {

struct learning_fields {
    static constexpr std::string_view title = "learning", about = "How the weights of a projection change.";
    json::located<std::string> rule;
    json::located<std::string> published;
    std::map<std::string, json::located<json::value_text>> parameters;
    std::optional<json::located<json::value_text>> unit;
    std::vector<double> bounds;
    duration interval;
    duration start, stop = apical::learning{}.stop;
    std::string region;
    double prediction_gain = 1;
    voltage prediction_rest = apical::learning{}.prediction_rest;
    std::string apical_at;
    std::optional<double> total;
    duration total_interval = apical::learning{}.total_interval;
    void bind(auto& field) {
        field("rule", rule, "its name in the catalogue; `apical rules` lists them", json::required);
        field("published", published, "a set of its published parameters; left out: the defaults");
        field("parameters", parameters, "those that differ");
        field("unit", unit, "the weight that the rule's weight 1 stands for; left out: the mean weight of the projection");
        field("bounds", bounds, "lowest and highest weight in the rule's unit; left out: 0 and none");
        field("interval", interval, "of the clock of rules that have one; left out: every step", json::not_negative);
        field("start", start, "when weights begin to change", json::not_negative);
        field("stop", stop, "when they cease to", json::not_negative);
        field("region", region, "whose modulators the synapses feel");
        field("prediction_gain", prediction_gain, "rules that read a prediction: the potential at the synapse, its distance from rest times this");
        field("prediction_rest", prediction_rest, "and what rest is");
        field("apical_at", apical_at, "rules that read the apical dendrite: where on the cell it is");
        field("total", total, "sum of a cell's weights of this projection, in the rule's unit, held by a common factor", json::positive);
        field("total_interval", total_interval, "how often", json::positive);
    }
};

struct release_fields {
    static constexpr std::string_view title = "release", about = "A release of a modulator.";
    duration at;
    double amount = 0;
    void bind(auto& field) {
        field("at", at, "when", json::required | json::not_negative);
        field("amount", amount, "how much", json::required);
    }
};
struct modulator_source_fields {
    static constexpr std::string_view title = "modulator_source", about = "Cells whose spikes release a modulator.";
    json::located<std::string> population;
    double amount = 0;
    duration delay = 1*units::ms;
    void bind(auto& field) {
        field("population", population, "a population or a spike source", json::required);
        field("amount", amount, "how much each spike releases", json::required);
        field("delay", delay, "how long after the spike; at least one step", json::positive);
    }
};
struct modulator_effect_fields {
    static constexpr std::string_view title = "modulator_effect", about = "What a modulator does to a parameter: p (1 + scale R) + shift R, where R is how far its receptors are occupied, from 0 to 1.";
    json::located<std::string> population, projection;
    std::string at, mechanism;
    std::string parameter;
    double scale = 0;
    std::optional<json::located<json::value_text>> shift;
    double half = 0, hill = 1;
    duration tau_on, tau_off, interval;
    void bind(auto& field) {
        field("population", population, "whose cells");
        field("projection", projection, "or which projection, whose `weight` it scales");
        field("at", at, "a region of the cells; left out: wherever the channel is");
        field("mechanism", mechanism, "a channel; left out: the point neuron itself");
        field("parameter", parameter, "which it changes; of a projection `weight`", json::required);
        field("scale", scale, "at R = 1 the parameter is multiplied by 1 + scale");
        field("shift", shift, "and grows by this");
        field("half", half, "concentration at which R is one half; left out: R is the concentration, held between 0 and 1", json::not_negative);
        field("hill", hill, "R = c^hill/(c^hill + half^hill)", json::positive);
        field("tau_on", tau_on, "with which R rises; left out: at once", json::not_negative);
        field("tau_off", tau_off, "with which R falls", json::not_negative);
        field("interval", interval, "between the times at which R follows; left out: every step", json::not_negative);
    }
};
struct modulator_fields {
    static constexpr std::string_view title = "modulator", about = "A neuromodulator in a region: a concentration that decays, and grows by what is released.";
    json::located<std::string> name;
    std::string region;
    duration tau = modulator{}.tau;
    double baseline = 0;
    std::vector<release_fields> releases;
    std::vector<modulator_source_fields> sources;
    std::vector<modulator_effect_fields> effects;
    std::string where;
    void bind(auto& field) {
        field("name", name, "as rules call it, such as `dopamine`", json::required);
        field("region", region, "projections say whose they feel");
        field("tau", tau, "time constant of its decay", json::positive);
        field("baseline", baseline, "to which it decays, in the unit of amounts");
        field("releases", releases, "releases at given times");
        field("sources", sources, "cells whose spikes release it");
        field("effects", effects, "what it does to parameters of cells and to the strength of projections");
    }
};
struct weight_probe_fields {
    static constexpr std::string_view title = "weights", about = "Weights to keep, of a projection that learns.";
    json::located<std::string> label, projection;
    duration interval = weight_probe{}.interval, start;
    std::string where;
    void bind(auto& field) {
        field("label", label, "what to call them; a file's name", json::required);
        field("projection", projection, "of which projection", json::required);
        field("interval", interval, "between samples", json::positive);
        field("start", start, "of the first sample", json::not_negative);
    }
};

}  // namespace apical::experiment_file
