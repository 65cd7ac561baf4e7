// SPDX-License-Identifier: BSD-3-Clause
#include "core/data_path.hpp"

#include <cstdlib>
#include <string>
#include <system_error>

#include "core/error.hpp"

namespace apical {

std::vector<std::filesystem::path> data_folders() {
    std::vector<std::filesystem::path> folders;
    if (const char* named = std::getenv("APICAL_DATA_DIR"); named && *named) folders.emplace_back(named);
#ifdef APICAL_INSTALLED_DATA
    folders.emplace_back(APICAL_INSTALLED_DATA);
#endif
#ifdef APICAL_SOURCE_DATA
    folders.emplace_back(APICAL_SOURCE_DATA);
#endif
    return folders;
}

std::filesystem::path data_file(std::string_view name) {
    std::string searched;
    for (const auto& folder : data_folders()) {
        const auto path = folder/name;
        std::error_code ignored;  // an unreadable folder does not have the file
        if (std::filesystem::exists(path, ignored)) return path;
        searched += (searched.empty() ? "" : ", ") + folder.string();
    }
    throw invalid_input(std::string(name), searched.empty() ? "no folder of data files is known" : "not found in " + searched,
                        "set APICAL_DATA_DIR to the folder that holds Apical's data files");
}

std::filesystem::path header_folder() {
    std::vector<std::filesystem::path> folders;
    if (const char* named = std::getenv("APICAL_INCLUDE_DIR"); named && *named) folders.emplace_back(named);
#ifdef APICAL_INSTALLED_HEADERS
    folders.emplace_back(APICAL_INSTALLED_HEADERS);
#endif
#ifdef APICAL_SOURCE_HEADERS
    folders.emplace_back(APICAL_SOURCE_HEADERS);
#endif
    std::string searched;
    for (const auto& folder : folders) {
        std::error_code ignored;
        if (std::filesystem::exists(folder/"engine/kernels/exported.hpp", ignored)) return folder;
        searched += (searched.empty() ? "" : ", ") + folder.string();
    }
    throw invalid_input("headers of Apical", searched.empty() ? "no folder of headers is known" : "not found in " + searched,
                        "set APICAL_INCLUDE_DIR to the folder that holds core/pack.hpp and the others");
}

}  // namespace apical
