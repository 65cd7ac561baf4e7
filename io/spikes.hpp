// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "circuit/circuit.hpp"
#include "engine/simulation.hpp"
#include "io/output_file.hpp"

namespace apical {

/// Which order the spikes of a file are in; the values are those of the SONATA enumeration.
enum class spike_order : int { none, by_id, by_time };

/// Which of a spike's two times to keep.
enum class spike_time {
    interpolated,    ///< where the threshold is crossed within the step
    on_step          ///< the first step above the threshold, as NEURON's fixed step reports
};

/// The spikes of one population, as SONATA files hold them: two columns of one length.
struct population_spikes {
    std::string population;
    std::vector<double> times;              ///< [ms]
    std::vector<std::uint64_t> cells;       ///< index within the population, SONATA's node id
    spike_order order = spike_order::by_time;
    bool operator==(const population_spikes&) const = default;
};

/// One entry a population of the circuit, silent ones included, each in order of time, then cell.
std::vector<population_spikes> by_population(std::span<const spike> spikes, const circuit& model,
                                             spike_time which = spike_time::interpolated);

/// Writes a SONATA spike file: /spikes/<population>/{timestamps [ms], node_ids}, with the enumeration attribute `sorting`.
/// Throws invalid_input naming the file and the reason; a failure leaves no file.
/// Format: SONATA developer guide, "Spike file" (Dai et al. 2020, PLoS Comput Biol 16:e1007696).
void write_spikes(const std::filesystem::path& path, std::span<const population_spikes> spikes, overwrite mode = overwrite::no);

/// Reads a SONATA spike file, also in the older layouts: `sorting` as text, and /spikes/{timestamps, gids} without a population
/// (then named ""). Throws invalid_input naming the file, the place in it and what is wrong: columns of unequal length,
/// times that are not finite, negative ids, or an order other than the one the file claims.
std::vector<population_spikes> read_spikes(const std::filesystem::path& path);

/// The same as text, separated by blanks as SONATA asks: a header "timestamps population node_ids", then a line a spike in order
/// of time. Names with blanks or quotes are quoted.
void write_spikes_csv(const std::filesystem::path& path, std::span<const population_spikes> spikes, overwrite mode = overwrite::no);

}  // namespace apical
