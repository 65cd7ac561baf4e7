// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/point_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/json.hpp"
#include "io/output_file.hpp"
#include "io/sonata/allen_glif.hpp"

namespace apical::sonata {
namespace {

constexpr double little = 1e-6;   ///< [ms] by which a refractory time is made to end before or after events that arrive at its end

any_quantity quantity_of(double value, const char* unit) {
    const auto one = parse_unit(unit);
    return {value*one.value, one.dimension};
}

/// The parameters of a neuron in a JSON file, or none. What nobody asks for is an error: the neuron would be another one.
class neuron_file {
public:
    /// `own`: parameters that a node has itself; they take the place of the file's.
    neuron_file(const std::filesystem::path& path, const std::string& model, const std::map<std::string, double>& own, const std::string& where)
        : name_(path.empty() ? where : path.filename().string()) {
        if (!path.empty()) all_ = json::parse(read_text(path), name_);
        if (all_.type != json::kind::object) throw invalid_input(name_, fmt::format("is {}, expected an object", json::name_of(all_.type)));
        if (is_allen_glif(all_)) all_ = nest_glif(all_, model, name_);
        for (const auto& [name, x] : own) {
            std::erase_if(all_.members, [&](const auto& m) { return m.first == name; });
            all_.members.emplace_back(name, json::number(x));
        }
    }
    double number(const char* name, double otherwise) {
        const auto* v = find(name, json::kind::number);
        if (v && !std::isfinite(v->number)) throw invalid_input(place(*v, name), "is out of the range of numbers");
        return v ? v->number : otherwise;
    }
    double positive(const char* name, double otherwise) {
        const double x = number(name, otherwise);
        if (x > 0) return x;
        throw invalid_input(fmt::format("{} /{}", name_, name), fmt::format("is {}, expected more than 0", x));
    }
    bool truth(const char* name, bool otherwise) {
        const auto* v = find(name, json::kind::boolean);
        return v ? v->boolean : otherwise;
    }
    std::vector<double> numbers(const char* name, std::vector<double> otherwise) {
        const auto* v = find(name, json::kind::array);
        if (!v) return otherwise;
        std::vector<double> all;
        for (const auto& x : v->items) {
            if (x.type != json::kind::number) throw invalid_input(place(x, name), fmt::format("expected numbers, got {}", json::name_of(x.type)));
            all.push_back(x.number);
        }
        return all;
    }
    /// A parameter that has one value only here.
    void only(const char* name, double value) {
        if (const double x = number(name, value); x != value) refuse(name, fmt::format("is {}", x), fmt::format("only {} is supported", value));
    }
    [[noreturn]] void refuse(const char* name, std::string what, std::string hint = {}) const {
        throw unsupported(fmt::format("{} /{}", name_, name), std::move(what), std::move(hint));
    }
    void end() const {
        const std::vector<std::string> known(asked_.begin(), asked_.end());
        problems found;
        for (const auto& [name, value] : all_.members)
            if (!asked_.contains(name)) found.add(place(value, name), fmt::format("the parameter '{}' is not supported", name), suggestion(name, known));
        found.throw_if_any<unsupported>();
    }

private:
    using problems = apical::findings;
    const json::value* find(const char* name, json::kind expected) {
        asked_.insert(name);
        const auto* v = all_.find(name);
        if (v && v->type != expected) throw invalid_input(place(*v, name), fmt::format("expected {}, got {}", json::name_of(expected), json::name_of(v->type)));
        return v;
    }
    std::string place(const json::value& v, std::string_view name) const { return fmt::format("{}:{} /{}", name_, v.line, name); }

