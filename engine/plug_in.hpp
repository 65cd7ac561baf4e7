// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "channels/nmodl/mechanism.hpp"
#include "engine/catalogue.hpp"

namespace apical {

/// How mechanisms are compiled, and where the result is kept.
struct plug_in_options {
    std::filesystem::path cache;           ///< empty: $APICAL_CACHE, or apical in $XDG_CACHE_HOME, or in ~/.cache
    std::string compiler;                  ///< empty: $CXX, or the first of c++, g++ and clang++ that there is
    /// Sets of mechanisms that share compartments, by name: each gets one kernel. Built-in ones may be among them.
    std::vector<std::vector<std::string>> together = {};
    int jobs = 0;                          ///< compilers that run at once; 0: one a core
};

/// A mechanism that can be run.
struct plugged_mechanism {
    std::shared_ptr<const nmodl::program> source;
    /// In the form of the package's own channels, with all of their kernels; empty schema name if it has not this form.
    catalogue::entry channel;
    std::string why_general;               ///< what keeps it from that form; empty if it has it
    std::shared_ptr<const nmodl::mechanism> general;   ///< what runs it else; null if it has that form
};

/// Mechanisms as a compiled library, or evaluated where that cannot be had.
struct plug_in {
    std::vector<plugged_mechanism> mechanisms;
    std::vector<std::shared_ptr<const kernels::fused_table>> together;
    std::filesystem::path library;         ///< in the cache; empty: the mechanisms are evaluated
    std::string why_evaluated;             ///< why there is no library
    bool was_cached = false;               ///< it was there already
};

/// Compiles mechanisms, unless the same have been compiled before: with this version, compiler and options. Any number of processes may
/// do so at once. Where there is no compiler they are evaluated. Throws invalid_input if the cache cannot be written, or with the
/// compiler's text if it refuses what was written.
plug_in build_plug_in(const std::vector<std::shared_ptr<const nmodl::program>>&, const plug_in_options& = {});

/// The folder that compiled mechanisms are kept in.
std::filesystem::path plug_in_cache(const plug_in_options& = {});

}  // namespace apical
