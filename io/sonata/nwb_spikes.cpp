// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/nwb_spikes.hpp"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "core/error.hpp"
#include "io/hdf5.hpp"

namespace apical::sonata {
namespace {

void add(population_spikes& to, double time, std::int64_t node, const std::string& where) {
    if (!std::isfinite(time)) throw invalid_input(where, fmt::format("holds the spike time {}", time));
    if (node < 0) throw invalid_input(where, fmt::format("is of node {}", node), "nodes are numbered from 0");
    to.times.push_back(time), to.cells.push_back(static_cast<std::uint64_t>(node));
}

/// A table of units, each with a part of one list of times [s].
population_spikes of_units(const hdf5::group& units) {
    constexpr double seconds = 1000;               // [ms]
    population_spikes p{"", {}, {}, spike_order::none};
    const auto times = units.read<double>("spike_times");
    const auto ends = units.read<std::int64_t>("spike_times_index");
    const auto name = units.contains("node_id") ? "node_id" : "id";
    const auto nodes = units.read<std::int64_t>(name);
    if (nodes.size() != ends.size()) throw invalid_input(units.where(name), fmt::format("has {} units, spike_times_index has {}", nodes.size(), ends.size()));
    std::int64_t begin = 0;
    for (std::size_t u = 0; u < ends.size(); ++u) {
        if (ends[u] < begin || ends[u] > std::ssize(times))
            throw invalid_input(fmt::format("{}[{}]", units.where("spike_times_index"), u), fmt::format("is {}, expected {} to {}", ends[u], begin, times.size()));
        for (; begin < ends[u]; ++begin) add(p, seconds*times[static_cast<std::size_t>(begin)], nodes[u], fmt::format("{}[{}]", units.where("spike_times"), begin));
    }
    return p;
}

/// A folder for each node of a trial.
population_spikes of_trial(const hdf5::group& processing, std::string trial) {
    const auto names = processing.names();
    if (trial.empty() && names.size() != 1) throw invalid_input(processing.where("."), fmt::format("has {} trials", names.size()), "the input's member 'trial' chooses one");
    if (trial.empty()) trial = names.front();
    if (!processing.contains_group(trial)) throw invalid_input(processing.where("."), fmt::format("has no trial '{}'", trial), suggestion(trial, names));
    const auto trains = processing.open(trial).open("spike_train");
    population_spikes p{"", {}, {}, spike_order::none};
    for (const auto& name : trains.names()) {
        std::int64_t node = 0;
        const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), node);
        if (wrong != std::errc{} || end != name.data() + name.size()) throw invalid_input(trains.where(name), "is not the number of a node");
        const auto train = trains.open(name);
        for (const double t : train.read<double>("data")) add(p, t, node, train.where("data"));
    }
    return p;
}

}  // namespace

std::vector<population_spikes> read_nwb_spikes(const std::filesystem::path& path, const std::string& trial) {
    const hdf5::file_reader file(path);
    const auto root = file.root();
    if (root.contains_group("units")) return {of_units(root.open("units"))};
    if (root.contains_group("processing")) return {of_trial(root.open("processing"), trial)};
    throw invalid_input(path.string() + ":/", "has neither 'units' nor 'processing'", "spikes of Neurodata Without Borders are there");
}

}  // namespace apical::sonata
