// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/tree.hpp"

#include <algorithm>
#include <stdexcept>
#include <type_traits>

#include "core/pack.hpp"

namespace apical {
namespace {

/// Elements of a column: doubles, or packs of lanes.
template <class V> [[gnu::always_inline]] inline V read(const double* p) {
    if constexpr (std::is_same_v<V, double>) return *p;
    else return V::load(p);
}
template <class V> [[gnu::always_inline]] inline void write(double* p, V x) {
    if constexpr (std::is_same_v<V, double>) *p = x;
    else x.store(p);
}
template <class V> inline constexpr std::size_t stride = 1;
template <> inline constexpr std::size_t stride<native_pack> = native_width;

template <class V> void eliminate(std::span<const tree_matrix::branch> branches, std::span<const int> roots, double* d, double* r) {
    const auto at = [](int row) { return static_cast<std::size_t>(row)*stride<V>; };
    for (const auto& b : branches) {
        const auto row = at(b.row), parent = at(b.parent);
        const V g(b.conductance), inverse = V(1.0)/read<V>(d + row), y = read<V>(r + row), weight = g*inverse;
        write(d + parent, math::fma(-g, weight, read<V>(d + parent)));
        write(r + parent, math::fma(weight, y, read<V>(r + parent)));
        write(d + row, weight);
        write(r + row, y*inverse);
    }
    for (const int root : roots) write(r + at(root), read<V>(r + at(root))/read<V>(d + at(root)));
    for (auto b = branches.rbegin(); b != branches.rend(); ++b) {
        const auto row = at(b->row), parent = at(b->parent);
        write(r + row, math::fma(read<V>(d + row), read<V>(r + parent), read<V>(r + row)));
    }
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
    if (lanes == 1) return eliminate<double>(branches_, roots_, diagonal, rhs);
    if (lanes == native_width) return eliminate<native_pack>(branches_, roots_, diagonal, rhs);
    throw std::logic_error("tree_matrix::solve: lanes must be 1 or the SIMD width");
}

}  // namespace apical
