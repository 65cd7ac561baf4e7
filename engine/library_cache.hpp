// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/compiler.hpp"

namespace apical {

/// How mechanisms are compiled, and where the result is kept.
struct plug_in_options {
    std::filesystem::path cache = {};      ///< empty: $APICAL_CACHE, or apical in $XDG_CACHE_HOME, or in ~/.cache
    std::string compiler = {};             ///< empty: $CXX, or the first of c++, g++ and clang++ that there is
    int jobs = 0;                          ///< compilers that run at once; 0: one a core
    bool is_general = false;               ///< all in the form that any mechanism has, even those that could be channels of the package's form
};

/// A library that is loaded, and stays so as long as the process lives.
struct cached_library {
    std::filesystem::path path;
    void* handle = nullptr;
    bool was_there = false;

    /// A function of it; null if there is none of this name.
    void* find(const std::string& symbol) const;
};

/// What a library is made of.
struct library_source {
    std::string content;                                        ///< everything that is written: what it is found again by
    std::function<std::vector<unit_text>(int jobs)> units;      ///< for so many compilers
    std::function<bool(const cached_library&)> fits;            ///< whether one that was loaded is what it should be
};

/// The library from the cache, or compiled. One is found again if content, compiler, options, and Apical's version and headers are the
/// same; a damaged one is made anew. Any number of processes may ask at once. Nothing if there is no compiler. Throws invalid_input if
/// the cache cannot be written, or with the compiler's text if it refuses what was written.
std::optional<cached_library> library_for(const library_source&, const plug_in_options&);

/// The folder that compiled mechanisms are kept in.
std::filesystem::path plug_in_cache(const plug_in_options& = {});

}  // namespace apical
