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
constexpr std::size_t least_places_of_a_picture = 30, least_rows_of_a_film = 10;

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

/// The spike of the cell around which most of its spikes lie: a burst, if there is one. Else when it was most depolarised.
double moment_of(const recording& r, std::span<const spike> spikes) {
    constexpr double near = 20;   // [ms]
    const auto& first = r.places.front();
    std::vector<double> own;
    for (const auto& s : spikes)
        if (s.population == first.population && s.cell == first.cell && s.time >= r.start && s.time <= r.time(r.rows() - 1)) own.push_back(s.time);
    double best = own.empty() ? r.time(static_cast<std::size_t>(std::ranges::max_element(r.samples) - r.samples.begin())/r.columns()) : own.front();
    std::ptrdiff_t most = 0;
    for (auto s = own.begin(); s != own.end(); ++s) {
        const auto following = std::ranges::upper_bound(s, own.end(), *s + near) - s;
        if (following > most) most = following, best = *s;
    }
    return best;
}

/// The colours of the cell from shortly before a spike till some time after.
html::film film_of(const experiment& e, const recording& r, std::span<const spike> spikes) {
    constexpr double before = 5, after = 25;     // [ms]
    constexpr std::size_t most_frames = 240;
    html::film f{.cell = picture(e, r), .times = {}, .frames = {}, .trace = {}};
    const double moment = moment_of(r, spikes);
    const auto row_at = [&](double t) { return static_cast<std::size_t>(std::clamp((t - r.start)/r.interval, 0.0, static_cast<double>(r.rows() - 1))); };
    const auto from = row_at(moment - before), until = row_at(moment + after), stride = (until - from)/most_frames + 1;
    f.cell.title = fmt::format("{} through one cell", r.variable == "v" ? "Voltage" : r.variable);
    f.cell.caption = fmt::format("{} around {:.1f} ms.", owner(e, r.places.front()), moment);
    f.cell.quantity = r.variable == "v" ? "potential" : r.variable;
    f.cell.values.assign(r.columns(), -std::numeric_limits<double>::infinity());
    for (auto row = from; row <= until; row += stride) {
        f.times.push_back(r.time(row));
        for (std::size_t c = 0; c < r.columns(); ++c) {
            const double v = r.samples[row*r.columns() + c];
            f.frames.push_back(v), f.cell.values[c] = std::max(f.cell.values[c], v);
        }
    }
    const auto& shape = f.cell.shape;
    const auto soma = std::ranges::find_if(r.places, [&](const probed_place& p) { return p.where.section == shape.origin().section; });
    const auto shown = soma == r.places.end() ? r.places.begin() : soma;
    f.trace = line_of(r, static_cast<std::size_t>(shown - r.places.begin()), shown->name, 0), f.at = moment;
    return f;
}

/// The circuit in space, if its cells have places there.
std::optional<html::scene> scene_of(const experiment& e, const std::vector<population_spikes>& spikes) {
    html::scene s{.title = "The circuit", .caption = "", .populations = {}, .until = e.until.coherent()};
    std::size_t cells = 0;
    for (std::size_t i = 0; i < e.model.populations.size(); ++i) {
        const auto& p = e.model.populations[i];
        if (p.positions.size() != static_cast<std::size_t>(p.size)) continue;
        s.populations.push_back({p.name, p.cell.point() ? morphology{} : p.cell.shape(), p.positions, spikes[i].times, spikes[i].cells});
        cells += p.positions.size();
    }
    if (s.populations.empty()) return {};
    s.caption = fmt::format("{} cells where they lie. Played, somata light up as they fire.", cells);
    return s;
}

std::string title_of(const std::string& variable) { return variable == "v" ? "Membrane potential" : variable; }

/// What a line shows, without saying a name twice.
std::string line_name(const experiment& e, const recording& r, std::size_t column, bool has_own_panel) {
    if (r.columns() == 1) return r.label;
    const auto whose = fmt::format("{} {}", owner(e, r.places[column]), r.places[column].name);
    return has_own_panel || whose.starts_with(r.label) ? whose : r.label + " " + whose;
}

