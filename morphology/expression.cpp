// SPDX-License-Identifier: BSD-3-Clause
#include "morphology/expression.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/quantity_text.hpp"
#include "morphology/expression_parser.hpp"
#include "morphology/expression_units.hpp"

namespace apical {

place at(const morphology& shape, location where) {
    if (where.section < 0 || where.section >= shape.size())
        throw invalid_model(fmt::format("section {}", where.section), "this morphology has no such section",
                            fmt::format("it has {} sections, counted from 0", shape.size()));
    if (!(where.x >= 0 && where.x <= 1))
        throw invalid_model(fmt::format("{}({})", shape.name(where.section), where.x), "the position lies outside 0 to 1",
                            "0 is the section's start and 1 its end");
    return {&shape, where.section, where.x, shape.distance(where), shape.at(where).diameter, shape.order(where.section)};
}

namespace {

/// The tree to evaluate at a place: the one already bound to its morphology, or one bound for this occasion.
template <class Tree> Tree tree_for(const place& p, const Tree& tree, const Tree& bound, const morphology* bound_to) {
    if (!p.shape)
        throw invalid_model(fmt::format("expression '{}'", expression::text_of(tree)), "it is asked for at a place without a morphology",
                            "make places by at(shape, location)");
    return p.shape == bound_to ? bound : expression::bound(tree, *p.shape);
}

}  // namespace

// ---- stretches

double total_length(const morphology& shape, std::span<const stretch> pieces) {
    double sum = 0;
    for (const auto& p : pieces) sum += (p.to - p.from)*shape.length(p.section);
    return sum;
}

double total_area(const morphology& shape, std::span<const stretch> pieces) {
    double sum = 0;
    for (const auto& p : pieces) {
        const auto arc = shape.arc(p.section);
        const double end = p.to*arc.back();
        double s = p.from*arc.back(), d = shape.at({p.section, p.from}).diameter;
        for (std::size_t i = 1; i < arc.size() && s < end; ++i) {
            if (arc[i] <= s) continue;
            const double next = std::min(arc[i], end);
            const double d_next = arc[i] <= end ? shape[p.section].points[i].diameter : shape.at({p.section, p.to}).diameter;
            sum += std::numbers::pi/2*(d + d_next)*std::hypot(next - s, (d_next - d)/2);
            s = next, d = d_next;
        }
    }
    return sum;
}

// ---- region

bool region::contains(const place& p) const { return expression::contains(*tree_for(p, tree_, bound_, shape_), p); }

region region::bound_to(const morphology& shape) const {
    region r(tree_);
    r.bound_ = expression::bound(tree_, shape);
    r.shape_ = &shape;
    return r;
}

std::vector<stretch> region::on(const morphology& shape) const { return expression::stretches(*expression::bound(tree_, shape), shape); }

std::string region::text() const { return expression::text_of(tree_); }

region operator!(const region& a) { return region(expression::make_negation(a.tree_)); }
region operator&&(const region& a, const region& b) { return region(expression::make_junction(true, a.tree_, b.tree_)); }
region operator||(const region& a, const region& b) { return region(expression::make_junction(false, a.tree_, b.tree_)); }

region parse_region(std::string_view text) { return region(expression::region_of(expression::parse(text), text)); }

// ---- locations

std::vector<location> locations::on(const morphology& shape) const {
    auto found = expression::locate(*tree_, shape);
    if (found.empty())
        throw invalid_model(fmt::format("expression '{}'", text()), "there is no such location on this morphology",
                            "the region may be empty here, or the distance beyond its tips");
    return found;
}

std::string locations::text() const { return expression::text_of(tree_); }

locations parse_locations(std::string_view text) { return locations(expression::locations_of(expression::parse(text), text)); }

// ---- value

double value_expression::at(const place& p) const {
    const double v = expression::evaluate(!p.shape && is_constant() ? *tree_ : *tree_for(p, tree_, bound_, shape_), p);
    if (!std::isfinite(v))
        throw invalid_model(fmt::format("expression '{}'", text()),
                            p.shape ? fmt::format("its value at {}({:.4g}) is {}", p.shape->name(p.section), p.x, v)
                                    : fmt::format("its value is {}", v),
                            "look for a division by zero, a root or logarithm of what is not positive, or max_distance() of a "
                            "region without places here");
    return v;
}

value_expression value_expression::bound_to(const morphology& shape) const {
    value_expression v(tree_);
    v.bound_ = expression::bound(tree_, shape);
    v.shape_ = &shape;
    return v;
}

dimension value_expression::dimension() const { return tree_->dimension; }
bool value_expression::is_constant() const { return expression::is_constant(*tree_); }
std::string value_expression::text() const { return expression::text_of(tree_); }

value_expression parse_value(std::string_view text, dimension expected) {
    const auto whole = expression::parse(text);
    const auto tree = expression::value_of(whole, text);
    expression::checked_values(text).require("this place", expected, {tree, whole.from, whole.to});
    return value_expression(tree);
}

}  // namespace apical
