// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/energy.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "engine/plan.hpp"
#include "frontends/cli/console.hpp"

namespace apical::cli {
namespace {

json::value or_null(double x) { return std::isnan(x) ? json::value{} : json::number(x); }
std::string or_dash(double x) { return std::isnan(x) ? "-" : fmt::format("{:.4g}", x); }

double rate(const energy_report& r, double atp) { return atp/(r.active.duration*1e-3); }

/// ATP per second by mechanism and ion, dearest first, of the cells of one meter.
std::vector<std::pair<std::string, double>> by_mechanism(const std::vector<energy_report>& all, const std::string& label) {
    std::map<std::string, double> sums;
    for (const auto& r : all) {
        if (r.label != label) continue;
        for (const auto& i : r.active.items)
            if (i.atp != 0) sums[fmt::format("{} ({})", i.mechanism, ion_name(i.ion))] += rate(r, i.atp);
        for (const auto& s : r.active.synapses) sums[s.mechanism + " (vesicles)"] += rate(r, s.atp);
    }
    std::vector<std::pair<std::string, double>> list(sums.begin(), sums.end());
    std::ranges::stable_sort(list, std::greater<>{}, &std::pair<std::string, double>::second);
    return list;
}

std::vector<std::string> labels_of(const std::vector<energy_report>& all) {
    std::vector<std::string> labels;
    for (const auto& r : all)
        if (std::ranges::find(labels, r.label) == labels.end()) labels.push_back(r.label);
    return labels;
}

}  // namespace

std::vector<energy_report> energy_reports(const simulation& done) {
    std::vector<energy_report> all;
    for (const auto& m : done.model().meters)
        for (int cell = 0; cell < done.model().populations[static_cast<std::size_t>(m.population)].cells; ++cell) all.push_back(energy(done, m.label, cell));
    return all;
}

json::value document(const std::vector<energy_report>& all) {
    json::value list{.type = json::kind::array};
    for (const auto& r : all)
        list.items.push_back(json::object({{"meter", json::text(r.label)}, {"population", json::text(r.population)}, {"cell", json::number(r.cell)},
                                           {"duration_ms", json::number(r.active.duration)}, {"spikes", json::number(r.spikes)}, {"atp", json::number(r.active.atp())},
                                           {"atp_sodium", json::number(r.active.atp(ion::na))}, {"atp_calcium", json::number(r.active.atp(ion::ca))},
                                           {"atp_chloride", json::number(r.active.atp(ion::cl))}, {"rest_atp_per_s", or_null(r.rest_rate)},
                                           {"atp_above_rest", or_null(r.above_rest)}, {"atp_per_spike", or_null(r.per_spike)},
                                           {"capacitive_minimum_ions", json::number(r.active.capacitive_minimum)}, {"excess_ratio", or_null(r.excess_ratio)},
                                           {"separability", or_null(r.separability)}, {"housekeeping_atp_per_s", json::number(r.housekeeping_rate)},
                                           {"residual", json::number(r.active.residual)}}));
    return list;
}

std::string text(const std::vector<energy_report>& all) {
    std::vector<std::vector<std::string>> rows{{"energy meter", "cell", "spikes", "ATP/s", "at rest", "ATP/spike", "Na+/minimum", "residual"}};
    for (const auto& r : all)
        rows.push_back({r.label, fmt::format("{}", r.cell), fmt::format("{}", r.spikes), or_dash(rate(r, r.active.atp())), or_dash(r.rest_rate),
                        or_dash(r.per_spike), or_dash(r.excess_ratio), fmt::format("{:.1e}", std::abs(r.active.residual))});
    auto out = "\n" + columns(rows);
    for (const auto& label : labels_of(all)) {
        std::vector<std::vector<std::string>> shares{{label, "ATP/s"}};
        for (const auto& [name, atp] : by_mechanism(all, label)) shares.push_back({name, fmt::format("{:.4g}", atp)});
        out += "\n" + columns(shares);
    }
    return out;
}

std::string csv(const std::vector<energy_report>& all) {
    std::string out = "meter,population,cell,section,mechanism,ion,charge [pC],events,ATP,ATP/s\n";
    for (const auto& r : all) {
        const auto line = [&](int section, const std::string& mechanism, std::string_view ion, double charge, double events, double atp) {
            out += fmt::format("{},{},{},{},{},{},{:.9g},{:g},{:.9g},{:.9g}\n", r.label, r.population, r.cell, r.active.sections[static_cast<std::size_t>(section)],
                               mechanism, ion, charge, events, atp, rate(r, atp));
        };
        for (const auto& i : r.active.items) line(i.section, i.mechanism, ion_name(i.ion), i.charge, 0, i.atp);
        for (const auto& s : r.active.synapses) line(s.section, s.mechanism, "vesicles", 0, s.events, s.atp);
    }
    return out;
}

std::vector<html::figure> figures(const std::vector<energy_report>& all) {
    constexpr std::size_t most_shares = 12, most_cells = 50;
    std::vector<html::figure> out;
    for (const auto& label : labels_of(all)) {
        const auto shares = by_mechanism(all, label);
        html::bars b{.title = fmt::format("ATP of '{}'", label), .caption = "What pumps and transmitters use, all cells of the meter together.", .unit = "10\xE2\x81\xB9 ATP/s", .parts = {"ATP"}, .rows = {}};
        for (std::size_t i = 0; i < std::min(shares.size(), most_shares); ++i) b.rows.push_back({shares[i].first, {1e-9*shares[i].second}});
        out.emplace_back(std::move(b));
    }
    if (all.empty()) return out;
    html::table t{.title = "Energy", .caption = "", .header = {"Meter", "Cell", "Spikes", "ATP/s", "At rest [ATP/s]", "ATP per spike", "Residual"}, .rows = {}};
    for (std::size_t i = 0; i < std::min(all.size(), most_cells); ++i) {
        const auto& r = all[i];
        t.rows.push_back({r.label, fmt::format("{}", r.cell), fmt::format("{}", r.spikes), or_dash(rate(r, r.active.atp())), or_dash(r.rest_rate), or_dash(r.per_spike), fmt::format("{:.1e}", std::abs(r.active.residual))});
    }
    if (all.size() > most_cells) t.caption = fmt::format("The first {} of {} cells.", most_cells, all.size());
    out.emplace_back(std::move(t));
    return out;
}

}  // namespace apical::cli