/// A recording of several places has a panel of its own; those of one place and of one quantity share one.
std::vector<html::panel> panels(const experiment& e, std::span<const recording> recordings) {
    std::vector<html::panel> out;
    std::vector<const recording*> shown;
    for (const auto& r : recordings) {
        if (r.places.empty() || r.taken > 0 || is_picture(r)) continue;
        const bool has_own = r.columns() > 1;
        const auto title = has_own ? r.label : title_of(r.variable);
        auto p = std::ranges::find_if(out, [&](const html::panel& p) { return !has_own && p.title == title && p.lines.size() < most_lines; });
        if (p == out.end()) p = out.insert(out.end(), html::panel{.title = title, .caption = has_own ? title_of(r.variable) + ". " : "", .y_label = r.unit, .lines = {}});
        const auto n = std::min(r.columns(), most_lines - p->lines.size());
        for (std::size_t c = 0; c < n; ++c) {
            p->lines.push_back(line_of(r, c, line_name(e, r, c, has_own), static_cast<int>(p->lines.size())));
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

html::bars rate_bars(const experiment& e, const std::vector<population_spikes>& spikes) {
    html::bars b{.title = "Firing rates", .caption = "Mean over the cells of each population and the whole run.", .unit = "Hz", .parts = {"rate"}, .rows = {}};
    for (std::size_t i = 0; i < spikes.size(); ++i)
        b.rows.push_back({spikes[i].population, {1000*static_cast<double>(spikes[i].times.size())/(e.model.populations[i].size*e.until.coherent())}});
    return b;
}

std::string shortly(double seconds) { return seconds < 100 ? fmt::format("{:.3g} s", seconds) : fmt::format("{:.0f} s", seconds); }

/// What each process spent its threads' time on.
html::bars load_bars(const std::vector<run_statistics>& all) {
    html::bars b{.title = "Load", .caption = "", .unit = "s", .parts = {"computing", "delivering", "exchanging", "waiting", "idle"}, .rows = {}};
    std::size_t threads = 0;
    for (const auto& one : all) {
        const auto p = phases_of(std::span(&one, 1));
        b.rows.push_back({all.size() == 1 ? "all" : fmt::format("process {}", b.rows.size()), {p.compute, p.deliver, p.exchange, p.wait, p.idle}});
        threads += one.busy.size();
    }
    b.caption = fmt::format("Where the seconds of {} thread{} on {} process{} went. The busiest thread worked {:.2f} times as long as the mean.", threads, threads == 1 ? "" : "s",
                            all.size(), all.size() == 1 ? "" : "es", imbalance(all));
    return b;
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
               {"Built in", shortly(times.compile_seconds)},
               {"Run in", shortly(times.run_seconds)},
               {"Real-time factor", fmt::format("{:.3g}", 1e3*times.run_seconds/done.time())},
               {"Compartment and step", fmt::format("{:.3g} ns", nanoseconds_per_compartment_step(s, e, times))}};
    const auto spikes = by_population(done.spikes(), e.model);
    const auto add = [&](auto figure) { p.figures.push_back(std::move(figure)); };
    if (auto drawn = scene_of(e, spikes)) add(std::move(*drawn));
    if (auto r = spike_raster(e, spikes)) {
        add(std::move(*r));
        if (spikes.size() > 1) add(rate_bars(e, spikes));
    }
    const bool has_room = !p.figures.empty() && !times.of_processes.empty();
    if (has_room) add(load_bars(times.of_processes));
    std::string elsewhere;   // what has been written while it ran
    for (const auto& r : done.recordings())
        if (r.taken > 0) elsewhere += (elsewhere.empty() ? "" : ", ") + r.label + ".h5";
    if (!elsewhere.empty()) p.facts.emplace_back("Too large to show", elsewhere);
    for (const auto& r : done.recordings())
        if (!r.places.empty() && r.taken == 0 && is_picture(r)) r.rows() > least_rows_of_a_film ? add(film_of(e, r, done.spikes())) : add(picture(e, r));
    for (auto& panel : panels(e, done.recordings())) add(std::move(panel));
    if (!has_room && !times.of_processes.empty()) add(load_bars(times.of_processes));
    add(spike_table(e, spikes));
    add(run_table(s));
    p.footer = "Made by Apical.";
    return p;
}

}  // namespace apical
