// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "morphology/assemble.hpp"
#include "morphology/swc_samples.hpp"

namespace apical::detail {
namespace {

constexpr double join_within = 50;  // um from the soma's surface
constexpr int most_roots = 1000;    // of a file that is worth repairing
constexpr std::size_t at_index(int i) { return static_cast<std::size_t>(i); }

std::vector<std::vector<int>> children_of(const std::vector<swc_sample>& samples) {
    std::vector<std::vector<int>> children(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (samples[i].parent >= 0) children[at_index(samples[i].parent)].push_back(static_cast<int>(i));
    }
    return children;
}

/// Marks everything that hangs on `start`, itself included.
void mark_tree(int start, const std::vector<std::vector<int>>& children, std::vector<char>& seen) {
    std::vector<int> open{start};
    while (!open.empty()) {
        const int i = open.back();
        open.pop_back();
        if (std::exchange(seen[at_index(i)], 1)) continue;
        open.insert(open.end(), children[at_index(i)].begin(), children[at_index(i)].end());
    }
}

/// What no root leads to is a cycle or hangs on one.
void refuse_cycles(const std::vector<swc_sample>& samples, reader_log& log) {
    const auto children = children_of(samples);
    std::vector<char> seen(samples.size(), 0);
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (samples[i].parent < 0) mark_tree(static_cast<int>(i), children, seen);
    }
    std::vector<int> walk(samples.size(), 0);  // the number of the last walk that came by
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (seen[i]) continue;
        const int number = static_cast<int>(i) + 1;
        int at = static_cast<int>(i);
        while (std::exchange(walk[at_index(at)], number) != number) at = samples[at_index(at)].parent;
        const auto& s = samples[at_index(at)];
        log.error(s.line, fmt::format("point {} is its own ancestor, by way of line {}", s.id,
                                      samples[at_index(s.parent)].line),
                  "every chain of parents must end at a root, whose parent is -1");
        mark_tree(at, children, seen);
    }
}

int choose_root(const std::vector<swc_sample>& samples) {
    int first = -1;
    for (int i = 0; i < static_cast<int>(samples.size()); ++i) {
        const auto& s = samples[at_index(i)];
        if (s.parent >= 0) continue;
        if (s.type == static_cast<int>(section_type::soma)) return i;
        if (first < 0) first = i;
    }
    return first;
}

std::vector<int> soma_of(const std::vector<swc_sample>& samples) {
    std::vector<int> soma;
    for (int i = 0; i < static_cast<int>(samples.size()); ++i) {
        if (samples[at_index(i)].type == static_cast<int>(section_type::soma)) soma.push_back(i);
    }
    return soma;
}

/// The point of the soma whose surface is nearest, and how far that is.
std::pair<int, double> nearest_soma(const std::vector<swc_sample>& samples, const std::vector<int>& soma, const point& from) {
    std::pair<int, double> best{-1, std::numeric_limits<double>::infinity()};
    for (int i : soma) {
        const auto& s = samples[at_index(i)];
        const double gap = distance_between(s.at, from) - s.at.diameter/2;
        if (gap < best.second) best = {i, gap};
    }
    return best;
}

/// Makes one tree of several: neurites that start near the soma are joined to it.
void join_roots(std::vector<swc_sample>& samples, int root, reader_log& log) {
    const auto soma = soma_of(samples);
    int roots = 1;
    for (int i = 0; i < static_cast<int>(samples.size()); ++i) {
        auto& s = samples[at_index(i)];
        if (s.parent >= 0 || i == root) continue;
        if (++roots > most_roots) {
            return log.error(s.line, fmt::format("more than {} points without a parent", most_roots), "a cell is one tree");
        }
        const auto first_line = samples[at_index(root)].line;
        if (s.type == static_cast<int>(section_type::soma)) {
            log.error(s.line, fmt::format("a second soma; the first is on line {}", first_line), "give each cell its own file");
            continue;
        }
        const auto [nearest, gap] = nearest_soma(samples, soma, s.at);
        if (gap <= join_within) {
            log.repaired(s.line, "a neurite without parent was joined to the nearest point of the soma");
            s.parent = nearest;
        } else {
            log.error(s.line, fmt::format("a second root; the first is on line {}", first_line),
                      nearest < 0 ? "there is no soma to join it to: give it a parent"
                                  : fmt::format("the soma is {:.4g} um away: give it a parent, or leave it out", gap));
        }
    }
}

