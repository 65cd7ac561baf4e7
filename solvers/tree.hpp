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
    /// `takes_part[i]` tells roots from rows to be left alone. Rows of one level are done in the order of `rank`, or as they are numbered.
    tree_matrix(std::span<const int> parent, std::span<const double> conductance, const std::vector<bool>& takes_part, std::span<const int> rank = {});
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

    /// Subtrees, gathered in parts of about the same size that can be worked on at the same time, and the trunk they hang on. The branch
    /// that joins a subtree to the trunk is the trunk's.
    struct cut {
        std::vector<std::vector<branch>> parts;
        std::vector<branch> trunk;
    };
    /// So many parts at most, so that the largest part and the trunk are together as small as may be.
    cut into(int parts) const;
    /// By hand: part_of_row[i] is the part of the branch from row i to its parent, which must be of no other part; -1: of the trunk.
    cut by(std::span<const int> part_of_row, int parts) const;
    /// The steps of solve(), in which each part may be done by itself: every row sees the same operations in the same order, so the bits are
    /// the same. First the parts are eliminated, then the trunk; roots are solved; then it goes back, the trunk before the parts.
    static void eliminate(std::span<const branch> some, double* diagonal, double* rhs, int lanes);
    void solve_roots(const double* diagonal, double* rhs, int lanes) const;
    static void substitute(std::span<const branch> some, const double* diagonal, double* rhs, int lanes);

private:
    std::vector<branch> branches_;   // without the roots
    std::vector<int> roots_;
};

}  // namespace apical
