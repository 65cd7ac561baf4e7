// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
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

/// Euclidean distance of two points [um].
double distance_between(const point&, const point&);

/// Neurite types with the numbers of the SWC format; numbers above 4 are custom.
enum class section_type : int { undefined = 0, soma = 1, axon = 2, basal = 3, apical = 4 };

/// "soma", "axon", "dend", "apic"; "dend_5" for a custom type 5, "minus_2" for -2 (NEURON's names).
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

/// How NEURON's importers round what they read: to six significant digits (version 8), to eight (version 9 into a hoc cell)
/// or not (version 9 into a Python cell), and all then to 32 bits. The importer of BMTK reads into 32 bits and then goes on as
/// version 8 does, which decides where the seventh digit is a 5.
enum class import_rounding { neuron8, neuron9_hoc, neuron9, bmtk };

/// What the coordinates, diameters and lengths of a morphology may be [um]: no neuron is so large or so thin, and their squares
/// and quotients still are numbers.
inline constexpr double largest_extent = 1e9, smallest_extent = 1e-9;

/// A neuron's shape: a tree of tapered sections, parents before children. A plain value.
///
/// Sections of one type are numbered in order of appearance, so section names are NEURON's: soma[0], dend[12], apic[36].
class morphology {
public:
    /// Appends a section and returns its index.
    /// Throws invalid_model if the parent is not an earlier section, parent_x is outside [0, 1], there are fewer than two
    /// points, or a coordinate, a diameter or the length is none that areas and resistances can be computed from: not finite,
    /// beyond `largest_extent`, or a diameter or length below `smallest_extent`.
    int add(section s);

    std::span<const section> sections() const { return sections_; }
    const section& operator[](int i) const { return sections_[static_cast<std::size_t>(i)]; }
    int size() const { return static_cast<int>(sections_.size()); }
    bool empty() const { return sections_.empty(); }

    std::string name(int section) const;           ///< "apic[36]"; a lone soma is "soma[0]"
    /// Index of a named section, "soma" meaning "soma[0]"; -1 if there is none.
    int find(std::string_view name) const;

    double length(int section) const;              ///< arc length through the points [um]
    /// Arc length from the section's start to each of its points [um]; as many as there are points.
    std::span<const double> arc(int section) const { return facts_[static_cast<std::size_t>(section)].arc; }
    double area(int section) const;                ///< lateral area of the frusta [um2]
    /// Branch points passed on the way from the root, the soma not counting as one: 0 for roots and stems.
    int order(int section) const;
    std::span<const int> children(int section) const;
    /// Interpolated position and diameter.
    point at(location) const;

    /// Path distance [um] from `from` (default: the middle of the first soma, else the start of the first section).
    /// NEURON's distance(): arc lengths along the tree, not Euclidean. Infinite between separate trees.
    double distance(location to) const;
    double distance(location from, location to) const;
    location origin() const;

    /// A copy without the sections of this type and all that hangs on them.
    morphology without(section_type) const;

    /// A copy with points rounded as NEURON's importer rounds them and lengths from 32-bit differences, as NEURON computes
    /// them. For comparisons with NEURON to more than six digits; throws invalid_model if the rounding leaves a section
    /// without length or diameter.
    morphology rounded_like(import_rounding) const;
    morphology rounded_like_neuron() const { return rounded_like(import_rounding::neuron9); }

    bool operator==(const morphology&) const = default;

private:
    struct derived {
        std::vector<double> arc;      // as many as points
        std::vector<int> children;
        int ordinal = 0;              // among the sections of its type
        bool operator==(const derived&) const = default;
    };

    int add(section s, std::vector<double> arc);

    std::vector<section> sections_;
    std::vector<derived> facts_;
    std::map<section_type, int> of_type_;   // sections of each type
};

/// The axon of simulations whose reconstructed axon is not to be trusted: every axon section, and all that hangs on one,
/// is replaced by a chain of `pieces` cylinders, the first at the morphology's origin (soma(0.5)), the others end to end.
/// Lengths and diameters in um. Hay et al. (2011) PLoS Comput Biol 7:e1002107 use two pieces of 30 um, 1 um thick.
morphology with_stub_axon(const morphology&, int pieces = 2, double length = 30, double diameter = 1);

}  // namespace apical
