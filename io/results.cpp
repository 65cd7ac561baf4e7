// SPDX-License-Identifier: BSD-3-Clause
#include "io/results.hpp"

#include <cmath>
#include <set>

#include "core/error.hpp"
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
