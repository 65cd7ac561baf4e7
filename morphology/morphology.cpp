// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/morphology.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "core/error.hpp"

namespace apical {
namespace {

constexpr std::size_t at_index(int i) { return static_cast<std::size_t>(i); }

bool is_finite(const point& p) {
    return std::isfinite(p.x) && std::isfinite(p.y) && std::isfinite(p.z) && std::isfinite(p.diameter);
}

double extent(const point& p) { return std::max({std::abs(p.x), std::abs(p.y), std::abs(p.z), p.diameter}); }

void check_points(const std::vector<point>& points, const std::string& where) {
    if (points.size() < 2) {
        throw invalid_model(where, fmt::format("has {} point(s)", points.size()), "a section needs two or more");
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
        const point& p = points[i];
        if (!is_finite(p)) throw invalid_model(where, fmt::format("point {} is not finite", i));
        if (!(p.diameter > 0)) {
            throw invalid_model(where, fmt::format("point {} has diameter {} um", i, p.diameter),
                                "diameters must be positive");
        }
        if (p.diameter < smallest_extent || extent(p) > largest_extent) {
            throw invalid_model(where, fmt::format("point {} is ({}, {}, {}), {} um wide", i, p.x, p.y, p.z, p.diameter),
                                fmt::format("coordinates are at most {:g} um, and diameters {:g} to {:g} um", largest_extent,
                                            smallest_extent, largest_extent));
        }
    }
}

std::vector<double> arc_through(const std::vector<point>& points) {
    std::vector<double> arc(points.size(), 0.0);
    for (std::size_t i = 1; i < points.size(); ++i) arc[i] = arc[i - 1] + distance_between(points[i - 1], points[i]);
    return arc;
}

float rounded(double value, import_rounding how) {
    if (how == import_rounding::neuron9) return static_cast<float>(value);
    if (how == import_rounding::bmtk) value = static_cast<float>(value);
    const auto text = fmt::format("{:.{}g}", value, how == import_rounding::neuron9_hoc ? 8 : 6);
    double shortened = 0;
    std::from_chars(text.data(), text.data() + text.size(), shortened);
    return static_cast<float>(shortened);
}

point rounded(const point& p, import_rounding how) {
    return {rounded(p.x, how), rounded(p.y, how), rounded(p.z, how), rounded(p.diameter, how)};
}

/// The difference of two values that are exact in 32 bits, itself rounded to 32 bits.
double single_difference(double a, double b) { return static_cast<float>(a) - static_cast<float>(b); }

std::vector<double> single_precision_arc(const std::vector<point>& points) {
    std::vector<double> arc(points.size(), 0.0);
    for (std::size_t i = 1; i < points.size(); ++i) {
        const point &a = points[i - 1], &b = points[i];
        const double x = single_difference(b.x, a.x), y = single_difference(b.y, a.y), z = single_difference(b.z, a.z);
        arc[i] = arc[i - 1] + std::sqrt(x*x + y*y + z*z);
    }
    return arc;
}

/// "apic[36]" -> {"apic", 36}, "soma" -> {"soma", 0}; the number is -1 if the text has neither form.
std::pair<std::string_view, int> split_name(std::string_view name) {
    const auto bracket = name.find('[');
    if (bracket == std::string_view::npos) return {name, 0};
    int number = -1;
    const char* end = name.data() + name.size();
    const auto [rest, failure] = std::from_chars(name.data() + bracket + 1, end, number);
    if (failure != std::errc{} || number < 0 || rest + 1 != end || *rest != ']') number = -1;
    return {name.substr(0, bracket), number};
}

}  // namespace

double distance_between(const point& a, const point& b) {
    const double x = b.x - a.x, y = b.y - a.y, z = b.z - a.z;
    return std::sqrt(x*x + y*y + z*z);
}

std::string type_name(section_type t) {
    switch (t) {
        case section_type::soma: return "soma";
        case section_type::axon: return "axon";
        case section_type::basal: return "dend";
        case section_type::apical: return "apic";
        default: break;
    }
    const long number = static_cast<int>(t);  // long, so that the most negative int can change sign
    return number < 0 ? fmt::format("minus_{}", -number) : fmt::format("dend_{}", number);
}

int morphology::add(section s) {
    check_points(s.points, fmt::format("section {}", size()));
    auto arc = arc_through(s.points);
    return add(std::move(s), std::move(arc));
}

int morphology::add(section s, std::vector<double> arc) {
    const int index = size();
    const auto where = fmt::format("section {}", index);
    if (s.parent < -1 || s.parent >= index) {
        throw invalid_model(where, fmt::format("its parent is section {}", s.parent),
                            "a parent must be added before its children; -1 stands for none");
    }
    if (!(s.parent_x >= 0 && s.parent_x <= 1)) {
        throw invalid_model(where, fmt::format("is attached at {} of its parent", s.parent_x), "give 0 to 1");
    }
    if (!(arc.back() >= smallest_extent) || !std::isfinite(arc.back())) {
        throw invalid_model(where, fmt::format("has length {} um", arc.back()), "its points must not all coincide");
    }
    derived d{.arc = std::move(arc), .children = {}, .ordinal = 0};
    d.ordinal = of_type_[s.type]++;
    if (s.parent >= 0) facts_[at_index(s.parent)].children.push_back(index);
    sections_.push_back(std::move(s));
    facts_.push_back(std::move(d));
    return index;
}

std::string morphology::name(int section) const {
    return fmt::format("{}[{}]", type_name(sections_[at_index(section)].type), facts_[at_index(section)].ordinal);
}

int morphology::find(std::string_view name) const {
    const auto [type, ordinal] = split_name(name);
    for (int i = 0; i < size(); ++i) {
        if (facts_[at_index(i)].ordinal == ordinal && type_name(sections_[at_index(i)].type) == type) return i;
    }
    return -1;
}

double morphology::length(int section) const { return arc(section).back(); }

double morphology::area(int section) const {
    const auto& points = sections_[at_index(section)].points;
    const auto along = arc(section);
    double twice_mean = 0;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const double step = along[i] - along[i - 1], d1 = points[i - 1].diameter, d2 = points[i].diameter;
        twice_mean += (d1 + d2)*std::hypot(step, (d2 - d1)/2);
    }
    return twice_mean*std::numbers::pi/2;
}

