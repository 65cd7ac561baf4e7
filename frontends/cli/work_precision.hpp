// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "analysis/work_precision.hpp"
#include "io/html_report.hpp"
#include "io/json.hpp"

/// Work and precision, as the program tells them.
namespace apical::cli {

json::value document(const work_precision& w);
std::string text(const work_precision& w);
html::page page(const work_precision& w, const std::string& title);

}  // namespace apical::cli
