// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace apical {

/// Folders that may hold the data files shipped with Apical, in order of precedence: the one named by the environment
/// variable APICAL_DATA_DIR, the installed one, that of the source tree this was built from.
std::vector<std::filesystem::path> data_folders();

/// Path of a shipped data file, such as "morphologies/pv_basket_a.swc": the first of data_folders() that has it.
/// Throws invalid_input listing the folders searched if none has.
std::filesystem::path data_file(std::string_view name);

/// The folder of the headers that compiled mechanisms need: the one named by the environment variable APICAL_INCLUDE_DIR, the installed
/// one, or the source tree this was built from. Throws invalid_input listing the folders searched if none has them.
std::filesystem::path header_folder();

}  // namespace apical
