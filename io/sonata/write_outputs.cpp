// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <map>
#include <numeric>
#include <system_error>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/report.hpp"
#include "io/sonata/build_circuit.hpp"
#include "io/spikes.hpp"

namespace apical::sonata {
namespace {

/// Spikes by the populations and nodes of the files.
std::vector<population_spikes> spikes_of(const built_circuit& built, const simulation& done) {
    std::vector<population_spikes> all;
    std::map<std::size_t, std::size_t> known;      // population of the files -> entry
    for (std::size_t p = 0; p < built.nodes->populations.size(); ++p) {
        const auto of = built.nodes->origins[p].population;
        if (known.emplace(of, all.size()).second) all.push_back({built.files->nodes[of].name(), {}, {}});
    }
    struct entry { double time; std::uint64_t node; };
    std::vector<std::vector<entry>> lists(all.size());
    for (const auto& s : done.spikes()) {
        const auto& origin = built.nodes->origins[static_cast<std::size_t>(s.population)];
        const bool is_point = !built.nodes->cells[static_cast<std::size_t>(s.population)];
        lists[known[origin.population]].push_back({is_point ? s.time : s.step_time, origin.nodes[static_cast<std::size_t>(s.cell)]});
    }
    const bool by_id = built.files->settings.output.spike_order.ends_with("id");
    for (std::size_t k = 0; k < all.size(); ++k) {
        std::ranges::sort(lists[k], {}, [&](const entry& e) { return by_id ? std::pair(static_cast<double>(e.node), e.time) : std::pair(e.time, static_cast<double>(e.node)); });
        for (const auto& e : lists[k]) all[k].times.push_back(e.time), all[k].cells.push_back(e.node);
        all[k].order = by_id ? spike_order::by_id : spike_order::by_time;
    }
    return all;
}

/// A report's recordings as the populations of the files have them.
std::vector<report> reports_of(const built_circuit& built, const simulation& done, const report_plan& plan) {
    struct column { std::uint64_t node; std::size_t index; const recording* from; std::size_t place; };
    std::map<std::size_t, std::vector<column>> columns;          // by population of the files
    for (const auto& label : plan.probes) {
        const auto& r = done[label];
        for (std::size_t k = 0; k < r.places.size(); ++k) {
            const auto& origin = built.nodes->origins[static_cast<std::size_t>(r.places[k].population)];
            columns[origin.population].push_back({origin.nodes[static_cast<std::size_t>(r.places[k].cell)], k, &r, k});
        }
    }
    std::vector<report> all;
    for (auto& [population, list] : columns) {
        std::ranges::stable_sort(list, {}, &column::node);
        const auto& first = *list.front().from;
        report out{built.files->nodes[population].name(), first.unit, first.start, first.interval, first.rows(), {}, {}, {}, {}, {}};
        if (plan.most_rows > 0) out.rows = std::min(out.rows, plan.most_rows);
        for (std::size_t c = 0; c < list.size(); ++c) {
            if (out.cells.empty() || out.cells.back() != list[c].node) out.cells.push_back(list[c].node), out.first.push_back(c);
            const auto& at = list[c].from->places[list[c].place];
            const auto& cell = built.nodes->cells[static_cast<std::size_t>(at.population)];
            const auto [id, x] = cell ? cell->in_files(at.where) : std::pair<std::size_t, double>{0, at.where.x};
            out.sections.push_back(static_cast<std::uint32_t>(id)), out.positions.push_back(static_cast<float>(x));
        }
        out.first.push_back(list.size());
        out.data.resize(out.rows*list.size());
        for (std::size_t c = 0; c < list.size(); ++c)
            for (std::size_t row = 0; row < out.rows; ++row)
                out.data[row*list.size() + c] = list[c].from->samples[row*list[c].from->columns() + list[c].place];
        all.push_back(std::move(out));
    }
    return all;
}

/// Whether a probe is one of the circuit's own and not of a report of the configuration.
bool is_own(const built_circuit& built, const std::string& label) {
    return std::ranges::none_of(built.reports, [&](const report_plan& r) { return std::ranges::find(r.probes, label) != r.probes.end(); });
}

std::filesystem::path own_file(const built_circuit& built, const std::string& label) { return built.files->settings.output.folder/(label + ".h5"); }

}  // namespace

void check_outputs(const built_circuit& built, overwrite mode) {
    if (mode == overwrite::yes) return;
    const auto& output = built.files->settings.output;
    apical::findings found;
    const auto look = [&](const std::filesystem::path& p) {
        if (std::error_code ignored; !p.empty() && std::filesystem::exists(p, ignored)) found.add(p.string(), "already exists", "choose another output_dir, or allow overwriting");
    };
    look(output.spikes), look(output.spikes_csv);
    for (const auto& r : built.reports)
        if (!r.probes.empty()) look(r.file);
    for (const auto& p : built.model.probes)
        if (is_own(built, p.label)) look(own_file(built, p.label));
    found.throw_if_any<invalid_input>();
}

std::vector<std::filesystem::path> write_outputs(const built_circuit& built, const simulation& done, overwrite mode) {
    const auto& output = built.files->settings.output;
    std::vector<std::filesystem::path> written;
    std::error_code failed;
    std::filesystem::create_directories(output.folder, failed);
    if (failed) throw invalid_input(output.folder.string(), fmt::format("cannot be made: {}", failed.message()));
    const auto spikes = spikes_of(built, done);
    if (!output.spikes.empty()) write_spikes(output.spikes, spikes, mode), written.push_back(output.spikes);
    if (!output.spikes_csv.empty()) write_spikes_csv(output.spikes_csv, spikes, mode), written.push_back(output.spikes_csv);
    for (const auto& r : built.reports) {
        if (r.probes.empty()) continue;
        if (done[r.probes.front()].taken > 0) {   // it has been written meanwhile
            written.push_back(r.file);
            continue;
        }
        write_reports(r.file, reports_of(built, done, r), {.mode = mode, .data = report_options::precision::bits_64});
        written.push_back(r.file);
    }
    for (const auto& r : done.recordings()) {
        if (!is_own(built, r.label)) continue;
        written.push_back(own_file(built, r.label));
        write_report(written.back(), r, built.model, mode);
    }
    return written;
}

}  // namespace apical::sonata
