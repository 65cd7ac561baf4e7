// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace apical {

/// Examples to learn from: rows of inputs, and for each what the output should be. Those that go on in time have several rows of inputs
/// each, one after another, and one row of targets for all of it or one for each row of inputs.
struct data_set {
    std::string name;
    std::size_t inputs = 0, outputs = 0;       ///< numbers of an example, all its rows together
    std::vector<double> x, t;                  ///< [examples][inputs], [examples][outputs]
    std::size_t rows = 1, target_rows = 1;     ///< in time, of an example

    std::size_t size() const { return inputs > 0 ? x.size()/inputs : 0; }
    const double* input(std::size_t i) const { return x.data() + i*inputs; }
    const double* target(std::size_t i) const { return t.data() + i*outputs; }
    /// The output of the largest target: the class, where there are classes. The first of equals.
    std::size_t label(std::size_t i) const;
    /// Whether every example has exactly one target above a half.
    bool has_classes() const;
    /// Adds an example; the vectors have `inputs` and `outputs` numbers.
    void add(const std::vector<double>& input, const std::vector<double>& target);
    /// The same with inputs low + (high - low)*x, and targets likewise.
    data_set scaled(double low, double high, double target_low, double target_high) const;

    /// The mean of every input.
    std::vector<double> mean() const;
    /// The same with something taken from every input.
    data_set less(const std::vector<double>& from_inputs) const;
    /// The same with so many targets, all 0.
    data_set untold(std::size_t targets) const;

    bool operator==(const data_set&) const = default;
};

/// Throws invalid_model, with `where`, unless there are examples, sizes agree and all numbers are finite.
void check(const data_set& d, const std::string& where);

/// Examples in an order drawn by the seed: the first `first` of them, and the others. Throws invalid_model if there are not more.
std::pair<data_set, data_set> split(const data_set& d, std::size_t first, std::uint64_t seed);

/// Examples [from, from + count), fewer at the end.
data_set part(const data_set& d, std::size_t from, std::size_t count);

}  // namespace apical
