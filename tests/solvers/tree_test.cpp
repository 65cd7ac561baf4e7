// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/tree.hpp"

#include <gtest/gtest.h>

#include "core/aligned.hpp"
#include "core/pack.hpp"
#include "core/random.hpp"

namespace apical {
namespace {

/// A random forest of n rows, some of which take no part, with a solution x to recover.
struct problem_of_size {
    std::vector<int> parent;
    std::vector<double> coupling, diagonal, x;
    std::vector<bool> takes_part;

    explicit problem_of_size(int n, int roots) {
        random_stream r(7, static_cast<std::uint64_t>(n), static_cast<std::uint64_t>(roots));
        for (int i = 0; i < n; ++i) {
            takes_part.push_back(i % 11 != 5);
            parent.push_back(i < roots || !takes_part.back() ? -1 : static_cast<int>(r.below(static_cast<std::uint64_t>(i))));
            while (parent.back() >= 0 && !takes_part[static_cast<std::size_t>(parent.back())]) --parent.back();
            coupling.push_back(parent.back() < 0 ? 0 : r.uniform(0.1, 5));
            x.push_back(r.normal());
            diagonal.push_back(r.uniform(0.1, 1));
        }
        for (std::size_t i = 0; i < x.size(); ++i)
            if (parent[i] >= 0) diagonal[i] += coupling[i], diagonal[static_cast<std::size_t>(parent[i])] += coupling[i];
    }
    /// The product of the matrix, as documented, with x.
    std::vector<double> product() const {
        std::vector<double> b(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) {
            b[i] += diagonal[i]*x[i];
            if (const int p = parent[i]; p >= 0) b[i] -= coupling[i]*x[static_cast<std::size_t>(p)], b[static_cast<std::size_t>(p)] -= coupling[i]*x[i];
        }
        return b;
    }
};

TEST(tree_matrix, inverts_the_matrix_it_documents) {
    for (const int n : {1, 2, 3, 10, 100, 1000})
        for (const int roots : {1, 3}) {
            const problem_of_size p(n, std::min(n, roots));
            auto d = p.diagonal, b = p.product();
            tree_matrix(p.parent, p.coupling, p.takes_part).solve(d.data(), b.data(), 1);
            for (std::size_t i = 0; i < b.size(); ++i)
                {
                if (!p.takes_part[i]) continue;
                EXPECT_NEAR(b[i], p.x[i], 1e-11) << "row " << i << " of " << n;
            }
        }
}

TEST(tree_matrix, leaves_rows_alone_that_take_no_part) {
    const problem_of_size p(100, 1);
    auto d = p.diagonal, b = p.product();
    const auto before = b;
    tree_matrix(p.parent, p.coupling, p.takes_part).solve(d.data(), b.data(), 1);
    EXPECT_EQ(b[5], before[5]);
    EXPECT_EQ(d[5], p.diagonal[5]);
}

TEST(tree_matrix, gives_every_lane_the_bits_of_a_single_solve) {
    const problem_of_size p(300, 2);
    const tree_matrix m(p.parent, p.coupling, p.takes_part);
    const auto lanes = static_cast<std::size_t>(native_width), n = p.x.size();
    aligned_vector d(n*lanes), b(n*lanes);
    std::vector<std::vector<double>> alone;
    for (std::size_t l = 0; l < lanes; ++l) {
        auto dl = p.diagonal, bl = p.product();
        for (std::size_t i = 0; i < n; ++i) dl[i] += 0.1*static_cast<double>(l), d[i*lanes + l] = dl[i], b[i*lanes + l] = bl[i];
        m.solve(dl.data(), bl.data(), 1);
        alone.push_back(bl);
    }
    m.solve(d.data(), b.data(), native_width);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t l = 0; l < lanes; ++l) EXPECT_EQ(b[i*lanes + l], alone[l][i]) << "row " << i << " lane " << l;
}

/// Parts in any order, in steps that several threads could do at the same time.
TEST(tree_matrix, in_parts_gives_the_bits_of_the_whole) {
    for (const int n : {1, 2, 17, 300, 2000})
        for (const int roots : {1, 3})
            for (const int parts : {1, 2, 3, 4, 7}) {
                const problem_of_size p(n, std::min(n, roots));
                const tree_matrix m(p.parent, p.coupling, p.takes_part);
                auto d = p.diagonal, b = p.product(), whole_d = d, whole = b;
                m.solve(whole_d.data(), whole.data(), 1);
                const auto cut = m.into(parts);
                ASSERT_LE(cut.parts.size(), static_cast<std::size_t>(parts));
                std::size_t branches = cut.trunk.size();
                std::vector<int> part_of(p.x.size(), -1);
                for (std::size_t k = 0; k < cut.parts.size(); ++k)
                    for (const auto& x : cut.parts[k]) part_of[static_cast<std::size_t>(x.row)] = static_cast<int>(k), ++branches;
                EXPECT_EQ(branches, m.branches().size());
                // nothing that a part touches is touched by another
                for (std::size_t k = 0; k < cut.parts.size(); ++k)
                    for (const auto& x : cut.parts[k])
                        if (const int other = part_of[static_cast<std::size_t>(x.parent)]; other >= 0) { EXPECT_EQ(other, static_cast<int>(k)); }
                for (auto part = cut.parts.rbegin(); part != cut.parts.rend(); ++part) tree_matrix::eliminate(*part, d.data(), b.data(), 1);
                tree_matrix::eliminate(cut.trunk, d.data(), b.data(), 1);
                m.solve_roots(d.data(), b.data(), 1);
                tree_matrix::substitute(cut.trunk, d.data(), b.data(), 1);
                for (const auto& part : cut.parts) tree_matrix::substitute(part, d.data(), b.data(), 1);
                EXPECT_EQ(b, whole) << n << " in " << parts;
            }
}

TEST(tree_matrix, is_cut_into_parts_of_like_size) {
    // a cable, rooted in its middle
    constexpr int n = 1001;
    std::vector<int> parent(n);
    for (int i = 0; i < n; ++i) parent[static_cast<std::size_t>(i)] = i < n/2 ? i + 1 : i == n/2 ? -1 : i - 1;
    const auto halves = tree_matrix(parent, std::vector<double>(n, 1.0), std::vector<bool>(n, true)).into(2);
    ASSERT_EQ(halves.parts.size(), 2u);
    EXPECT_EQ(halves.parts[0].size(), halves.parts[1].size());
    EXPECT_LE(halves.trunk.size(), 2u);
    // branches off branches
    for (int i = 0; i < n; ++i) parent[static_cast<std::size_t>(i)] = (i - 1)/2;
    parent[0] = -1;
    const auto quarters = tree_matrix(parent, std::vector<double>(n, 1.0), std::vector<bool>(n, true)).into(4);
    ASSERT_EQ(quarters.parts.size(), 4u);
    for (const auto& part : quarters.parts) EXPECT_NEAR(static_cast<double>(part.size()), n/4.0, 20);
    EXPECT_LT(quarters.trunk.size(), 40u);
}

TEST(tree_matrix, refuses_a_cycle) {
    EXPECT_THROW(tree_matrix(std::vector<int>{1, 0}, std::vector<double>{1, 1}, {true, true}), std::logic_error);
}

}  // namespace
}  // namespace apical
