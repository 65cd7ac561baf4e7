// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/work_precision.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "frontends/cli/console.hpp"

namespace apical::cli {
namespace {

std::string number(double x) { return std::isnan(x) ? "" : fmt::format("{:.3g}", x); }

std::vector<std::vector<std::string>> rows(const work_precision& w) {
    std::vector<std::vector<std::string>> all{{"scheme and setting", "seconds", "spikes", "missed", "extra", "median [ms]", "95 % [ms]", "largest [ms]", "voltage [mV]"}};
    for (const auto& p : w.points)
        all.push_back({p.setting, p.failure.empty() ? fmt::format("{:.3g}", p.seconds) : "failed", fmt::format("{}", p.spikes), fmt::format("{}", p.missed),
                       fmt::format("{}", p.extra), number(p.median), number(p.p95), number(p.largest), number(p.voltage)});
    return all;
}

/// The name of the scheme, before the comma.
std::string family(const std::string& setting) { return setting.substr(0, setting.find(',')); }

}  // namespace

json::value document(const work_precision& w) {
    json::value points{.type = json::kind::array};
    for (const auto& p : w.points)
        points.items.push_back(json::object({{"setting", json::text(p.setting)}, {"scheme", json::text(name_of(p.options.scheme))}, {"seconds", json::number(p.seconds)},
                                             {"spikes", json::number(p.spikes)}, {"missed", json::number(p.missed)}, {"extra", json::number(p.extra)},
                                             {"median_error_ms", json::number(p.median)}, {"p95_error_ms", json::number(p.p95)},
                                             {"largest_error_ms", json::number(p.largest)}, {"voltage_error_mV", json::number(p.voltage)},
                                             {"failure", json::text(p.failure)}}));
    return json::object({{"reference", json::text(w.reference_setting)}, {"cells", json::number(w.cells)}, {"until_ms", json::number(w.until)}, {"points", points}});
}

std::string text(const work_precision& w) {
    return fmt::format("errors of {:g} ms of {} cells against {}\n{}", w.until, w.cells, w.reference_setting, columns(rows(w)));
}

html::page page(const work_precision& w, const std::string& title) {
    html::page page{.title = title, .subtitle = "Work and precision", .facts = {}, .figures = {}, .footer = {}};
    page.facts = {{"reference", w.reference_setting}, {"simulated", fmt::format("{:g} ms", w.until)}, {"cells", fmt::format("{}", w.cells)}};
    const bool has_spikes = std::ranges::any_of(w.points, [](const auto& p) { return !std::isnan(p.p95); });
    html::panel panel{.title = "Error against time", .caption = "Both as powers of ten. Points below and to the left are better; where spikes are missed or too many there is none.",
                      .x_label = "log10 of seconds", .y_label = has_spikes ? "log10 of ms, 95 % of spike times" : "log10 of mV", .lines = {}};
    for (const auto& p : w.points) {
        const double error = has_spikes ? p.p95 : p.voltage;
        if (!p.failure.empty() || p.missed > 0 || p.extra > 0 || !(error > 0)) continue;
        const auto name = family(p.setting);
        if (panel.lines.empty() || panel.lines.back().name != name) panel.lines.push_back({name, {}, {}, static_cast<int>(panel.lines.size()) % 6});
        panel.lines.back().x.push_back(std::log10(p.seconds)), panel.lines.back().y.push_back(std::log10(error));
    }
    if (!panel.lines.empty()) page.figures.push_back(panel);
    auto all = rows(w);
    html::table table{.title = "Every way", .caption = "Seconds are of wall time.", .header = all.front(), .rows = {all.begin() + 1, all.end()}};
    page.figures.push_back(table);
    return page;
}

}  // namespace apical::cli
