// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/architecture/source_tree.hpp"

namespace apical::architecture {

inline constexpr int most_lines_of_a_file = 500;
inline constexpr int most_lines_of_a_function = 80;

/// The licence line is the first, or the second below a "#!" line.
breaches check_licence_lines(const source_tree&);

/// Of C++ and CUDA.
breaches check_file_lengths(const source_tree&);

/// From the first line of the signature to the closing brace; a lambda counts as part of what surrounds it.
breaches check_function_lengths(const source_tree&);

/// A header begins with #pragma once behind its licence, and defines no macro.
breaches check_header_preprocessing(const source_tree&);

/// The library never prints.
breaches check_silence(const source_tree&);

/// Variables at namespace scope, static members and static locals of the library that are not const.
breaches check_global_state(const source_tree&);

/// Types and functions that a public header declares at namespace scope stand under a `///`, their own or their paragraph's;
/// overloads share theirs; a type may instead explain its members. A header is public if another folder includes it (tests aside),
/// or if it is a channel.
breaches check_documented(const source_tree&);

/// Notes of unfinished work.
breaches check_finished(const source_tree&);

}  // namespace apical::architecture
