// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

/// A table written by NEURON (tests/reference/neuron): lines that start with # are remarks, the next one names the columns.
namespace apical::reference {

struct neuron_table {
    std::map<std::string, std::size_t> columns;
    std::vector<std::vector<std::string>> rows;

    const std::string& text(std::size_t row, const std::string& column) const { return rows.at(row).at(columns.at(column)); }
    double number(std::size_t row, const std::string& column) const { return std::strtod(text(row, column).c_str(), nullptr); }
};

/// Nothing if the file is not there.
inline std::optional<neuron_table> read_neuron_table(const std::string& file) {
    std::ifstream in(std::string(APICAL_SOURCE_DIR) + "/tests/reference/neuron/" + file);
    if (!in) return {};
    neuron_table table;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with('#')) continue;
        std::vector<std::string> words;
        std::istringstream rest(line);
        for (std::string word; std::getline(rest, word, ',');) words.push_back(word);
        if (!table.columns.empty()) table.rows.push_back(words);
        else
            for (std::size_t i = 0; i < words.size(); ++i) table.columns[words[i]] = i;
    }
    return table;
}

/// The largest of many relative differences from NEURON, and where it was.
struct deviation {
    double largest = 0;
    std::string where;

    void take(double ours, double neurons, double negligible, const std::string& place) {
        const double difference = std::abs(ours - neurons);
        if (difference <= negligible) return;
        const double relative = difference/std::abs(neurons);  // infinite where NEURON has 0; not a number counts as infinite
        if (relative <= largest) return;
        largest = std::isnan(relative) ? std::numeric_limits<double>::infinity() : relative;
        where = place;
    }
};

}  // namespace apical::reference
