// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "morphology/read.hpp"

namespace apical::reference {

/// A table of tests/reference/neuron: lines that start with # are remarks, the next one names the columns.
class table {
public:
    explicit table(const std::string& file) {
        std::ifstream in(std::string(APICAL_SOURCE_DIR) + "/tests/reference/neuron/" + file);
        if (!in) throw std::runtime_error("no reference table " + file);
        for (std::string line; std::getline(in, line);) {
            if (line.starts_with('#')) continue;
            if (columns_.empty()) columns_ = words(line);
            else rows_.push_back(words(line));
        }
    }

    std::size_t size() const { return rows_.size(); }
    const std::string& text(std::size_t row, const std::string& column) const { return rows_.at(row).at(index(column)); }
    double number(std::size_t row, const std::string& column) const { return std::stod(text(row, column)); }
    /// Numbers of a column, of the rows whose `key` column reads `value`.
    std::vector<double> numbers(const std::string& column, const std::string& key, const std::string& value) const {
        std::vector<double> found;
        for (std::size_t i = 0; i < size(); ++i) {
            if (text(i, key) == value) found.push_back(number(i, column));
        }
        return found;
    }
    /// The one row whose `key` column reads `value`.
    std::size_t row(const std::string& key, const std::string& value) const {
        for (std::size_t i = 0; i < size(); ++i) {
            if (text(i, key) == value) return i;
        }
        throw std::runtime_error("no row " + key + " = " + value);
    }

private:
    static std::vector<std::string> words(const std::string& line) {
        std::vector<std::string> found;
        std::stringstream rest(line);
        for (std::string word; std::getline(rest, word, ',');) found.push_back(word);
        if (line.ends_with(',')) found.emplace_back();
        return found;
    }
    std::size_t index(const std::string& column) const {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (columns_[i] == column) return i;
        }
        throw std::runtime_error("no column " + column);
    }

    std::vector<std::string> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// The reconstruction of Hay et al. (2011), which is not ours to ship: from $APICAL_DATA/morphologies, or
/// ../shared/data/morphologies beside the sources. Empty if it is not there.
inline std::optional<std::filesystem::path> hay_cell1_file() {
    const char* named = std::getenv("APICAL_DATA");
    const auto data = named ? std::filesystem::path(named) : std::filesystem::path(APICAL_SOURCE_DIR)/"../shared/data";
    const auto file = data/"morphologies/hay2011_cell1.asc";
    if (std::filesystem::exists(file)) return file;
    return std::nullopt;
}

/// Tests on the reconstruction; skipped, saying so, where it is absent.
class hay_cell1 : public testing::Test {
protected:
    void SetUp() override {
        const auto file = hay_cell1_file();
        if (!file) GTEST_SKIP() << "hay2011_cell1.asc is not there: set APICAL_DATA to the folder that holds morphologies/";
        shape = read_morphology(*file).shape.rounded_like_neuron();
    }
    morphology shape;   ///< with the arithmetic of NEURON's importer, for results to more than six digits
};

}  // namespace apical::reference
