// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace apical {

class communicator;

/// Where the time of one process has gone in simulation::run(), and what passed between cells. Taken from a few readings of the clock
/// an epoch: it costs nothing that can be measured, and changes no result.
struct run_statistics {
    double wall = 0;                               ///< [s]
    std::vector<double> busy;                      ///< [threads] advancing cells and delivering spikes to them [s]
    double delivery = 0;                           ///< of that, on all threads together: delivering, from one exchange in 16 [s]
    double exchange = 0;                           ///< of wall: sending, sorting and making spikes between epochs [s]
    double wait = 0;                               ///< of wall: for other processes [s]
    std::int64_t spikes = 0;                       ///< found on this process
    std::int64_t sent = 0, arrived = 0;            ///< spikes given to other cells; taken in by this process, of all processes and sources
    std::int64_t exchanges = 0;                    ///< epochs of spikes that have begun
    std::int64_t rounds = 0;                       ///< times that cells joined by gap junctions were solved, all at once
    std::int64_t received = 0;                     ///< bytes of spikes and voltages from all processes

    /// Of all threads [s].
    double busy_sum() const;
};

/// Seconds of all threads of all processes, by what they were spent on.
struct phase_seconds {
    double compute = 0;                            ///< advancing cells
    double deliver = 0;                            ///< spikes to them
    double exchange = 0;                           ///< spikes between processes, and making those of random sources
    double wait = 0;                               ///< for other processes
    double idle = 0;                               ///< for other threads
    double sum() const { return compute + deliver + exchange + wait + idle; }
};
phase_seconds phases_of(std::span<const run_statistics> of_processes);

/// How evenly work lies on all threads of all processes: the busiest thread's time over their mean. 1 is best.
double imbalance(std::span<const run_statistics> of_processes);

/// Those of all processes, in order of rank, on process 0; nothing on the others. All call it together; null: this one alone.
std::vector<run_statistics> gathered(const run_statistics& mine, communicator* ranks);

}  // namespace apical
