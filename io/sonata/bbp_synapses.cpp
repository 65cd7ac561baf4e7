// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/bbp_synapses.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

namespace apical::sonata {
namespace {

using value = bbp_synapse::value;

struct named_value {
    std::string_view name;
    value which;
};
constexpr std::array shared_names{named_value{"Use", value::use}, named_value{"Dep", value::depression}, named_value{"Fac", value::facilitation}, named_value{"Nrrp", value::vesicles},
                                  named_value{"u0", value::u_start}, named_value{"init_depleted", value::is_depleted}};
constexpr std::array excitatory_names{named_value{"tau_r_AMPA", value::rise}, named_value{"tau_d_AMPA", value::decay}, named_value{"tau_r_NMDA", value::slow_rise},
                                      named_value{"tau_d_NMDA", value::slow_decay}, named_value{"NMDA_ratio", value::ratio}, named_value{"e", value::reversal}, named_value{"mg", value::other}};
constexpr std::array inhibitory_names{named_value{"tau_r_GABAA", value::rise}, named_value{"tau_d_GABAA", value::decay}, named_value{"tau_r_GABAB", value::slow_rise},
                                      named_value{"tau_d_GABAB", value::slow_decay}, named_value{"GABAB_ratio", value::ratio}, named_value{"e_GABAA", value::reversal}, named_value{"e_GABAB", value::other}};

constexpr std::string_view model_of(bool is_inhibitory) { return is_inhibitory ? "ProbGABAAB_EMS" : "ProbAMPANMDA_EMS"; }

/// What the models have where nothing says otherwise.
std::array<double, bbp_synapse::count> defaults(bool is_inhibitory) {
    if (is_inhibitory) return {1, 100, 10, 1, 0, 0, 0.2, 8, 3.5, 260.9, 0, -80, -97, 0};
    return {1, 100, 10, 1, 0, 0, 0.2, 1.7, 0.29, 43, 0.71, 0, 1, 0};
}

struct limits {
    double low, high;
    bool hold(double x) const { return x >= low && x <= high; }
};
constexpr limits any_time{1e-6, 1e6}, any_potential{-1000, 1000}, any_share{0, 1e9};
constexpr double most_minis = 1e4;                 // [Hz]

/// Between which a value makes sense, in the order of bbp_synapse::value.
limits limits_of(value which, bool is_inhibitory) {
    constexpr std::array<limits, bbp_synapse::count> all{any_share, {0, 1e9}, {0, 1e9}, {1, 1000}, {0, 1}, {0, 1}, any_time, any_time, any_time, any_time, any_share, any_potential, {0, 1000}, {0, most_minis}};
    return which == value::other && is_inhibitory ? any_potential : all[which];
}

void assign(bbp_synapse& s, const synapse_assignment& a, findings& found) {
    if (a.name == "minis_single_vesicle" || a.name == "verboseLevel") {
        if (a.name == "minis_single_vesicle" && a.value != 0) found.unsupported(a.where, "'minis_single_vesicle'", "spontaneous events release as spikes do");
        return;
    }
    std::vector<std::string> known;
    const auto take = [&](const auto& names) {
        for (const auto& n : names) {
            known.emplace_back(n.name);
            if (n.name != a.name) continue;
            auto& x = s.values[n.which];
            const double made = a.by == '=' ? a.value : a.by == '*' ? x*a.value : a.by == '/' ? x/a.value : a.by == '+' ? x + a.value : x - a.value;
            const auto within = limits_of(n.which, s.is_inhibitory);
            if (within.hold(made)) x = made;
            else found.invalid(a.where, fmt::format("makes '{}' {:g}", a.name, made), fmt::format("{:g} to {:g}", within.low, within.high));
            return true;
        }
        return false;
    };
    if (take(shared_names) || (s.is_inhibitory ? take(inhibitory_names) : take(excitatory_names))) return;
    found.invalid(a.where, fmt::format("'{}' has no parameter '{}' that is known here", model_of(s.is_inhibitory), a.name), suggestion(a.name, known));
}

/// BBP's dependence of the release probability on calcium outside: 1 at 2 mM. Markram et al. (2015) Cell 163:456.
double hill(double calcium, double half) {
    const double c = std::pow(calcium, 4), k = std::pow(half, 4);
    return (k + 16)/16*c/(k + c);
}

constexpr std::size_t most_decay_times = 64;       ///< of a population of edges; each makes projections of its own
constexpr double decay_rounding = 0.01;
constexpr std::uint64_t block = 1 << 20;

bool has_many_decay_times(const edge_population& e) {
    std::set<double> times;
    for (std::uint64_t first = 0; first < e.size(); first += block) {
        for (const double t : e.numbers(e.rows(first, first + block), "decay_time")) times.insert(t);
        if (times.size() > most_decay_times) return true;
    }
    return false;
}

}  // namespace

std::vector<std::vector<bool>> marked_nodes(const circuit_files& files, const std::string& set, const std::string& where, findings& found) {
    std::vector<std::vector<bool>> nodes(files.nodes.size());
    for (const auto& chosen : files.settings.sets.select(set, files.nodes, where, found)) {
        auto& list = nodes[chosen.population];
        list.resize(files.nodes[chosen.population].size());
        for (const auto n : chosen.nodes) list[n] = true;
    }
    return nodes;
}

bool has_bbp_synapses(const edge_population& e) { return e.has("conductance") && !e.has("model_template") && !e.has("syn_weight"); }

bool bbp_synapses::override_of::names(std::size_t source, std::uint64_t s, std::size_t target, std::uint64_t t) const {
    return s < sources[source].size() && sources[source][s] && t < targets[target].size() && targets[target][t];
}

bbp_synapses::bbp_synapses(const circuit_files& files, findings& found) : files_(files) {
    for (const auto& o : files.settings.overrides)
        overrides_.push_back({&o, marked_nodes(files, o.source, o.where, found), marked_nodes(files, o.target, o.where, found)});
    for (const auto& e : files.edges) {
        if (!has_bbp_synapses(e) || !e.has("decay_time")) continue;
        found.guard([&] {
            const bool is_rounded = has_many_decay_times(e);
            rounding_[e.name()] = is_rounded ? decay_rounding : 0;
            if (is_rounded) found.ignored(e.where() + "/0/decay_time", fmt::format("has more than {} values, which are rounded to {:g} %", most_decay_times, 100*decay_rounding));
        });
    }
}

bool bbp_synapses::are_overridden(std::size_t source, std::size_t target) const {
    return std::ranges::any_of(overrides_, [&](const override_of& o) { return !o.sources[source].empty() && !o.targets[target].empty(); });
}

double bbp_synapses::decay_of(const edge_population& e, double read) const {
    const auto known = rounding_.find(e.name());
    const double step = known == rounding_.end() ? 0 : known->second;
    return step > 0 && read > 0 ? std::exp(std::round(std::log(read)/step)*step) : read;
}

/// The columns of some edges.
struct bbp_synapses::columns {
    std::vector<double> conductance, delay, type, use, depression, facilitation, vesicles, decay, ratio, half_calcium, minis;

