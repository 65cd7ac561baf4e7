// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/communicator.hpp"
#include "engine/network.hpp"
#include "engine/simulation.hpp"

namespace apical {

/// A simulation at one step: what io/checkpoint.hpp writes to a file. Blocks of cells are the same for any number of processes. With several, each has
/// its own blocks, the others' being empty, and process 0 the rest; of one that is read from a file process 0 has everything.
struct checkpoint {
    std::uint64_t model = 0;                       ///< fingerprint of the plan
    std::int64_t step = 0;
    std::vector<std::vector<double>> blocks;       ///< [blocks, then blocks of point neurons of the plan] images of their states
    std::vector<sent_spike> travelled, posted;     ///< between cells
    std::uint32_t numbered = 0;                    ///< spikes that have numbers, see sent_spike
    std::vector<spike> spikes;
    std::vector<std::vector<double>> samples;      ///< [probes] those that have not been taken
    std::vector<std::size_t> taken;                ///< [probes] rows of samples that have been
    std::vector<std::vector<double>> weights;      ///< times and samples of each weight probe in turn
    double gap_residual = 0;
    std::vector<sent_spike> sent;                  ///< from outside, all so far
};

/// A checkpoint, or the part of one that a process needs, for other processes of this program, and back; throws std::out_of_range if bytes
/// are missing.
std::vector<std::byte> to_bytes(const checkpoint& c);
checkpoint checkpoint_of(std::span<const std::byte> bytes);

/// How many numbers each block has, whosever it is: on every process, all of which call it together. No `ranks`: all blocks are here.
std::vector<std::uint64_t> block_sizes(const checkpoint& c, communicator* ranks);
/// Calls f on process 0 with the numbers of every block in turn, of these sizes. Those of other processes come in pieces of some 16 MB, or one
/// block that is larger: nobody holds them all. All call it together; f may not throw, for the others would wait.
void for_each_block(const checkpoint& c, std::span<const std::uint64_t> sizes, communicator* ranks, const std::function<void(std::span<const double>)>& f);

/// A number that plans share whose simulations may go on from each other's checkpoints: of sizes, parameters, connections and options,
/// without processes and threads. With several processes all call it together.
std::uint64_t fingerprint(const plan& p);

}  // namespace apical
