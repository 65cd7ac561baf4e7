// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "morphology/morphology.hpp"

namespace apical {

/// Counts and sizes of the sections of one type, or of all.
struct size_summary {
    std::string name;            ///< "soma", "axon", "dend", "apic", "dend_5"; "all"
    int sections = 0, points = 0;
    int stems = 0;               ///< sections that are roots or hang on a section of another type
    int tips = 0;                ///< sections nothing hangs on
    int bifurcations = 0;        ///< places on such sections where two or more branches leave, or one from the middle
    int max_order = 0;           ///< most branch points between the soma and a section
    double mean_tip_order = 0;
    double length = 0;           ///< [um]
    double area = 0;             ///< [um2]
    double volume = 0;           ///< [um3]
    double mean_diameter = 0;    ///< length-weighted [um]
    double taper = 0;            ///< mean loss of diameter along a section [um per 100 um]
    double longest_path = 0;     ///< to the furthest end, along the tree from the origin [um]
};

/// Cable of one type at a range of path distances from the origin.
struct diameter_bin {
    std::string name;
    double from = 0, to = 0;     ///< path distance [um]
    double length = 0;           ///< [um]
    double mean_diameter = 0;    ///< length-weighted [um]
};

enum class soma_form {
    none,
    sphere,            ///< a cylinder as long as wide, standing for a sphere
    contour,           ///< 21 points along the long axis of an outline
    frusta,            ///< any other unbranched run of points
    several_sections,
};

enum class suspicion {
    no_soma,            ///< no section of type soma
    several_trees,      ///< more than one root
    soma_size,          ///< a soma of more than 5000 or less than 20 um2
    thick_dendrites,    ///< mean diameter above 3 um: diameters given as radii?
    constant_diameter,  ///< all points of a type equally wide: not measured?
    flat,               ///< all points in one plane: no depth?
    extent,             ///< further apart than 5 mm: pixels instead of um?
    long_jump,          ///< more than 50 um between neighbouring points
    depth_jump,         ///< more than 10 um in z at once, and mostly in z: the stage's backlash?
    diameter_jump,      ///< a factor of 3 or more between neighbouring points
    repeated_point,     ///< two points in one place with different diameters: a disc, which has area
    thick_daughter,     ///< a branch wider than 1.2 times its parent's end
    thin,               ///< a diameter below 0.1 um
    gap,                ///< a section that begins more than 10 um outside the soma, or away from its parent's axis
    odd_parent,         ///< a soma on a neurite, or a dendrite on an axon
    untyped,            ///< sections of type 0
};

/// Something in a morphology that is probably a mistake of the tracing or of the file.
struct suspicious_place {
    suspicion kind = suspicion::no_soma;
    int section = -1;     ///< -1: the morphology as a whole
    int point = -1;       ///< -1: the section as a whole
    std::string where;    ///< "dend[3], point 7 (12.5, -3, 8)"
    std::string what;
    std::string hint;     ///< what to do about it
};

/// What is in a morphology, and what looks wrong with it.
struct morphology_report {
    size_summary all;
    std::vector<size_summary> types;        ///< in order of the types' numbers
    std::vector<diameter_bin> diameters;    ///< for each neurite type, in bins of 100 um, empty ones left out
    soma_form soma = soma_form::none;
    int harmless_repeats = 0;               ///< points drawn twice with equal diameters
    std::vector<suspicious_place> suspicious;

    /// Tables for reading; of each kind of suspicion the first few.
    std::string text() const;
};

/// Measures and examines a morphology; takes no offence at an empty one.
morphology_report check(const morphology&);

/// The suspicious places alone.
std::vector<suspicious_place> find_suspicious(const morphology&);

}  // namespace apical
