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

/// Members of a synapse's file that other programs of SONATA read over.
bool is_remark(std::string_view name) { return name == "level_of_detail" || name == "sign"; }

/// A parameter that a file must have.
any_quantity needed(const std::map<std::string, double>& numbers, const std::string& name, const char* unit, const std::string& file) {
    const auto found = numbers.find(name);
    if (found == numbers.end()) throw invalid_input(file, fmt::format("has no '{}'", name), fmt::format("a number [{}]", unit));
    const auto one = parse_unit(unit);
    return {found->second*one.value, one.dimension};
}

/// A current of conductance times reversal potential, whatever the potential: inward where that is negative.
synapse_kind current_synapse(any_quantity tau, any_quantity reversal) {
    return {.receptor = "psc_exp", .parameters = {{"tau", tau}}, .weight_unit = {-reversal.value, dimensions::current}};
}

/// The synapses of Hennig (2013), with the numbers that BMTK gives those that their files leave open.
std::optional<short_term_plasticity> hennig_release(const std::string& model, const std::map<std::string, double>& numbers, const std::string& file) {
    const auto ms = [](double x) { return random_value(any_quantity{x, dimensions::time}); };
    const auto number = [](double x) { return random_value(any_quantity{x, {}}); };
    const auto time = [&](const char* name) { return random_value(needed(numbers, name, "ms", file)); };
    const auto share = [&](const char* name) { return random_value(needed(numbers, name, "", file)); };
    // without recovery that changes they are Tsodyks and Markram's, without facilitation
    if (model == "stp1syn") return short_term_plasticity{.use = number(0.5), .tau_recovery = ms(200)};
    if (model == "stp4syn") return short_term_plasticity{.use = number(0.6), .tau_recovery = ms(200)};
    if (model == "stp2syn")
        return short_term_plasticity{.use = share("p0"), .tau_recovery = time("tau_r0"), .model = "hennig", .parameters = {{"speeding", number(0.5)}, {"tau_speed", time("tau_FDR")}}};
    if (model == "stp3syn")
        return short_term_plasticity{.use = number(0.6), .tau_recovery = ms(200), .model = "hennig",
                                     .parameters = {{"speeding", number(0.5)}, {"tau_speed", ms(2000)}, {"desensitisation", number(0.5)}, {"tau_receptors", ms(500)}}};
    if (model == "stp5syn" || model == "stp5isyn")
        return short_term_plasticity{.use = share("pbtilde"), .tau_recovery = time("tau_r0"), .tau_facilitation = ms(10), .model = "hennig",
                                     .parameters = {{"speeding", share("a_FDR")}, {"tau_speed", time("tau_FDR")}, {"desensitisation", share("a_D")}, {"tau_receptors", ms(100)},
                                                    {"lowering", share("a_i")}, {"tau_baseline", ms(100)}, {"facilitation", share("a_f")}}};
    return std::nullopt;
}

synapse_kind on_compartments(const std::string& model, const std::map<std::string, double>& numbers, const std::string& file) {
    const auto take = [&](const char* name, const char* unit) { return needed(numbers, name, unit, file); };
    if (model == "exp2syn") return {.receptor = "exp2syn", .parameters = {{"tau_rise", take("tau1", "ms")}, {"tau_decay", take("tau2", "ms")}, {"e_rev", take("erev", "mV")}}};
    const char* tau = numbers.contains("tau1") ? "tau1" : numbers.contains("tau_1") ? "tau_1" : "tau";
    if (model == "expsyn" || model == "exp1syn") return {.receptor = "expsyn", .parameters = {{"tau", take(tau, "ms")}, {"e_rev", take("erev", "mV")}}};
    if (model == "exp1isyn") return current_synapse(take(tau, "ms"), take("erev", "mV"));
    if (auto release = hennig_release(model, numbers, file)) {
        // what is fixed in BMTK is not read there either
        const auto decay = model == "stp2syn" || model.starts_with("stp5") ? take("tau_1", "ms") : any_quantity{5, dimensions::time};
        auto k = model == "stp5isyn" ? current_synapse(decay, take("erev", "mV")) : synapse_kind{.receptor = "expsyn", .parameters = {{"tau", decay}, {"e_rev", take("erev", "mV")}}};
        k.short_term = std::move(release);
        return k;
    }
    if (model == "tmgsyn") {
        const auto number = [&](const char* name) { return needed(numbers, name, "", file); };
        const short_term_plasticity s{.use = number("U"), .tau_recovery = take("tau_rec", "ms"), .tau_facilitation = take("tau_facil", "ms"), .model = "tsodyks_uziel_markram",
                                      .parameters = {{"tau_active", take("tau_1", "ms")}, {"u_start", number("u0")}}};
        return {.receptor = "expsyn", .parameters = {{"tau", take("tau_1", "ms")}, {"e_rev", take("erev", "mV")}}, .short_term = s};
    }
    throw unsupported(file, fmt::format("synapses of model_template '{}' onto cells with compartments", model),
                      "exp2syn, expsyn, exp1syn, exp1isyn, stp1syn to stp5syn, stp5isyn and tmgsyn are known");
}

