// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "io/hdf5.hpp"

/// What the files that speak to HDF5 share: its identifiers and codes as errors of ours.
namespace apical::hdf5 {

/// Keeps HDF5 from printing its error stack; ours tells the same in one line.
class quiet {
public:
    quiet();
    quiet(const quiet&) = delete;
    quiet& operator=(const quiet&) = delete;
    ~quiet();

private:
    int (*print_)(std::int64_t, void*) = nullptr;
    void* data_ = nullptr;
};

/// What went wrong, as the innermost of HDF5's functions tells it.
std::string reason();
/// Throws invalid_input with the reason.
[[noreturn]] void fail(std::string where, std::string_view what);
/// Of a new identifier; throws invalid_input if HDF5 gave none.
handle owned(std::int64_t id, handle::closer close, const std::string& where, std::string_view what);
/// Throws invalid_input if HDF5 tells of a failure.
void check(int status, const std::string& where, std::string_view what);

}  // namespace apical::hdf5
