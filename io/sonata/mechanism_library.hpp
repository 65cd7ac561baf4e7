// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "channels/nmodl/mechanism.hpp"

namespace apical::sonata {

/// The files of NMODL that come with a circuit, in its mechanisms_dir or in `modfiles` within, as BMTK has them. Read when they are asked for.
class mechanism_library {
public:
    /// Empty: there are none.
    explicit mechanism_library(std::filesystem::path folder = {}) : folder_(std::move(folder)) {}

    /// The mechanism of this name; null if no file defines it. Throws invalid_input if the file that does cannot be translated.
    std::shared_ptr<const nmodl::mechanism> find(const std::string& name);
    const std::filesystem::path& folder() const { return folder_; }

private:
    std::filesystem::path folder_;
    std::map<std::string, std::shared_ptr<const nmodl::mechanism>> known_;
};

}  // namespace apical::sonata
