// SPDX-License-Identifier: BSD-3-Clause
#include "engine/pairing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "engine/learner.hpp"
#include "engine/prepare_learning.hpp"

namespace apical {
namespace {

/// A network of one place with some synapses.
struct bench {
    network_plan net;
    learned_table table;
    std::vector<std::function<double(double)>> signals;   // of the memory
    std::vector<double> memory;
};

void add_signals(bench& b, const pairing& p) {
    const auto& rule = b.net.rules.front();
    const auto place_of = [&](plasticity::signal wanted) {
        const auto given = std::ranges::find(p.signals, name_of(wanted), &std::pair<std::string, std::function<double(double)>>::first);
        if (given == p.signals.end()) throw invalid_model("pairing / signals", fmt::format("rule '{}' reads '{}'", rule.rule.schema.name, name_of(wanted)), "give it as a function of time");
        b.signals.push_back(given->second);
        return b.signals.size() - 1;
    };
    for (const auto& seen : rule.sees) {
        const bool happens_here = seen.of == plasticity::signal::plateau || seen.of == plasticity::signal::back_propagation;
        if (happens_here && b.table.potential.empty()) b.table.potential = {place_of(plasticity::signal::potential)};
        if (!happens_here && (seen.by == plasticity::reading::filter::none || seen.by == plasticity::reading::filter::low_pass)) b.table.signals.push_back({.at = {place_of(seen.of)}});
    }
}

void add_fields(bench& b, const pairing& p) {
    auto& rule = b.net.rules.front();
    for (const auto& told : rule.told) {
        field_plan f{std::string(told.name), {}, p.modulator_tau, 0, {}, {}};
        for (const auto& r : p.releases)
            if (r.modulator == f.name) f.releases.push_back({std::llround(r.time/p.dt), r.amount});
        std::ranges::sort(f.releases, {}, &field_plan::release::step);
        rule.fields.push_back(b.net.fields.size());
        b.net.fields.push_back(std::move(f));
    }
}

std::multimap<std::int64_t, bool> events_of(const pairing& p) {   // true: presynaptic
    std::multimap<std::int64_t, bool> events;
    for (const double t : p.pre) events.emplace(std::llround(t/p.dt), true);
    for (const double t : p.post) events.emplace(std::llround(t/p.dt), false);
    return events;
}

}  // namespace

std::vector<double> paired(const rule_entry& rule, const std::vector<double>& parameters, const pairing& p) {
    if (!(p.dt > 0) || p.copies < 1) throw invalid_model("pairing", "dt is positive, and there is at least one synapse");
    bench b;
    b.net.rules.push_back(settled_rule(rule, parameters, p.dt, p.interval));
    b.net.rules.front().low = p.low, b.net.rules.front().high = p.high, b.net.rules.front().stream = identity("pairing");
    const auto copies = static_cast<std::uint32_t>(p.copies);
    b.table.places.push_back({0, 0, 0, copies, 0, 0});
    b.table.first_place = {0, 1};
    b.table.place_of.assign(copies, 0), b.table.source.assign(copies, 0), b.table.start.assign(copies, p.weight);
    add_signals(b, p), add_fields(b, p);
    b.memory.resize(b.signals.size());
    const auto look = [&](double time) {
        for (std::size_t s = 0; s < b.signals.size(); ++s) b.memory[s] = b.signals[s](time);
    };
    learner l(b.net, b.table, p.dt, p.seed, 0);
    look(0), l.start(b.memory.data());
    const auto events = events_of(p);
    const auto last = p.until > 0 ? std::llround(p.until/p.dt) : (events.empty() ? 0 : events.rbegin()->first) + std::llround(1000/p.dt);
    constexpr std::array only_cell{0};
    for (std::int64_t step = 0; step < last; ++step) {
        l.begin_step(step);
        const auto [from, to] = events.equal_range(step);
        for (auto e = from; e != to; ++e)
            for (std::uint32_t k = 0; e->second && k < copies; ++k) l.arrive(k, step);
        look(static_cast<double>(step + 1)*p.dt);
        const auto [next, end] = events.equal_range(step + 1);
        const bool spikes = std::any_of(next, end, [](const auto& e) { return !e.second; });
        l.end_step(step + 1, std::span(only_cell).first(spikes ? 1 : 0), b.memory.data());
    }
    return l.weights(static_cast<double>(last)*p.dt);
}

}  // namespace apical
