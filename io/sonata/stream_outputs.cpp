// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "core/error.hpp"
#include "engine/plan.hpp"
#include "io/sonata/build_circuit.hpp"

namespace apical::sonata {
namespace {

std::size_t number_of(const plan& p, const std::string& label) {
    return static_cast<std::size_t>(std::ranges::find(p.probes, label, &probe_plan::label) - p.probes.begin());
}

/// A report's columns as the populations of the files have them: by node, then as the probes have them.
std::vector<report_part> parts_of(const built_circuit& built, const plan& p, std::span<const std::size_t> probes) {
    struct column { std::uint64_t node; report_part::source from; };
    std::map<std::size_t, std::vector<column>> columns;          // by population of the files
    for (const auto i : probes)
        for (std::size_t k = 0; k < p.probes[i].places.size(); ++k) {
            const auto& at = p.probes[i].places[k];
            const auto& origin = built.nodes->origins[static_cast<std::size_t>(at.population)];
            columns[origin.population].push_back({origin.nodes[static_cast<std::size_t>(at.cell)], {i, k}});
        }
    std::vector<report_part> all;
    for (auto& [population, list] : columns) {
        std::ranges::stable_sort(list, {}, &column::node);
        auto& part = all.emplace_back();
        auto& m = part.mapping;
        m.population = built.files->nodes[population].name();
        for (std::size_t c = 0; c < list.size(); ++c) {
            if (m.cells.empty() || m.cells.back() != list[c].node) m.cells.push_back(list[c].node), m.first.push_back(c);
            const auto& at = p.probes[list[c].from.probe].places[list[c].from.place];
            const auto& node = p.populations[static_cast<std::size_t>(at.population)].tree.nodes[static_cast<std::size_t>(at.node)];
            const auto& cell = built.nodes->cells[static_cast<std::size_t>(at.population)];
            const auto [id, x] = cell ? cell->in_files({node.section, node.x}) : std::pair<std::size_t, double>{0, node.x};
            m.sections.push_back(static_cast<std::uint32_t>(id)), m.positions.push_back(static_cast<float>(x));
            part.from.push_back(list[c].from);
        }
        m.first.push_back(list.size());
    }
    return all;
}

}  // namespace

std::optional<report_stream> stream_outputs(const built_circuit& built, const simulation& s, overwrite mode, double held_samples) {
    const auto& p = s.model();
    const auto last = std::llround(built.until/p.options.dt);
    struct candidate { double samples; const report_plan* report; std::vector<std::size_t> probes; };
    std::vector<candidate> all;
    double sum = 0;
    for (const auto& r : built.reports) {
        if (r.probes.empty()) continue;
        auto& one = all.emplace_back(candidate{0, &r, {}});
        for (const auto& label : r.probes) {
            one.probes.push_back(number_of(p, label));
            const auto& probe = p.probes[one.probes.back()];
            one.samples += static_cast<double>(rows_at(probe, last))*static_cast<double>(probe.places.size());
        }
        sum += one.samples;
    }
    std::ranges::stable_sort(all, std::greater<>(), &candidate::samples);
    std::vector<streamed_report> reports;
    for (auto& one : all) {
        if (sum <= held_samples) break;
        sum -= one.samples;
        auto parts = p.rank == 0 ? parts_of(built, p, one.probes) : std::vector<report_part>();
        reports.push_back({.name = one.report->name, .file = one.report->file, .how = {.mode = mode, .data = report_options::precision::bits_64},
                           .probes = std::move(one.probes), .most_rows = one.report->most_rows, .parts = std::move(parts)});
    }
    if (reports.empty()) return std::nullopt;
    if (p.rank == 0)
        for (const auto& r : reports)
            if (r.file.has_parent_path()) create_folder(r.file.parent_path());
    return std::optional<report_stream>(std::in_place, s, built.until, std::move(reports));
}

}  // namespace apical::sonata
