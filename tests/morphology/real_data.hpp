// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace apical::testing {

/// A published file that is not ours to ship: below $APICAL_DATA, or the data folder beside the source tree. May be absent.
inline std::filesystem::path published(const std::string& name) {
    if (const char* folder = std::getenv("APICAL_DATA")) return std::filesystem::path(folder) / name;
    return std::filesystem::path(APICAL_SOURCE_DIR) / "../shared/data" / name;
}

/// What a test says when it is skipped for the lack of one.
inline std::string missing(const std::filesystem::path& path) {
    return path.filename().string() + " is not there: set APICAL_DATA to the folder that holds morphologies/ and sonata/";
}

inline std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

using csv_row = std::map<std::string, std::string>;

/// Rows of a table in tests/reference/neuron, each as column name -> text; lines beginning with # are skipped.
inline std::vector<csv_row> reference_rows(const std::string& name) {
    std::ifstream file(std::filesystem::path(APICAL_SOURCE_DIR) / "tests/reference/neuron" / name);
    std::vector<csv_row> rows;
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
        for (csv_row& row = rows.emplace_back(); const auto& column : columns) {
            row[column] = cells[static_cast<std::size_t>(&column - columns.data())];
        }
    }
    return rows;
}

}  // namespace apical::testing
