// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "morphology/morphology.hpp"

namespace apical {

/// The same number of compartments in every section.
struct fixed_count {
    int per_section = 1;
    bool operator==(const fixed_count&) const = default;
};

/// The smallest number of compartments no longer than `um`; odd by default, so that x = 0.5 is a centre.
struct max_length {
    double um = 40;
    bool odd = true;
    bool operator==(const max_length&) const = default;
};

/// 1 + 2 int(L/um) compartments, the customary rule of NEURON scripts; Hay et al. (2011) use 40 um.
struct per_length {
    double um = 40;
    bool operator==(const per_length&) const = default;
};

/// The smallest odd number of compartments no longer than about `fraction` of the AC length constant at this frequency:
/// 2 int((L/(fraction lambda_f) + 0.9)/2) + 1. Hines & Carnevale (2001) Neuroscientist 7:123.
struct d_lambda {
    double fraction = 0.1;
    double frequency_hz = 100;
    bool operator==(const d_lambda&) const = default;
};

/// One number for each section, in order.
struct explicit_counts {
    std::vector<int> per_section;
    bool operator==(const explicit_counts&) const = default;
};

/// How many compartments a section gets.
using compartment_rule = std::variant<fixed_count, max_length, per_length, d_lambda, explicit_counts>;

/// Reads "count(1)", "max_length(40 um)", "max_length(40 um, even allowed)", "per_length(40 um)",
/// "d_lambda(0.1, 100 Hz)" or "d_lambda(0.1)". Throws invalid_model, naming what is wrong and an example.
compartment_rule parse_compartment_rule(std::string_view text);
/// The text that parse_compartment_rule reads back; explicit counts, which have none, as "counts(1, 3, 5)".
std::string to_text(const compartment_rule&);

/// The passive electrical properties of a section.
struct cable_properties {
    double resistivity = 1;      ///< axial [MOhm um]; 100 ohm cm is 1
    double capacitance = 1e-5;   ///< specific membrane capacitance [nF/um2]; 1 uF/cm2 is 1e-5
    bool operator==(const cable_properties&) const = default;
};

/// One count per section. `properties` holds one entry per section; only d_lambda looks at it.
/// Throws invalid_model if the rule's numbers make no sense, a section would get more than 32767 compartments, or the
/// sizes do not match.
std::vector<int> compartment_counts(const morphology&, const compartment_rule&, std::span<const cable_properties>);

/// AC length constant of a section at this frequency [um], averaged over its taper (NEURON's lambda_f).
double ac_length_constant(const morphology&, int section, cable_properties, double frequency_hz);

/// One unknown of the discretised tree, NEURON's node: a compartment at its centre, or an end without membrane.
struct node {
    int section = 0;
    double x = 0;           ///< centre of the compartment; 0 or 1 for ends
    int parent = -1;        ///< index of the parent node, always smaller; -1 for the x = 0 end of a root section
    double area = 0;        ///< lateral membrane area [um2]; 0 for ends
    double resistance = 0;  ///< axial resistance to the parent [MOhm]; 0 for roots
    double diameter = 0;    ///< length-weighted mean [um]; at ends that of the last point
    double distance = 0;    ///< path from the morphology's origin, node to node [um]; infinite in a separate tree
    bool is_compartment() const { return x > 0 && x < 1; }
    bool operator==(const node&) const = default;
};

/// A morphology cut into compartments, with NEURON's nodes in the order: for each section, a node at x = 0 if it is a
/// root, its compartments, and a node at x = 1. Parents come before children.
///
/// A child attached at 0 or 1 hangs on its parent's end node, one attached in between on the centre of the compartment
/// it touches. The same holds for point mechanisms.
struct compartments {
    std::vector<node> nodes;
    std::vector<int> first;   ///< [section] index of the first compartment's node; the others follow it
    std::vector<int> count;   ///< [section] number of compartments

    int size() const { return static_cast<int>(nodes.size()); }
    /// The node a point mechanism or an attached section belongs to: an end node at exactly 0 and 1.
    int node_of(location) const;
    /// The compartment that contains the place; x = 1 belongs to the last one.
    int compartment_of(location) const;
};

/// Cuts section i into counts[i] pieces of equal length.
///
/// Areas, mean diameters and axial resistances are integrals over the frusta between the points, exact for any taper,
/// with the conventions of NEURON (Hines & Carnevale 1997, Neural Comput 9:1179). `properties` has an entry per section.
/// Throws invalid_model if the sizes differ, a count is not positive, or a resistivity is not positive.
compartments discretise(const morphology&, std::span<const int> counts, std::span<const cable_properties> properties);

}  // namespace apical
