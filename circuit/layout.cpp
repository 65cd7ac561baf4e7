// SPDX-License-Identifier: BSD-3-Clause
#include "circuit/layout.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/random.hpp"

namespace apical {
namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

bool is_finite(const position& p) { return std::isfinite(p.x) && std::isfinite(p.y) && std::isfinite(p.z); }

void check(const box_layout& l) {
    if (!is_finite(l.from) || !is_finite(l.to)) throw invalid_model("layout", "a corner of the box is not finite");
}
void check(const cylinder_layout& l) {
    if (!is_finite(l.centre) || !(l.radius >= 0) || !(l.height >= 0) || !std::isfinite(l.radius + l.height))
        throw invalid_model("layout", fmt::format("a cylinder of radius {} um and height {} um", l.radius, l.height), "both finite and not negative");
}
void check(const grid_layout& l) {
    if (!is_finite(l.from) || !is_finite(l.spacing)) throw invalid_model("layout", "the grid is not finite");
    if (l.columns < 1 || l.rows < 1) throw invalid_model("layout", fmt::format("a grid of {} columns and {} rows", l.columns, l.rows), "1 or more of each");
}

/// The position of one cell; `draws` are that cell's own.
position position_in(const box_layout& l, int, random_stream& draws) {
    const double x = draws.uniform(l.from.x, l.to.x), y = draws.uniform(l.from.y, l.to.y), z = draws.uniform(l.from.z, l.to.z);
    return {x, y, z};
}
/// By rejection from the square around it, which needs no sine.
position position_in(const cylinder_layout& l, int, random_stream& draws) {
    double x = 0, y = 0;
    do x = draws.uniform(-1, 1), y = draws.uniform(-1, 1);
    while (x*x + y*y > 1);
    const double z = draws.uniform(-0.5, 0.5);
    return {l.centre.x + l.radius*x, l.centre.y + l.radius*y, l.centre.z + l.height*z};
}
position position_in(const grid_layout& l, int cell, random_stream&) {
    const int column = cell % l.columns, row = cell/l.columns % l.rows, layer = cell/l.columns/l.rows;
    return {l.from.x + column*l.spacing.x, l.from.y + row*l.spacing.y, l.from.z + layer*l.spacing.z};
}

const population& population_named(const circuit& c, const std::string& name, const std::string& where) {
    const auto found = std::ranges::find(c.populations, name, &population::name);
    if (found != c.populations.end()) return *found;
    std::vector<std::string> names;
    for (const auto& p : c.populations) names.push_back(p.name);
    throw invalid_model(where, fmt::format("no population '{}'", name), suggestion(name, names));
}

/// Calls `join` for the pairs that may be joined; neighbours are found along x, so that few of all pairs are looked at.
void each_pair(const population& a, const population& b, double within, const auto& join) {
    const bool is_same = &a == &b;
    if (!std::isfinite(within)) {
        for (int i = 0; i < a.size; ++i)
            for (int k = is_same ? i + 1 : 0; k < b.size; ++k) join(i, k);
        return;
    }
    std::vector<int> by_x(index(b.size));
    std::iota(by_x.begin(), by_x.end(), 0);
    const auto x_of = [&](int k) { return b.positions[index(k)].x; };
    std::ranges::stable_sort(by_x, {}, x_of);
    std::vector<int> near;
    for (int i = 0; i < a.size; ++i) {
        const auto& from = a.positions[index(i)];
        near.clear();
        for (auto k = std::ranges::lower_bound(by_x, from.x - within, {}, x_of); k != by_x.end() && x_of(*k) <= from.x + within; ++k)
            if ((!is_same || *k > i) && distance(from, b.positions[index(*k)]) <= within) near.push_back(*k);
        std::ranges::sort(near);
        for (const int k : near) join(i, k);
    }
}

}  // namespace

std::vector<position> lay_out(const cell_layout& layout, int cells, std::uint64_t seed, const std::string& name) {
    std::visit([](const auto& l) { check(l); }, layout);
    std::vector<position> all;
    all.reserve(index(std::max(cells, 0)));
    for (int n = 0; n < cells; ++n) {
        random_stream draws(seed, identity(name), identity("positions"), static_cast<std::uint64_t>(n));
        all.push_back(std::visit([&](const auto& l) { return position_in(l, n, draws); }, layout));
    }
    return all;
}

std::vector<gap_junction> draw_gap_junctions(const circuit& c, const gap_junction_rule& rule, std::uint64_t seed) {
    const auto where = fmt::format("gap junctions '{}'", rule.name);
    const auto &a = population_named(c, rule.a, where + " / a"), &b = population_named(c, rule.b, where + " / b");
    if (!(rule.probability >= 0 && rule.probability <= 1)) throw invalid_model(where + " / probability", fmt::format("{}", rule.probability), "between 0 and 1");
    const double within = rule.within.coherent();
    if (!(within >= 0)) throw invalid_model(where + " / within", fmt::format("{} um", within), "not negative");
    for (const auto* p : {&a, &b})
        if (std::isfinite(within) && p->positions.size() != index(p->size))
            throw invalid_model(where + " / within", fmt::format("needs positions of '{}'", p->name), "give the population a position for each cell");
    std::vector<gap_junction> all;
    each_pair(a, b, within, [&](int i, int k) {
        random_stream draws(seed, identity(rule.name), identity("gap junction"), static_cast<std::uint64_t>(i) << 32 | static_cast<std::uint64_t>(k));
        if (draws.uniform() < rule.probability) all.push_back({{a.name, i, rule.at_a}, {b.name, k, rule.at_b}, rule.conductance});
    });
    return all;
}

}  // namespace apical
