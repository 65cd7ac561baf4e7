// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "io/results.hpp"

namespace apical {
namespace {

constexpr std::size_t most_lines = 6;       // as many as there are colours
constexpr std::size_t least_places_of_a_picture = 30;

/// The largest value of each column.
std::vector<double> peaks(const recording& r) {
    std::vector<double> out(r.columns(), -std::numeric_limits<double>::infinity());
    for (std::size_t i = 0; i < r.samples.size(); ++i) out[i%out.size()] = std::max(out[i%out.size()], r.samples[i]);
    return out;
}

bool is_picture(const recording& r) {
    const auto same_cell = [&](const probed_place& p) { return p.population == r.places.front().population && p.cell == r.places.front().cell; };
    return r.columns() >= least_places_of_a_picture && std::ranges::all_of(r.places, same_cell);
}

std::string owner(const experiment& e, const probed_place& p) {
    const auto& population = e.model.populations[static_cast<std::size_t>(p.population)];
    return population.size == 1 ? population.name : fmt::format("{}[{}]", population.name, p.cell);
}

html::painted_cell picture(const experiment& e, const recording& r) {
    const auto& first = r.places.front();
    html::painted_cell c{.title = fmt::format("Peak of {}", r.variable), .caption = fmt::format("{}, probe '{}'.", owner(e, first), r.label),
                         .quantity = "peak " + r.variable, .unit = r.unit,
                         .shape = e.model.populations[static_cast<std::size_t>(first.population)].cell.shape(), .places = {}, .values = peaks(r)};
    for (const auto& p : r.places) c.places.push_back(p.where);
    return c;
}

html::line line_of(const recording& r, std::size_t column, std::string name, int colour) {
    html::line l{.name = std::move(name), .x = {}, .y = r.column(column), .colour = colour};
    for (std::size_t i = 0; i < r.rows(); ++i) l.x.push_back(r.time(i));
    return l;
}

/// The recordings of one quantity share a panel.
std::vector<html::panel> panels(const experiment& e, std::span<const recording> recordings) {
    std::vector<html::panel> out;
    std::vector<const recording*> shown;
    for (const auto& r : recordings) {
        if (r.places.empty() || is_picture(r)) continue;
        auto p = std::ranges::find_if(out, [&](const html::panel& p) { return p.title == r.variable && p.lines.size() < most_lines; });
        if (p == out.end()) p = out.insert(out.end(), html::panel{.title = r.variable, .caption = "", .y_label = r.unit, .lines = {}});
        const auto n = std::min(r.columns(), most_lines - p->lines.size());
        for (std::size_t c = 0; c < n; ++c) {
            const auto name = r.columns() == 1 ? r.label : fmt::format("{} {} {}", r.label, owner(e, r.places[c]), r.places[c].name);
            p->lines.push_back(line_of(r, c, name, static_cast<int>(p->lines.size())));
        }
        if (n < r.columns()) p->caption += fmt::format("The first {} of {} places of '{}'. ", n, r.columns(), r.label);
    }
    for (auto& p : out)
        if (p.lines.size() == 1) p.caption = p.lines.front().name + (p.caption.empty() ? "" : ". ") + p.caption;
    return out;
}

std::string first_times(const std::vector<double>& times) {
    constexpr std::size_t most = 8;
    std::string text;
    for (std::size_t i = 0; i < std::min(times.size(), most); ++i) text += fmt::format("{}{:.3f}", i ? ", " : "", times[i]);
    return times.size() > most ? text + ", ..." : text;
}

html::table spike_table(const experiment& e, const std::vector<population_spikes>& spikes) {
    html::table t{.title = "Spikes", .caption = "", .header = {"Population", "Cells", "With spikes", "Spikes", "Rate [Hz]", "Times [ms]"}, .rows = {}};
    for (std::size_t i = 0; i < spikes.size(); ++i) {
        const int size = e.model.populations[i].size;
        const auto n = spikes[i].times.size();
        const std::set<std::uint64_t> active(spikes[i].cells.begin(), spikes[i].cells.end());
        t.rows.push_back({spikes[i].population, fmt::format("{}", size), fmt::format("{}", active.size()), fmt::format("{}", n),
                          fmt::format("{:.2f}", 1000*static_cast<double>(n)/(size*e.until.coherent())), first_times(spikes[i].times)});
    }
    return t;
}

/// All populations that have more than one cell and a spike, in the colours of their order; nothing where there are none.
std::optional<html::raster> spike_raster(const experiment& e, const std::vector<population_spikes>& spikes) {
    html::raster r{.title = "Spikes", .caption = "", .populations = {}, .until = e.until.coherent()};
    for (std::size_t i = 0; i < spikes.size(); ++i)
        if (e.model.populations[i].size > 1 && !spikes[i].times.empty())
            r.populations.push_back({spikes[i].population, e.model.populations[i].size, spikes[i].times, spikes[i].cells});
    if (r.populations.size() == 1) r.title = r.populations.front().name;
    return r.populations.empty() ? std::nullopt : std::optional(std::move(r));
}

html::table run_table(const plan_summary& s) {
    html::table t{.title = "Cells", .caption = "", .header = {"Population", "Cells", "Compartments", "Nodes", "Lanes", "Bytes per cell"}, .rows = {}};
    for (const auto& p : s.populations)
        t.rows.push_back({p.population, fmt::format("{}", p.cells), fmt::format("{}", p.compartments), fmt::format("{}", p.nodes),
                          fmt::format("{}", p.lanes), fmt::format("{}", p.bytes_per_cell)});
    return t;
}

}  // namespace

html::page result_page(const experiment& e, const simulation& done, const run_times& times) {
    const auto s = summary(done.model());
    html::page p;
    p.title = e.title.empty() ? "Simulation" : e.title;
    p.subtitle = fmt::format("{} population{}, {} compartments.", s.populations.size(), s.populations.size() == 1 ? "" : "s", compartments_in(s));
    p.facts = {{"Simulated", fmt::format("{:g} ms", done.time())},
               {"Time step", fmt::format("{:g} ms", e.run.dt.coherent())},
               {"Scheme", std::string(name_of(e.run.scheme))},
               {"Temperature", fmt::format("{:.4g} \xC2\xB0" "C", in_celsius(e.run.temperature))},
               {"Wall time", fmt::format("{:.3g} s", times.run_seconds)},
               {"Cost", fmt::format("{:.3g} ns per compartment and step", nanoseconds_per_compartment_step(s, e, times))}};
    for (const auto& r : done.recordings())
        if (!r.places.empty() && is_picture(r)) p.figures.push_back(picture(e, r));
    for (auto& panel : panels(e, done.recordings())) p.figures.push_back(std::move(panel));
    const auto spikes = by_population(done.spikes(), e.model);
    if (auto r = spike_raster(e, spikes)) p.figures.push_back(std::move(*r));
    p.figures.push_back(spike_table(e, spikes));
    p.figures.push_back(run_table(s));
    p.footer = "Made by Apical.";
    return p;
}

}  // namespace apical
