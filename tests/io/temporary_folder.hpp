// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <random>
#include <string>

namespace apical::testing {

/// A new empty folder, removed with all that is in it.
class temporary_folder {
public:
    temporary_folder() {
        std::random_device entropy;
        do path_ = std::filesystem::temp_directory_path() / ("apical_test_" + std::to_string(entropy()));
        while (!std::filesystem::create_directory(path_));
    }
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;
    ~temporary_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    const std::filesystem::path& path() const { return path_; }
    /// Files and folders in it, hidden ones included.
    int entries() const {
        int n = 0;
        for ([[maybe_unused]] const auto& e : std::filesystem::directory_iterator(path_)) ++n;
        return n;
    }

private:
    std::filesystem::path path_;
};

}  // namespace apical::testing
