// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/miniature.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "circuit/expected_contacts.hpp"
#include "core/pack.hpp"
#include "engine/neuron_plan.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// Contacts of a population's block are no more than this: enough for tables that do not fit a cache.
constexpr double most_contacts = 2e6;

const population* named(const circuit& c, const std::string& name) {
    const auto found = std::ranges::find(c.populations, name, &population::name);
    return found == c.populations.end() ? nullptr : &*found;
}

int cells_of(const circuit& c, const population& p) {
    double contacts = 0;
    for (const auto& x : c.projections)
        if (x.target == p.name) contacts += expected_contacts(c, x);
    const int block = p.cell.point() ? (contacts > 0 ? most_neurons_per_block : neurons_per_block) : native_width;
    const auto affordable = static_cast<int>(std::min(most_contacts/std::max(contacts, 1.0), 1e9));
    return std::min(p.size, std::clamp(affordable, std::min(block, native_width), block));
}

/// A target without the cells that are not there; false if none is.
bool cut(target& t, const circuit& small) {
    const auto* p = named(small, t.population);
    if (!p || t.cells.empty()) return true;   // all of them; or compile() says what is wrong
    std::erase_if(t.cells, [&](int k) { return k >= p->size; });
    return !t.cells.empty();
}

/// Delays with what conduction adds, at random between some of the pairs.
random_value delays_of(const circuit& c, const projection& x) {
    const auto *from = named(c, x.source), *to = named(c, x.target);
    if (!x.velocity || !from || !to || from->positions.empty() || to->positions.empty()) return x.delay;
    double nearest = HUGE_VAL, farthest = 0;
    constexpr std::size_t most = 200;
    const auto some = [](std::size_t k, std::size_t n, std::size_t size) { return k*size/n; };
    const auto sources = std::min(most, from->positions.size()), targets = std::min(most, to->positions.size());
    for (std::size_t s = 0; s < sources; ++s)
        for (std::size_t t = 0; t < targets; ++t) {
            const double d = distance(from->positions[some(s, sources, from->positions.size())], to->positions[some(t, targets, to->positions.size())]);
            nearest = std::min(nearest, d), farthest = std::max(farthest, d);
        }
    const double speed = x.velocity->coherent(), delay = x.delay.mean.value;
    return random_value::uniform(any_quantity{delay + nearest/speed, dimensions::time}, any_quantity{delay + farthest/speed, dimensions::time});
}

/// Contacts like those of a projection, as many, from a source of spikes.
projection alike(const circuit& c, const projection& x, const population& onto, const std::string& source) {
    auto p = x;
    p.source = source;
    p.velocity.reset();
    p.delay = delays_of(c, x);
    if (const auto* list = std::get_if<contact_list>(&x.rule); list && list->onto) {
        // those of cells of the whole at equal distances, as many as there are here
        const int whole = named(c, x.target)->size, here = onto.size;
        p.rule = contact_list{[onto = list->onto, whole, here](int target, std::vector<contact>& to) { onto(static_cast<int>(static_cast<std::int64_t>(target)*whole/here), to); }};
        return p;
    }
    p.rule = fixed_total{std::llround(expected_contacts(c, x)/x.contacts*onto.size)};
    return p;
}

}  // namespace

circuit miniature(const circuit& c) {
    circuit small = c;
    small.gap_junctions.clear(), small.probes.clear(), small.meters.clear(), small.projections.clear();
    for (auto& p : small.populations) {
        p.size = cells_of(c, p);
        if (!p.positions.empty()) p.positions.resize(index(p.size));
    }
    const auto gone = [&](auto& list) { std::erase_if(list, [&](auto& one) { return !cut(one.on, small); }); };
    gone(small.injections), gone(small.clamps), gone(small.receptors), gone(small.detectors);
    const auto has_receptor = [&](const std::string& label) { return std::ranges::any_of(small.receptors, [&](const receptor& r) { return r.label == label; }); };
    std::erase_if(small.spike_trains, [&](const spike_train& t) { return !has_receptor(t.receptor); });
    std::erase_if(small.poisson_trains, [&](const poisson_train& t) { return !has_receptor(t.receptor); });
    for (auto& s : small.spike_sources) s.rate = {}, s.spikes.clear();
    std::map<std::string, std::string> source_of;
    for (const auto& x : c.projections) {
        const auto* from = named(c, x.source);
        if (from && !source_of.contains(x.source)) {
            source_of[x.source] = fmt::format("cells of {}", x.source);
            small.spike_sources.push_back({.name = source_of[x.source], .size = from->size});
        }
        const auto* onto = named(small, x.target);
        if (!onto) continue;                                 // compile() says so of the circuit
        small.projections.push_back(alike(c, x, *onto, from ? source_of[x.source] : x.source));
    }
    const auto is_gone = [&](const modulator_effect& e) { return !e.projection.empty() && std::ranges::none_of(small.projections, [&](const projection& x) { return x.name == e.projection; }); };
    for (auto& m : small.modulators) std::erase_if(m.effects, is_gone);
    return small;
}

circuit joined_miniature(const circuit& c, const population& of) {
    circuit small;
    const gap_junction* first = nullptr;
    double ends = 0;
    for (const auto& g : c.gap_junctions)
        for (const auto* e : {&g.a, &g.b})
            if (e->population == of.name) first = first ? first : &g, ++ends;
    if (!first) return small;
    auto few = of;
    few.size = std::min(std::max(of.size, 2), 2*native_width);
    few.positions.clear(), few.start.reset();
    small.populations.push_back(few);
    const auto& end = first->a.population == of.name ? first->a : first->b;
    const int each = std::max(1, static_cast<int>(std::lround(ends/of.size/2)));
    for (int k = 0; k < few.size; ++k) {
        for (int d = 1; d <= each; ++d)
            if (const int other = (k + d) % few.size; other != k) small.gap_junctions.push_back({{of.name, k, end.at}, {of.name, other, end.at}, first->conductance});
        small.injections.push_back({{of.name, end.at, {k}}, step_current{0.3*k*units::ms, 1e6*units::ms, 0.4*units::nA}});
    }
    return small;
}

}  // namespace apical
