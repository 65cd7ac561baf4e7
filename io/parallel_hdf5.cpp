// SPDX-License-Identifier: BSD-3-Clause
#include "io/parallel_hdf5.hpp"

#include "core/error.hpp"
#include "io/hdf5_checks.hpp"

#ifdef APICAL_PARALLEL_HDF5
#include <mpi.h>

#include <hdf5.h>
#endif

namespace apical::hdf5 {

#ifndef APICAL_PARALLEL_HDF5

namespace {

[[noreturn]] void refuse() {
    throw unsupported("HDF5", "this build of Apical writes files from one process", "install an HDF5 built with MPI, such as libhdf5-openmpi-dev, and configure with -DAPICAL_PARALLEL_HDF5=ON");
}

}  // namespace

bool is_parallel() { return false; }
handle shared_access(const communicator&) { refuse(); }
handle collective_transfer() { refuse(); }

#else

bool is_parallel() { return true; }

handle shared_access(const communicator& all) {
    const quiet guard;
    auto access = owned(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "HDF5", "a file cannot be shared");
    check(H5Pset_fapl_mpio(access.id(), *static_cast<const MPI_Comm*>(all.native()), MPI_INFO_NULL), "HDF5", "a file cannot be shared");
    return access;
}

handle collective_transfer() {
    const quiet guard;
    auto transfer = owned(H5Pcreate(H5P_DATASET_XFER), H5Pclose, "HDF5", "a file cannot be shared");
    check(H5Pset_dxpl_mpio(transfer.id(), H5FD_MPIO_COLLECTIVE), "HDF5", "a file cannot be shared");
    return transfer;
}

#endif

}  // namespace apical::hdf5