/// Parents before children, starting with the root: depth first, children in order of id.
void reorder(std::vector<swc_sample>& samples, int root) {
    const auto children = children_of(samples);
    std::vector<int> order, open{root};
    while (!open.empty()) {
        const int i = open.back();
        open.pop_back();
        order.push_back(i);
        open.insert(open.end(), children[at_index(i)].rbegin(), children[at_index(i)].rend());
    }
    std::vector<int> place(samples.size(), -1);
    for (std::size_t k = 0; k < order.size(); ++k) place[at_index(order[k])] = static_cast<int>(k);
    std::vector<swc_sample> sorted;
    sorted.reserve(samples.size());
    for (int i : order) {
        sorted.push_back(samples[at_index(i)]);
        if (auto& p = sorted.back().parent; p >= 0) p = place[at_index(p)];
    }
    samples = std::move(sorted);
}

void order_tree(std::vector<swc_sample>& samples, int root, reader_log& log) {
    for (int i = 0; i < static_cast<int>(samples.size()); ++i) {
        const auto& s = samples[at_index(i)];
        if (s.parent < i && (i > 0 || root == 0)) continue;
        log.repaired(s.line, "a parent comes after its child; the points were put in order");
        return reorder(samples, root);
    }
}

/// Radii that are not positive become the mean of the next good ones towards and away from the root on the same neurite.
void repair_radii(std::vector<swc_sample>& samples, reader_log& log) {
    const auto good = [](double d) { return d >= thinnest_diameter; };
    const auto n = samples.size();
    std::vector<double> up(n, 0), down(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
        const auto& s = samples[i];
        up[i] = s.at.diameter;
        if (!good(up[i]) && s.parent >= 0 && samples[at_index(s.parent)].type == s.type) up[i] = up[at_index(s.parent)];
    }
    for (std::size_t i = n; i-- > 0;) {
        if (good(samples[i].at.diameter)) down[i] = samples[i].at.diameter;
        const int p = samples[i].parent;
        // Lower ids come last here, so the first child has the last word.
        if (p >= 0 && good(down[i]) && samples[at_index(p)].type == samples[i].type) down[at_index(p)] = down[i];
    }
    for (std::size_t i = 0; i < n; ++i) {
        auto& s = samples[i];
        if (good(s.at.diameter)) continue;
        if (good(up[i]) && good(down[i])) {
            s.at.diameter = (up[i] + down[i])/2;
        } else if (good(up[i]) || good(down[i])) {
            s.at.diameter = good(up[i]) ? up[i] : down[i];
        } else if (s.type == static_cast<int>(section_type::soma)) {
            log.error(s.line, "the soma has no radius", "give a positive one; it sets the area of the soma");
            continue;
        } else {
            s.at.diameter = 0.1;
            log.repaired(s.line, "no radius on a whole neurite; 0.05 um was taken");
            continue;
        }
        log.repaired(s.line, "a radius that is not positive was taken from the neighbouring points");
    }
}

}  // namespace

std::vector<swc_sample> read_swc_samples(std::string_view text, reader_log& log) {
    auto samples = parse_swc_lines(text, log);
    refuse_cycles(samples, log);
    log.stop_on_errors();
    const int root = choose_root(samples);
    join_roots(samples, root, log);
    log.stop_on_errors();
    order_tree(samples, root, log);
    repair_radii(samples, log);
    log.stop_on_errors();
    return samples;
}

}  // namespace apical::detail
