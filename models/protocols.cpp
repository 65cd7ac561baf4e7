// SPDX-License-Identifier: BSD-3-Clause
#include "models/protocols.hpp"

#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical::models {
namespace {

using namespace units;

void append(std::vector<injection>& to, const std::vector<injection>& from) { to.insert(to.end(), from.begin(), from.end()); }

}  // namespace

circuit on(const cell& c, const experiment& e) {
    circuit model;
    model.populations.push_back({.name = "cell", .cell = c});
    model.injections = e.injections;
    model.probes = e.probes;
    model.detectors = e.detectors;
    return model;
}

experiment l5pc_protocols::base(std::string name, std::string summary, duration until) const {
    experiment e;
    e.name = std::move(name);
    e.summary = std::move(summary);
    e.probes = {{.label = "soma", .on = {population, soma}}, {.label = "trunk", .on = {population, trunk}}};
    e.detectors = {{.on = {population, soma}, .threshold = threshold}};
    e.until = until;
    return e;
}

experiment l5pc_protocols::step_firing(current amplitude) const {
    auto e = base("step_firing", fmt::format("somatic step of {:g} nA", amplitude.in(nA)), 3000*ms);
    e.injections = {{{population, soma}, step_current{700*ms, 2000*ms, amplitude}}};
    return e;
}

experiment l5pc_protocols::bap(current amplitude) const {
    auto e = base("bap", "back-propagating action potential", 600*ms);
    e.injections = {{{population, soma}, step_current{295*ms, 5*ms, amplitude}}};
    return e;
}

experiment l5pc_protocols::epsp(current peak) const {
    auto e = base("epsp", "dendritic EPSP-like current", 600*ms);
    e.injections = {{{population, trunk}, epsp_current{.onset = 300*ms, .peak = peak}}};
    return e;
}

experiment l5pc_protocols::calcium_spike() const {
    auto e = epsp(1.5*nA);
    e.name = "calcium_spike";
    e.summary = "calcium spike evoked from the dendrite alone";
    return e;
}

experiment l5pc_protocols::bac(current amplitude, current peak) const {
    auto e = bap(amplitude);
    append(e.injections, epsp(peak).injections);
    e.name = "bac";
    e.summary = "back-propagation-activated calcium firing";
    return e;
}

experiment l5pc_protocols::critical_frequency(double hertz, current amplitude) const {
    if (!(hertz > 0) || !std::isfinite(hertz)) {
        throw invalid_model("critical_frequency", fmt::format("{} Hz is not a frequency", hertz), "it must be positive");
    }
    auto e = base("critical_frequency", fmt::format("five somatic pulses at {:g} Hz", hertz), 1000*ms);
    for (int pulse = 0; pulse < 5; ++pulse) {
        e.injections.push_back({{population, soma}, step_current{250*ms + pulse*(1000/hertz)*ms, 5*ms, amplitude}});
    }
    e.probes.push_back({.label = "tuft", .on = {population, tuft}});
    return e;
}

}  // namespace apical::models
