// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

namespace apical {

/// A symmetric matrix whose graph is a forest: -conductance couples each row with its parent, and the diagonal, which changes
/// from step to step, is kept elsewhere. Rows are listed children first; deepest levels come first, so that neighbours in the
/// list do not wait for each other.
class tree_matrix {
public:
    /// parent[i] is the row that row i hangs on, -1 for roots and for rows that take no part; conductance[i] couples them.
    /// `takes_part[i]` tells roots from rows to be left alone.
    tree_matrix(std::span<const int> parent, std::span<const double> conductance, const std::vector<bool>& takes_part);
    tree_matrix() = default;

    struct branch {
        int row, parent;
        double conductance;
    };
    std::span<const branch> branches() const { return branches_; }
    std::span<const int> roots() const { return roots_; }

    /// Solves for `lanes` right-hand sides at once (1 or the SIMD width), element row*lanes + lane each. On return rhs holds the
    /// solution; the diagonal is overwritten. Gaussian elimination without fill-in: Hines (1984) Int J Biomed Comput 15:69.
    void solve(double* diagonal, double* rhs, int lanes) const;

private:
    std::vector<branch> branches_;   // without the roots
    std::vector<int> roots_;
};

}  // namespace apical
