// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

/// A measured point of a neurite: position and full diameter, all in um.
struct point {
    double x = 0, y = 0, z = 0;
    double diameter = 0;
    bool operator==(const point&) const = default;
};

/// Neurite types with the numbers of the SWC format; numbers above 4 are custom.
enum class section_type : int { undefined = 0, soma = 1, axon = 2, basal = 3, apical = 4 };

/// "soma", "axon", "dend", "apic"; "dend_5" for a custom type 5 (NEURON's names).
std::string type_name(section_type);

/// An unbranched cable. Its first point lies on the parent unless the link is logical (a soma contour's centre, say),
/// in which case the gap is electrically absent, as in NEURON.
struct section {
    section_type type = section_type::undefined;
    int parent = -1;          ///< index of the parent section, always smaller than this section's own; -1 for a root
    double parent_x = 1;      ///< where on the parent, 0 (its start) to 1 (its end)
    std::vector<point> points;  ///< two or more, from the parent outwards
    bool operator==(const section&) const = default;
};

/// A position along a section: x = 0 at its start, 1 at its end.
struct location {
    int section = 0;
    double x = 0.5;
    bool operator==(const location&) const = default;
};

/// A neuron's shape: a tree of tapered sections, parents before children. A plain value.
///
/// Sections of one type are numbered in order of appearance, so section names are NEURON's: soma[0], dend[12], apic[36].
class morphology {
public:
    /// Appends a section and returns its index.
    /// Throws invalid_model if the parent is not an earlier section, parent_x is outside [0, 1], there are fewer than two
    /// points, the length is zero, or a coordinate or diameter is not finite or the diameter not positive.
    int add(section s);

    std::span<const section> sections() const { return sections_; }
    const section& operator[](int i) const { return sections_[static_cast<std::size_t>(i)]; }
    int size() const { return static_cast<int>(sections_.size()); }
    bool empty() const { return sections_.empty(); }

    std::string name(int section) const;           ///< "apic[36]"; a lone soma is "soma[0]"
    /// Index of a named section, "soma" meaning "soma[0]"; -1 if there is none.
    int find(std::string_view name) const;

    double length(int section) const;              ///< arc length through the points [um]
    double area(int section) const;                ///< lateral area of the frusta [um2]
    int order(int section) const;                  ///< branch points between the root and this section; 0 for roots
    std::span<const int> children(int section) const;

    /// Path distance [um] from `from` (default: the middle of the first soma, else the start of the first section).
    /// NEURON's distance(): arc lengths along the tree, not Euclidean.
    double distance(location to) const;
    double distance(location from, location to) const;
    location origin() const;

    /// A copy without the sections of this type and all that hangs on them.
    morphology without(section_type) const;

    bool operator==(const morphology& o) const { return sections_ == o.sections_; }

private:
    std::vector<section> sections_;
    std::vector<std::vector<int>> children_;
};

}  // namespace apical
