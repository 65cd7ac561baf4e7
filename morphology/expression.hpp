// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <compare>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/units.hpp"
#include "morphology/morphology.hpp"

/// A small language for saying where on a cell, and how much there. Text is parsed once into an immutable tree of one of
/// three sorts. Wrong text throws invalid_model with the column, a caret under the place, and what would be right.
///
///   region     all  soma  axon  basal (dend)  apical (apic)  type(5)  terminal  apic[36]  apic[36](0.2 .. 0.8)
///              sections(apic[36], dend[0])  subtree(apic[36])
///              distance > 685 um   685 um < distance < 885 um   diameter < 1 um   order == 2
///              and  or  not  ( )
///   locations  soma(0.5)  apic[36](0.97)  at(apical, 620 um)  thickest(at(apical, 620 um))  tips(apical)  centre(soma)
///              a, b
///   value      2e-4 S/cm2*(-0.8696 + 2.0870*exp(3.6161*distance/max_distance(apical)))
///              where(685 um < distance < 885 um, 0.0187 S/cm2, 0.000187 S/cm2)
///              + - * / ^  exp log sqrt pow sigmoid min max abs  distance  diameter  order  x  max_distance(region)
///
/// Any two values of one dimension may be compared. sigmoid(x) is 1/(1 + exp(-x)); x is the position along the section,
/// 0 to 1; order counts branch points from the root; distance is the path length from morphology::origin(). thickest takes
/// the last of equals. A unit extends as far as units follow: 100 ohm cm, 1 S/cm2/ms.
namespace apical {

namespace expression {
struct region_node;
struct locations_node;
struct value_node;
using region_tree = std::shared_ptr<const region_node>;
using locations_tree = std::shared_ptr<const locations_node>;
using value_tree = std::shared_ptr<const value_node>;
}  // namespace expression

/// A point of a neuron with what expressions may ask of it. `shape` must outlive the place.
struct place {
    const morphology* shape = nullptr;
    int section = 0;
    double x = 0.5;        ///< 0 to 1
    double distance = 0;   ///< path length from the origin [um]
    double diameter = 0;   ///< local [um]
    int order = 0;         ///< branch points between the root and this section
};

/// The place at a location. Throws invalid_model if the section does not exist or x is outside [0, 1].
place at(const morphology& shape, location where);

/// Part of a section, from x = `from` to x = `to`.
struct stretch {
    int section = 0;
    double from = 0, to = 1;
    bool operator==(const stretch&) const = default;
};

/// Length of these pieces together [um], and the membrane area of their frusta [um2].
double total_length(const morphology&, std::span<const stretch>);
double total_area(const morphology&, std::span<const stretch>);

/// A set of places of a neuron, described without reference to one: a predicate.
class region {
public:
    explicit region(expression::region_tree tree) : tree_(std::move(tree)) {}

    /// Throws invalid_model if a named section does not exist in the place's morphology.
    bool contains(const place& p) const;

    /// The same region with its sections and lengths looked up once for this morphology, which must stay as and where it
    /// is; contains() is then fast for its places. Throws invalid_model as contains() does.
    region bound_to(const morphology& shape) const;

    /// The region as pieces of sections in order of section and x. Boundaries by distance or span are exact; other ones
    /// are bracketed on 32 intervals a section and between its points, then bisected.
    std::vector<stretch> on(const morphology& shape) const;

    /// The expression in canonical spelling; parse_region(text()) is equal to this.
    std::string text() const;
    bool operator==(const region& o) const { return text() == o.text(); }

    friend region operator!(const region& a);
    friend region operator&&(const region& a, const region& b);
    friend region operator||(const region& a, const region& b);

private:
    expression::region_tree tree_;
    expression::region_tree bound_;        ///< to shape_
    const morphology* shape_ = nullptr;
};

/// An ordered set of locations, described without reference to a neuron.
class locations {
public:
    explicit locations(expression::locations_tree tree) : tree_(std::move(tree)) {}

    /// The locations on this morphology, in order of writing, then of section and x, each once.
    /// Throws invalid_model if a named section does not exist (with a suggestion), or if there is no such location at all.
    std::vector<location> on(const morphology& shape) const;

    std::string text() const;
    bool operator==(const locations& o) const { return text() == o.text(); }

private:
    expression::locations_tree tree_;
};

/// A number with a unit that may vary in space.
class value_expression {
public:
    explicit value_expression(expression::value_tree tree) : tree_(std::move(tree)) {}

    /// The value in coherent units; if is_constant(), any place will do: at({}). Throws invalid_model if it is not finite,
    /// naming the place, or if a named section does not exist.
    double at(const place& p) const;

    /// As region::bound_to.
    value_expression bound_to(const morphology& shape) const;

    apical::dimension dimension() const;
    /// True if the value is the same everywhere and on every morphology.
    bool is_constant() const;

    std::string text() const;
    bool operator==(const value_expression& o) const { return text() == o.text(); }

private:
    expression::value_tree tree_;
    expression::value_tree bound_;
    const morphology* shape_ = nullptr;
};

region parse_region(std::string_view text);         ///< throws invalid_model with the column and what would be right
locations parse_locations(std::string_view text);   ///< likewise
/// Also throws invalid_model if the value does not have the expected dimension, naming both units.
value_expression parse_value(std::string_view text, dimension expected);

}  // namespace apical
