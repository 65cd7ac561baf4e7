// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/hdf5.hpp"
#include "io/sonata/findings.hpp"

namespace apical::sonata {

/// Half-open ranges of rows.
using row_ranges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// Values of one attribute, one a row: numbers, or texts as codes into a list of different ones.
struct column {
    std::vector<double> numbers = {};
    bool is_whole = false;                       ///< the file holds whole numbers
    bool is_text = false;
    std::vector<std::uint32_t> codes = {};
    std::vector<std::string> labels = {};

    std::size_t size() const { return is_text ? codes.size() : numbers.size(); }
    /// Of a text: the number it spells, if it does.
    std::optional<double> number(std::size_t row) const;
    std::string text(std::size_t row) const;
};

/// One group of a population, /nodes/NAME/0 or /edges/NAME/0, with the attributes that its members have each for themselves. Those
/// of its folder dynamics_params are called "dynamics_params/NAME"; codes into its @library stand for their texts.
class attribute_group {
public:
    /// Looks at what is there without reading it. Sets of other than one dimension, of other lengths than the first and of other
    /// than numbers and texts are findings.
    static attribute_group open(hdf5::group folder, findings& found);

    bool has(std::string_view name) const { return entries_.contains(std::string(name)); }
    std::vector<std::string> names() const;
    /// Rows of each attribute; nothing if there are no attributes.
    std::optional<std::uint64_t> rows() const { return rows_; }
    /// "file.h5:/nodes/a/0/x".
    std::string where(std::string_view name) const;

    /// A whole attribute. Throws invalid_input if it cannot be read, or is a code that the library lacks.
    column read(std::string_view name) const;
    /// The attribute at these rows, in this order. Reads no more of the file than the blocks they lie in.
    column read_at(std::string_view name, std::span<const std::uint64_t> rows) const;

private:
    struct entry {
        std::string set, parent;         // parent: "" or "dynamics_params"
        hdf5::content content;
        std::vector<std::string> library;
        bool has_library = false;
    };
    void list(const hdf5::group& folder, const std::string& parent, findings& found);
    void list_set(const hdf5::group& folder, const std::string& set, const std::string& parent, findings& found);
    column decoded(const entry& e, std::vector<double> numbers, std::string_view name) const;

    hdf5::group folder_;
    std::map<std::string, entry> entries_;
    std::optional<std::uint64_t> rows_;
};

/// Ranges that lie together or overlap made one, in ascending order.
row_ranges merged(row_ranges ranges);

/// The rows of a set of one dimension that lie in the ranges, which ascend and do not overlap.
template <class T> std::vector<T> gather(const hdf5::group& folder, std::string_view set, const row_ranges& ranges);

}  // namespace apical::sonata