/// NEST's synapses with release: all their parameters have defaults. Which of NEST's two integrators of one model it is shows in when they begin.
std::optional<synapse_kind> nest_release(const std::string& model, const std::map<std::string, double>& numbers, const std::string& file) {
    const bool has_states = model == "tsodyks_synapse" || model == "tsodyks_synapse_hom", is_quantal = model == "quantal_stp_synapse";
    if (!has_states && !is_quantal && model != "tsodyks2_synapse") return std::nullopt;
    std::vector<std::string> known{"receptor_type", "U", "u", "tau_rec", "tau_fac"};
    if (has_states) known.insert(known.end(), {"x", "y", "tau_psc"});
    else if (is_quantal) known.insert(known.end(), {"n", "a"});
    else known.emplace_back("x");
    for (const auto& [name, x] : numbers)
        if (!is_remark(name) && std::ranges::find(known, name) == known.end()) throw unsupported(file, fmt::format("'{}' of a {}", name, model), suggestion(name, known));
    const auto of = [&](const char* name, double otherwise) {
        const auto found = numbers.find(name);
        return found == numbers.end() ? otherwise : found->second;
    };
    const auto number = [](double x) { return random_value(any_quantity{x, {}}); };
    const auto ms = [](double x) { return random_value(any_quantity{x, dimensions::time}); };
    synapse_kind k;
    k.short_term = short_term_plasticity{.use = number(of("U", 0.5)), .tau_recovery = ms(of("tau_rec", 800)), .tau_facilitation = ms(of("tau_fac", 0))};
    auto& s = *k.short_term;
    if (has_states) {
        s.model = "tsodyks_uziel_markram";
        s.parameters = {{"tau_active", ms(of("tau_psc", 3))}, {"u_start", number(of("u", 0))}, {"x_start", number(of("x", 1))}, {"y_start", number(of("y", 0))}};
    } else if (is_quantal) {
        const double sites = of("n", 1), there = of("a", sites);
        if (!(sites >= 1 && sites <= 1000 && sites == std::floor(sites) && there >= 0 && there <= sites && there == std::floor(there)))
            throw invalid_input(file, fmt::format("has {} of {} release sites available", there, sites), "whole numbers, 1000 at most");
        s.vesicles = static_cast<int>(sites), k.sites = sites;
        s.parameters = {{"u_start", number(of("u", 0.5))}, {"x_start", number(there/sites)}};
    } else {
        // the first spike, too, comes after one at 0 ms
        const double u = of("u", 0.5), x = of("x", 1);
        s.parameters = {{"u_start", number(u)}, {"x_start", number(x*(1 - u))}};
    }
    return k;
}

/// NEST's neurons have their synapses; an edge says which of them it ends at.
synapse_kind on_point(const std::string& model, const std::map<std::string, double>& numbers, const point_model& target, bool excites, const std::string& file) {
    std::size_t port = target.ports.size() == 2 && !target.is_numbered && !excites ? 1 : 0;
    const auto release = target.has_signed_synapses ? std::nullopt : nest_release(model, numbers, file);
    if (!target.has_signed_synapses && !release) {
        if (model != "static_synapse" && !model.empty())
            throw unsupported(file, fmt::format("synapses of model_template '{}' onto point neurons", model),
                              "static_synapse, tsodyks_synapse, tsodyks_synapse_hom, tsodyks2_synapse and quantal_stp_synapse are known");
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
    synapse_kind k{.receptor = p.receptor, .parameters = p.parameters, .weight_unit = p.weight_unit};
    if (release) k.short_term = release->short_term, k.weight_unit.value *= release->sites;   // its weight is that of one site
    return k;
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

int synapse_kinds::of_values(const std::vector<double>& values, const std::string& where, const std::function<synapse_kind()>& make) {
    constexpr std::size_t most = 4096;             // each becomes projections of its own
    const auto [known, is_new] = of_values_.emplace(values, static_cast<int>(kinds_.size()));
    if (is_new && kinds_.size() >= most) throw unsupported(where, fmt::format("more than {} kinds of synapses", most), "round their time constants and ratios");
    if (is_new) kinds_.push_back(make());
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