    std::string name_;
    json::value all_{.type = json::kind::object};
    std::set<std::string> asked_;
};

/// What all of NEST's integrate-and-fire neurons have.
struct leaky { double e_leak, v_threshold, v_reset, t_refractory; };

void set(neuron& n, const char* parameter, double value, const char* unit) { n.parameters[parameter] = quantity_of(value, unit); }

point_model lif(double c_m, double g_leak, const leaky& l) {
    point_model m{.model = {"lif", {}}};
    set(m.model, "c_m", c_m, "pF"), set(m.model, "g_leak", g_leak, "nS"), set(m.model, "e_leak", l.e_leak, "mV");
    set(m.model, "v_threshold", l.v_threshold, "mV"), set(m.model, "v_reset", l.v_reset, "mV"), set(m.model, "t_refractory", l.t_refractory, "ms");
    return m;
}

void take_start(neuron_file& f, point_model& m, double v_init) {
    m.v_init = f.number("V_m", v_init), m.current = f.number("I_e", 0)*1e-3;
}

/// iaf_psc_*: currents, or jumps.
point_model psc_neuron(neuron_file& f, const std::string& kind) {
    const double c_m = f.positive("C_m", 250), tau = f.positive("tau_m", 10);
    const bool jumps = kind == "delta";
    // an event that arrives when the refractory time ends is still lost
    leaky l{f.number("E_L", -70), f.number("V_th", -55), f.number("V_reset", -70), f.number("t_ref", 2) + (jumps ? little : 0)};
    auto m = lif(c_m, c_m/tau, l);
    take_start(f, m, -70);
    if (kind == "exp") f.only("delta", 0), f.number("rho", 0.01);
    if (jumps) {
        if (f.truth("refractory_input", false)) f.refuse("refractory_input", "events that wait for the end of the refractory time");
        m.ports = {{"psp_delta", {}, quantity_of(1, "mV")}};
        return m;
    }
    const double excites = f.positive("tau_syn_ex", 2), inhibits = f.positive("tau_syn_in", 2);
    const auto port = [&](double t) { return point_port{"psc_" + kind, {{"tau", quantity_of(t, "ms")}}, quantity_of(1, "pA")}; };
    m.ports = {port(excites)};
    if (inhibits != excites) m.ports.push_back(port(inhibits));
    return m;
}

void take_conductances(neuron_file& f, point_model& m, const std::string& kind) {
    const auto port = [&](double tau, double e) {
        return point_port{kind == "alpha" ? "alphasyn" : "expsyn", {{"tau", quantity_of(tau, "ms")}, {"e_rev", quantity_of(e, "mV")}}, quantity_of(1, "nS")};
    };
    m.ports = {port(f.positive("tau_syn_ex", 0.2), f.number("E_ex", 0)), port(f.positive("tau_syn_in", 2), f.number("E_in", -85))};
    m.is_magnitude = true;
}

point_model cond_neuron(neuron_file& f, const std::string& kind) {
    const leaky l{f.number("E_L", -70), f.number("V_th", -55), f.number("V_reset", -60), f.number("t_ref", 2)};
    auto m = lif(f.positive("C_m", 250), f.positive("g_L", 16.6667), l);
    take_start(f, m, -70), take_conductances(f, m, kind);
    return m;
}

point_model adex_neuron(neuron_file& f, const std::string& kind) {
    point_model m{.model = {"adex", {}}};
    auto& n = m.model;
    set(n, "c_m", f.positive("C_m", 281), "pF"), set(n, "g_leak", f.positive("g_L", 30), "nS"), set(n, "e_leak", f.number("E_L", -70.6), "mV");
    set(n, "v_t", f.number("V_th", -50.4), "mV"), set(n, "delta_t", f.positive("Delta_T", 2), "mV"), set(n, "a", f.number("a", 4), "nS");
    set(n, "tau_w", f.positive("tau_w", 144), "ms"), set(n, "b", f.number("b", 80.5), "pA"), set(n, "v_reset", f.number("V_reset", -60), "mV");
    set(n, "v_peak", f.number("V_peak", 0), "mV"), set(n, "t_refractory", f.number("t_ref", 0), "ms");
    f.only("w", 0), f.number("gsl_error_tol", 1e-6);
    take_start(f, m, -70.6), take_conductances(f, m, kind);
    return m;
}

std::vector<double> pair_of(neuron_file& f, const char* name, std::vector<double> otherwise) {
    auto all = f.numbers(name, std::move(otherwise));
    if (all.size() > 2) f.refuse(name, fmt::format("{} after-spike currents", all.size()), "two at most");
    return all;
}

point_model glif_neuron(neuron_file& f) {
    point_model m{.model = {"glif", {}}};
    auto& n = m.model;
    const double e = f.number("E_L", -78.85);
    set(n, "c_m", f.positive("C_m", 58.72), "pF"), set(n, "g_leak", f.positive("g", 9.43), "nS"), set(n, "e_leak", e, "mV");
    set(n, "theta", f.number("V_th", -51.68), "mV"), set(n, "t_refractory", f.number("t_ref", 3.75), "ms");
    const bool by_spikes = f.truth("spike_dependent_threshold", false), has_currents = f.truth("after_spike_currents", false), adapts = f.truth("adapting_threshold", false);
    const double v_reset = f.number("V_reset", -78.85), part = f.number("voltage_reset_fraction", 0.2), add = f.number("voltage_reset_add", 18.51);
    const double jump = f.number("th_spike_add", 0.37), forgets = f.positive("th_spike_decay", 0.009), rise = f.number("th_voltage_index", 0.005), fall = f.positive("th_voltage_decay", 0.09);
    n.parameters["f_v"] = {by_spikes ? part : 0, {}};
    set(n, "v_add", by_spikes ? add : v_reset - e, "mV"), set(n, "dtheta_s", by_spikes ? jump : 0, "mV"), set(n, "b_s", forgets, "/ms");
    set(n, "a_v", adapts ? rise : 0, "/ms"), set(n, "b_v", fall, "/ms");
    const auto decay = pair_of(f, "asc_decay", {0.003, 0.1}), jumps = pair_of(f, "asc_amps", {-9.18, -198.94}), start = pair_of(f, "asc_init", {0, 0}), keep = pair_of(f, "asc_r", {1, 1});
    if (jumps.size() != decay.size()) f.refuse("asc_amps", fmt::format("{} amplitudes for {} decays", jumps.size(), decay.size()), "as many are expected");
    if (has_currents && std::ranges::any_of(start, [](double x) { return x != 0; })) f.refuse("asc_init", "after-spike currents that flow from the beginning");
    if (has_currents && std::ranges::any_of(keep, [](double x) { return x != 1; })) f.refuse("asc_r", "after-spike currents that a spike scales", "only 1 is supported");
    constexpr std::array rates{"k_1", "k_2"}, steps{"di_1", "di_2"};
    for (std::size_t k = 0; k < 2; ++k) {
        if (k < decay.size()) set(n, rates[k], decay[k], "/ms");
        set(n, steps[k], has_currents && k < jumps.size() ? jumps[k] : 0, "pA");
    }
    take_start(f, m, -78.85);
    for (const double tau : f.numbers("tau_syn", {2})) m.ports.push_back({"psc_alpha", {{"tau", quantity_of(tau, "ms")}}, quantity_of(1, "pA")});
    m.is_numbered = true;
    return m;
}

/// NEURON's IntFire1: one number that decays and fires above 1. BMTK's files have seconds.
point_model intfire1(neuron_file& f) {
    point_model m{.model = {"intfire1", {}}};
    set(m.model, "tau", f.positive("tau", 0.01)*1000, "ms"), set(m.model, "t_refractory", std::max(0.0, f.number("refrac", 0.005)*1000), "ms");
    m.v_init = 0, m.ports = {{"psp_delta", {}, quantity_of(1, "mV")}}, m.has_signed_synapses = true;
    return m;
}

}  // namespace

point_model read_point_model(const std::string& model_template, const std::filesystem::path& dynamics, const std::string& where, const std::map<std::string, double>& own) {
    const auto colon = std::min(model_template.find(':'), model_template.size());
    const auto kind = model_template.substr(0, colon), name = model_template.substr(std::min(colon + 1, model_template.size()));
    neuron_file f(dynamics, name, own, where);
    const auto after = [&](std::string_view begin) { return name.substr(begin.size()); };
    const auto is = [&](std::initializer_list<std::string_view> names) { return std::ranges::find(names, name) != names.end(); };
    const bool is_nest = kind == "nest" || kind == "nestml";
    point_model m;
    if ((kind == "nrn" || kind == "nrn_ml") && name == "IntFire1") m = intfire1(f);
    else if (is_nest && is({"iaf_psc_alpha", "iaf_psc_exp", "iaf_psc_delta"})) m = psc_neuron(f, after("iaf_psc_"));
    else if (is_nest && is({"iaf_cond_alpha", "iaf_cond_exp"})) m = cond_neuron(f, after("iaf_cond_"));
    else if (is_nest && is({"aeif_cond_alpha", "aeif_cond_exp"})) m = adex_neuron(f, after("aeif_cond_"));
    else if (is_nest && (name == "glif_psc" || name.starts_with("glif_lif"))) m = glif_neuron(f);
    else throw unsupported(where, fmt::format("point neurons of model_template '{}'", model_template),
                           "nrn:IntFire1 and nest:iaf_psc_alpha, iaf_psc_exp, iaf_psc_delta, iaf_cond_alpha, iaf_cond_exp, aeif_cond_alpha, aeif_cond_exp, glif_psc and glif_lif_* are known");
    f.end();
    return m;
}

}  // namespace apical::sonata
