// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

#include "channels/nmodl/translate.hpp"
#include "engine/plug_in.hpp"

namespace apical::nmodl::testing {

/// A folder that is gone with the object; its name has blanks and quotes.
class odd_folder {
public:
    odd_folder() {
        path_ = std::filesystem::temp_directory_path()/("apical it's \"odd\" $HOME " + std::to_string(::getpid()) + "." + std::to_string(count()));
        std::filesystem::create_directories(path_);
    }
    ~odd_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    odd_folder(const odd_folder&) = delete;
    odd_folder& operator=(const odd_folder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    static int count() {
        static int n = 0;
        return ++n;
    }
    std::filesystem::path path_;
};

inline std::shared_ptr<const program> program_of(const std::filesystem::path& file) {
    auto t = translate_file(file.string());
    if (!t.program) {
        std::string text;
        for (const auto& d : t.found.all()) text += d.text() + "\n";
        throw std::runtime_error(text);
    }
    return t.program;
}
inline std::shared_ptr<const program> program_from(const char* text, const char* name = "test.mod") {
    auto t = translate_text(text, name);
    if (!t.program) throw std::runtime_error(t.found.all().front().text());
    return t.program;
}

}  // namespace apical::nmodl::testing
