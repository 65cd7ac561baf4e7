// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <functional>

#include "tests/architecture/source_tree.hpp"

namespace apical::architecture {

/// Says whether there is a file or folder of this path from the repository root.
using path_exists = std::function<bool(const std::string&)>;

/// The Markdown files at the root and in docs/.
source_tree read_documents(const std::filesystem::path& root);

/// `[text](path)` and `![text](path)` to a file that is not there. Links to elsewhere and within the page are not looked at.
breaches check_links(const source_tree& documents, const path_exists& exists);

/// Code spans like `channels/hh_na.hpp` that name a source file which is not there. Names with "my_" or "*" stand for others, and a
/// file the document shows itself, below "<!-- file: path -->", counts as there.
breaches check_file_names(const source_tree& documents, const path_exists& exists);

}  // namespace apical::architecture
