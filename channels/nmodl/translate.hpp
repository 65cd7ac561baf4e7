// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "channels/nmodl/program.hpp"

namespace apical::nmodl {

/// What became of a file: a program, unless there are errors among what was found.
struct translation {
    std::shared_ptr<const nmodl::program> program;
    diagnostics found;
};

/// Reads, parses and lowers a file of NMODL. Files that it includes are looked for beside it and in `folders`.
translation translate(const std::string& path, const std::vector<std::string>& folders = {});

/// The same of a text, which is called `name` in what is found.
translation translate_text(std::string text, std::string name, const std::vector<std::string>& folders = {});

}  // namespace apical::nmodl
