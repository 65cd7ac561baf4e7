// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/synapse_kinds.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <tuple>

#include <fmt/format.h>

#include "io/json.hpp"

namespace apical::sonata {
namespace {

std::string lower(std::string s) {
    std::ranges::transform(s, s.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return s;
}

/// A parameter that a file must have.
any_quantity needed(const std::map<std::string, double>& numbers, const std::string& name, const char* unit, const std::string& file) {
    const auto found = numbers.find(name);
    if (found == numbers.end()) throw invalid_input(file, fmt::format("has no '{}'", name), fmt::format("a number [{}]", unit));
    const auto one = parse_unit(unit);
    return {found->second*one.value, one.dimension};
}

synapse_kind on_compartments(const std::string& model, const std::map<std::string, double>& numbers, const std::string& file) {
    const auto take = [&](const char* name, const char* unit) { return needed(numbers, name, unit, file); };
    if (model == "exp2syn") return {.receptor = "exp2syn", .parameters = {{"tau_rise", take("tau1", "ms")}, {"tau_decay", take("tau2", "ms")}, {"e_rev", take("erev", "mV")}}};
    if (model == "expsyn") {
        const char* tau = numbers.contains("tau1") ? "tau1" : "tau";
        return {.receptor = "expsyn", .parameters = {{"tau", take(tau, "ms")}, {"e_rev", take("erev", "mV")}}};
    }
    throw unsupported(file, fmt::format("synapses of model_template '{}' onto cells with compartments", model), "exp2syn and expsyn are known");
}

synapse_kind on_points(const std::string& model, const std::map<std::string, double>&, const std::string& file) {
    // NEST's: the neuron has the synapse, an alpha function of 2 ms
    if (model == "static_synapse" || model.empty())
        return {.receptor = "psc_alpha", .parameters = {{"tau", {2, dimensions::time}}}, .weight_unit = {1e-3, dimensions::current}, .is_for_points = true};
    throw unsupported(file, fmt::format("synapses of model_template '{}' onto point neurons", model), "static_synapse is known");
}

}  // namespace

std::map<std::string, double> read_numbers(const std::filesystem::path& path) {
    std::ifstream in(path);
    if (!in || std::filesystem::is_directory(path)) throw invalid_input(path.string(), "cannot be opened");
    std::ostringstream text;
    text << in.rdbuf();
    const auto document = json::parse(text.str(), path.filename().string());
    if (document.type != json::kind::object) throw invalid_input(path.filename().string(), fmt::format("is {}, expected an object", json::name_of(document.type)));
    std::map<std::string, double> numbers;
    for (const auto& [name, value] : document.members)
        if (value.type == json::kind::number) numbers[name] = value.number;
    return numbers;
}

int synapse_kinds::kind_of(const std::string& model_template, const std::string& dynamics_params, bool points, const std::string& where, findings& found) {
    const auto model = lower(model_template);
    const auto [known, is_new] = known_.emplace(std::tuple(model, dynamics_params, points), -1);
    if (!is_new) return known->second;
    const auto work = [&] {
        std::map<std::string, double> numbers;
        const auto path = folder_/dynamics_params;
        if (!dynamics_params.empty()) numbers = read_numbers(path);
        if (auto own = dynamics_params.empty() ? std::nullopt : read_projection_component(path)) {
            kinds_.push_back({.receptor = own->receptor, .parameters = own->parameters, .weight_unit = {1, own->weight_unit.dimension}, .is_for_points = points, .own = own});
            known->second = static_cast<int>(kinds_.size()) - 1;
            return;
        }
        const auto place = dynamics_params.empty() ? where : path.filename().string();
        auto kind = points ? on_points(model, numbers, place) : on_compartments(model, numbers, place);
        if (const auto sign = numbers.find("sign"); sign != numbers.end()) kind.sign = sign->second;
        kinds_.push_back(std::move(kind));
        known->second = static_cast<int>(kinds_.size()) - 1;
    };
    if (!found.guard(work)) found.invalid(where, "has synapses that cannot be made, see the finding before this one");
    return known->second;
}

}  // namespace apical::sonata
