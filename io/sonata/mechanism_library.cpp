// SPDX-License-Identifier: BSD-3-Clause
#include "io/sonata/mechanism_library.hpp"

#include <algorithm>
#include <vector>

#include "io/mechanisms.hpp"

namespace apical::sonata {
namespace {

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& one : {folder, folder/"modfiles"}) {
        std::error_code none;
        for (std::filesystem::directory_iterator at(one, none), end; !none && at != end; at.increment(none))
            if (at->path().extension() == ".mod" && at->is_regular_file(none)) files.push_back(at->path());   // a pipe would be waited for
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace

std::shared_ptr<const nmodl::mechanism> mechanism_library::find(const std::string& name) {
    if (folder_.empty()) return nullptr;
    if (const auto known = known_.find(name); known != known_.end()) return known->second;
    const auto files = files_in(folder_);
    // a file is called like what it defines, most often
    for (const auto& file : files)
        if (file.stem() == name) {
            const auto read = load_mechanisms(file).mechanisms.front();
            if (read->source().name == name) return known_[name] = read;
        }
    for (const auto& file : files) {
        if (file.stem() == name) continue;
        try {
            const auto read = load_mechanisms(file).mechanisms.front();
            if (read->source().name == name) return known_[name] = read;
        } catch (const invalid_input&) {   // it is somebody else's
        }
    }
    return known_[name] = nullptr;
}

}  // namespace apical::sonata
