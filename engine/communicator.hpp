// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/error.hpp"
#include "engine/network.hpp"

namespace apical {

/// The processes cannot speak to each other, or no longer.
struct mpi_failure : error { using error::error; };

/// Values that two processes give each other: where they are in a list, in an order that both know.
struct value_route {
    int rank = 0;                                  ///< the other one
    std::vector<std::size_t> sends, receives;
};

/// The processes that share a simulation, as one of them sees them. All call the same functions in the same order.
class communicator {
public:
    virtual ~communicator() = default;
    virtual int rank() const = 0;
    virtual int size() const = 0;

    /// Begins to give every process the spikes of all; returns at once. The spikes may change afterwards.
    virtual void begin_exchange(std::span<const sent_spike> mine) = 0;
    /// Those of all processes, in order of rank, of the exchange begun last. Throws mpi_failure if another process is gone.
    virtual std::vector<sent_spike> end_exchange() = 0;

    /// Gives others the values they need and takes those that are needed here. All processes call it together.
    virtual void share(std::span<std::array<double, 2>> values, std::span<const value_route> routes) = 0;
    /// Bytes of spikes and of shared values that have come to this process so far.
    virtual std::int64_t received() const = 0;

    virtual std::int64_t least(std::int64_t mine) = 0;
    virtual double sum(double mine) = 0;
    virtual double largest(double mine) = 0;
    /// What every process gives, one after the other in order of rank, on process 0; nothing on the others.
    virtual std::vector<std::vector<std::byte>> gather(std::span<const std::byte> mine) = 0;
    /// What process 0 gives, on every process.
    virtual std::vector<std::byte> broadcast(std::span<const std::byte> of_first) = 0;
    /// What process 0 makes for each process, for itself last, and holds one at a time.
    virtual std::vector<std::byte> scatter(const std::function<std::vector<std::byte>(int rank)>& made) = 0;
    /// Where the MPI library's own communicator is, an MPI_Comm, for others that use the library; null without one.
    virtual const void* native() const { return nullptr; }
    /// Ends all processes at once, this one too, with an exit code: one has failed, and the others would wait for it.
    virtual void abandon(int code) = 0;
};

}  // namespace apical
