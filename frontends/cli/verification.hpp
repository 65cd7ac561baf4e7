// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "analysis/verification.hpp"
#include "io/html_report.hpp"
#include "io/json.hpp"

/// The accuracy of a run, as the program tells it.
namespace apical::cli {

json::value document(const verification& v);
std::string text(const verification& v);
std::vector<html::figure> tables(const verification& v);

}  // namespace apical::cli