    columns(const edge_population& e, const edge_rows& rows) {
        const auto numbers = [&](std::string_view name) { return e.has(name) ? e.numbers(rows, name) : std::vector<double>(rows.size(), std::nan("")); };
        conductance = numbers("conductance"), delay = numbers("delay"), type = numbers("syn_type_id"), use = numbers("u_syn"), depression = numbers("depression_time");
        facilitation = numbers("facilitation_time"), vesicles = numbers("n_rrp_vesicles"), decay = numbers("decay_time"), ratio = numbers("conductance_scale_factor");
        half_calcium = numbers("u_hill_coefficient"), minis = numbers("spont_minis");
    }
};

/// In the order of the file; what a later one says replaces what an earlier one does.
void bbp_synapses::override_one(bbp_synapse& s, const std::vector<const connection_override*>& by, findings& found) const {
    double factor = 1;
    for (const auto* o : by) {
        if (o->from > 0) {
            if (o->weight) s.steps.emplace_back(o->from, *o->weight);
            continue;
        }
        factor = o->weight.value_or(factor);
        s.delay = o->synapse_delay.value_or(s.delay);
        if (o->spont_minis && !(*o->spont_minis <= most_minis)) found.invalid(o->where + "/spont_minis", fmt::format("{:g} events a second", *o->spont_minis), fmt::format("0 to {:g}", most_minis));
        else s.values[value::minis] = o->spont_minis.value_or(s.values[value::minis]);
        for (const auto& a : o->configure) assign(s, a, found);
    }
    if (s.steps.empty()) {
        s.weight *= factor;
        return;
    }
    std::ranges::stable_sort(s.steps, {}, [](const auto& step) { return step.first; });
    s.steps.insert(s.steps.begin(), {0, factor});
}

std::vector<bbp_synapse> bbp_synapses::read(const edge_population& e, const edge_rows& rows, std::size_t source, std::size_t target, findings& found) const {
    const columns c(e, rows);
    const auto& s = files_.settings;
    std::vector<bbp_synapse> all(rows.size());
    std::vector<const connection_override*> by;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto& one = all[i];
        if (std::isnan(c.type[i])) {
            found.invalid(fmt::format("{}/syn_type_id[{}]", e.where(), rows.id[i]), "there is no type of synapse", "below 100 they are inhibitory");
            break;
        }
        one.is_inhibitory = c.type[i] < 100;
        one.values = defaults(one.is_inhibitory);
        one.weight = c.conductance[i], one.delay = c.delay[i];
        const auto take = [&](value which, double read) {
            if (!std::isnan(read)) one.values[which] = read;
        };
        take(value::use, c.use[i]), take(value::depression, c.depression[i]), take(value::facilitation, c.facilitation[i]);
        take(value::decay, decay_of(e, c.decay[i]));
        take(value::vesicles, c.vesicles[i]);
        if (!(c.ratio[i] < 0)) take(value::ratio, c.ratio[i]);
        const auto rate = [&](const char* attribute) { return files_.nodes[target].has(attribute) ? files_.nodes[target].number(rows.target[i], attribute).value_or(0) : 0; };
        const char* of_node = one.is_inhibitory ? "inh_mini_frequency" : "exc_mini_frequency";
        one.values[value::minis] = !std::isnan(c.minis[i]) ? c.minis[i] : rate(of_node);
        if (const double minis = one.values[value::minis]; !limits_of(value::minis, one.is_inhibitory).hold(minis)) {
            found.invalid(std::isnan(c.minis[i]) ? files_.nodes[target].where(rows.target[i], of_node) : fmt::format("{}/0/spont_minis[{}]", e.where(), rows.id[i]), fmt::format("{:g} events a second", minis), fmt::format("0 to {:g}", most_minis));
            break;
        }
        if (s.conditions.extracellular_calcium && !std::isnan(c.half_calcium[i])) one.values[value::use] *= hill(*s.conditions.extracellular_calcium, c.half_calcium[i]);
        if (const auto known = s.conditions.mechanisms.find(std::string(model_of(one.is_inhibitory))); known != s.conditions.mechanisms.end())
            for (const auto& a : known->second) assign(one, a, found);
        by.clear();
        for (const auto& o : overrides_)
            if (o.names(source, rows.source[i], target, rows.target[i])) by.push_back(o.what);
        override_one(one, by, found);
        one.values[value::use] = std::min(one.values[value::use], 1.0);
    }
    return all;
}

