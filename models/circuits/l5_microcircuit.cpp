// SPDX-License-Identifier: BSD-3-Clause
#include "models/circuits/l5_microcircuit.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "circuit/layout.hpp"
#include "core/error.hpp"
#include "models/cells/l5pc.hpp"
#include "models/cells/pv_basket.hpp"
#include "models/cells/sst_martinotti.hpp"
#include "models/circuit_model.hpp"

namespace apical::models {
namespace {

using namespace units;

constexpr const char *pyramidal = "pyramidal", *basket = "pv_basket", *martinotti = "sst_martinotti";

/// Where axons of a kind end.
constexpr const char *on_dendrites = "in basal or apical", *perisomatic = "in soma or (basal or apical) and distance < 120 um",
                     *on_tuft = "in apical and distance > 0.6*max_distance(apical)", *on_basal = "in basal";

/// Release of one of the classes of Markram et al. (2015): utilisation, recovery and facilitation [ms].
struct release { double use, recovery, facilitation; };

/// A pathway: probability of a pair, contacts of a connection, conductance of a contact [nS].
struct pathway {
    const char *from, *to;
    double probability;
    int contacts;
    double conductance;
    release dynamics;
    const char* at;
};
constexpr pathway pathways[] = {
    {pyramidal, pyramidal, 0.075, 6, 0.30, {0.46, 671, 17}, on_dendrites},
    {pyramidal, basket, 0.055, 6, 0.30, {0.38, 550, 140}, on_dendrites},
    {pyramidal, martinotti, 0.050, 9, 0.30, {0.09, 138, 670}, on_dendrites},
    {basket, pyramidal, 0.076, 23, 1.30, {0.23, 690, 25}, perisomatic},
    {basket, basket, 0.064, 15, 0.34, {0.25, 706, 21}, perisomatic},
    {basket, martinotti, 0.056, 15, 0.34, {0.25, 706, 21}, perisomatic},
    {martinotti, pyramidal, 0.085, 14, 0.66, {0.30, 1200, 2}, on_tuft},
    {martinotti, basket, 0.041, 12, 0.34, {0.25, 706, 21}, on_dendrites},
    {martinotti, martinotti, 0.038, 12, 0.33, {0.25, 706, 21}, on_dendrites},
};

/// Axons from outside: how many there are, how many of them reach each cell, with how many contacts of what conductance [nS].
struct afferent {
    const char *from, *to;
    int inputs, contacts;
    double conductance;
    const char* at;
};
constexpr int axons = 400;   // of each source: cells share some of their inputs
constexpr afferent afferents[] = {
    {"thalamus", pyramidal, 30, 5, 0.40, on_basal},
    {"thalamus", basket, 20, 5, 0.42, on_dendrites},
    {"top_down", pyramidal, 40, 4, 0.40, on_tuft},
    {"top_down", martinotti, 10, 4, 0.30, on_dendrites},
    {"background", pyramidal, 270, 4, 0.40, on_dendrites},
    {"background", basket, 45, 4, 0.42, on_dendrites},
    {"background", martinotti, 40, 4, 0.40, on_dendrites},
};

any_quantity nanosiemens(double x) { return {x*nS.coherent(), dimensions::conductance}; }
any_quantity milliseconds(double x) { return {x, dimensions::time}; }

/// A conductance that varies from contact to contact as much as it is known to.
random_value conductance_of(double mean, double spread) {
    return random_value::lognormal(nanosiemens(mean), nanosiemens(spread*mean));
}

/// Excitatory synapses have AMPA and NMDA receptors in the published ratio; inhibitory ones GABA-A.
void choose_receptor(projection& p, bool is_excitatory) {
    if (is_excitatory) {
        p.receptor = "ampa_nmda";
        p.parameters = {{"ampa_rise", milliseconds(0.2)}, {"ampa_decay", milliseconds(1.74)}, {"nmda_rise", milliseconds(0.29)}, {"nmda_decay", milliseconds(43)}, {"nmda_ratio", {0.71, {}}}};
    } else {
        p.receptor = "gaba_a";
        p.parameters = {{"tau_rise", milliseconds(0.2)}, {"tau_decay", milliseconds(8.3)}, {"e_rev", {-80, dimensions::voltage}}};
    }
}

void add_cells(circuit& c, const l5_microcircuit_options& o) {
    const auto shape = [](const char* name) { return named_shape({{"morphology", name}}, "morphology"); };
    const int baskets = std::max(static_cast<int>(std::lround(0.09*o.cells)), 2), martinottis = std::max(static_cast<int>(std::lround(0.08*o.cells)), 2);
    // 6114 cells in a column of 210 um radius through a layer of 525 um; a smaller piece has the same shape
    const double size = std::cbrt(o.cells/6114.0);
    const auto add = [&](const char* name, cell what, int n) {
        c.populations.push_back({name, std::move(what), n});
        // cylinders stand along z, dendrites of morphologies rise along y
        for (const auto& at : lay_out(cylinder_layout{{}, 210*size, 525*size}, n, o.seed, name)) c.populations.back().positions.push_back({at.x, at.z, -at.y});
    };
    add(pyramidal, l5pc(shape("l5_tufted_pyramidal_a")), o.cells - baskets - martinottis);
    add(basket, pv_basket(shape("pv_basket_a")), baskets);
    add(martinotti, sst_martinotti(shape("sst_martinotti_a")), martinottis);
    for (const auto& p : c.populations) c.detectors.push_back({{p.name, "soma(0.5)", {}}, -20*mV});
}

void connect(circuit& c, const l5_microcircuit_options& o) {
    for (const auto& w : pathways) {
        const bool is_excitatory = std::string_view(w.from) == pyramidal;
        projection p{.name = fmt::format("{} to {}", w.from, w.to), .source = w.from, .target = w.to, .rule = pairwise_probability{w.probability}, .receptor = {}};
        choose_receptor(p, is_excitatory);
        p.weight = conductance_of(w.conductance, is_excitatory ? 0.37 : 0.3);
        p.delay = milliseconds(0.75), p.velocity = 300*um/ms;
        p.at = w.at, p.contacts = w.contacts;
        p.short_term = short_term_plasticity{any_quantity{w.dynamics.use, {}}, milliseconds(w.dynamics.recovery), milliseconds(w.dynamics.facilitation), o.stochastic ? 1 : 0};
        c.projections.push_back(std::move(p));
    }
}

void drive(circuit& c, const l5_microcircuit_options& o) {
    const std::pair<const char*, double> rates[] = {{"thalamus", o.thalamic_rate}, {"top_down", o.top_down_rate}, {"background", o.background_rate}};
    for (const auto& [name, rate] : rates) {
        if (!(rate >= 0)) throw invalid_model(fmt::format("l5_microcircuit / {}_rate", name), "must not be negative");
        c.spike_sources.push_back({.name = name, .size = axons, .rate = rate*Hz});
    }
    for (const auto& a : afferents) {
        projection p{.name = fmt::format("{} to {}", a.from, a.to), .source = a.from, .target = a.to, .rule = fixed_indegree{a.inputs}, .receptor = {}};
        choose_receptor(p, true);
        p.weight = conductance_of(a.conductance, 0.37);
        p.delay = random_value::uniform(milliseconds(1), milliseconds(3));
        p.at = a.at, p.contacts = a.contacts;
        c.projections.push_back(std::move(p));
    }
}

/// Thalamic contacts of pyramidal cells learn by dopamine that pyramidal spikes release: a reward's worth if each cell fires once.
void teach(circuit& c) {
    constexpr double reward = 0.05, most = 4;   // [1/ms]; of the mean weight
    auto& p = *std::ranges::find_if(c.projections, [](const projection& x) { return x.source == "thalamus" && x.target == pyramidal; });
    p.learns = learning{.rule = "dopamine_stdp", .high = most};
    c.modulators.push_back({.name = "dopamine", .sources = {{pyramidal, reward/c.populations.front().size}}});
    c.weight_probes.push_back({.label = "thalamic_weights", .projection = p.name, .interval = 20*ms});
}

/// Somata of some cells of each kind, and where the tuft of a pyramidal cell begins.
void record(circuit& c) {
    for (const auto& p : c.populations) c.probes.push_back({p.name, {p.name, "soma(0.5)", {0, 1}}, "v", 0.1*ms});
    c.probes.push_back({"tuft", {pyramidal, "thickest(at(apical, 620 um))", {0, 1}}, "v", 0.1*ms});
}

}  // namespace

circuit l5_microcircuit(const l5_microcircuit_options& o) {
    if (o.cells < 12) throw invalid_model("l5_microcircuit / cells", fmt::format("{} cells", o.cells), "at least 12");
    circuit c;
    add_cells(c, o);
    connect(c, o);
    drive(c, o);
    record(c);
    if (o.learns) teach(c);
    if (!o.gap_junctions) return c;
    const gap_junction_rule rules[] = {{"PV", basket, basket, 0.6, 80*um, 1.5*nS, "soma(0.5)", "soma(0.5)"},
                                       {"SST", martinotti, martinotti, 0.5, 80*um, 0.8*nS, "soma(0.5)", "soma(0.5)"}};
    for (const auto& rule : rules) {
        const auto made = draw_gap_junctions(c, rule, o.seed);
        c.gap_junctions.insert(c.gap_junctions.end(), made.begin(), made.end());
    }
    return c;
}

circuit_model l5_microcircuit_circuit() {
    return {.name = "l5_microcircuit",
            .summary = "pyramidal, PV basket and SST Martinotti cells of neocortical layer 5, with thalamic and top-down input",
            .source = "cells: models l5pc, pv_basket, sst_martinotti; connections: Markram et al. (2015) Cell 163:456; gap junctions: Galarreta & Hestrin (1999) Nature 402:72",
            .dt = 0.025*ms,
            .temperature = celsius(34),
            .options = {{"cells", "100", "number of cells"},
                        {"thalamic_rate", "8", "of each thalamic axon [Hz]"},
                        {"top_down_rate", "4", "of each axon that ends in the tuft [Hz]"},
                        {"background_rate", "3", "of each axon from elsewhere [Hz]"},
                        {"gap_junctions", "yes", "between interneurons of one kind", {"yes", "no"}},
                        {"release", "stochastic", "of vesicles", {"stochastic", "mean"}},
                        {"learning", "no", "of thalamic contacts of pyramidal cells, whose spikes release dopamine", {"no", "dopamine"}}},
            .make = [](const option_values& v) {
                return l5_microcircuit({.cells = static_cast<int>(number(v, "cells", 12, 1e7)), .thalamic_rate = number(v, "thalamic_rate", 0, 1000),
                                        .top_down_rate = number(v, "top_down_rate", 0, 1000), .background_rate = number(v, "background_rate", 0, 1000),
                                        .gap_junctions = v.at("gap_junctions") == "yes", .stochastic = v.at("release") == "stochastic", .learns = v.at("learning") == "dopamine"});
            }};
}

}  // namespace apical::models