int morphology::order(int section) const {
    int branch_points = 0;
    for (int child = section; sections_[at_index(child)].parent >= 0; child = sections_[at_index(child)].parent) {
        const auto& link = sections_[at_index(child)];
        if (sections_[at_index(link.parent)].type == section_type::soma) continue;
        const bool on_the_way = link.parent_x < 1 && (link.parent_x > 0 || sections_[at_index(link.parent)].parent >= 0);
        if (on_the_way || children(link.parent).size() > 1) ++branch_points;
    }
    return branch_points;
}

std::span<const int> morphology::children(int section) const { return facts_[at_index(section)].children; }

point morphology::at(location where) const {
    const auto& points = sections_[at_index(where.section)].points;
    const auto along = arc(where.section);
    const double target = where.x*along.back();
    const auto upper = std::lower_bound(along.begin() + 1, along.end() - 1, target);
    const auto i = static_cast<std::size_t>(upper - along.begin());
    const double step = along[i] - along[i - 1];
    const double w = step > 0 ? (target - along[i - 1])/step : 1;
    const point &a = points[i - 1], &b = points[i];
    return {std::lerp(a.x, b.x, w), std::lerp(a.y, b.y, w), std::lerp(a.z, b.z, w), std::lerp(a.diameter, b.diameter, w)};
}

location morphology::origin() const {
    for (int i = 0; i < size(); ++i) {
        if (sections_[at_index(i)].type == section_type::soma) return {i, 0.5};
    }
    return {0, 0};
}

double morphology::distance(location to) const { return distance(origin(), to); }

double morphology::distance(location from, location to) const {
    double walked = 0;
    while (from.section != to.section) {
        // Parents come first, so the later of the two sections cannot contain the other: leave that one.
        location& later = from.section > to.section ? from : to;
        const auto& s = sections_[at_index(later.section)];
        if (s.parent < 0) return std::numeric_limits<double>::infinity();
        walked += later.x*length(later.section);
        later = {s.parent, s.parent_x};
    }
    return walked + std::abs(from.x - to.x)*length(from.section);
}

morphology morphology::without(section_type unwanted) const {
    morphology kept;
    std::vector<int> renumbered(at_index(size()), -1);
    for (int i = 0; i < size(); ++i) {
        section s = sections_[at_index(i)];
        if (s.type == unwanted || (s.parent >= 0 && renumbered[at_index(s.parent)] < 0)) continue;
        if (s.parent >= 0) s.parent = renumbered[at_index(s.parent)];
        renumbered[at_index(i)] = kept.add(std::move(s), facts_[at_index(i)].arc);
    }
    return kept;
}

morphology morphology::rounded_like(import_rounding how) const {
    morphology copy;
    for (section s : sections_) {
        for (point& p : s.points) p = rounded(p, how);
        check_points(s.points, fmt::format("{} after rounding", name(copy.size())));
        auto arc = single_precision_arc(s.points);
        copy.add(std::move(s), std::move(arc));
    }
    return copy;
}

morphology with_stub_axon(const morphology& original, int pieces, double length, double diameter) {
    if (pieces < 1) throw invalid_model("stub axon", fmt::format("{} pieces", pieces), "ask for one or more");
    morphology m = original.without(section_type::axon);
    if (m.empty()) throw invalid_model("stub axon", "nothing is left to attach it to", "the morphology is all axon");
    const location hillock = m.origin();
    point start = m.at(hillock);
    start.diameter = diameter;
    for (int i = 0; i < pieces; ++i) {
        point end = start;
        end.y -= length;
        const bool first = i == 0;
        m.add({section_type::axon, first ? hillock.section : m.size() - 1, first ? hillock.x : 1.0, {start, end}});
        start = end;
    }
    return m;
}

}  // namespace apical
