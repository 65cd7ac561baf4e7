// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "channels/nmodl/lint.hpp"
#include "frontends/cli/console.hpp"

namespace apical::cli {

/// What `apical channels lint` is asked.
struct lint_request {
    std::vector<std::string> files, folders;
    nmodl::lint_options options;
    bool lists_rules = false;
};

/// Lists the options of `apical channels lint`.
void bind_lint(CLI::App&, lint_request&);

/// Checks files of NMODL and says what is found. Returns an exit code: warnings are no failure.
int lint_channels(const lint_request&, const console&);

}  // namespace apical::cli
