// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/compartments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical {
namespace {

constexpr std::size_t at_index(int i) { return static_cast<std::size_t>(i); }

/// Integrals over a stretch of cable of piecewise linear diameter d(s).
struct integrals {
    double diameter = 0;   ///< of (d1 + d2) ds
    double area = 0;       ///< of (d1 + d2) times the slant height
    double resistance = 0; ///< of ds/(d1 d2)
};

/// Walks along a section from its start, integrating stretch after stretch. Past the last point, where only round-off
/// leads, the last piece is extrapolated.
class cable_walk {
public:
    cable_walk(std::span<const point> points, std::span<const double> arc)
        : points_(points), arc_(arc), diameter_(points.front().diameter) {}

    integrals until(double target) {
        integrals sum;
        for (; at_ + 2 < points_.size() && arc_[at_ + 1] <= target; ++at_) {
            add(sum, arc_[at_ + 1], points_[at_ + 1].diameter);
        }
        add(sum, target, diameter_at(target));
        return sum;
    }

private:
    double diameter_at(double s) const {
        const double step = arc_[at_ + 1] - arc_[at_];
        const double w = step < 1e-10 ? 1 : (s - arc_[at_])/step;
        return (1 - w)*points_[at_].diameter + w*points_[at_ + 1].diameter;
    }

    void add(integrals& sum, double to, double diameter) {
        // A jump of the diameter at one place is a disc: it has area, and next to no resistance.
        constexpr double shortest = 1e-15;
        const double step = to - position_;
        sum.diameter += (diameter + diameter_)*step;
        const double height = std::max(step, shortest), flare = (diameter - diameter_)/2;
        sum.resistance += height/(diameter*diameter_);
        sum.area += (diameter + diameter_)*std::sqrt(height*height + flare*flare);
        position_ = to;
        diameter_ = diameter;
    }

    std::span<const point> points_;
    std::span<const double> arc_;
    std::size_t at_ = 0;    // the piece from point at_ to at_ + 1
    double position_ = 0, diameter_;
};

struct builder {
    const morphology& shape;
    compartments result;

    void add_section(int index, int count, double resistivity) {
        const auto& s = shape[index];
        int parent = s.parent < 0 ? -1 : result.node_of({s.parent, s.parent_x});
        if (s.parent < 0) {
            result.nodes.push_back({.section = index, .x = 0, .diameter = s.points.front().diameter});
            parent = result.size() - 1;
        }
        result.first.push_back(result.size());
        result.count.push_back(count);
        cable_walk walk(s.points, shape.arc(index));
        const double step = shape.length(index)/count;
        const double to_megohm = 4*resistivity/std::numbers::pi;
        double behind = 0;
        for (int j = 0; j < count; ++j, parent = result.size() - 1) {
            const auto left = walk.until(j*step + step/2), right = walk.until((j + 1)*step);
            result.nodes.push_back({.section = index, .x = (j + 0.5)/count, .parent = parent,
                                    .area = (left.area + right.area)*std::numbers::pi/2,
                                    .resistance = behind + to_megohm*left.resistance,
                                    .diameter = (left.diameter + right.diameter)/(2*step)});
            behind = to_megohm*right.resistance;
        }
        result.nodes.push_back({.section = index, .x = 1, .parent = parent, .resistance = behind,
                                .diameter = s.points.back().diameter});
    }

    /// Arc length between a node and its parent.
    double step_to_parent(int index) const {
        const node& n = result.nodes[at_index(index)];
        if (n.parent < 0) return 0;
        const node& p = result.nodes[at_index(n.parent)];
        return (p.section == n.section ? n.x - p.x : n.x)*shape.length(n.section);
    }

    /// Distances from the origin: along the way from the root to the origin they shrink, elsewhere they grow.
    void measure() {
        auto& nodes = result.nodes;
        for (auto& n : nodes) n.distance = std::numeric_limits<double>::infinity();
        double walked = 0;
        for (int i = result.node_of(shape.origin()); i >= 0; i = nodes[at_index(i)].parent) {
            nodes[at_index(i)].distance = walked;
            walked += step_to_parent(i);
        }
        for (int i = 0; i < result.size(); ++i) {
            node& n = nodes[at_index(i)];
            if (std::isfinite(n.distance) || n.parent < 0) continue;
            n.distance = nodes[at_index(n.parent)].distance + step_to_parent(i);
        }
    }
};

void check_sizes(const morphology& shape, std::size_t given, const char* what) {
    if (given == at_index(shape.size())) return;
    throw invalid_model("discretisation", fmt::format("{} {} for {} sections", given, what, shape.size()),
                        "give one for each section");
}

}  // namespace

int compartments::node_of(location where) const {
    const int begin = first[at_index(where.section)];
    if (where.x <= 0) return nodes[at_index(begin)].parent;
    if (where.x >= 1) return begin + count[at_index(where.section)];
    return compartment_of(where);
}

int compartments::compartment_of(location where) const {
    const int n = count[at_index(where.section)];
    return first[at_index(where.section)] + std::clamp(static_cast<int>(where.x*n), 0, n - 1);
}

compartments discretise(const morphology& shape, std::span<const int> counts,
                        std::span<const cable_properties> properties) {
    check_sizes(shape, counts.size(), "compartment counts");
    check_sizes(shape, properties.size(), "cable properties");
    builder b{shape, {}};
    for (int i = 0; i < shape.size(); ++i) {
        const int count = counts[at_index(i)];
        const double resistivity = properties[at_index(i)].resistivity;
        if (count < 1) throw invalid_model(shape.name(i), fmt::format("{} compartments", count), "one or more are needed");
        if (!(resistivity > 0) || !std::isfinite(resistivity)) {
            throw invalid_model(shape.name(i), fmt::format("axial resistivity {} MOhm um", resistivity),
                                "it must be positive; 100 ohm cm is 1 MOhm um");
        }
        b.add_section(i, count, resistivity);
    }
    if (!shape.empty()) b.measure();
    return std::move(b.result);
}

}  // namespace apical
