// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "analysis/energy.hpp"
#include "io/html_report.hpp"
#include "io/json.hpp"

namespace apical::cli {

/// What the energy meters of a circuit found, every cell.
std::vector<energy_report> energy_reports(const simulation& done);

/// As JSON, as tables for the console, and as the rows of energy.csv: one for each meter, cell, section, mechanism and ion.
json::value document(const std::vector<energy_report>&);
std::string text(const std::vector<energy_report>&);
std::string csv(const std::vector<energy_report>&);

/// For the report: what ATP goes into, meter by meter, and what a spike costs each cell. Nothing where there are no meters.
std::vector<html::figure> figures(const std::vector<energy_report>&);

}  // namespace apical::cli
