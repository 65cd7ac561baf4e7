// SPDX-License-Identifier: BSD-3-Clause
#include "io/results.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "core/error.hpp"
#include "engine/plan.hpp"
#include "io/report.hpp"
#include "io/spikes.hpp"
#include "io/weights_file.hpp"

namespace apical {
namespace {

namespace fs = std::filesystem;

fs::path in_folder(const experiment& e, const std::string& name) { return e.output.folder / name; }

}  // namespace

long compartments_in(const plan_summary& s) {
    long n = 0;
    for (const auto& p : s.populations) n += static_cast<long>(p.cells)*p.compartments;
    return n;
}

double nanoseconds_per_compartment_step(const plan_summary& s, const experiment& e, const run_times& times) {
    const double steps = std::round(e.until.coherent()/e.run.dt.coherent());
    return 1e9*times.run_seconds/(steps*static_cast<double>(compartments_in(s)));
}

std::vector<fs::path> result_files(const experiment& e) {
    const auto& o = e.output;
    std::vector<fs::path> files;
    if (o.spikes) files.push_back(in_folder(e, "spikes.h5"));
    if (o.spikes && o.csv) files.push_back(in_folder(e, "spikes.csv"));
    for (const auto& p : e.model.probes) {
        if (o.traces) files.push_back(in_folder(e, p.label + ".h5"));
        if (o.traces && o.csv) files.push_back(in_folder(e, p.label + ".csv"));
    }
    for (const auto& w : e.model.weight_probes) {
        files.push_back(in_folder(e, w.label + ".h5"));
        if (o.csv) files.push_back(in_folder(e, w.label + ".csv"));
    }
    if (o.report) files.push_back(in_folder(e, "report.html"));
    return files;
}

void check_results(const experiment& e, overwrite mode) {
    const auto files = result_files(e);
    findings found;
    std::set<fs::path> names;
    for (std::size_t i = 0; i < files.size(); ++i) {
        std::error_code ignored;
        if (mode == overwrite::no && fs::exists(files[i], ignored))
            found.add(files[i].string(), "already exists", "choose another folder, or allow overwriting");
        if (!names.insert(files[i]).second) found.add(files[i].string(), "two outputs have this name", "give the probe another label");
    }
    found.throw_if_any<invalid_input>();
}

namespace {

/// The probes whose traces are not kept until the end.
std::set<std::size_t> probes_to_stream(const experiment& e, const simulation& s) {
    const auto& p = s.model();
    const auto last = std::llround(e.until/p.options.dt);
    std::set<std::size_t> chosen;
    std::vector<std::pair<double, std::size_t>> held;
    double sum = 0;
    for (std::size_t i = 0; i < p.probes.size(); ++i) {
        if (s.recordings()[i].taken > 0) {
            chosen.insert(i);
            continue;
        }
        held.emplace_back(static_cast<double>(rows_at(p.probes[i], last))*static_cast<double>(p.probes[i].places.size()), i);
        sum += held.back().first;
    }
    const bool keeps_all = !e.output.traces || e.output.csv;
    if (keeps_all && !chosen.empty())
        throw invalid_model("output", fmt::format("the run that is gone on with has written samples of probe '{}' as traces, and no longer has them", p.probes[*chosen.begin()].label), "\"traces\": true and \"csv\": false, as it had");
    if (keeps_all) return {};
    std::ranges::sort(held, std::greater<>());
    for (const auto& [samples, i] : held) {
        if (sum <= static_cast<double>(e.output.held_samples)) break;
        chosen.insert(i), sum -= samples;
    }
    return chosen;
}

/// Where all columns of a probe are; they need no names.
std::vector<probed_place> places_of(const plan& p, const probe_plan& probe) {
    std::vector<probed_place> all;
    all.reserve(probe.places.size());
    for (const auto& at : probe.places) {
        const auto& node = p.populations[static_cast<std::size_t>(at.population)].tree.nodes[static_cast<std::size_t>(at.node)];
        all.push_back({at.population, at.cell, {node.section, node.x}, {}});
    }
    return all;
}

}  // namespace

std::optional<report_stream> stream_results(const experiment& e, const simulation& s, overwrite mode, const fs::path& resumed) {
    const auto& p = s.model();
    std::vector<streamed_report> reports;
    for (const auto i : probes_to_stream(e, s)) {
        const auto& probe = p.probes[i];
        streamed_report r{.name = probe.label, .file = in_folder(e, probe.label + ".h5"), .how = {.mode = mode}, .probes = {i}};
        if (p.rank == 0) r.parts.push_back(part_of(i, places_of(p, probe), e.model.populations[static_cast<std::size_t>(probe.places.front().population)]));
        reports.push_back(std::move(r));
    }
    if (reports.empty()) return std::nullopt;
    if (p.rank == 0) create_folder(e.output.folder);
    return std::optional<report_stream>(std::in_place, s, e.until, std::move(reports), resumed);
}

std::vector<fs::path> write_results(const experiment& e, const simulation& done, const run_times& times, overwrite mode,
                                    const std::vector<html::figure>& more) {
    const auto& o = e.output;
    create_folder(o.folder);
    if (o.spikes) {
        const auto spikes = by_population(done.spikes(), e.model, o.spike_time);
        write_spikes(in_folder(e, "spikes.h5"), spikes, mode);
        if (o.csv) write_spikes_csv(in_folder(e, "spikes.csv"), spikes, mode);
    }
    if (o.traces)
        for (const auto& r : done.recordings()) {
            if (r.taken > 0) continue;
            write_report(in_folder(e, r.label + ".h5"), r, e.model, mode);
            if (o.csv) write_recording_csv(in_folder(e, r.label + ".csv"), r, e.model, mode);
        }
    for (const auto& w : done.weight_recordings()) {
        write_weights(in_folder(e, w.label + ".h5"), w, mode);
        if (o.csv) write_weights_csv(in_folder(e, w.label + ".csv"), w, mode);
    }
    if (o.report) {
        auto page = result_page(e, done, times);
        page.figures.insert(page.figures.end(), more.begin(), more.end());
        html::write_page(in_folder(e, "report.html"), page, mode);
    }
    return result_files(e);
}

}  // namespace apical
