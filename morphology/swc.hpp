// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <ostream>
#include <string_view>

#include "morphology/read.hpp"

namespace apical {

/// Reads SWC text; `name` stands for the file in messages. Sections, their order and their points are those of NEURON's
/// importer for every file that NEURON reads; files it does not read are repaired, with a warning, or refused.
///
/// The soma, by its points of type 1:
/// - one point of radius r: a cylinder along x of length and diameter 2r, which has the sphere's area. So are NeuroMorpho's
///   three points (centre and two poles, equal radii), and a closed outline, whose mean radius is taken. Neurites are
///   attached at soma(0.5) and start at their own first point, or at the soma's centre if they have only one;
/// - a chain: a stack of frusta. A neurite on its last point joins soma(1), on its first soma(0), and starts there with
///   its own first diameter; one in between joins soma(0.5) and starts at its own first point;
/// - none: the first section is the root. Where its first point branches, the other branches join dend(0).
///
/// Elsewhere a section is an unbranched run of one type, starting with a copy of its parent's point and diameter. If the
/// first point of a neurite on the soma branches, its first child continues it and the others join its start; NEURON
/// excepts the second sample of a file, where the section ends, and so do we.
///
/// Throws invalid_input listing every problem as "name:line".
reading read_swc(std::string_view text, std::string_view name);

/// Writes SWC. A sphere-like soma becomes one point. What the format cannot hold is lost: a child's own diameter at its
/// start, and the exact place of a link that is not at a measured point.
void write_swc(const morphology&, std::ostream&);

}  // namespace apical
