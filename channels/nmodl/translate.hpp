// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "channels/nmodl/program.hpp"
#include "channels/nmodl/syntax.hpp"

namespace apical::nmodl {

/// What became of a file of NMODL.
struct translation {
    std::shared_ptr<const nmodl::program> program;   ///< null if there are errors among what was found
    diagnostics found;
};

/// Reads, parses and lowers a file, and mends its removable singularities. Files it includes are looked for beside it, then in the folders.
/// Never throws for what the file says: all of that is in `found`, a file that is not there too.
translation translate_file(const std::string& path, const std::vector<std::string>& include_folders = {});

/// What follows of a file that has been parsed, and is called `name`; null if there are errors among what was found.
std::shared_ptr<const program> translate(syntax::file, diagnostics& found, std::string name = {});

/// The same of a text, which `name` stands for in messages.
translation translate_text(std::string text, std::string name, const std::vector<std::string>& include_folders = {});

}  // namespace apical::nmodl
