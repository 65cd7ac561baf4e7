// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

/// Units that lie in a square, row by row, about the same middle as other squares.
namespace apical::layered {

/// A square of side x side units, so wide.
struct sheet {
    std::size_t side = 1;
    double width = 1;

    /// Of so many units; those that do not fill a square are none of it.
    static sheet of(std::size_t units, double width) { return {static_cast<std::size_t>(std::sqrt(static_cast<double>(units)) + 1e-9), width}; }
    std::size_t size() const { return side*side; }
    /// From the middle, of a row or column.
    double place(std::size_t k) const { return ((static_cast<double>(k) + 0.5)/static_cast<double>(side) - 0.5)*width; }
};

/// Distance of a unit of one from a unit of another.
inline double apart(const sheet& a, std::size_t i, const sheet& b, std::size_t j) {
    return std::hypot(a.place(i % a.side) - b.place(j % b.side), a.place(i/a.side) - b.place(j/b.side));
}

/// A square of numbers convolved with a normal of a standard deviation in units, up to three of them away; what lies outside is missing, and the rest counts
/// for more.
std::vector<double> blurred(const double* x, std::size_t side, double sd);

}  // namespace apical::layered
