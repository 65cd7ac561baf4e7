// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "channels/nmodl/diagnostic.hpp"
#include "channels/nmodl/mechanism.hpp"
#include "channels/nmodl/syntax.hpp"

/// Checks of mechanisms, for what compiles and is still wrong, or wrong in the next program. All findings are warnings, each with its place,
/// the reason and the edit.
namespace apical::nmodl {

/// What the mechanism is meant to run with.
struct lint_options {
    double dt = 0.025;            ///< [ms]
    double celsius = 34;          ///< [degC]
    double from = -120, to = 80;  ///< [mV] potentials that are tried
};

/// What a file says. Rules: "units" (see units.hpp); "singularity", 0/0 at a potential, unguarded; "conservation", a CONSERVE that the
/// reactions do not keep, or none where they keep a sum; "table", a TABLE that does not follow what it reads; "initial", a state that INITIAL
/// leaves alone; "unused", what is declared and not used.
void lint_text(const syntax::file&, diagnostics& found);

/// What a program does with memory. Rule: "global-race", a GLOBAL that instances give unlike values and that one may read as another left it.
void lint_program(const syntax::file&, const program&, diagnostics& found);

/// What a mechanism does when it runs, over a range of potentials. Rules: "stiff", a step that carries a state past its steady
/// state, or states that relax within a step everywhere, of up to 60 states; "sign", a current whose slope is negative everywhere.
void lint_run(const syntax::file&, std::shared_ptr<const mechanism>, const lint_options&, diagnostics& found);

/// A file, read and checked in every way. Errors of translation are among what is found; with them only the text is checked.
diagnostics lint(const std::string& path, const lint_options& = {}, const std::vector<std::string>& include_folders = {});

/// The rules, each with what it looks for, for lists.
struct lint_rule { std::string_view name, summary; };
const std::vector<lint_rule>& lint_rules();

}  // namespace apical::nmodl
