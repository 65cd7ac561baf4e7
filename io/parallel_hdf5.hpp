// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/communicator.hpp"
#include "io/hdf5.hpp"

/// Files that several processes write together, where HDF5 is built with the MPI library that Apical is built with.
namespace apical::hdf5 {

/// Whether this build can.
bool is_parallel();

/// How a file is opened by several together, a file access property list of HDF5; and how data sets are written then, a transfer property list.
/// Throw unsupported if this build cannot.
handle shared_access(const communicator& all);
handle collective_transfer();

}  // namespace apical::hdf5