synapse_kind kind_of(const bbp_synapse& s) {
    const auto& v = s.values;
    const auto ms = [](double x) { return any_quantity{x, dimensions::time}; };
    const auto mV = [](double x) { return any_quantity{x, dimensions::voltage}; };
    const auto number = [](double x) { return any_quantity{x, {}}; };
    const auto nS = parse_unit("nS");
    short_term_plasticity release{.parameters = {{"u_start", number(v[value::u_start])}, {"x_start", number(v[value::is_depleted] != 0 ? 0 : 1)}}};
    synapse_kind k{.receptor = s.is_inhibitory ? "gaba_ab" : "ampa_nmda", .weight_unit = {nS.value, nS.dimension}, .short_term = std::move(release)};
    if (s.is_inhibitory)
        k.parameters = {{"gaba_a_rise", ms(v[value::rise])}, {"gaba_a_decay", ms(v[value::decay])}, {"gaba_b_rise", ms(v[value::slow_rise])}, {"gaba_b_decay", ms(v[value::slow_decay])},
                        {"gaba_b_ratio", number(v[value::ratio])}, {"e_rev", mV(v[value::reversal])}, {"gaba_b_e_rev", mV(v[value::other])}};
    else
        k.parameters = {{"ampa_rise", ms(v[value::rise])}, {"ampa_decay", ms(v[value::decay])}, {"nmda_rise", ms(v[value::slow_rise])}, {"nmda_decay", ms(v[value::slow_decay])},
                        {"nmda_ratio", number(v[value::ratio])}, {"e_rev", mV(v[value::reversal])}, {"mg", {v[value::other], dimensions::concentration}}};
    k.spontaneous = quantity<dimensions::rate>::coherent(1e-3*v[value::minis]);
    k.has_own_release = true;
    k.weight_steps = s.steps;
    return k;
}

}  // namespace apical::sonata
