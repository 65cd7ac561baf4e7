// SPDX-License-Identifier: BSD-3-Clause
#include "analysis/flight_record.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "analysis/cell_sample.hpp"
#include "core/error.hpp"
#include "engine/plan.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (std::isnan(a) && std::isnan(b)); }

/// What can be probed where the cell failed.
std::vector<std::string> readable(const plan& p, const cell_plan& cell, const std::string& location) {
    std::vector<std::string> names;
    if (cell.neurons >= 0) {
        const auto& schema = p.neurons[index(cell.neurons)].model.schema;
        for (const auto& s : schema.states) names.push_back(fmt::format("{}.{}", schema.name, s.name));
        return names;
    }
    names.push_back("v");
    for (std::size_t row = 0; row < cell.node_of_row.size(); ++row) {
        const int node = cell.node_of_row[row];
        if (node < 0 || cell.name_of_node(node) != location) continue;
        const auto* region = cell.region_of(static_cast<int>(row));
        if (!region) break;
        for (const auto& m : region->mechanisms)
            for (const auto& s : m.schema.states) names.push_back(fmt::format("{}.{}", m.schema.name, s.name));
    }
    return names;
}

}  // namespace

bool flight_record::operator==(const flight_record& o) const {
    return at.cell == o.at.cell && at.population == o.at.population && at.location == o.at.location && at.quantity == o.at.quantity && same_bits(at.time_ms, o.at.time_ms) &&
           same_bits(at.value, o.at.value) && columns == o.columns && std::ranges::equal(times, o.times, same_bits) && std::ranges::equal(values, o.values, same_bits);
}

flight_record record_flight(const circuit& c, const run_options& options, const divergence& at, duration until, int steps,
                            const catalogue& mechanisms) {
    if (steps < 1) throw invalid_model("flight record / steps", fmt::format("{}", steps), "at least 1");
    const auto population = std::ranges::find(c.populations, at.population, &population::name);
    if (population == c.populations.end() || at.cell < 0 || at.cell >= population->size)
        throw invalid_model("flight record", fmt::format("the circuit has no cell {} of '{}'", at.cell, at.population));
    const auto n = static_cast<int>(population - c.populations.begin());
    const int cell = static_cast<int>(at.cell);

    flight_record record{.at = at, .columns = {}, .times = {}, .values = {}};
    auto watched = c;
    watched.probes.clear(), watched.meters.clear();
    const auto heard = heard_in(watched, options, until, {}, mechanisms);
    {
        const auto bare = compile(watched, options, mechanisms);
        record.columns = readable(*bare, bare->populations[index(n)], at.location);
    }
    for (const auto& name : record.columns) watched.probes.push_back({name, {at.population, at.location, {cell}}, name, 0*units::ms, 0*units::ms});
    auto alone = options;
    alone.lanes = 1;   // bits do not depend on it
    simulation run(compile(watched, alone, mechanisms), with_joined(watched, {{n, cell}}), heard);
    try {
        run.run(until);
    } catch (const diverged& e) {
        record.at = e.at();
        const auto& first = run.recordings().front();
        std::vector<std::size_t> rows;
        for (std::size_t row = 0; row < first.rows(); ++row)
            if (first.time(row) <= e.at().time_ms + 1e-9) rows.push_back(row);
        if (rows.size() > index(steps)) rows.erase(rows.begin(), rows.end() - steps);
        for (const auto row : rows) {
            record.times.push_back(first.time(row));
            for (const auto& r : run.recordings()) record.values.push_back(r.samples[row]);
        }
        return record;
    }
    throw invalid_model("flight record", fmt::format("cell {} of '{}' does not fail before {} ms", at.cell, at.population, until.coherent()),
                        "is it the same model, and the same program?");
}

}  // namespace apical
