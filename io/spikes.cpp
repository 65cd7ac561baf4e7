// SPDX-License-Identifier: BSD-3-Clause
#include "io/spikes.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <tuple>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/hdf5.hpp"
#include "io/sonata_file.hpp"

namespace apical {
namespace {

const std::array<std::string, 3> order_names{"none", "by_id", "by_time"};

/// The spellings of the specification and of older files.
std::optional<spike_order> order_named(const std::string& name) {
    if (name == "none" || name.empty()) return spike_order::none;
    if (name == "by_id" || name == "by_gid" || name == "id" || name == "gid") return spike_order::by_id;
    if (name == "by_time" || name == "time") return spike_order::by_time;
    return std::nullopt;
}

void check_order(const population_spikes& p, const std::string& where) {
    const bool as_claimed = p.order == spike_order::none ||
                            (p.order == spike_order::by_time && std::is_sorted(p.times.begin(), p.times.end())) ||
                            (p.order == spike_order::by_id && std::is_sorted(p.cells.begin(), p.cells.end()));
    if (!as_claimed)
        throw invalid_input(where, fmt::format("is said to be sorted {} but is not", order_names[static_cast<std::size_t>(p.order)]),
                            "sort it, or set its attribute 'sorting' to none");
}

population_spikes read_population(const hdf5::group& g, const std::string& name, const std::string& where, std::string_view id_name) {
    population_spikes p{name, g.read<double>("timestamps"), {}, spike_order::none};
    for (const auto id : g.read<std::int64_t>(id_name)) {
        if (id < 0) throw invalid_input(where, fmt::format("holds the cell number {}", id), "cells are numbered from 0");
        p.cells.push_back(static_cast<std::uint64_t>(id));
    }
    if (p.times.size() != p.cells.size())
        throw invalid_input(where, fmt::format("has {} times for {} cell numbers", p.times.size(), p.cells.size()));
    for (const double t : p.times)
        if (!std::isfinite(t)) throw invalid_input(where, fmt::format("holds the spike time {}", t));
    const auto text = g.text_attribute(".", "sorting");
    const auto order = order_named(text);
    if (!order) throw invalid_input(where, fmt::format("has the unknown sorting '{}'", text), suggestion(text, order_names));
    p.order = *order;
    check_order(p, where);
    return p;
}

}  // namespace

std::vector<population_spikes> by_population(std::span<const spike> spikes, const circuit& model, spike_time which) {
    std::vector<population_spikes> all;
    for (const auto& p : model.populations) all.push_back({p.name, {}, {}, spike_order::by_time});
    std::vector<spike> sorted(spikes.begin(), spikes.end());
    const auto time = [which](const spike& s) { return which == spike_time::on_step ? s.step_time : s.time; };
    std::stable_sort(sorted.begin(), sorted.end(), [&](const spike& a, const spike& b) {
        return std::make_tuple(time(a), a.cell) < std::make_tuple(time(b), b.cell);
    });
    for (const auto& s : sorted) {
        auto& p = all.at(static_cast<std::size_t>(s.population));
        p.times.push_back(time(s));
        p.cells.push_back(static_cast<std::uint64_t>(s.cell));
    }
    return all;
}

void write_spikes(const std::filesystem::path& path, std::span<const population_spikes> spikes, overwrite mode) {
    hdf5::file_writer file(path, mode);
    {
        auto root = file.root();
        sonata::mark(root);
        auto all = root.create("spikes");
        for (const auto& p : spikes) {
            if (p.times.size() != p.cells.size())
                throw invalid_input(path.string(), fmt::format("population '{}' has {} times for {} cells", p.population,
                                                               p.times.size(), p.cells.size()));
            check_order(p, fmt::format("{}:/spikes/{}", path.string(), p.population));
            auto g = all.create(p.population);
            g.set_enumeration(".", "sorting", order_names, static_cast<int>(p.order));
            g.write<double>("timestamps", p.times);
            g.set_attribute("timestamps", "units", "ms");
            g.write<std::uint64_t>("node_ids", p.cells);
        }
    }
    file.commit();
}

std::vector<population_spikes> read_spikes(const std::filesystem::path& path) {
    const hdf5::file_reader file(path);
    const auto all = file.root().open("spikes");
    const auto where = path.string() + ":/spikes";
    if (all.contains("timestamps")) return {read_population(all, "", where, all.contains("gids") ? "gids" : "node_ids")};
    std::vector<population_spikes> out;
    for (const auto& name : all.names()) out.push_back(read_population(all.open(name), name, where + "/" + name, "node_ids"));
    return out;
}

void write_spikes_csv(const std::filesystem::path& path, std::span<const population_spikes> spikes, overwrite mode) {
    struct row {
        double time;
        std::size_t population;
        std::uint64_t cell;
        auto operator<=>(const row&) const = default;
    };
    std::vector<row> rows;
    for (std::size_t p = 0; p < spikes.size(); ++p)
        for (std::size_t i = 0; i < spikes[p].times.size(); ++i) rows.push_back({spikes[p].times[i], p, spikes[p].cells.at(i)});
    std::sort(rows.begin(), rows.end());
    std::string text = "timestamps population node_ids\n";
    for (const auto& r : rows)
        fmt::format_to(std::back_inserter(text), "{} {} {}\n", r.time, sonata::csv_word(spikes[r.population].population, ' '), r.cell);
    write_text(path, text, mode);
}

}  // namespace apical
