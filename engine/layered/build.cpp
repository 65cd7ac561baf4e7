// SPDX-License-Identifier: BSD-3-Clause
#include "engine/layered/build.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.hpp"
#include "core/random.hpp"

namespace apical::layered {
namespace {

/// Weights within +-range, each row by its own stream; biases are 0.
void draw(dense& link, double range, std::uint64_t seed, std::uint64_t purpose, std::uint64_t k) {
    for (std::size_t i = 0; i < link.units; ++i) {
        random_stream stream(seed, purpose, k, i);
        for (std::size_t j = 0; j < link.inputs; ++j) {
            const double w = stream.uniform(-range, range);
            link.w[i*link.columns() + j] = link.exists(i, j) ? w : 0;
        }
    }
}

void check_layers(const layered_net& net) {
    if (net.layers.size() < 2) throw invalid_model("layered net / layers", fmt::format("{} layers", net.layers.size()), "an input and an output at least");
    for (std::size_t l = 0; l < net.layers.size(); ++l)
        if (net.layers[l].units < 1) throw invalid_model(fmt::format("layered net / layer {}", l), fmt::format("{} units", net.layers[l].units), "1 at least");
    if (net.measure == layered_net::loss::cross_entropy && net.layers.back().f != nonlinearity::logistic && net.scheme == "feedforward")
        throw invalid_model("layered net / loss", fmt::format("cross-entropy of outputs that are {}", name_of(net.layers.back().f)), "logistic outputs, or the loss 'squared'");
    if (!(net.start >= 0) || !(net.back.range >= 0)) throw invalid_model("layered net", "a range of first or feedback weights is negative");
}

const scheme_entry& scheme_named(const std::string& name) {
    std::vector<std::string> names;
    for (const auto& s : all_schemes()) {
        if (s.name == name) return s;
        names.emplace_back(s.name);
    }
    throw invalid_model("layered net / scheme", "unknown scheme '" + name + "'", suggestion(name, names));
}

setting_values settings_of(const scheme_entry& s, const layered_net& net) {
    const auto values = completed_values(s.settings, net.settings, fmt::format("layered net / scheme '{}'", s.name));
    setting_values all;
    for (std::size_t k = 0; k < values.size(); ++k) all.emplace(s.settings[k].name, values[k]);
    return all;
}

void wire(wiring& w, const layered_net& net) {
    for (std::size_t l = 0; l < net.layers.size(); ++l) add_group(w, fmt::format("layer {}", l), static_cast<std::size_t>(net.layers[l].units), net.layers[l].f);
    w.layers = net.layers.size(), w.back = net.back, w.measure = net.measure;
    std::vector<dense> up, down;
    for (std::size_t l = 1; l < w.layers; ++l) up.push_back({.from = l - 1, .to = l});
    add_kind(w, "forward", std::move(up));
    if (net.back.mode == feedback_mode::none || net.back.mode == feedback_mode::transpose) {
        if (net.back.is_direct) throw invalid_model("layered net / feedback", "direct feedback cannot be the forward synapses read backwards", "random or learned");
        return;
    }
    const auto follows = net.back.mode == feedback_mode::sign || net.back.mode == feedback_mode::redrawn_sign || net.back.mode == feedback_mode::fixed_sign;
    if (net.back.is_direct && (follows || net.back.starts_as_transpose)) throw invalid_model("layered net / feedback", "direct feedback has no forward weights to follow", "random or learned");
    for (std::size_t l = 1; l + 1 < w.layers; ++l) down.push_back({.from = net.back.is_direct ? w.layers - 1 : l + 1, .to = l, .has_bias = false});
    add_kind(w, "feedback", std::move(down));
}

/// Of the first weights of a link.
double range_of(const dense& link, const layered_net& net, const scheme_entry& entry, const setting_values& settings) {
    if (net.start > 0) return net.start;
    return entry.range ? entry.range(link, settings) : std::sqrt(6.0/static_cast<double>(link.inputs + link.units));
}

void draw_weights(wiring& w, const layered_net& net, std::uint64_t seed, const scheme_entry& entry, const setting_values& settings) {
    const auto* back = w.kind("feedback");
    for (std::size_t k = 0; k < w.links.size(); ++k) {
        auto& link = w.links[k];
        const bool is_back = back && k >= back->first && k < back->first + back->count;
        draw(link, is_back ? net.back.range : range_of(link, net, entry, settings), seed, identity("first weights"), k);
    }
    if (!back || !net.back.starts_as_transpose) return;
    for (std::size_t l = 1; l + 1 < w.layers; ++l) {
        auto& link = w.links[back->first + l - 1];
        for (std::size_t i = 0; i < link.units; ++i)
            for (std::size_t j = 0; j < link.inputs; ++j) link.w[i*link.columns() + j] = w.forward(l + 1).row(j)[i];
    }
}

/// Values of a rule's parameters. Of schemes in time those that are properties of the units, and have the name of a setting, are as that is.
std::vector<double> parameters_of(const rule_entry& rule, const synaptic_learning& s, const scheme_entry& entry, const setting_values& settings, const std::string& where) {
    auto given = s.parameters;
    for (const auto& p : rule.schema.parameters)
        if (const auto found = settings.find(std::string(p.name)); entry.is_in_time && found != settings.end()) given.insert(*found);
    return completed_values(rule.schema.parameters, given, where);
}

/// Links that a key of layered_net::learning names: those of a kind; "output" the last of the forward ones, which "forward" then leaves out.
std::optional<link_kind> links_named(const wiring& w, const layered_net& net, const std::string& name) {
    const auto* kind = w.kind(name == "output" ? "forward" : name);
    if (!kind) return std::nullopt;
    if (name == "output") return link_kind{name, kind->first + kind->count - 1, 1};
    return link_kind{name, kind->first, kind->count - (name == "forward" && net.learning.contains("output") ? 1 : 0)};
}

void make_plastic(built_net& b, const layered_net& net, const catalogue& rules, const scheme_entry& entry, const setting_values& settings) {
    std::vector<std::string> known;
    for (const auto& k : b.w->kinds) known.push_back(k.name);
    for (const auto& [name, learning] : net.learning) {
        const auto kind = links_named(*b.w, net, name);
        const auto where = fmt::format("layered net / learning '{}' / rule '{}'", name, learning.rule);
        if (!kind) throw invalid_model(fmt::format("layered net / learning '{}'", name), "this net has no such connections", fmt::format("it has {}", fmt::join(known, ", ")));
        if (name == "feedback" && net.back.mode != feedback_mode::learned)
            throw invalid_model(where, fmt::format("feedback that is '{}' does not learn", name_of(net.back.mode)), "feedback 'learned'");
        if (learning.both_ways && (name != "forward" || net.back.mode != feedback_mode::transpose))
            throw invalid_model(where, "only forward synapses that are also read backwards learn both ways", "feedback 'transpose'");
        if (learning.rates.size() > kind->count) throw invalid_model(where, fmt::format("{} rates for {} projections", learning.rates.size(), kind->count));
        const auto& rule = rules.rule_at(learning.rule, where);
        for (std::size_t k = 0; k < kind->count; ++k)
            b.plastic.emplace_back(plastic_link::description{.link = kind->first + k, .rule = rule, .parameters = parameters_of(rule, learning, entry, settings, where),
                                                             .rate = k < learning.rates.size() ? learning.rates[k] : 1, .stages = &learning.stages,
                                                             .both_ways = learning.both_ways && k > 0, .where = where},
                                   *b.w, *b.way, b.seen, b.plastic.size());
    }
    if (net.back.mode == feedback_mode::learned && !net.learning.contains("feedback"))
        throw invalid_model("layered net / feedback", "is to be learned, by no rule", "learning for the connections 'feedback'");
}

}  // namespace

std::vector<double> completed_values(std::span<const field> fields, const std::map<std::string, double>& given, const std::string& where) {
    std::vector<std::string> names;
    std::vector<double> all;
    for (const auto& f : fields) names.emplace_back(f.name), all.push_back(f.value);
    for (const auto& [name, value] : given) {
        const auto found = std::ranges::find(names, name);
        if (found == names.end()) throw invalid_model(where + "." + name, "unknown", suggestion(name, names));
        const auto k = static_cast<std::size_t>(found - names.begin());
        if (!(value >= fields[k].low && value <= fields[k].high))
            throw invalid_model(where + "." + name, fmt::format("{:g} {}", value, fields[k].unit), fmt::format("{:g} to {:g}", fields[k].low, fields[k].high));
        all[k] = value;
    }
    return all;
}

void follow_forward(wiring& w, std::uint64_t seed, std::uint64_t batch) {
    const auto mode = w.back.mode;
    if (mode != feedback_mode::sign && mode != feedback_mode::redrawn_sign && mode != feedback_mode::fixed_sign) return;
    const auto* back = w.kind("feedback");
    for (std::size_t l = 1; l + 1 < w.layers; ++l) {
        auto& link = w.links[back->first + l - 1];
        const auto& up = w.forward(l + 1);
        for (std::size_t i = 0; i < link.units; ++i) {
            random_stream size(seed, identity("size of feedback"), mode == feedback_mode::redrawn_sign ? batch + 1 : 0, l << 32 | i);
            for (std::size_t j = 0; j < link.inputs; ++j) {
                const double magnitude = mode == feedback_mode::sign ? w.back.range/2 : w.back.range*size.uniform();
                link.w[i*link.columns() + j] = std::copysign(magnitude, up.row(j)[i]);
            }
        }
    }
}

built_net build(const layered_net& net, std::uint64_t seed, const catalogue& rules, row_counts rows) {
    check_layers(net);
    const auto& entry = scheme_named(net.scheme);
    if (!entry.is_in_time && rows.inputs > 1)
        throw invalid_model("layered net / scheme", fmt::format("'{}' presents an example at once, and these go on in time, in {} rows", net.scheme, rows.inputs), "recurrent or spike_trains");
    const auto settings = settings_of(entry, net);
    built_net b;
    b.w = std::make_unique<wiring>();
    b.w->seed = seed, b.w->rows = rows.inputs, b.w->target_rows = rows.targets;
    wire(*b.w, net);
    if (entry.wire) entry.wire(*b.w, settings);
    draw_weights(*b.w, net, seed, entry, settings);
    b.way = entry.make(*b.w, settings);
    make_plastic(b, net, rules, entry, settings);
    for (auto& p : b.plastic) p.start(*b.w);
    follow_forward(*b.w, seed, 0);
    if (entry.start) entry.start(*b.w, settings);
    return b;
}

}  // namespace apical::layered
