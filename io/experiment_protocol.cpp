// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <fmt/format.h>

#include "io/experiment_build.hpp"
#include "models/model.hpp"
#include "models/protocols.hpp"

namespace apical::experiment_file {
namespace {

models::experiment protocol(const models::l5pc_protocols& p, const protocol_fields& f) {
    using namespace units;
    const auto pulse = f.amplitude.value_or(1.9*nA), peak = f.peak.value_or(0.5*nA);
    switch (f.name) {
        case protocol_name::bap: return p.bap(pulse);
        case protocol_name::epsp: return p.epsp(peak);
        case protocol_name::calcium_spike: return p.calcium_spike();
        case protocol_name::bac: return p.bac(pulse, peak);
        case protocol_name::step_firing: return p.step_firing(f.amplitude.value_or(0.793*nA));
        case protocol_name::critical_frequency: break;
    }
    return p.critical_frequency(f.frequency.value_or(120*Hz).in(Hz), f.amplitude.value_or(1.99*nA));
}

/// A number that the protocol has no use for is a misunderstanding.
void check_use(builder& b, const protocol_fields& f, const std::string& where) {
    using enum protocol_name;
    const auto refuse = [&](const char* field, bool is_given, std::initializer_list<protocol_name> users) {
        if (!is_given || std::ranges::find(users, f.name) != users.end()) return;
        std::string who;
        for (const auto u : users) who += (who.empty() ? "" : ", ") + choices(u)[static_cast<std::size_t>(u)];
        b.found.add(where, fmt::format("the protocol {} has no '{}'", choices(f.name)[static_cast<std::size_t>(f.name)], field), who + (users.size() > 1 ? " have" : " has"));
    };
    refuse("amplitude", f.amplitude.has_value(), {bap, bac, step_firing, critical_frequency});
    refuse("peak", f.peak.has_value(), {epsp, bac});
    refuse("frequency", f.frequency.has_value(), {critical_frequency});
    refuse("tuft", f.tuft.has_value(), {critical_frequency});
}

/// "protocol": "bac" is short for an object with that name only.
std::optional<protocol_fields> spelled_out(builder& b) {
    const auto& given = *b.file.protocol;
    if (const auto* f = std::get_if<protocol_fields>(&given.value.value)) return *f;
    const auto& name = std::get<std::string>(given.value.value);
    if (name.empty()) return std::nullopt;
    const auto names = choices(protocol_name{});
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) {
        b.found.add(given.where, fmt::format("no protocol '{}'", name), suggestion(name, names));
        return std::nullopt;
    }
    protocol_fields f;
    f.name = static_cast<protocol_name>(at - names.begin());
    return f;
}

void apply_protocol(builder& b) {
    const auto f = spelled_out(b);
    if (!f) return;
    const auto& where = b.file.protocol->where;
    if (b.file.cells.empty()) b.attempt(where, [&] { b.out.model.populations.push_back({"cell", models::build("l5pc")}); });
    if (b.out.model.populations.size() != 1) {
        if (!b.file.cells.empty()) b.found.add(where, "a protocol needs exactly one population", fmt::format("there are {}", b.out.model.populations.size()));
        return;
    }
    models::l5pc_protocols sites{.population = b.out.model.populations.front().name};
    if (f->soma) sites.soma = f->soma->text;
    if (f->trunk) sites.trunk = f->trunk->text;
    if (f->tuft) sites.tuft = f->tuft->text;
    check_use(b, *f, where);
    b.attempt(where, [&] {
        auto e = protocol(sites, *f);
        auto& model = b.out.model;
        model.injections = std::move(e.injections);
        model.probes = std::move(e.probes);
        model.detectors = std::move(e.detectors);
        b.out.until = e.until;
        if (b.out.title.empty()) b.out.title = e.summary;
    });
}

void add_population(builder& b, const std::string& name, const cell& c, int size, const std::optional<located<position_fields>>& positions = {}) {
    population p{.name = name, .cell = c, .size = size};
    if (positions) p.positions = positions_of(b, *positions, name, size);
    b.out.model.populations.push_back(std::move(p));
}

}  // namespace

void build_populations(builder& b) {
    std::vector<std::string> names, kinds;
    for (const auto& [kind, f] : b.file.cells) kinds.push_back(kind);
    for (const auto& f : b.file.populations) {
        const auto& name = f.name.value;
        if (name.empty() && !f.name.where.empty()) b.found.add(f.name.where, "a population needs a name");
        if (name.find('/') != name.npos) b.found.add(f.name.where, fmt::format("'{}' cannot be the name of a population", name), "use a name without '/'");
        if (std::find(names.begin(), names.end(), name) != names.end())
            b.found.add(f.name.where, fmt::format("another population is called '{}'", name));
        names.push_back(name);
        const auto c = b.cells.find(f.cell.value);
        if (c != b.cells.end()) add_population(b, name, c->second, f.size, f.positions);
        else if (!f.cell.where.empty() && !b.file.cells.contains(f.cell.value))
            b.found.add(f.cell.where, fmt::format("no cell '{}'", f.cell.value), suggestion(f.cell.value, kinds));
    }
    if (b.file.populations.empty())
        for (const auto& [name, c] : b.cells) add_population(b, name, c, 1);
    if (b.file.protocol) apply_protocol(b);
    else if (b.file.cells.empty()) b.found.add(b.file.where, "needs 'cells' or a 'protocol'");
}

}  // namespace apical::experiment_file
