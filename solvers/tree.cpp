// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/tree.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/pack.hpp"

namespace apical {
namespace {

/// One element of a column: a double, or a pack of lanes.
template <class V> struct column {
    double* p;
    [[gnu::always_inline]] V operator[](int row) const {
        if constexpr (std::is_same_v<V, double>) return p[row];
        else return V::load(p + row*V::width);
    }
    [[gnu::always_inline]] void set(int row, V x) const {
        if constexpr (std::is_same_v<V, double>) p[row] = x;
        else x.store(p + row*V::width);
    }
};

template <class V> void eliminate(std::span<const tree_matrix::branch> branches, std::span<const int> roots, column<V> d, column<V> r) {
    for (const auto& b : branches) {
        const V inverse = V(1.0)/d[b.row], g = V(b.conductance), y = r[b.row];
        const V weight = g*inverse;
        d.set(b.parent, math::fma(-g, weight, d[b.parent]));
        r.set(b.parent, math::fma(weight, y, r[b.parent]));
        d.set(b.row, weight);
        r.set(b.row, y*inverse);
    }
    for (const int root : roots) r.set(root, r[root]/d[root]);
    for (auto b = branches.rbegin(); b != branches.rend(); ++b) r.set(b->row, math::fma(d[b->row], r[b->parent], r[b->row]));
}

}  // namespace

tree_matrix::tree_matrix(std::span<const int> parent, std::span<const double> conductance, const std::vector<bool>& takes_part) {
    const auto n = parent.size();
    std::vector<int> level(n, -1);
    const auto find_level = [&](std::size_t row) {
        std::vector<std::size_t> path;
        while (level[row] < 0 && parent[row] >= 0) {
            path.push_back(row);
            row = static_cast<std::size_t>(parent[row]);
            if (path.size() > n) throw std::logic_error("tree_matrix: the parents form a cycle");
        }
        if (level[row] < 0) level[row] = 0;
        for (int l = level[row]; !path.empty(); path.pop_back()) level[path.back()] = ++l;
    };
    std::vector<int> order;
    for (std::size_t i = 0; i < n; ++i) {
        if (!takes_part[i]) continue;
        find_level(i);
        if (parent[i] < 0) roots_.push_back(static_cast<int>(i));
        else order.push_back(static_cast<int>(i));
    }
    std::ranges::stable_sort(order, std::greater{}, [&](int i) { return level[static_cast<std::size_t>(i)]; });
    for (const int i : order) {
        const auto k = static_cast<std::size_t>(i);
        branches_.push_back({i, parent[k], conductance[k]});
    }
}

void tree_matrix::solve(double* diagonal, double* rhs, int lanes) const {
    if (lanes == 1) return eliminate<double>(branches_, roots_, {diagonal}, {rhs});
    if (lanes == native_width) return eliminate<native_pack>(branches_, roots_, {diagonal}, {rhs});
    throw std::logic_error("tree_matrix::solve: lanes must be 1 or the SIMD width");
}

}  // namespace apical
