// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/synapse_kinds.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include <fmt/format.h>

#include "io/json.hpp"
#include "io/output_file.hpp"

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
    if (model == "expsyn" || model == "exp1syn") {
        const char* tau = numbers.contains("tau1") ? "tau1" : numbers.contains("tau_1") ? "tau_1" : "tau";
        return {.receptor = "expsyn", .parameters = {{"tau", take(tau, "ms")}, {"e_rev", take("erev", "mV")}}};
    }
    // of Hennig (2013), as BMTK makes them: all but the reversal potential is fixed there
    const auto depressing = [&](double use) {
        const short_term_plasticity s{.use = any_quantity{use, {}}, .tau_recovery = 200*units::ms, .tau_facilitation = 0*units::ms, .vesicles = 0};
        return synapse_kind{.receptor = "expsyn", .parameters = {{"tau", {5, dimensions::time}}, {"e_rev", take("erev", "mV")}}, .short_term = s};
    };
    if (model == "stp1syn") return depressing(0.5);
    if (model == "stp4syn") return depressing(0.6);
    throw unsupported(file, fmt::format("synapses of model_template '{}' onto cells with compartments", model), "exp2syn, expsyn, exp1syn, stp1syn and stp4syn are known");
}

/// Members of a synapse's file that other programs of SONATA read over.
bool is_remark(std::string_view name) { return name == "level_of_detail" || name == "sign"; }

/// NEST's neurons have their synapses; an edge says which of them it ends at.
synapse_kind on_point(const std::string& model, const std::map<std::string, double>& numbers, const point_model& target, bool excites, const std::string& file) {
    std::size_t port = target.ports.size() == 2 && !target.is_numbered && !excites ? 1 : 0;
    if (!target.has_signed_synapses) {
        if (model != "static_synapse" && !model.empty())
            throw unsupported(file, fmt::format("synapses of model_template '{}' onto point neurons", model), "static_synapse is known");
        for (const auto& [name, value] : numbers)
            if (!is_remark(name) && name != "receptor_type") throw unsupported(file, fmt::format("'{}' of a static_synapse", name), "receptor_type is known");
    }
    if (const auto type = numbers.find("receptor_type"); type != numbers.end() && !target.has_signed_synapses) {
        const auto most = target.is_numbered ? static_cast<double>(target.ports.size()) : 0.0;
        if (!(type->second >= (target.is_numbered ? 1 : 0) && type->second <= most) || type->second != std::floor(type->second))
            throw invalid_input(file, fmt::format("receptor_type is {}", type->second), target.is_numbered ? fmt::format("the neuron has 1 to {}", most) : std::string("the neuron has only 0"));
        if (target.is_numbered) port = static_cast<std::size_t>(type->second) - 1;
    } else if (target.is_numbered) {
        throw invalid_input(file, "has no receptor_type", fmt::format("the neuron has 1 to {}", target.ports.size()));
    }
    const auto& p = target.ports[port];
    return {.receptor = p.receptor, .parameters = p.parameters, .weight_unit = p.weight_unit};
}

}  // namespace

std::map<std::string, double> read_numbers(const std::filesystem::path& path) {
    const auto document = json::parse(read_text(path), path.filename().string());
    if (document.type != json::kind::object) throw invalid_input(path.filename().string(), fmt::format("is {}, expected an object", json::name_of(document.type)));
    std::map<std::string, double> numbers;
    for (const auto& [name, value] : document.members)
        if (value.type == json::kind::number) numbers[name] = value.number;
    return numbers;
}

template <class Make>
int synapse_kinds::kind_of(const key& what, const std::string& dynamics_params, const std::string& where, findings& found, const Make& make) {
    const auto [known, is_new] = known_.emplace(what, -1);
    if (!is_new) return known->second;
    const auto work = [&] {
        std::map<std::string, double> numbers;
        const auto path = folder_/dynamics_params;
        if (!dynamics_params.empty()) numbers = read_numbers(path);
        if (auto own = dynamics_params.empty() ? std::nullopt : read_projection_component(path)) {
            kinds_.push_back({.receptor = own->receptor, .parameters = own->parameters, .weight_unit = {1, own->weight_unit.dimension}, .own = own});
            known->second = static_cast<int>(kinds_.size()) - 1;
            return;
        }
        auto kind = make(numbers, dynamics_params.empty() ? where : path.filename().string());
        if (const auto sign = numbers.find("sign"); sign != numbers.end()) kind.sign = sign->second;
        kinds_.push_back(std::move(kind));
        known->second = static_cast<int>(kinds_.size()) - 1;
    };
    if (!found.guard(work)) found.invalid(where, "has synapses that cannot be made, see the finding before this one");
    return known->second;
}

int synapse_kinds::on_cell(const std::string& model_template, const std::string& dynamics_params, const std::string& where, findings& found) {
    const auto model = lower(model_template);
    return kind_of({model, dynamics_params, -1, false}, dynamics_params, where, found,
                   [&](const auto& numbers, const std::string& file) { return on_compartments(model, numbers, file); });
}

int synapse_kinds::on_point(const std::string& model_template, const std::string& dynamics_params, int population, const point_model& target, bool excites,
                            const std::string& where, findings& found) {
    const auto model = lower(model_template);
    return kind_of({model, dynamics_params, population, excites}, dynamics_params, where, found,
                   [&](const auto& numbers, const std::string& file) { return sonata::on_point(model, numbers, target, excites, file); });
}

}  // namespace apical::sonata
