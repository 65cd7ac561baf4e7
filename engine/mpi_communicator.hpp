// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <memory>

#include "engine/communicator.hpp"

namespace apical {

/// What a launcher of parallel programs (mpirun, mpiexec, srun) says of itself, before MPI begins. Without one: rank 0 of 1.
struct launch {
    int rank = 0, size = 1;
};
launch launched();

/// Whether this build can speak to other processes.
bool has_mpi();

/// The processes that the launcher has started, to be named in run_options::ranks. There is one in a program, made and used by one
/// thread; MPI ends with it. Messages larger than `largest_message` bytes go in pieces. An error of MPI, such as the end of another
/// process, is thrown as mpi_failure where the MPI library leaves the choice. If it is destroyed by an exception it ends all processes,
/// for the others may be waiting for this one.
/// Throws unsupported if this build is without MPI, mpi_failure if MPI does not begin.
std::unique_ptr<communicator> world_communicator(std::size_t largest_message = std::size_t{1} << 28);

}  // namespace apical
