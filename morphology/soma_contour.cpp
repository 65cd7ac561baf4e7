// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/soma_contour.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include <Eigen/Dense>

namespace apical::detail {
namespace {

using Eigen::Vector3d;

constexpr int on_outline = 101, on_axis = 21;

/// Piecewise linear through increasing x, constant outside.
double interpolated(std::span<const double> x, std::span<const double> y, double at) {
    if (at <= x.front()) return y.front();
    if (at >= x.back()) return y.back();
    const auto i = static_cast<std::size_t>(std::upper_bound(x.begin(), x.end(), at) - x.begin());
    const double w = (at - x[i - 1])/(x[i] - x[i - 1]);
    return (1 - w)*y[i - 1] + w*y[i];
}

std::vector<Vector3d> even_outline(const contour& c) {
    std::vector<double> along{0}, x, y, z;
    for (std::size_t i = 0; i < c.points.size(); ++i) {
        const point& p = c.points[i];
        x.push_back(p.x), y.push_back(p.y), z.push_back(p.z);
        if (i > 0) along.push_back(along.back() + std::hypot(x[i] - x[i - 1], y[i] - y[i - 1]));
    }
    std::vector<Vector3d> even;
    for (int i = 0; i < on_outline; ++i) {
        const double at = along.back()*i/(on_outline - 1);
        even.emplace_back(interpolated(along, x, at), interpolated(along, y, at), interpolated(along, z, at));
    }
    return even;
}

Vector3d mean(const std::vector<Vector3d>& points) {
    Vector3d sum = Vector3d::Zero();
    for (const auto& p : points) sum += p;
    return sum/static_cast<double>(points.size());
}

struct axes {
    Vector3d major, minor;
};

/// The longest principal axis, and the second one seen from above.
axes principal_axes(const std::vector<Vector3d>& centred) {
    Eigen::Matrix3d moments = Eigen::Matrix3d::Zero();
    for (const auto& p : centred) moments += p*p.transpose();
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(moments);  // eigenvalues ascend
    Vector3d major = solver.eigenvectors().col(2), minor = solver.eigenvectors().col(1);
    Eigen::Index largest = 0;
    major.cwiseAbs().maxCoeff(&largest);
    if (major[largest] < 0) major = -major;
    // An outline drawn upright, to about six degrees, has its width along z; NEURON's importer finds none there.
    if (const Vector3d flat(minor.x(), minor.y(), 0); flat.norm() > 0.1) minor = flat.normalized();
    return {major, minor};
}

/// One side of an outline: position along the major axis, ascending, and signed distance from it.
struct side {
    std::vector<double> along, across;

    void make_ascending() {
        for (std::size_t j = along.size(); j-- > 1;) {
            if (along[j] > along[j - 1]) continue;
            along.erase(along.begin() + static_cast<std::ptrdiff_t>(j));
            across.erase(across.begin() + static_cast<std::ptrdiff_t>(j));
            if (j < along.size()) ++j;  // the next one has a new neighbour now
        }
    }
};

/// Cuts an outline at its two furthest points along the major axis.
std::pair<side, side> two_sides(side all) {
    const auto furthest = std::max_element(all.along.begin(), all.along.end()) - all.along.begin();
    std::rotate(all.along.begin(), all.along.begin() + furthest, all.along.end());
    std::rotate(all.across.begin(), all.across.begin() + furthest, all.across.end());
    const auto nearest = std::min_element(all.along.begin(), all.along.end()) - all.along.begin();
    side up{{all.along.begin() + nearest, all.along.end()}, {all.across.begin() + nearest, all.across.end()}};
    side down{{all.along.begin(), all.along.begin() + nearest}, {all.across.begin(), all.across.begin() + nearest}};
    std::reverse(down.along.begin(), down.along.end());
    std::reverse(down.across.begin(), down.across.end());
    up.make_ascending();
    down.make_ascending();
    return {std::move(down), std::move(up)};
}

[[noreturn]] void refuse_flat(const contour& c, reader_log& log) {
    log.error(c.line, "the cell body's outline encloses nothing", "draw it around the soma, in order");
    log.stop_on_errors();
    throw invalid_input(log.where(c.line), "the cell body's outline encloses nothing");
}

std::vector<point> axis_of(const contour& c, reader_log& log) {
    auto outline = even_outline(c);
    const Vector3d centre = mean(outline);
    for (auto& p : outline) p -= centre;
    const auto [major, minor] = principal_axes(outline);
    side all;
    for (const auto& p : outline) {
        all.along.push_back(p.dot(major));
        all.across.push_back(p.dot(minor));
    }
    const auto [a, b] = two_sides(std::move(all));
    if (a.along.empty() || b.along.empty()) refuse_flat(c, log);
    auto stations = a.along;
    stations.insert(stations.end(), b.along.begin(), b.along.end());
    std::sort(stations.begin(), stations.end());
    const double first = stations[1], last = stations[stations.size() - 2];

    std::vector<point> axis;
    for (int i = 0; i < on_axis; ++i) {
        const double d = first + i*((last - first)/(on_axis - 1));
        const Vector3d p = centre + d*major;
        const double width = std::abs(interpolated(a.along, a.across, d) - interpolated(b.along, b.across, d));
        axis.push_back({p.x(), p.y(), p.z(), width});
    }
    axis.front().diameter = (axis[0].diameter + axis[1].diameter)/2;
    axis.back().diameter = (axis[on_axis - 1].diameter + axis[on_axis - 2].diameter)/2;
    const auto thinnest = std::min_element(axis.begin(), axis.end(), [](auto& p, auto& q) { return p.diameter < q.diameter; });
    if (!(last - first > 1e-3) || !(thinnest->diameter > 1e-3)) refuse_flat(c, log);
    return axis;
}

point circle_of(const contour& c, reader_log& log) {
    double perimeter = 0;
    for (std::size_t i = 0; i < c.points.size(); ++i) {
        perimeter += distance_between(c.points[i], c.points[(i + 1)%c.points.size()]);
    }
    const auto outline = even_outline(c);
    const Vector3d centre = mean(outline);
    double radius = 0;
    for (const auto& p : outline) radius += (p - centre).norm()/on_outline;
    const double diameter = radius + perimeter/(2*std::numbers::pi);
    if (!(diameter > 1e-3)) refuse_flat(c, log);
    return {centre.x(), centre.y(), centre.z(), diameter};
}

}  // namespace

std::vector<point> soma_points(const std::vector<contour>& stack, reader_log& log) {
    if (stack.size() == 1) return axis_of(stack.front(), log);
    std::vector<point> axis;
    for (const auto& c : stack) axis.push_back(circle_of(c, log));
    return axis;
}

}  // namespace apical::detail
