// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/allen_glif.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical::sonata {
namespace {

constexpr double milli = 1e3, pico = 1e12, nano = 1e9;   // of SI units in those of NEST

/// A member of the file, which has SI units, with the way to it in messages.
class glif_file {
public:
    glif_file(const json::value& v, std::string where) : v_(v), where_(std::move(where)) {}

    glif_file at(std::string_view name) const {
        const auto* m = v_.type == json::kind::object ? v_.find(name) : nullptr;
        if (!m) throw invalid_input(where_, fmt::format("has no '{}'", name), "files of GLIF neurons of the Allen Cell Types Database have it");
        return {*m, fmt::format("{}/{}", where_, name)};
    }
    double number(std::string_view name) const {
        const auto m = at(name);
        if (m.v_.type != json::kind::number) throw invalid_input(m.where_, fmt::format("expected a number, got {}", json::name_of(m.v_.type)));
        return m.v_.number;
    }
    std::vector<double> numbers(std::string_view name) const {
        const auto m = at(name);
        std::vector<double> all;
        for (const auto& x : m.v_.items) {
            if (x.type != json::kind::number) throw invalid_input(m.where_, fmt::format("expected numbers, got {}", json::name_of(x.type)));
            all.push_back(x.number);
        }
        if (all.empty()) throw invalid_input(m.where_, "expected a list of numbers");
        return all;
    }

private:
    const json::value& v_;
    std::string where_;
};

json::value list(const std::vector<double>& numbers) {
    std::vector<json::value> items;
    for (const double x : numbers) items.push_back(json::number(x));
    return json::array(std::move(items));
}

struct level { bool resets, currents, adapts; };

level level_of(std::string_view model, const std::string& name) {
    constexpr std::array<std::pair<std::string_view, level>, 5> known{{{"glif_lif", {false, false, false}}, {"glif_lif_r", {true, false, false}}, {"glif_lif_asc", {false, true, false}},
                                                                       {"glif_lif_r_asc", {true, true, false}}, {"glif_lif_r_asc_a", {true, true, true}}}};
    if (model.ends_with("_psc")) model.remove_suffix(4);
    const auto found = std::ranges::find(known, model, &std::pair<std::string_view, level>::first);
    if (found == known.end())
        throw unsupported(name, fmt::format("a GLIF neuron of the Allen Cell Types Database as 'nest:{}'", model), "glif_lif_psc, glif_lif_r_psc, glif_lif_asc_psc, glif_lif_r_asc_psc and glif_lif_r_asc_a_psc are known");
    return found->second;
}

}  // namespace

bool is_allen_glif(const json::value& file) {
    const auto* type = file.type == json::kind::object ? file.find("type") : nullptr;
    return type && type->type == json::kind::text && type->text == "GLIF";
}

json::value nest_glif(const json::value& file, std::string_view model, const std::string& name) {
    const auto has = level_of(model, name);
    const glif_file f(file, name);
    const auto coefficients = f.at("coeffs");
    const double reference = f.number("El_reference")*milli, rest = f.number("El")*milli + reference;
    auto o = json::object({});
    const auto put = [&](const char* parameter, json::value v) { o.members.emplace_back(parameter, std::move(v)); };
    const auto set = [&](const char* parameter, double x) { put(parameter, json::number(x)); };
    set("V_m", rest), set("E_L", rest), set("V_th", coefficients.number("th_inf")*f.number("th_inf")*milli + reference);
    set("g", coefficients.number("G")/f.number("R_input")*nano), set("C_m", coefficients.number("C")*f.number("C")*pico);
    set("t_ref", f.number("spike_cut_length")*f.number("dt")*milli);
    if (has.resets) {
        const auto threshold = f.at("threshold_dynamics_method").at("params"), reset = f.at("voltage_reset_method").at("params");
        set("th_spike_add", threshold.number("a_spike")*milli), set("th_spike_decay", threshold.number("b_spike")/milli);
        set("voltage_reset_fraction", reset.number("a")), set("voltage_reset_add", reset.number("b")*milli);
        if (has.adapts) {
            set("th_voltage_index", threshold.number("a_voltage")*coefficients.number("a")/milli);
            set("th_voltage_decay", threshold.number("b_voltage")*coefficients.number("b")/milli);
        }
    } else {
        set("V_reset", reference);
    }
    if (has.currents) {
        auto start = f.numbers("init_AScurrents"), tau = f.numbers("asc_tau_array"), jump = f.numbers("asc_amp_array");
        const auto scale = coefficients.numbers("asc_amp_array");
        if (scale.size() != jump.size()) throw invalid_input(name + "/coeffs/asc_amp_array", fmt::format("has {} numbers for {} currents", scale.size(), jump.size()));
        for (auto& x : start) x *= pico;
        for (auto& x : tau) x = 1/x/milli;
        for (std::size_t k = 0; k < jump.size(); ++k) jump[k] *= scale[k]*pico;
        put("asc_init", list(start)), put("asc_decay", list(tau)), put("asc_amps", list(jump));
    }
    put("tau_syn", list({5.5, 8.5, 2.8, 5.8}));
    put("spike_dependent_threshold", json::boolean(has.resets)), put("after_spike_currents", json::boolean(has.currents)), put("adapting_threshold", json::boolean(has.adapts));
    return o;
}

}  // namespace apical::sonata
