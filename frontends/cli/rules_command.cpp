// SPDX-License-Identifier: BSD-3-Clause
#include <string>
#include <vector>

#include <fmt/format.h>

#include "core/quantity_text.hpp"
#include "engine/catalogue.hpp"
#include "engine/pairing.hpp"
#include "frontends/cli/command.hpp"

namespace apical::cli {
namespace {

constexpr std::string_view occasions[] = {"arrivals", "spikes", "bursts", "onsets of bursts", "plateaus", "back-propagating spikes", "a clock", "the end of a trial"};
static_assert(std::size(occasions) == static_cast<std::size_t>(plasticity::occasion_count));

json::value texts(const std::vector<std::string>& all) {
    json::value list{.type = json::kind::array};
    for (const auto& t : all) list.items.push_back(json::text(t));
    return list;
}

std::vector<std::string> answered(const rule_entry& r) {
    std::vector<std::string> all;
    for (int o = 0; o < plasticity::occasion_count; ++o)
        if (r.answers(static_cast<plasticity::occasion>(o))) all.emplace_back(occasions[o]);
    return all;
}

/// Change of a weight of 1/2 by one pair at a distance, spike of the cell after arrival positive; of rules that need nothing but spikes.
struct window_row { double delta, change; };
std::vector<window_row> window(const rule_entry& r) {
    std::vector<double> parameters;
    for (const auto& p : r.schema.parameters) parameters.push_back(p.value*parse_unit(p.unit).value);
    std::vector<window_row> rows;
    try {
        for (const double delta : {-100.0, -50.0, -30.0, -20.0, -10.0, -5.0, -1.0, 1.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0})
            rows.push_back({delta, paired(r, parameters, {.pre = {200}, .post = {200 + delta}})[0] - 0.5});
    } catch (const invalid_model&) {   // it needs more than spikes
        return {};
    }
    return rows;
}

json::value document(const rule_entry& r) {
    json::value parameters{.type = json::kind::array}, published{.type = json::kind::array}, pairs{.type = json::kind::array};
    for (const auto& p : r.schema.parameters)
        parameters.items.push_back(json::object({{"name", json::text(p.name)}, {"default", json::number(p.value)}, {"unit", json::text(p.unit)}, {"meaning", json::text(p.meaning)},
                                                 {"low", json::number(p.low)}, {"high", json::number(p.high)}}));
    for (const auto& s : r.schema.published) {
        auto values = json::object({});
        for (std::size_t k = 0; k < s.parameters.size(); ++k) values.members.emplace_back(std::string(r.schema.parameters[k].name), json::number(s.parameters[k]));
        published.items.push_back(json::object({{"name", json::text(s.name)}, {"source", json::text(s.source)}, {"parameters", std::move(values)}}));
    }
    for (const auto& w : window(r)) pairs.items.push_back(json::object({{"delta_ms", json::number(w.delta)}, {"change", json::number(w.change)}}));
    return json::object({{"name", json::text(r.schema.name)}, {"summary", json::text(r.schema.summary)}, {"source", json::text(r.schema.source)}, {"phases", texts(r.schema.phases)},
                         {"answers", texts(answered(r))}, {"knows", texts(r.locality())}, {"parameters", parameters}, {"published", published}, {"window", pairs}});
}

std::string text(const rule_entry& r) {
    auto out = fmt::format("{}: {}\n{}", r.schema.name, r.schema.summary, wrapped(r.schema.source, 2));
    out += "\nanswers:";
    for (const auto& a : answered(r)) out += fmt::format(" {};", a);
    out.back() = '\n';
    out += "\nall that a synapse knows\n";
    for (const auto& l : r.locality()) out += "  " + l + '\n';
    std::vector<std::vector<std::string>> rows{{"parameter", "default", "unit", "range", "meaning"}};
    for (const auto& p : r.schema.parameters) rows.push_back({std::string(p.name), fmt::format("{:g}", p.value), std::string(p.unit), fmt::format("{:g} .. {:g}", p.low, p.high), std::string(p.meaning)});
    out += "\n" + columns(rows);
    for (const auto& s : r.schema.published) out += fmt::format("\npublished set {}: {}", s.name, s.source);
    if (!r.schema.published.empty()) out += '\n';
    if (const auto pairs = window(r); !pairs.empty()) {
        rows = {{"spike after arrival [ms]", "change of a weight of 0.5"}};
        for (const auto& w : pairs) rows.push_back({fmt::format("{:g}", w.delta), fmt::format("{:+.5g}", w.change)});
        out += "\n" + columns(rows);
    }
    return out;
}

struct rules_command {
    static constexpr auto name = "rules", summary = "List learning rules, or show one with what its synapses know and its window";
    std::string which;

    void bind(CLI::App& app) { app.add_option("NAME", which, "show this one: parameters, published sets, sources of information, change by one pair of spikes"); }

    int execute(const console& io) const {
        const auto all = catalogue::built_in();
        if (!which.empty()) {
            const auto& found = all.rule_at(which, "rules");
            io.result(document(found), text(found));
            return ok;
        }
        std::vector<std::vector<std::string>> rows{{"name", "summary"}};
        json::value list{.type = json::kind::array};
        for (const auto& r : all.rules()) {
            rows.push_back({r.schema.name, r.schema.summary});
            list.items.push_back(document(r));
        }
        io.result(list, columns(rows));
        return ok;
    }
};

}  // namespace

void add_rules(CLI::App& program, const console& io, int& code) { add<rules_command>(program, io, code); }

}  // namespace apical::cli
