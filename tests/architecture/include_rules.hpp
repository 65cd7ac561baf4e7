// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tests/architecture/source_tree.hpp"

namespace apical::architecture {

/// An #include line.
struct include {
    std::string target;
    int line;
    bool is_quoted;
};
std::vector<include> includes_of(const source_file&);

/// Includes that point upward or sideways in the order of the folders:
/// core < {morphology, channels, solvers, plasticity} < circuit < {models, engine} < {io, analysis} < frontends, and analysis does
/// not know models.
/// io and analysis see engine/*.hpp only, not what is in its subfolders.
breaches check_folder_order(const source_tree&);

/// `#include "..."` of a file that is not in the tree (as a path from the root). tests/install and tests/docs compile against files
/// made for them and are left out.
breaches check_includes_exist(const source_tree&);

/// Angle-bracket includes other than the standard library's, outside the place the library has in the house.
breaches check_third_party(const source_tree&);

/// Two folders whose files include each other. Subfolders count on their own, but a folder and its own subfolder may.
breaches check_mutual_folders(const source_tree&);

/// Files that include themselves by way of others.
breaches check_cycles(const source_tree&);

}  // namespace apical::architecture
