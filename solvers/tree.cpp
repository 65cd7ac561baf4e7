// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/tree.hpp"

#include <algorithm>
#include <numeric>
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

template <class V> std::size_t at(int row) { return static_cast<std::size_t>(row)*stride<V>; }

template <class V> void go_down(std::span<const tree_matrix::branch> branches, double* d, double* r) {
    for (const auto& b : branches) {
        const auto row = at<V>(b.row), parent = at<V>(b.parent);
        const V g(b.conductance), inverse = V(1.0)/read<V>(d + row), y = read<V>(r + row), weight = g*inverse;
        write(d + parent, math::fma(-g, weight, read<V>(d + parent)));
        write(r + parent, math::fma(weight, y, read<V>(r + parent)));
        write(d + row, weight);
        write(r + row, y*inverse);
    }
}
template <class V> void divide(std::span<const int> roots, const double* d, double* r) {
    for (const int root : roots) write(r + at<V>(root), read<V>(r + at<V>(root))/read<V>(d + at<V>(root)));
}
template <class V> void go_up(std::span<const tree_matrix::branch> branches, const double* d, double* r) {
    for (auto b = branches.rbegin(); b != branches.rend(); ++b) {
        const auto row = at<V>(b->row), parent = at<V>(b->parent);
        write(r + row, math::fma(read<V>(d + row), read<V>(r + parent), read<V>(r + row)));
    }
}

/// Calls f(V()) for what a row is made of.
template <class F> void with_lanes(int lanes, F&& f) {
    if (lanes == 1) return f(double());
    if (lanes == native_width) return f(native_pack());
    throw std::logic_error("tree_matrix: lanes must be 1 or the SIMD width");
}

/// Gives each of some sizes, in descending order, to the bin that has least so far.
struct packing {
    std::vector<std::size_t> bin_of, sum_of_bin;
    packing(const std::vector<std::size_t>& sizes, std::size_t bins) : sum_of_bin(bins, 0) {
        for (const auto size : sizes) {
            const auto least = std::ranges::min_element(sum_of_bin);
            bin_of.push_back(static_cast<std::size_t>(least - sum_of_bin.begin()));
            *least += size;
        }
    }
    std::size_t largest() const { return std::ranges::max(sum_of_bin); }
};

}  // namespace

tree_matrix::tree_matrix(std::span<const int> parent, std::span<const double> conductance, const std::vector<bool>& takes_part, std::span<const int> rank) {
    const auto n = parent.size();
    std::vector<std::size_t> rows(n);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    if (!rank.empty()) std::ranges::stable_sort(rows, {}, [&](std::size_t i) { return rank[i]; });
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
    for (const auto i : rows) {
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
    eliminate(branches_, diagonal, rhs, lanes);
    solve_roots(diagonal, rhs, lanes);
    substitute(branches_, diagonal, rhs, lanes);
}
void tree_matrix::eliminate(std::span<const branch> some, double* diagonal, double* rhs, int lanes) {
    with_lanes(lanes, [&]<class V>(V) { go_down<V>(some, diagonal, rhs); });
}
void tree_matrix::solve_roots(const double* diagonal, double* rhs, int lanes) const {
    with_lanes(lanes, [&]<class V>(V) { divide<V>(roots_, diagonal, rhs); });
}
void tree_matrix::substitute(std::span<const branch> some, const double* diagonal, double* rhs, int lanes) {
    with_lanes(lanes, [&]<class V>(V) { go_up<V>(some, diagonal, rhs); });
}

tree_matrix::cut tree_matrix::into(int parts) const {
    std::size_t rows = 0;
    for (const auto& b : branches_) rows = std::max(rows, static_cast<std::size_t>(std::max(b.row, b.parent)) + 1);
    std::vector<std::size_t> size(rows, 0);        // of the subtree that a row is the root of, in branches; that above it is one of them
    for (const auto& b : branches_) size[static_cast<std::size_t>(b.parent)] += ++size[static_cast<std::size_t>(b.row)];
    const auto size_of = [&](int row) { return size[static_cast<std::size_t>(row)]; };
    std::vector<int> is_root_row(rows, 0);
    for (const int root : roots_)
        if (static_cast<std::size_t>(root) < rows) is_root_row[static_cast<std::size_t>(root)] = 1;

    // the largest subtrees that have no more than `limit` branches, by size
    const auto subtrees = [&](std::size_t limit) {
        std::vector<int> found;
        for (const auto& b : branches_)
            if (size_of(b.row) <= limit && (size_of(b.parent) > limit || is_root_row[static_cast<std::size_t>(b.parent)])) found.push_back(b.row);
        std::ranges::stable_sort(found, std::greater{}, size_of);
        return found;
    };
    const auto sizes_of = [&](const std::vector<int>& found) {
        std::vector<std::size_t> sizes;
        for (const int row : found) sizes.push_back(size_of(row));
        return sizes;
    };
    const auto bins = static_cast<std::size_t>(std::max(parts, 1));
    std::size_t best = branches_.size(), least = best + 1;
    for (std::size_t pieces = 1; pieces <= 64*bins; pieces = pieces + (pieces + 3)/4) {
        const auto limit = (branches_.size() + pieces - 1)/pieces;
        const auto sizes = sizes_of(subtrees(limit));
        std::size_t hanging = 0;
        for (const auto s : sizes) hanging += s;
        const auto longest = branches_.size() - hanging + packing(sizes, bins).largest();
        if (longest < least) best = limit, least = longest;
    }
    const auto found = subtrees(best);
    const packing packed(sizes_of(found), bins);
    constexpr int trunk = -1;
    std::vector<int> part_of(rows, trunk);
    for (std::size_t k = 0; k < found.size(); ++k) part_of[static_cast<std::size_t>(found[k])] = static_cast<int>(packed.bin_of[k]);
    std::vector<bool> joins(rows, false);
    for (const int row : found) joins[static_cast<std::size_t>(row)] = true;
    for (auto b = branches_.rbegin(); b != branches_.rend(); ++b)   // parents first
        if (!joins[static_cast<std::size_t>(b->row)]) part_of[static_cast<std::size_t>(b->row)] = part_of[static_cast<std::size_t>(b->parent)];
    for (const int row : found) part_of[static_cast<std::size_t>(row)] = trunk;
    return by(part_of, static_cast<int>(bins));
}

tree_matrix::cut tree_matrix::by(std::span<const int> part_of_row, int parts) const {
    cut c{std::vector<std::vector<branch>>(static_cast<std::size_t>(parts)), {}};
    for (const auto& b : branches_) {
        const int part = part_of_row[static_cast<std::size_t>(b.row)];
        (part < 0 ? c.trunk : c.parts[static_cast<std::size_t>(part)]).push_back(b);
    }
    std::erase_if(c.parts, [](const auto& part) { return part.empty(); });
    return c;
}

}  // namespace apical
