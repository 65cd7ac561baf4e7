// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <vector>

namespace apical::layered {

/// Connections from each unit of a group to each of another. A row holds the weights onto one receiving unit, as a rule's kernel wants
/// them, and at its end the bias, the weight of a unit that is always 1.
struct dense {
    std::size_t from = 0, to = 0;              ///< groups
    std::size_t inputs = 0, units = 0;
    bool has_bias = true;
    std::vector<double> w = {};                ///< [units][columns()]
    bool has_self = true;                      ///< within a group: whether a unit may be connected to itself

    std::size_t columns() const { return inputs + (has_bias ? 1 : 0); }
    bool exists(std::size_t i, std::size_t j) const { return has_self || from != to || i != j; }
    const double* row(std::size_t i) const { return w.data() + i*columns(); }

    /// to = W from + bias
    void drive(const double* pre, double* to) const;
    /// to += W from + bias
    void add_drive(const double* pre, double* to) const;
    /// to += W^T post, without biases: the same synapses read backwards.
    void add_back(const double* post, double* to) const;
};

/// Sum of products, in an order that depends on the length alone.
double dot(const double* a, const double* b, std::size_t n);

}  // namespace apical::layered
