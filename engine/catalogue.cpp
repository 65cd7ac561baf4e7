// SPDX-License-Identifier: BSD-3-Clause
#include "engine/catalogue.hpp"

#include <algorithm>
#include <cctype>

#include "core/error.hpp"
#include "engine/kernels/view.hpp"

namespace apical {

bool same_letters(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

const field* mechanism_schema::parameter(std::string_view name) const {
    const auto found = std::ranges::find(parameters, name, &field::name);
    return found == parameters.end() ? nullptr : &*found;
}

int mechanism_schema::state(std::string_view name) const {
    const auto found = std::ranges::find(states, name, &field::name);
    return found == states.end() ? -1 : static_cast<int>(found - states.begin());
}

void catalogue::add(entry e) {
    if (find(e.schema.name))
        throw invalid_model("catalogue", "there is a mechanism '" + e.schema.name + "' already", "give yours another name");
    entries_.push_back(std::move(e));
}

void catalogue::add(std::shared_ptr<const kernels::fused_table> fused) { fused_.push_back(std::move(fused)); }

const catalogue::entry* catalogue::find(std::string_view name) const {
    const auto found = std::ranges::find_if(entries_, [&](const entry& e) { return same_letters(e.schema.name, name); });
    return found == entries_.end() ? nullptr : &*found;
}

const catalogue::entry& catalogue::at(std::string_view name, std::string_view where) const {
    if (const auto* e = find(name)) return *e;
    throw invalid_model(std::string(where), "no mechanism '" + std::string(name) + "'", suggestion(name, names()));
}

std::vector<std::string> catalogue::names() const {
    std::vector<std::string> all;
    for (const auto& e : entries_) all.push_back(e.schema.name);
    return all;
}

const field* neuron_schema::parameter(std::string_view name) const {
    const auto found = std::ranges::find(parameters, name, &field::name);
    return found == parameters.end() ? nullptr : &*found;
}

int neuron_schema::state(std::string_view name) const {
    const auto found = std::ranges::find(states, name, &field::name);
    return found == states.end() ? -1 : static_cast<int>(found - states.begin());
}

void catalogue::add(neuron_entry e) {
    const auto same = [&](const neuron_entry& known) { return known.schema.name == e.schema.name; };
    if (std::ranges::any_of(neurons_, same))
        throw invalid_model("catalogue", "there is a neuron '" + e.schema.name + "' already", "give yours another name");
    neurons_.push_back(std::move(e));
}

const neuron_entry& catalogue::neuron_at(std::string_view name, std::string_view where) const {
    std::vector<std::string> known;
    for (const auto& e : neurons_) {
        if (e.schema.name == name) return e;
        known.push_back(e.schema.name);
    }
    throw invalid_model(std::string(where), "no neuron '" + std::string(name) + "'", suggestion(name, known));
}

void catalogue::add(rule_entry e) {
    const auto same = [&](const rule_entry& known) { return known.schema.name == e.schema.name; };
    if (std::ranges::any_of(rules_, same)) throw invalid_model("catalogue", "there is a rule '" + e.schema.name + "' already", "give yours another name");
    rules_.push_back(std::move(e));
}

const rule_entry& catalogue::rule_at(std::string_view name, std::string_view where) const {
    std::vector<std::string> known;
    for (const auto& e : rules_) {
        if (e.schema.name == name) return e;
        known.push_back(e.schema.name);
    }
    throw invalid_model(std::string(where), "no learning rule '" + std::string(name) + "'", suggestion(name, known));
}

const kernels::fused_table* catalogue::fused(const std::vector<std::string>& mechanisms) const {
    const auto found = std::ranges::find_if(fused_, [&](const auto& f) { return f->mechanisms == mechanisms; });
    return found == fused_.end() ? nullptr : found->get();
}

}  // namespace apical
