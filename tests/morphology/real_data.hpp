// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace apical::testing {

/// A published file that is not ours to ship: below $APICAL_DATA or the data folder beside the source tree; may not exist.
inline std::filesystem::path published(const std::string& name) {
    if (const char* folder = std::getenv("APICAL_DATA")) return std::filesystem::path(folder) / name;
    return std::filesystem::path(APICAL_SOURCE_DIR) / "../shared/data" / name;
}

/// Rows of a comma-separated file, each as column name -> text; lines beginning with # are skipped.
inline std::vector<std::map<std::string, std::string>> csv_rows(const std::string& name) {
    std::ifstream file(std::filesystem::path(APICAL_SOURCE_DIR) / "tests/reference/neuron" / name);
    std::vector<std::map<std::string, std::string>> rows;
    std::vector<std::string> columns;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::vector<std::string> cells;
        std::stringstream in(line);
        for (std::string cell; std::getline(in, cell, ',');) cells.push_back(cell);
        if (columns.empty()) {
            columns = cells;
            continue;
        }
        cells.resize(columns.size());
        auto& row = rows.emplace_back();
        for (std::size_t i = 0; i < columns.size(); ++i) row[columns[i]] = cells[i];
    }
    return rows;
}

}  // namespace apical::testing

/// Skips the test, saying what is missing.
inline bool announce_missing(const std::filesystem::path& path) {
    if (std::filesystem::exists(path)) return false;
    std::cerr << "SKIPPED: " << path.filename() << " is not there; set APICAL_DATA to the folder that holds morphologies/ and sonata/\n";
    return true;
}
