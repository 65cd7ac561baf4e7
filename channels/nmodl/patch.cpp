// SPDX-License-Identifier: BSD-3-Clause
#include "channels/nmodl/patch.hpp"

#include <algorithm>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical::nmodl {

ion_surroundings usual_surroundings(std::string_view ion) {
    if (ion == "na") return {10, 140, 50, 1};
    if (ion == "k") return {54.4, 2.5, -77, 1};
    if (ion == "ca") return {1e-4, 2, 120, 2};
    if (ion == "cl") return {6, 130, -70, -1};
    if (ion == "mg") return {0.5, 1, 0, 2};
    return {};
}

patch::patch(std::shared_ptr<const mechanism> of, int count) : of_(std::move(of)), count_(count), padded_((count + 7)/8*8) {
    const auto& p = of_->source();
    columns_.assign(static_cast<std::size_t>(p.instance_size), aligned_vector(static_cast<std::size_t>(padded_)));
    for (auto& c : columns_) pointers_.push_back(c.data());
    shared_.assign(static_cast<std::size_t>(p.shared_size), 0);
    identity_.resize(static_cast<std::size_t>(padded_));
    for (std::size_t i = 0; i < identity_.size(); ++i) identity_[i] = i;
    tables.resize(p.function_tables.size());
    for (const auto& v : p.variables) {
        double value = v.value;
        if (v.is == role::voltage) value = -65;
        if (v.is == role::diameter) value = 10;
        if (v.is == role::area) value = 100*std::numbers::pi;
        if (v.is == role::step && value == 0) value = 0.025;
        if (v.kept == storage::instance || v.kept == storage::shared) fill(v.name, value);
    }
    for (const auto& ion : p.ions) surround(ion.name, usual_surroundings(ion.name));
}

double* patch::find(std::string_view name, int element, int instance) {
    const auto& p = of_->source();
    const int found = p.find(name);
    if (found < 0) return nullptr;
    const auto& v = p.variables[static_cast<std::size_t>(found)];
    if (element < 0 || element >= v.length || instance < 0 || instance >= count_) return nullptr;
    if (v.kept == storage::shared) return &shared_[static_cast<std::size_t>(v.offset + element)];
    if (v.kept == storage::instance) return pointers_[static_cast<std::size_t>(v.offset + element)] + instance;
    return nullptr;
}

double& patch::at(std::string_view name, int element, int instance) {
    if (auto* value = find(name, element, instance)) return *value;
    std::vector<std::string> names;
    for (const auto& v : of_->source().variables)
        if (v.kept == storage::instance || v.kept == storage::shared) names.push_back(v.name);
    throw invalid_model(fmt::format("{}.{}", of_->source().name, name), "there is no such value, or none that is kept between blocks", suggestion(name, names));
}

void patch::fill(std::string_view name, double value) {
    const auto& p = of_->source();
    const int found = p.find(name);
    if (found < 0) return;
    const auto& v = p.variables[static_cast<std::size_t>(found)];
    for (int k = 0; k < v.length; ++k) {
        if (v.kept == storage::shared) shared_[static_cast<std::size_t>(v.offset + k)] = value;
        if (v.kept == storage::instance) std::ranges::fill(columns_[static_cast<std::size_t>(v.offset + k)], value);
    }
}

void patch::surround(std::string_view ion, const ion_surroundings& s) {
    const std::string name(ion);
    for (const auto& use : of_->source().ions) {
        if (use.name != name) continue;
        fill("e" + name, s.reversal);
        if (!use.writes_inner) fill(name + "i", s.inner);
        if (!use.writes_outer) fill(name + "o", s.outer);
    }
}

instance_view patch::view() {
    // copies of the first instance in the lanes that nobody asked for
    for (auto& c : columns_) std::fill(c.begin() + count_, c.end(), c[0]);
    return {.count = count_, .columns = pointers_.data(), .shared = shared_.data(), .identity = identity_.data(), .tables = tables, .faults = &first_fault};
}

}  // namespace apical::nmodl
